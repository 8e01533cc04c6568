#pragma once

#include "plan/compressionplan.h"
#include "plan/measurement.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace edgeflex {

// How well a plan was carried out.
//   Draft  from statistics of the uncompressed model, which are cached: an edit recompresses only the layers it touches
//   Final  block by block on the compressed model's own activations; what is exported
enum class Quality { Draft, Final };

std::string_view toString(Quality quality);
Quality qualityFromString(std::string_view word); // throws Error

// A plan that was carried out and measured. The plan is the copy the job ran with, so that a result that no longer
// belongs to the plan on the screen is seen to be one.
struct Variant
{
    int id = 0;           // within its session, never used again
    std::string name;     // for people: "baseline", "plan 3", "+ FP16"
    CompressionPlan plan; // keeps everything for the baseline
    Quality quality = Quality::Draft;
    std::string calibration; // images that the plan was carried out with, as given; empty: none, or not known
    std::string folder;      // of the model written; empty: measured only
    int parent = -1;         // the variant that it was made from by edits; -1: none
    bool starred = false;    // marked by the user
    Measurement measurement; // against the baseline, but for the baseline itself

    bool isBaseline() const { return !measurement.againstBaseline.has_value(); }
    bool operator==(const Variant &) const = default;
};

void to_json(nlohmann::json &json, const Variant &value);
void from_json(const nlohmann::json &json, Variant &value);

} // namespace edgeflex
