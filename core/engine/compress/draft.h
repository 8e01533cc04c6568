#pragma once

#include "engine/compress/headbases.h"
#include "engine/compress/linearhalves.h"
#include "engine/compress/pruningpaths.h"
#include "engine/model/vitmodel.h"
#include "engine/profile/calibration.h"
#include "plan/compressionplan.h"
#include "plan/outputerror.h"
#include "plan/progress.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// Makes plans into models of draft quality: every layer is fitted on the statistics that the uncompressed model's
// activations gave, so that layers do not depend on each other. Half blocks (attention, MLP) and the layers outside the
// blocks are kept with the part of the plan that they were made after, and only what a new plan changes is made anew;
// the rest shares its storage with the model made before. Not thread-safe.
class DraftCompressor
{
public:
    // `model` is FP32; `calibration` is of it and must outlive this. Throws Error when the model is compressed.
    DraftCompressor(VitModel model, Calibration &calibration);

    // `errors` gets relative output errors by layer where known. Throws Error when the plan does not fit the model, and
    // Cancelled; what was made until then is kept for the next plan.
    VitModel compress(const CompressionPlan &plan, LayerErrors &errors, Progress &progress);

private:
    // All of a plan that attention and MLP of a block are made after.
    struct AttentionPlan
    {
        LinearSpec qkv;
        LinearSpec proj;
        int heads = 0;
        bool refit = false;
        bool awq = false;
        RoundingStages rounding;
        bool operator==(const AttentionPlan &) const = default;
    };
    struct MlpPlan
    {
        LinearSpec fc1;
        LinearSpec fc2;
        ImportanceScore score = ImportanceScore::Obs;
        bool refit = false;
        bool awq = false;
        RoundingStages rounding;
        bool operator==(const MlpPlan &) const = default;
    };
    struct KeptLinear
    {
        RoundingStages rounding;
        LinearWeights weights;
    };
    struct KeptBlock
    {
        std::optional<AttentionPlan> attentionPlan; // of norm1, qkv and proj
        std::optional<MlpPlan> mlpPlan;             // of norm2, fc1 and fc2
        BlockWeights weights;
        LayerErrors attentionErrors;
        LayerErrors mlpErrors;
    };

    static AttentionPlan attentionPlan(const BlockSpec &from, const BlockSpec &target, const CompressionPlan &plan);
    static MlpPlan mlpPlan(const BlockSpec &from, const BlockSpec &target, const CompressionPlan &plan);
    int lastPartNeeded(const ModelSpec &target, const CompressionPlan &plan) const;
    void compressBlock(int block, const BlockSpec &target, const CompressionPlan &plan, Progress &progress);
    const LinearWeights &compressedLinear(const LinearWeights &from, const LinearSpec &target, int part, int which,
                                          const CompressionPlan &plan, Progress &progress);

    const HeadBases &bases(int block, Progress &progress);

    VitModel m_model;
    Calibration &m_calibration;
    PruningPaths m_paths;
    LinearHalves m_halves;
    std::map<int, HeadBases> m_bases; // by block, once its heads were pruned
    std::vector<KeptBlock> m_blocks;
    std::map<std::string, KeptLinear> m_linears; // outside the blocks, by name, as last made
};

// The same for a single plan.
VitModel draftWeights(const VitModel &model, const CompressionPlan &plan, Calibration &calibration, LayerErrors &errors,
                      Progress &progress);

} // namespace edgeflex
