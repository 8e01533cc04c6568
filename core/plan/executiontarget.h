#pragma once

#include "plan/numberformat.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace edgeflex {

// What the machine that executes a plan can do. It decides which kernels run and how much scratch
// memory they take, so schedules and their predicted peaks are for one target.
struct ExecutionTarget
{
    int threads = 1;
    bool int8DotProduct = false; // AVX-512 VNNI: 8-bit products have instructions of their own
    bool bf16Compute = false;    // AVX-512 BF16: BF16 products, of INT4 too, else BF16 is storage only
    std::string instructionSet;  // for people, e.g. "AVX2"

    // The format the products of a layer stored in `format` are computed in.
    NumberFormat computes(NumberFormat format) const;

    bool operator==(const ExecutionTarget &) const = default;
};

void to_json(nlohmann::json &json, const ExecutionTarget &value);
void from_json(const nlohmann::json &json, ExecutionTarget &value);

} // namespace edgeflex
