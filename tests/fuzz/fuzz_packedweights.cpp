#include "engine/kernels/linear.h"
#include "engine/model/packedweights.h"
#include "engine/model/vitmodel.h"
#include "plan/error.h"
#include "reference/randomvit.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

using namespace edgeflex;

namespace {

VitModel smallModel()
{
    ModelSpec spec = makeVitSpec({8, 3, 4, 16, 1, 2, 24, 5});
    spec.blocks[0].qkv.format = NumberFormat::Int8;
    spec.blocks[0].fc1.format = NumberFormat::Int4;
    spec.blocks[0].fc2.format = NumberFormat::Bf16;
    return reference::randomStoredVit(spec, 1);
}

} // namespace

// A file of packed weights: what is accepted can be multiplied with, in its bounds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const VitModel model = smallModel();
    const int descriptor = memfd_create("packed", MFD_CLOEXEC);
    if (descriptor < 0 || write(descriptor, data, size) != static_cast<ssize_t>(size))
        std::abort();
    const std::string path = "/proc/self/fd/" + std::to_string(descriptor);
    try {
        const PackedWeights packed = PackedWeights::read(model, path, PackedWeights::Compare::All);
        for (const LinearSpec *linear : model.spec.linears()) {
            auto layer = packed.layer(model.linear(linear->name));
            if (!layer)
                std::abort();
            const std::vector<float> x(static_cast<std::size_t>(linear->inFeatures), 0.5F);
            std::vector<float> y(static_cast<std::size_t>(linear->outFeatures));
            makeLinear(std::move(*layer), detectTarget(1))->forward(x.data(), 1, y.data());
        }
    } catch (const Error &) {
    }
    close(descriptor);
    return 0;
}
