#pragma once

#include "plan/executiontarget.h"
#include "plan/numberformat.h"
#include "plan/timespread.h"

#include <nlohmann/json_fwd.hpp>

#include <compare>
#include <cstdint>
#include <map>
#include <string>

namespace edgeflex {

// What a product of a linear layer's takes depends on, beside the machine.
struct ProductShape
{
    NumberFormat format = NumberFormat::Fp32;
    std::int64_t outFeatures = 0;
    std::int64_t inFeatures = 0;
    std::int64_t rows = 0;   // that are multiplied at once
    int groupSize = 0;       // of INT4; else 0
    bool inputScale = false; // has a multiplier for each input

    auto operator<=>(const ProductShape &) const = default;
};

// What products took on one machine, whatever model they were of.
struct LatencyTable
{
    std::string machine;         // CPU model
    ExecutionTarget target;      // its instruction set, and the threads used
    std::string threadWaits;     // as in Conditions
    std::string edgeflexVersion; // whose kernels they were
    std::map<ProductShape, TimeSpread> products;
    std::map<std::string, TimeSpread>
        passes; // of whole FP32 models, by modelShapeKey(); of attention, by attentionKey()

    // Whether times of the one hold for the other.
    bool sameConditions(const LatencyTable &other) const;
    bool operator==(const LatencyTable &) const = default;
};

void to_json(nlohmann::json &json, const LatencyTable &value);
// Throws Error naming the field, also where a shape is there twice.
void from_json(const nlohmann::json &json, LatencyTable &value);

} // namespace edgeflex
