#include "plan/preprocessinglint.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace edgeflex {

namespace {

constexpr double significance = 0.05;
constexpr IntegerRange someImages{1, 1'000'000};
constexpr IntegerRange threadsRange{0, 4096};

struct Normalization
{
    std::array<double, 3> mean;
    std::array<double, 3> std;
};
// Of most ViTs of timm and Hugging Face, of ImageNet's own statistics, of CLIP, and none at all.
constexpr std::array<Normalization, 4> usualNormalizations{
    {{{0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}},
     {{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}},
     {{0.48145466, 0.4578275, 0.40821073}, {0.26862954, 0.26130258, 0.27577711}},
     {{0, 0, 0}, {1, 1, 1}}}};
// Shares of the resized image that the centre crop keeps; 0: straight to the crop, whatever the shape.
constexpr std::array usualCrops{1.0, 0.9, 0.875, 0.0};

constexpr std::array<std::string_view, 5> changeNames{"stated", "normalization", "crop", "interpolation", "together"};

std::string_view toString(PreprocessingTrial::Change change)
{
    return changeNames.at(static_cast<std::size_t>(change));
}

PreprocessingTrial::Change changeFromString(std::string_view word)
{
    const auto found = std::find(changeNames.begin(), changeNames.end(), word);
    if (found == changeNames.end())
        throw Error("\"" + std::string(word) + "\" is not a change of preprocessing");
    return static_cast<PreprocessingTrial::Change>(found - changeNames.begin());
}

} // namespace

std::optional<std::size_t> PreprocessingLintResult::better() const
{
    std::optional<std::size_t> best;
    const auto tried = static_cast<double>(trials.size()) - 1;
    for (std::size_t i = 1; i < trials.size(); ++i) {
        const PairedDrop &drop = trials[i].drop;
        if (drop.points < 0 && drop.mcnemarP * tried < significance &&
            (!best || trials[i].top1.correct > trials[*best].top1.correct))
            best = i;
    }
    return best;
}

std::vector<PreprocessingTrial> preprocessingAlternatives(const Preprocessing &stated)
{
    using Change = PreprocessingTrial::Change;
    std::vector<PreprocessingTrial> trials;
    const auto add = [&](Change change, Preprocessing preprocessing) {
        preprocessing.stated = true;
        const bool known = std::any_of(trials.begin(), trials.end(), [&](const PreprocessingTrial &trial) {
            return trial.preprocessing == preprocessing;
        });
        Preprocessing compared = stated;
        compared.stated = true;
        if (!known && preprocessing != compared)
            trials.push_back({change, preprocessing, {}, {}});
    };
    for (const Normalization &usual : usualNormalizations) {
        Preprocessing changed = stated;
        changed.mean = usual.mean;
        changed.std = usual.std;
        add(Change::Normalization, changed);
    }
    const int crop = std::min(stated.cropHeight, stated.cropWidth);
    for (const double share : usualCrops) {
        Preprocessing changed = stated;
        changed.resizeShorter = share > 0 ? static_cast<int>(crop / share) : 0;
        add(Change::Crop, changed);
    }
    for (const Interpolation interpolation : {Interpolation::Bilinear, Interpolation::Bicubic}) {
        Preprocessing changed = stated;
        changed.interpolation = interpolation;
        add(Change::Interpolation, changed);
    }
    return trials;
}

void to_json(nlohmann::json &json, const PreprocessingLintOptions &value)
{
    json = {{"model", value.model},
            {"calibration", value.calibration},
            {"search", value.search},
            {"searchImages", value.searchImages},
            {"threads", value.threads}};
}

void from_json(const nlohmann::json &json, PreprocessingLintOptions &value)
{
    const JsonFields fields(json, "preprocessing lint options", JsonFields::Missing::KeepsDefault);
    fields.readObject("model", value.model);
    fields.read("calibration", value.calibration);
    fields.read("search", value.search);
    fields.read("searchImages", value.searchImages, someImages);
    fields.read("threads", value.threads, threadsRange);
    fields.refuseUnknown();
}

static void to_json(nlohmann::json &json, const PreprocessingTrial &value)
{
    json = {{"change", toString(value.change)},
            {"preprocessing", value.preprocessing},
            {"top1", value.top1},
            {"drop", value.drop}};
}

static void from_json(const nlohmann::json &json, PreprocessingTrial &value)
{
    const JsonFields fields(json, "trial");
    fields.readWord("change", value.change, changeFromString);
    fields.readObject("preprocessing", value.preprocessing);
    fields.readObject("top1", value.top1);
    fields.readObject("drop", value.drop);
}

void to_json(nlohmann::json &json, const PreprocessingLintResult &value)
{
    json = {{"images", value.images}, {"trials", value.trials}};
}

void from_json(const nlohmann::json &json, PreprocessingLintResult &value)
{
    const JsonFields fields(json, "preprocessing lint");
    fields.read("images", value.images);
    fields.readObjects("trials", value.trials);
}

} // namespace edgeflex
