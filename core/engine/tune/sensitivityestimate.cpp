#include "engine/tune/sensitivityestimate.h"

#include "engine/kernels/linearweights.h"
#include "plan/error.h"

namespace edgeflex {

namespace {

// What is lost by the stages that an estimate leaves out for the time they take, as shares of its KL. Rough: for a
// ViT-Tiny of ImageNet the sums over its layers then came out at 0.5 to 1.2 of what was measured, by which images it
// was estimated on; for a model of CIFAR-10 channels at 0.9, INT4 and INT8 at 3 to 4.
constexpr double roundedWell = 0.45; // INT4 by GPTQ with AWQ's scales, of that to the nearest
constexpr double int8OfInt4 = 0.009; // INT8 so, of INT4 to the nearest
constexpr double prunedWell = 0.8;   // channels chosen by OBS, of those by FLAP's score
constexpr double castLoss = 1e-6;    // FP16 and BF16: next to nothing

bool fitsHalf(const VitModel &model)
{
    try {
        for (const LinearSpec *linear : model.spec.linears())
            (void)castWeights(model.linear(linear->name), NumberFormat::Fp16);
    } catch (const Error &) {
        return false;
    }
    return true;
}

} // namespace

Sensitivity estimateSensitivity(const VitModel &model, const CalibrationImages &calibration,
                                const CalibrationImages &search, const ExecutionTarget &target, Progress &progress)
{
    CompressionPlan settings = identityPlan(model.spec);
    settings.score = ImportanceScore::Flap;
    settings.awq = false;
    settings.rounding = {false, false, false, false};
    SensitivityScope scope;
    scope.mlpKeeps = {0.5};
    scope.headKeeps = {0.5};
    scope.removal = false;
    scope.inBfloat16 = target.bf16Compute;
    Sensitivity result =
        measureSensitivity(model, settings, {NumberFormat::Int4}, calibration, search, target, progress, scope);
    result.estimated = true;
    result.shifts = {};
    const bool half = fitsHalf(model);
    for (auto &[layer, losses] : result.formats) {
        const double nearest = losses.at(NumberFormat::Int4);
        losses[NumberFormat::Int4] = roundedWell * nearest;
        losses[NumberFormat::Int8] = int8OfInt4 * nearest;
        losses[NumberFormat::Bf16] = castLoss;
        if (half)
            losses[NumberFormat::Fp16] = castLoss;
    }
    for (auto &block : result.mlpWidths) {
        for (auto &[width, loss] : block)
            loss *= prunedWell;
    }
    return result;
}

} // namespace edgeflex
