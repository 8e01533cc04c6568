#include "plan/ablation.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace edgeflex {

namespace {

constexpr std::array<std::string_view, 4> setNames{"reference", "alone", "cumulative", "left_out"};

} // namespace

std::string_view toString(AblationRow::Set set)
{
    return setNames.at(static_cast<std::size_t>(set));
}

AblationRow::Set ablationSetFromString(std::string_view word)
{
    const auto found = std::find(setNames.begin(), setNames.end(), word);
    if (found == setNames.end())
        throw Error("\"" + std::string(word) +
                    "\" is not a set of stages; known are reference, alone, cumulative and left_out");
    return static_cast<AblationRow::Set>(found - setNames.begin());
}

void to_json(nlohmann::json &json, const AblationRow &value)
{
    json = {{"set", toString(value.set)},   {"stage", value.stage}, {"klMean", value.kl},
            {"agreement", value.agreement}, {"drop", value.drop},   {"weightsBytes", value.weightsBytes}};
}

void from_json(const nlohmann::json &json, AblationRow &value)
{
    const JsonFields fields(json, "ablation row");
    fields.readWord("set", value.set, ablationSetFromString);
    fields.read("stage", value.stage);
    fields.read("klMean", value.kl, zeroOrMore);
    fields.read("agreement", value.agreement, zeroToOne);
    fields.readObject("drop", value.drop);
    fields.read("weightsBytes", value.weightsBytes);
}

void to_json(nlohmann::json &json, const Ablation &value)
{
    json = {{"model", value.model},
            {"mlpKeep", value.mlpKeep},
            {"format", toString(value.format)},
            {"dataset", value.dataset},
            {"images", value.images},
            {"calibrationImages", value.calibrationImages},
            {"searchImages", value.searchImages},
            {"baselineTop1", value.baselineTop1},
            {"baselineWeightsBytes", value.baselineWeightsBytes},
            {"rows", value.rows}};
}

void from_json(const nlohmann::json &json, Ablation &value)
{
    const JsonFields fields(json, "ablation");
    fields.read("model", value.model);
    fields.read("mlpKeep", value.mlpKeep, {0, 1, true});
    fields.readWord("format", value.format, numberFormatFromString);
    fields.read("dataset", value.dataset);
    fields.read("images", value.images);
    fields.read("calibrationImages", value.calibrationImages);
    fields.read("searchImages", value.searchImages);
    fields.readObject("baselineTop1", value.baselineTop1);
    fields.read("baselineWeightsBytes", value.baselineWeightsBytes);
    fields.readObjects("rows", value.rows);
}

} // namespace edgeflex
