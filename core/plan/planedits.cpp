#include "plan/planedits.h"

namespace edgeflex {

std::vector<CompressionPlan> planEdits(const ModelSpec &spec, const CompressionPlan &from, const CompressionPlan &to)
{
    plannedSpec(spec, from);
    plannedSpec(spec, to);
    std::vector<CompressionPlan> plans{from};
    const auto add = [&](const auto &edit) {
        CompressionPlan next = plans.back();
        edit(next);
        if (sameWork(spec, plans.back(), next))
            plans.back() = std::move(next); // may matter to a later edit
        else
            plans.push_back(std::move(next));
    };
    const auto format = [&](const LinearSpec &linear) {
        add([&](CompressionPlan &plan) { plan.formats[linear.name] = to.format(linear.name); });
    };
    add([&](CompressionPlan &plan) {
        plan = to;
        plan.blocks = from.blocks;
        plan.formats = from.formats;
    });
    format(spec.patchEmbed);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const auto keep = [&](double BlockPlan::*share) {
            add([&](CompressionPlan &plan) { plan.blocks[i].*share = to.blocks[i].*share; });
        };
        keep(&BlockPlan::headKeep);
        keep(&BlockPlan::qkKeep);
        keep(&BlockPlan::voKeep);
        format(spec.blocks[i].qkv);
        format(spec.blocks[i].proj);
        keep(&BlockPlan::mlpKeep);
        format(spec.blocks[i].fc1);
        format(spec.blocks[i].fc2);
    }
    for (const LinearSpec &linear : spec.preLogits)
        format(linear);
    format(spec.head);
    return plans;
}

} // namespace edgeflex
