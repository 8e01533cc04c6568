#pragma once

#include "plan/compressionplan.h"

#include <vector>

namespace edgeflex {

// The way from one plan for a model to another in single edits: each plan has one choice more of `to` than the one
// before it, of one layer's format or of what is kept of one MLP, of one attention's heads, of its queries and keys, or
// of its values, from the images to the logits; what concerns no layer (refit, group size, stages of rounding ...)
// comes first as one edit. The first does the same work as `from`, the last as `to`. Edits that would change no work
// are left out. Throws Error where a plan does not fit the model.
std::vector<CompressionPlan> planEdits(const ModelSpec &spec, const CompressionPlan &from, const CompressionPlan &to);

} // namespace edgeflex
