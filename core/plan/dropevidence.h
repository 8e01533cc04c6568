#pragma once

#include "plan/statistics.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>

namespace edgeflex {

// What is known of a variant's drop in accuracy against its baseline on the same images, and whether it is within a
// limit. Where there are enough images the labels alone decide: the one-sided 95 % bound of the paired drop must be
// within the limit (non-inferiority). Where there are so few that the bound of a model hardly worse than its baseline
// would be beyond it, the bound is put on what the answers that differ are expected to cost by the baseline's own
// confidence, which every image has a say in; the drop itself must be within the limit, too.
struct DropEvidence
{
    std::int64_t images = 0;
    double agreement = 0; // share of images with the same top-1 answer
    PairedDrop drop;
    ExpectedDrop expected;
    int comparisons = 1; // of this variant and others on these images, for all of which together the bounds hold

    // Whether the bound of a model that answers 1 % of the images otherwise, for better as often as for worse, would be
    // within `limitPoints`.
    bool boundCanHold(double limitPoints) const;
    // Points that may be lost, by what judges that limit.
    double mayBeLost(double limitPoints) const;
    bool within(double limitPoints) const { return mayBeLost(limitPoints) <= limitPoints; }

    bool operator==(const DropEvidence &) const = default;
};

void to_json(nlohmann::json &json, const DropEvidence &value);
void from_json(const nlohmann::json &json, DropEvidence &value);

} // namespace edgeflex
