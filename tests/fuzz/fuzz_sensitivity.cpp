#include "core/plan/plansamples.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/predictor.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <cstdlib>

using namespace edgeflex;

namespace {

bool isOfBlocks(const Sensitivity &value, std::size_t blocks)
{
    for (const std::size_t each : {value.qkDims.size(), value.voDims.size(), value.headCounts.size(),
                                   value.linearAttentions.size(), value.linearMlps.size()}) {
        if (each != 0 && each != blocks)
            return false;
    }
    return value.mlpWidths.size() == blocks;
}

} // namespace

// A sensitivity's JSON: what is accepted comes back as it was, and predictions of plans that change a lot take it
// whole, or say that they know nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const ModelSpec spec = test::sampleSpec();
    try {
        const auto value = parseJson({reinterpret_cast<const char *>(data), size}, "input").get<Sensitivity>();
        if (nlohmann::json(value).get<Sensitivity>() != value)
            std::abort();
        if (!isOfBlocks(value, spec.blocks.size())) // refused by whoever reads a session
            return 0;
        Predictor predictor(spec, test::sampleTarget(), ScheduleKind::Tight, 1);
        predictor.setSensitivity(value);
        CompressionPlan plan = identityPlan(spec);
        for (auto &[layer, format] : plan.formats)
            format = NumberFormat::Int4;
        for (const double keep : {0.7, 0.0}) {
            for (BlockPlan &block : plan.blocks) {
                block.mlpKeep = block.headKeep = keep;
                block.qkKeep = block.voKeep = 0.5;
            }
            const Prediction prediction = predictor.predict(plan);
            if (prediction.kl && std::isnan(*prediction.kl))
                std::abort();
        }
    } catch (const Error &) {
    }
    return 0;
}
