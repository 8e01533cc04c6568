#include "engine/data/imagelimits.h"

#include "plan/error.h"

namespace edgeflex {

void checkDeclaredSize(std::uint64_t width, std::uint64_t height, std::size_t encodedBytes, std::uint64_t pixelsPerByte,
                       const std::string &name)
{
    const std::string extents = std::to_string(width) + " x " + std::to_string(height);
    if (width == 0 || height == 0)
        throw Error(name + " declares an image of " + extents + " pixels, which has none: remove it from the data set");
    if (width > maximumImagePixels / height)
        throw Error(name + " declares an image of " + extents + " pixels, more than the " +
                    std::to_string(maximumImagePixels / 1'000'000) + " megapixels that are read: scale it down first");
    if (width * height / pixelsPerByte > encodedBytes)
        throw Error(name + " declares an image of " + extents + " pixels but has only " + std::to_string(encodedBytes) +
                    " bytes, too few for so many: it is truncated or forged, copy it again");
}

} // namespace edgeflex
