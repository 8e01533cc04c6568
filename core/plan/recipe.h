#pragma once

#include "plan/compressionplan.h"
#include "plan/modelspec.h"
#include "plan/sensitivity.h"

#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// One step of a recipe: a plan with everything of the steps before it.
struct RecipeStep
{
    std::string name; // "baseline", "pruned", "+ FP16", "+ AWQ"
    CompressionPlan plan;

    bool operator==(const RecipeStep &) const = default;
};

// The pipeline of EdgeFlex-Transformer (arXiv 2512.19741): baseline, MLP pruned to `mlpKeep` of its channels on
// average, then every linear layer FP16, then every one of a block AWQ `awq` (INT8 or INT4). Widths are unequal, by
// least predicted loss, where there is a sensitivity that reaches as low; else equal.
std::vector<RecipeStep> edgeFlexRecipe(const ModelSpec &spec, const std::optional<Sensitivity> &sensitivity,
                                       double mlpKeep = 0.75, NumberFormat awq = NumberFormat::Int8);

} // namespace edgeflex
