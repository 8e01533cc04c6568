#include "plan/dropevidence.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace edgeflex {

bool DropEvidence::boundCanHold(double limitPoints) const
{
    const std::int64_t eachWay = (images + 199) / 200;
    return 2 * eachWay <= images && pairedDrop(eachWay, eachWay, images, comparisons).upperBound <= limitPoints;
}

double DropEvidence::mayBeLost(double limitPoints) const
{
    if (images > 0 && agreement == 1)
        return 0; // the same answers
    return boundCanHold(limitPoints) ? drop.upperBound : std::max(drop.points, expected.upperBound);
}

void to_json(nlohmann::json &json, const DropEvidence &value)
{
    json = {{"images", value.images},
            {"agreement", value.agreement},
            {"drop", value.drop},
            {"expected", value.expected},
            {"comparisons", value.comparisons}};
}

void from_json(const nlohmann::json &json, DropEvidence &value)
{
    const JsonFields fields(json, "drop evidence");
    fields.read("images", value.images);
    fields.read("agreement", value.agreement, zeroToOne);
    fields.readObject("drop", value.drop);
    fields.readObject("expected", value.expected);
    fields.read("comparisons", value.comparisons, {1, 1000});
}

} // namespace edgeflex
