#pragma once

#include "plan/numberformat.h"
#include "plan/statistics.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

// One combination of the stages of compression, as measured.
struct AblationRow
{
    enum class Set {
        Reference,  // none of the stages, all of them, and what tuning would choose instead
        Alone,      // the stage, and those that it cannot do without
        Cumulative, // the stage and all above it
        LeftOut     // all but the stage
    };

    Set set = Set::Reference;
    std::string stage;
    double kl = 0;        // nats, against FP32
    double agreement = 0; // share of images with FP32's answer
    PairedDrop drop;
    std::int64_t weightsBytes = 0;

    bool operator==(const AblationRow &) const = default;
};

std::string_view toString(AblationRow::Set set);
AblationRow::Set ablationSetFromString(std::string_view word); // throws Error

// What each stage of compression is worth on one model at one average width and one number format.
struct Ablation
{
    std::string model;
    double mlpKeep = 1;
    NumberFormat format = NumberFormat::Fp32;
    std::string dataset;
    std::int64_t images = 0; // that judged
    std::int64_t calibrationImages = 0;
    std::int64_t searchImages = 0;
    Proportion baselineTop1;
    std::int64_t baselineWeightsBytes = 0;
    std::vector<AblationRow> rows;

    bool operator==(const Ablation &) const = default;
};

void to_json(nlohmann::json &json, const AblationRow &value);
void from_json(const nlohmann::json &json, AblationRow &value);
void to_json(nlohmann::json &json, const Ablation &value);
void from_json(const nlohmann::json &json, Ablation &value);

} // namespace edgeflex
