#include "engine/data/image.h"
#include "plan/error.h"

#include <cstdlib>

using namespace edgeflex;

// A JPEG or PNG file: whatever is accepted has as many bytes as its size says and can be preprocessed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    try {
        const Image image = decodeImage({data, size}, "input");
        const auto pixels = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
        if (pixels == 0 || image.pixels.size() != pixels * static_cast<std::size_t>(image.channels))
            std::abort();
        Preprocessing preprocessing;
        preprocessing.resizeShorter = 9;
        preprocessing.cropHeight = preprocessing.cropWidth = 8;
        float out[3 * 8 * 8];
        preprocess(image, preprocessing, 3, out);
    } catch (const Error &) {
    }
    return 0;
}
