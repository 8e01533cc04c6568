#include "plan/benchmark.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace edgeflex {

namespace {

constexpr std::string_view grammar = "a plan is FORMAT[:mlp=SHARE][:attention=SHARE], e.g. int8:mlp=0.7";

double shareFromString(std::string_view words, std::string_view text)
{
    double share = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), share);
    if (problem != std::errc() || end != text.data() + text.size() || !(share > 0 && share <= 1))
        throw Error("\"" + std::string(words) + "\": \"" + std::string(text) + "\" is no share above 0 and up to 1; " +
                    std::string(grammar));
    return share;
}

std::string numberText(double value)
{
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::string removed(double keep, const char *what)
{
    return std::to_string(std::lround(100 * (1 - keep))) + " % of " + what;
}

} // namespace

BenchPlan benchPlanFromString(std::string_view words)
{
    BenchPlan plan;
    std::string_view rest = words;
    bool first = true;
    while (true) {
        const std::size_t colon = rest.find(':');
        const std::string_view part = rest.substr(0, colon);
        constexpr std::string_view mlp = "mlp=";
        constexpr std::string_view attention = "attention=";
        if (first)
            plan.format = numberFormatFromString(part);
        else if (part.starts_with(mlp))
            plan.mlpKeep = shareFromString(words, part.substr(mlp.size()));
        else if (part.starts_with(attention))
            plan.attentionKeep = shareFromString(words, part.substr(attention.size()));
        else
            throw Error("\"" + std::string(words) + "\": \"" + std::string(part) + "\" is not understood; " +
                        std::string(grammar));
        if (colon == std::string_view::npos)
            return plan;
        rest.remove_prefix(colon + 1);
        first = false;
    }
}

std::string toString(const BenchPlan &plan)
{
    std::string words(toString(plan.format));
    if (plan.mlpKeep < 1)
        words += ":mlp=" + numberText(plan.mlpKeep);
    if (plan.attentionKeep < 1)
        words += ":attention=" + numberText(plan.attentionKeep);
    return words;
}

std::string describe(const BenchPlan &plan)
{
    std::string text(toString(plan.format));
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
    });
    if (!plan.prunes())
        return text;
    text += ", ";
    if (plan.mlpKeep < 1)
        text += removed(plan.mlpKeep, "MLPs");
    if (plan.attentionKeep < 1)
        text += (plan.mlpKeep < 1 ? " and " : "") + removed(plan.attentionKeep, "attention");
    return text + " removed";
}

std::vector<BenchPlan> defaultBenchPlans()
{
    return {{NumberFormat::Fp32},      {NumberFormat::Fp16},           {NumberFormat::Bf16},
            {NumberFormat::Int8},      {NumberFormat::Int4},           {NumberFormat::Int8, 0.7},
            {NumberFormat::Int4, 0.7}, {NumberFormat::Int8, 0.6, 0.75}};
}

ModelSpec plannedSpec(const ModelSpec &spec, const BenchPlan &plan)
{
    ModelSpec planned = spec;
    const std::int64_t step = headDimStep(spec.headDim);
    const auto kept = [](double share, std::int64_t whole, std::int64_t multiple) {
        const auto steps =
            static_cast<std::int64_t>(std::lround(share * static_cast<double>(whole) / static_cast<double>(multiple)));
        return std::clamp(steps * multiple, std::min(multiple, whole), whole);
    };
    for (BlockSpec &block : planned.blocks) {
        block.fc1.outFeatures = block.fc2.inFeatures = kept(plan.mlpKeep, block.mlpWidth(), 1);
        if (plan.attentionKeep < 1) {
            const std::int64_t qkWidth = spec.heads * kept(plan.attentionKeep, spec.qkDim(block), step);
            block.proj.inFeatures = spec.heads * kept(plan.attentionKeep, spec.voDim(block), step);
            block.qkv.outFeatures = 2 * qkWidth + block.proj.inFeatures;
        }
    }
    for (LinearSpec *linear : planned.linears())
        linear->format = plan.format;
    return planned;
}

Spread BenchmarkTable::speedUp(const BenchmarkTime &of, const BenchmarkTime &reference) const
{
    if (of.milliseconds.size() != reference.milliseconds.size())
        throw Error("\"" + of.name + "\" and \"" + reference.name + "\" were not timed in the same rounds");
    std::vector<double> ratios;
    for (std::size_t i = 0; i < of.milliseconds.size(); ++i)
        ratios.push_back(reference.milliseconds[i] / of.milliseconds[i]);
    return spread(ratios);
}

const BenchmarkTime *BenchmarkTable::time(std::string_view name) const
{
    const auto found = std::find_if(times.begin(), times.end(), [name](const auto &each) { return each.name == name; });
    return found == times.end() ? nullptr : &*found;
}

void to_json(nlohmann::json &json, const BenchmarkTime &value)
{
    json = {{"name", value.name},
            {"executedBy", value.executedBy},
            {"ours", value.ours},
            {"milliseconds", value.milliseconds}};
}

void from_json(const nlohmann::json &json, BenchmarkTime &value)
{
    const JsonFields fields(json, "benchmark time");
    fields.read("name", value.name);
    fields.read("executedBy", value.executedBy);
    fields.read("ours", value.ours);
    fields.read("milliseconds", value.milliseconds, zeroOrMore);
}

void to_json(nlohmann::json &json, const BenchmarkMemory &value)
{
    json = {{"name", value.name},
            {"schedule", toString(value.schedule)},
            {"weightsBytes", value.weightsBytes},
            {"weightsAfterBytes", value.weightsAfterBytes},
            {"images", value.images},
            {"allocatorBytes", value.allocatorBytes},
            {"processBytes", value.processBytes},
            {"startMilliseconds", value.startMilliseconds}};
}

void from_json(const nlohmann::json &json, BenchmarkMemory &value)
{
    const JsonFields fields(json, "benchmark memory");
    fields.read("name", value.name);
    fields.readWord("schedule", value.schedule, scheduleKindFromString);
    fields.read("weightsBytes", value.weightsBytes);
    fields.read("weightsAfterBytes", value.weightsAfterBytes);
    fields.read("images", value.images);
    fields.read("allocatorBytes", value.allocatorBytes);
    fields.read("processBytes", value.processBytes);
    fields.read("startMilliseconds", value.startMilliseconds, zeroOrMore);
}

void to_json(nlohmann::json &json, const BenchmarkTable &value)
{
    json = {{"model", value.model},
            {"provenance", value.provenance},
            {"batch", value.batch},
            {"times", value.times},
            {"memory", value.memory}};
}

void from_json(const nlohmann::json &json, BenchmarkTable &value)
{
    const JsonFields fields(json, "benchmark table");
    fields.read("model", value.model);
    fields.read("provenance", value.provenance);
    fields.read("batch", value.batch, {1, 4096});
    fields.readObjects("times", value.times);
    fields.readObjects("memory", value.memory);
}

void to_json(nlohmann::json &json, const Benchmark &value)
{
    json = {{"conditions", value.conditions}, {"tables", value.tables}, {"notes", value.notes}};
}

void from_json(const nlohmann::json &json, Benchmark &value)
{
    const JsonFields fields(json, "benchmark");
    fields.readObject("conditions", value.conditions);
    fields.readObjects("tables", value.tables);
    fields.read("notes", value.notes);
}

} // namespace edgeflex
