#include "engine/io/safetensors.h"
#include "plan/error.h"

#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    try {
        const edgeflex::WeightFile file =
            edgeflex::parseSafetensors(std::as_bytes(std::span(data, size)), nullptr, "input.safetensors");
        for (const auto &[name, tensor] : file.tensors)
            (void)tensor.toFloat(); // touches every byte that the reader promised
    } catch (const edgeflex::Error &) {
    }
    return 0;
}
