#include "plan/compressionplan.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/linearlayout.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>

using namespace edgeflex;

// A plan's JSON: what is accepted for a model makes a sound model that is not larger than FP32.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const ModelSpec spec = [] {
        VitShape shape;
        shape.depth = 2;
        return makeVitSpec(shape);
    }();
    try {
        const auto plan = parseJson({reinterpret_cast<const char *>(data), size}, "input").get<CompressionPlan>();
        const ModelSpec planned = plannedSpec(spec, plan);
        validate(planned);
        const auto inputScales = static_cast<std::int64_t>(2 * 4 * 768);
        if (weightBytes(planned) > weightBytes(spec) + inputScales)
            std::abort();
        if (nlohmann::json(plan).get<CompressionPlan>() != plan)
            std::abort();
    } catch (const Error &) {
    }
    return 0;
}
