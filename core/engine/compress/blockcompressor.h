#pragma once

#include "engine/compress/headbases.h"
#include "engine/compress/pruningpath.h"
#include "engine/model/vitmodel.h"
#include "engine/profile/blockstatistics.h"
#include "engine/profile/outputgap.h"
#include "engine/profile/statisticscollector.h"
#include "plan/compressionplan.h"
#include "plan/outputerror.h"
#include "plan/progress.h"

#include <map>
#include <optional>
#include <string>

namespace edgeflex {

// All that is long here throws Cancelled within a fraction of a second.

// One linear layer in the format that `target` asks for, from FP32. `statistics` may be empty for FP32, FP16 and
// BF16. Without AWQ, but for a scale that stays with the layer: scales folded elsewhere are the caller's business.
LinearWeights convertLinear(const LinearWeights &weights, const LinearSpec &target, const LinearStatistics &statistics,
                            const CompressionPlan &plan, const Progress &progress);

// fc1 and fc2 with only the `width` channels of fc2's input that matter most, fc2 refitted where the plan says so.
// `path` is the one that the plan's score leads along, where it is known already; `gap` is what the blocks before made
// fc2's output miss, of which the refit makes up for the plan's share.
struct PrunedMlp
{
    LinearWeights fc1;
    LinearWeights fc2;
    LinearStatistics fc2Input;        // of the kept channels
    std::optional<OutputError> error; // of fc2's output; absent: nothing was refitted
};
PrunedMlp pruneMlp(const LinearWeights &fc1, const LinearWeights &fc2, const LinearStatistics &fc2Input,
                   std::int64_t width, const CompressionPlan &plan, const Progress &progress,
                   const PruningPath *path = nullptr, const OutputGap *gap = nullptr);

// Whether heads go or lose dimensions on the way from one block to another.
bool prunesHeads(const BlockSpec &from, const BlockSpec &to);
// qkv and proj with only the `left` heads and dimensions, proj refitted where the plan says so. Both layers are in the
// bases, and so are the inputs that proj was given: by those layers or by ones with fewer queries and keys, whose `gap`
// to the output that there should have been the refit makes up for.
struct PrunedAttention
{
    LinearWeights qkv;
    LinearWeights proj;
    LinearStatistics projInput;       // of the values left
    std::optional<OutputError> error; // of proj's output; absent: nothing was refitted
};
PrunedAttention pruneAttention(const LinearWeights &qkv, const LinearWeights &proj, const LinearStatistics &projInput,
                               const HeadDims &dims, const HeadDims &left, const CompressionPlan &plan,
                               const Progress &progress, const OutputGap *gap = nullptr);

// A block's FP32 attention (norm1, qkv, proj; heads as in `dims`) made into `target` (of plannedSpec; heads as in
// `left`), written over `result`'s: its heads pruned in their `bases`, where those are known already, AWQ scales folded
// into the norm and the value rows, then rounded. `errors` gets what pruned heads do to proj's output where it was
// refitted. A linear half must be one already.
void compressAttention(const BlockWeights &block, const HeadDims &dims, const BlockSpec &target, const HeadDims &left,
                       const BlockStatistics &statistics, const CompressionPlan &plan, BlockWeights &result,
                       LayerErrors &errors, const Progress &progress, const HeadBases *bases = nullptr);
// The same for norm2, fc1 and fc2: pruned and refitted, then rounded. `errors` gets what pruning does to
// fc2's output where it was refitted. A linear half must be one already.
void compressMlp(const BlockWeights &block, const BlockSpec &target, const BlockStatistics &statistics,
                 const CompressionPlan &plan, BlockWeights &result, LayerErrors &errors, const Progress &progress,
                 const PruningPath *path = nullptr);
// What a block's compression needs to know of which layer's inputs (0..3: qkv, proj, fc1, fc2); empty when
// nothing changes. What goes into a half that is to be linear goes into qkv, or fc1, as long as these are there.
std::map<int, StatisticsCollector::Depth> neededDepths(const BlockSpec &from, const BlockSpec &to,
                                                       const CompressionPlan &plan);

} // namespace edgeflex
