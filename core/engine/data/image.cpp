#include "engine/data/image.h"

#include "engine/data/jpegdecoder.h"
#include "engine/data/pngdecoder.h"
#include "engine/io/mappedfile.h"
#include "plan/error.h"

#include <algorithm>

namespace edgeflex {

Image decodeImage(std::span<const std::uint8_t> bytes, const std::string &name)
{
    if (isJpeg(bytes))
        return decodeJpeg(bytes, name);
    if (isPng(bytes))
        return decodePng(bytes, name);
    throw Error(name + " is neither a JPEG nor a PNG image by its first bytes: convert it or remove it");
}

Image readImage(const std::string &path)
{
    const auto file = MappedFile::open(path);
    const auto bytes = file->bytes();
    refuseLfsPointer(bytes, path);
    return decodeImage({reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size()}, path);
}

Image withChannels(const Image &image, int channels)
{
    if (image.channels == channels)
        return image;
    const bool known = (image.channels == 1 && channels == 3) || (image.channels == 3 && channels == 1);
    if (!known)
        throw Error("an image of " + std::to_string(image.channels) + " channels cannot be turned into one of " +
                    std::to_string(channels) + ": models of 1 or 3 channels are supported");

    Image result{image.width, image.height, channels, {}};
    if (channels == 3) {
        result.pixels.resize(image.pixels.size() * 3);
        for (std::size_t pixel = 0; pixel < image.pixels.size(); ++pixel)
            std::fill_n(result.pixels.begin() + static_cast<std::ptrdiff_t>(pixel * 3), 3, image.pixels[pixel]);
    } else {
        result.pixels.resize(image.pixels.size() / 3);
        // ITU-R BT.601 luma in 16-bit fixed point, rounded.
        for (std::size_t pixel = 0; pixel < result.pixels.size(); ++pixel) {
            const std::uint8_t *rgb = image.pixels.data() + pixel * 3;
            const std::uint32_t luma = rgb[0] * 19595u + rgb[1] * 38470u + rgb[2] * 7471u + 0x8000u;
            result.pixels[pixel] = static_cast<std::uint8_t>(luma >> 16);
        }
    }
    return result;
}

Image centreCrop(const Image &image, int width, int height)
{
    if (width == image.width && height == image.height)
        return image;

    // Where the window begins in the image; negative where black is added. Padding puts its odd pixel right and
    // below, cropping rounds half to even: both as torchvision's CenterCrop.
    const auto begin = [](int have, int want) {
        if (want > have)
            return -((want - have) / 2);
        const int half = (have - want) / 2;
        return (have - want) % 2 != 0 && half % 2 != 0 ? half + 1 : half;
    };
    const int left = begin(image.width, width);
    const int top = begin(image.height, height);
    const int firstColumn = std::max(0, -left);
    const int columns = std::min(width, image.width);

    const auto channels = static_cast<std::size_t>(image.channels);
    Image result{width, height, image.channels, {}};
    result.pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * channels, 0);
    for (int row = 0; row < height; ++row) {
        const int source = row + top;
        if (source < 0 || source >= image.height)
            continue;
        const std::size_t from = (static_cast<std::size_t>(source) * static_cast<std::size_t>(image.width) +
                                  static_cast<std::size_t>(std::max(0, left))) *
                                 channels;
        const std::size_t to =
            (static_cast<std::size_t>(row) * static_cast<std::size_t>(width) + static_cast<std::size_t>(firstColumn)) *
            channels;
        std::copy_n(image.pixels.begin() + static_cast<std::ptrdiff_t>(from),
                    static_cast<std::size_t>(columns) * channels,
                    result.pixels.begin() + static_cast<std::ptrdiff_t>(to));
    }
    return result;
}

} // namespace edgeflex
