#include "engine/io/pickle.h"
#include "engine/io/torchcheckpoint.h"
#include "plan/error.h"

#include <cstddef>
#include <cstdint>

// Zip archives; anything else is a bare pickle, so that its interpreter is reached without an archive.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    try {
        if (size > 0 && data[0] == 0x80) {
            const edgeflex::Pickle pickle(bytes, "input.pkl");
            return 0;
        }
        const edgeflex::WeightFile file = edgeflex::parseTorchCheckpoint(bytes, nullptr, "input.pth");
        for (const auto &[name, tensor] : file.tensors)
            (void)tensor.toFloat();
    } catch (const edgeflex::Error &) {
    }
    return 0;
}
