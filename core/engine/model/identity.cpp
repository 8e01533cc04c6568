#include "engine/model/identity.h"

#include "engine/io/contenthash.h"
#include "engine/model/savedmodel.h"

#include <algorithm>

namespace edgeflex {

namespace {

constexpr std::size_t stride = std::size_t(1) << 20;
constexpr std::size_t sample = std::size_t(4) << 10;

} // namespace

std::string modelIdentity(const VitModel &model, std::int64_t wholeBytes)
{
    std::int64_t bytes = 0;
    visitSavedTensors(
        model, [&](const std::string &, const Tensor &tensor) { bytes += static_cast<std::int64_t>(tensor.bytes()); });
    const bool whole = bytes <= wholeBytes;

    ContentHash hash;
    visitSavedTensors(model, [&](const std::string &name, const Tensor &tensor) {
        hash.add(name);
        hash.add(toString(tensor.dtype()));
        for (const std::int64_t extent : tensor.shape())
            hash.add(static_cast<std::uint64_t>(extent));
        if (whole || tensor.bytes() <= stride) {
            hash.addBytes(tensor.raw(), tensor.bytes());
        } else {
            for (std::size_t first = 0; first < tensor.bytes(); first += stride)
                hash.addBytes(tensor.raw() + first, std::min(sample, tensor.bytes() - first));
        }
        tensor.releasePages();
    });
    return hash.hex();
}

} // namespace edgeflex
