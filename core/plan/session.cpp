#include "plan/session.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>

namespace edgeflex {

namespace {

constexpr int formatVersion = 1;
constexpr char profileFile[] = "profile.json";
constexpr char sensitivityFile[] = "sensitivity.json";
constexpr char timesFile[] = "times.json";
constexpr char variantsFile[] = "variants.json";

struct Variants
{
    std::vector<Variant> variants;
    std::vector<int> recipe;
};

void to_json(nlohmann::json &json, const Variants &value)
{
    json = {{"variants", value.variants}, {"recipe", value.recipe}};
}

void from_json(const nlohmann::json &json, Variants &value)
{
    const JsonFields fields(json, "variants");
    fields.readObjects("variants", value.variants);
    std::vector<double> recipe;
    fields.read("recipe", recipe, {0, std::numeric_limits<int>::max() - 1.0});
    for (const double id : recipe) {
        if (id != std::floor(id))
            fields.fail("recipe", "must have whole numbers");
        value.recipe.push_back(static_cast<int>(id));
    }
}

} // namespace

static void to_json(nlohmann::json &json, const Session &value)
{
    json = {{"formatVersion", formatVersion},
            {"model", value.model},
            {"summary", value.summary},
            {"calibration", value.calibration},
            {"search", value.search},
            {"data", value.data},
            {"batch", value.batch},
            {"schedule", toString(value.schedule)},
            {"budgets", value.budgets},
            {"plan", value.plan},
            {"pins", value.pins}};
}

static void from_json(const nlohmann::json &json, Session &value)
{
    const JsonFields fields(json, "session");
    int version = 0;
    fields.read("formatVersion", version, {1, 1'000'000});
    if (version != formatVersion)
        fields.fail("formatVersion", "is " + std::to_string(version) + ", but this program reads version " +
                                         std::to_string(formatVersion));
    fields.readObject("model", value.model);
    fields.readObject("summary", value.summary);
    fields.read("calibration", value.calibration);
    fields.read("search", value.search);
    fields.read("data", value.data);
    fields.read("batch", value.batch, {1, 16384});
    fields.readWord("schedule", value.schedule, scheduleKindFromString);
    fields.readObject("budgets", value.budgets);
    fields.readObject("plan", value.plan);
    value.pins = {}; // of files before there were any
    if (fields.has("pins"))
        fields.readObject("pins", value.pins);
    fields.refuseUnknown();
}

namespace {

template<class T>
void readFile(const std::string &path, T &value)
{
    try {
        from_json(readJsonFile(path), value);
    } catch (const FieldError &error) {
        throw Error(path + ": " + error.what());
    } catch (const nlohmann::json::exception &) {
        throw Error(path + " lacks fields or has fields of the wrong type; save the session again");
    }
}

// Runs a check of what `file` says and names it when it fails.
template<class Check>
void checkFile(const std::filesystem::path &file, Check check)
{
    try {
        check();
    } catch (const Error &error) {
        throw Error(file.string() + ": " + error.what());
    }
}

void requireBlocks(std::size_t blocks, const ModelSpec &spec)
{
    if (blocks != spec.blocks.size())
        throw Error("it is of a model with " + std::to_string(blocks) + " blocks, but the session's model has " +
                    std::to_string(spec.blocks.size()));
}

// That the files fit each other.
void check(const Session &session, const std::filesystem::path &main)
{
    const std::filesystem::path folder = main.parent_path();
    const ModelSpec &spec = session.summary.spec;
    checkFile(main, [&] {
        validate(spec);
        plannedSpec(spec, session.plan);
        requireFits(session.pins, spec);
    });
    if (session.sensitivity)
        checkFile(folder / sensitivityFile, [&] {
            requireBlocks(session.sensitivity->mlpWidths.size(), spec);
            const Sensitivity &known = *session.sensitivity;
            for (const std::size_t blocks : {known.qkDims.size(), known.voDims.size(), known.headCounts.size(),
                                             known.linearAttentions.size(), known.linearMlps.size()}) {
                if (blocks > 0)
                    requireBlocks(blocks, spec);
            }
        });
    if (session.times)
        checkFile(folder / timesFile, [&] {
            requireBlocks(session.times->mlps.size(), spec);
            for (const std::size_t blocks : {session.times->attentions.size(), session.times->linearMlps.size()}) {
                if (blocks > 0)
                    requireBlocks(blocks, spec);
            }
        });
    checkFile(folder / variantsFile, [&] {
        std::set<int> ids;
        for (const Variant &variant : session.variants) {
            plannedSpec(spec, variant.plan);
            if (!ids.insert(variant.id).second)
                throw Error("two variants have the id " + std::to_string(variant.id));
        }
        for (const int id : session.recipe) {
            if (!ids.contains(id))
                throw Error("the recipe names variant " + std::to_string(id) + ", which there is none of");
        }
    });
}

} // namespace

const Variant *Session::variant(int id) const
{
    const auto found =
        std::find_if(variants.begin(), variants.end(), [id](const Variant &each) { return each.id == id; });
    return found == variants.end() ? nullptr : &*found;
}

const Variant *Session::baseline() const
{
    const auto found =
        std::find_if(variants.begin(), variants.end(), [](const Variant &each) { return each.isBaseline(); });
    return found == variants.end() ? nullptr : &*found;
}

int Session::nextVariantId() const
{
    int next = 0;
    for (const Variant &each : variants)
        next = std::max(next, each.id + 1);
    return next;
}

std::map<std::string, std::string> sessionFiles(const Session &session)
{
    std::map<std::string, std::string> files;
    files[sessionFile] = jsonText(session, 2);
    if (session.profile)
        files[profileFile] = jsonText(*session.profile);
    if (session.sensitivity)
        files[sensitivityFile] = jsonText(*session.sensitivity, 1);
    if (session.times)
        files[timesFile] = jsonText(*session.times, 1);
    if (!session.variants.empty())
        files[variantsFile] = jsonText(Variants{session.variants, session.recipe}, 1);
    return files;
}

Session openSession(const std::string &path)
{
    namespace fs = std::filesystem;
    std::error_code ignored;
    const fs::path folder = fs::is_directory(path, ignored) ? fs::path(path) : fs::path(path).parent_path();
    const fs::path main = fs::is_directory(path, ignored) ? folder / sessionFile : fs::path(path);
    if (!fs::exists(main, ignored))
        throw Error(path + " is not a session: there is no " + sessionFile + " in it");
    Session session;
    readFile(main.string(), session);
    const auto readIfThere = [&](const char *name, auto read) {
        const fs::path file = folder / name;
        if (fs::exists(file, ignored))
            read(file.string());
    };
    readIfThere(profileFile, [&](const std::string &file) { readFile(file, session.profile.emplace()); });
    readIfThere(sensitivityFile, [&](const std::string &file) { readFile(file, session.sensitivity.emplace()); });
    readIfThere(timesFile, [&](const std::string &file) { readFile(file, session.times.emplace()); });
    readIfThere(variantsFile, [&](const std::string &file) {
        Variants variants;
        readFile(file, variants);
        session.variants = std::move(variants.variants);
        session.recipe = std::move(variants.recipe);
    });
    check(session, main);
    return session;
}

} // namespace edgeflex
