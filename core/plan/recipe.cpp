#include "plan/recipe.h"

#include "plan/error.h"
#include "plan/widthallocation.h"

#include <map>

namespace edgeflex {

namespace {

// Widths of least predicted loss whose average share is at most `keep`; none where the widths that were measured do not
// reach that low.
std::vector<std::int64_t> widthsOfLeastLoss(const ModelSpec &spec, const Sensitivity &sensitivity, double keep)
{
    std::vector<std::map<std::int64_t, double>> losses;
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        if (spec.blocks[i].mlpIsLinear()) {
            losses.push_back({{1, 0.0}}); // no choice, and next to no channels
            continue;
        }
        const std::int64_t whole = spec.blocks[i].mlpWidth();
        const std::int64_t step = mlpWidthStep(whole);
        const auto &measured = sensitivity.mlpWidths.at(i);
        const std::int64_t least = measured.empty() ? whole : measured.begin()->first;
        std::map<std::int64_t, double> &block = losses.emplace_back();
        const auto add = [&](std::int64_t width) {
            block[width] = sensitivity.widthLoss(static_cast<int>(i), width);
        };
        add(whole);
        for (std::int64_t width = (whole - 1) / step * step; width >= least && width > 0; width -= step)
            add(width);
    }
    return allocateWidths(losses, keep);
}

} // namespace

std::vector<RecipeStep> edgeFlexRecipe(const ModelSpec &spec, const std::optional<Sensitivity> &sensitivity,
                                       double mlpKeep, NumberFormat awq)
{
    if (!(mlpKeep > 0 && mlpKeep <= 1))
        throw Error("the recipe must keep a share of MLP channels above 0 and at most 1");
    CompressionPlan plan = identityPlan(spec);
    std::vector<RecipeStep> steps{{"baseline", plan}};

    std::vector<std::int64_t> widths;
    if (sensitivity && sensitivity->mlpWidths.size() == spec.blocks.size() && mlpKeep < 1)
        widths = widthsOfLeastLoss(spec, *sensitivity, mlpKeep);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        if (spec.blocks[i].mlpIsLinear())
            continue;
        const std::int64_t whole = spec.blocks[i].mlpWidth();
        const std::int64_t width = widths.empty() ? keptMlpWidth(whole, mlpKeep) : widths[i];
        plan.blocks[i].mlpKeep = static_cast<double>(width) / static_cast<double>(whole);
    }
    steps.push_back({"pruned", plan});

    for (const LinearSpec *linear : spec.linears())
        plan.formats[linear->name] = NumberFormat::Fp16;
    steps.push_back({"+ FP16", plan});

    for (const BlockSpec &block : spec.blocks) {
        for (const LinearSpec *linear : {&block.qkv, &block.proj, &block.fc1, &block.fc2})
            plan.formats[linear->name] = awq;
    }
    steps.push_back({"+ AWQ", plan});
    return steps;
}

} // namespace edgeflex
