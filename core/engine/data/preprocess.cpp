#include "engine/data/image.h"
#include "plan/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

namespace edgeflex {

namespace {

// torchvision's and timm's Resize(size): the shorter side becomes `shorter`, the longer one is truncated.
Image resizeShorterSide(const Image &image, int shorter, Interpolation interpolation)
{
    const std::int64_t shortSide = std::min(image.width, image.height);
    const std::int64_t longSide = std::max(image.width, image.height);
    const double scaled = static_cast<double>(shorter * longSide) / static_cast<double>(shortSide);
    if (!(scaled <= 1e9))
        throw Error("an image of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                    " pixels is too long to be resized to " + std::to_string(shorter) +
                    " pixels on its shorter side: remove it from the data set");
    const int longer = static_cast<int>(scaled);
    return image.width <= image.height ? resizeImage(image, shorter, longer, interpolation)
                                       : resizeImage(image, longer, shorter, interpolation);
}

Image part(const Image &image, int left, int top, int width, int height)
{
    Image result{width, height, image.channels, {}};
    const auto channels = static_cast<std::size_t>(image.channels);
    for (int row = 0; row < height; ++row) {
        const std::size_t first = (static_cast<std::size_t>(top + row) * static_cast<std::size_t>(image.width) +
                                   static_cast<std::size_t>(left)) *
                                  channels;
        const auto from = image.pixels.begin() + static_cast<std::ptrdiff_t>(first);
        result.pixels.insert(result.pixels.end(), from,
                             from + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(width) * channels));
    }
    return result;
}

} // namespace

Image cropForModel(const Image &image, const Preprocessing &preprocessing, int channels)
{
    const int width = preprocessing.cropWidth;
    const int height = preprocessing.cropHeight;
    const Image coloured = withChannels(image, channels);
    const Image resized = preprocessing.resizeShorter == 0
                              ? resizeImage(coloured, width, height, preprocessing.interpolation)
                              : resizeShorterSide(coloured, preprocessing.resizeShorter, preprocessing.interpolation);
    return centreCrop(resized, width, height);
}

Image randomCropForModel(const Image &image, const Preprocessing &preprocessing, int channels, std::uint64_t seed)
{
    const int width = preprocessing.cropWidth;
    const int height = preprocessing.cropHeight;
    std::mt19937_64 random(seed);
    const auto share = [&random] {
        return static_cast<double>(random() >> 11) / 9007199254740992.0; // in [0, 1), on any standard library
    };
    const double scale = std::sqrt(0.5 + 0.5 * share()) *
                         std::min(static_cast<double>(image.width) / width, static_cast<double>(image.height) / height);
    const int partWidth = std::clamp(static_cast<int>(std::lround(scale * width)), 1, image.width);
    const int partHeight = std::clamp(static_cast<int>(std::lround(scale * height)), 1, image.height);
    const auto left = static_cast<int>(share() * (image.width - partWidth + 1));
    const auto top = static_cast<int>(share() * (image.height - partHeight + 1));
    return resizeImage(withChannels(part(image, left, top, partWidth, partHeight), channels), width, height,
                       preprocessing.interpolation);
}

void normalise(const std::uint8_t *crop, const Preprocessing &preprocessing, int channels, float *out)
{
    const std::size_t plane =
        static_cast<std::size_t>(preprocessing.cropWidth) * static_cast<std::size_t>(preprocessing.cropHeight);
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(channels); ++channel) {
        const auto mean = static_cast<float>(preprocessing.mean[channel]);
        const auto deviation = static_cast<float>(preprocessing.std[channel]);
        std::array<float, 256> normalised;
        for (std::size_t value = 0; value < normalised.size(); ++value)
            normalised[value] = (static_cast<float>(value) / 255.0f - mean) / deviation;
        const std::uint8_t *in = crop + channel;
        for (std::size_t pixel = 0; pixel < plane; ++pixel)
            out[channel * plane + pixel] = normalised[in[pixel * static_cast<std::size_t>(channels)]];
    }
}

void preprocess(const Image &image, const Preprocessing &preprocessing, int channels, float *out)
{
    normalise(cropForModel(image, preprocessing, channels).pixels.data(), preprocessing, channels, out);
}

} // namespace edgeflex
