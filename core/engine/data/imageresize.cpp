#include "engine/data/image.h"
#include "engine/data/imagelimits.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace edgeflex {

namespace {

// Coefficients are fixed-point numbers of 22 fractional bits: 32 less 8 for a pixel and 2 for sums beyond one.
constexpr int precisionBits = 32 - 8 - 2;

double triangle(double x)
{
    return std::max(0.0, 1.0 - std::abs(x));
}

// Keys, Cubic convolution interpolation for digital image processing, 1981, with a = -0.5.
double cubic(double x)
{
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0)
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    if (x < 2.0)
        return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
    return 0.0;
}

// What one pass needs of its axis: for every output pixel, the window of input pixels and their weights.
struct Weights
{
    struct Window
    {
        std::size_t first = 0; // input pixel
        std::size_t count = 0;
        std::size_t offset = 0; // of the first weight in `values`
    };
    std::vector<Window> windows;
    std::vector<std::int32_t> values;
};

// When shrinking the filter is stretched by the ratio, so that every input pixel has its part (antialiasing).
Weights filterWeights(int inSize, int outSize, Interpolation interpolation)
{
    const bool bicubic = interpolation == Interpolation::Bicubic;
    const double scale = static_cast<double>(inSize) / outSize;
    const double stretch = std::max(scale, 1.0);
    const double support = (bicubic ? 2.0 : 1.0) * stretch;
    const double inverseStretch = 1.0 / stretch;

    Weights weights;
    weights.windows.reserve(static_cast<std::size_t>(outSize));
    std::vector<double> exact;
    for (int out = 0; out < outSize; ++out) {
        const double centre = (out + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - support + 0.5));
        const int last = std::min(inSize, static_cast<int>(centre + support + 0.5));
        exact.clear();
        double sum = 0.0;
        for (int in = first; in < last; ++in) {
            const double x = (in - centre + 0.5) * inverseStretch;
            exact.push_back(bicubic ? cubic(x) : triangle(x));
            sum += exact.back();
        }
        weights.windows.push_back({static_cast<std::size_t>(first), exact.size(), weights.values.size()});
        for (double value : exact) {
            if (sum != 0.0)
                value /= sum;
            value *= 1 << precisionBits;
            weights.values.push_back(static_cast<std::int32_t>(value < 0 ? value - 0.5 : value + 0.5));
        }
    }
    return weights;
}

std::uint8_t clipped(std::int32_t sum)
{
    return static_cast<std::uint8_t>(std::clamp(sum >> precisionBits, 0, 255));
}

template<std::size_t Channels>
void resampleRow(const std::uint8_t *in, const Weights &weights, std::uint8_t *out)
{
    for (const auto &window : weights.windows) {
        std::int32_t sums[Channels];
        std::fill_n(sums, Channels, 1 << (precisionBits - 1));
        const std::uint8_t *pixel = in + window.first * Channels;
        const std::int32_t *weight = weights.values.data() + window.offset;
        for (std::size_t tap = 0; tap < window.count; ++tap, pixel += Channels)
            for (std::size_t channel = 0; channel < Channels; ++channel)
                sums[channel] += pixel[channel] * weight[tap];
        for (std::size_t channel = 0; channel < Channels; ++channel)
            *out++ = clipped(sums[channel]);
    }
}

Image resampleHorizontally(const Image &image, int width, Interpolation interpolation)
{
    const Weights weights = filterWeights(image.width, width, interpolation);
    const auto channels = static_cast<std::size_t>(image.channels);
    const std::size_t inStride = static_cast<std::size_t>(image.width) * channels;
    const std::size_t outStride = static_cast<std::size_t>(width) * channels;
    Image result{width, image.height, image.channels, {}};
    result.pixels.resize(outStride * static_cast<std::size_t>(image.height));
    for (std::size_t row = 0; row < static_cast<std::size_t>(image.height); ++row) {
        const std::uint8_t *in = image.pixels.data() + row * inStride;
        std::uint8_t *out = result.pixels.data() + row * outStride;
        if (image.channels == 1)
            resampleRow<1>(in, weights, out);
        else
            resampleRow<3>(in, weights, out);
    }
    return result;
}

Image resampleVertically(const Image &image, int height, Interpolation interpolation)
{
    const Weights weights = filterWeights(image.height, height, interpolation);
    const std::size_t stride = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.channels);
    Image result{image.width, height, image.channels, {}};
    result.pixels.resize(stride * static_cast<std::size_t>(height));
    std::vector<std::int32_t> sums(stride);
    std::uint8_t *out = result.pixels.data();
    for (const auto &window : weights.windows) {
        std::fill(sums.begin(), sums.end(), 1 << (precisionBits - 1));
        for (std::size_t tap = 0; tap < window.count; ++tap) {
            const std::uint8_t *in = image.pixels.data() + (window.first + tap) * stride;
            const std::int32_t weight = weights.values[window.offset + tap];
            for (std::size_t i = 0; i < stride; ++i)
                sums[i] += in[i] * weight;
        }
        for (std::size_t i = 0; i < stride; ++i)
            *out++ = clipped(sums[i]);
    }
    return result;
}

// Positions are summed up step by step, not multiplied: at exact ratios the rounding decides which pixel is taken.
std::vector<std::size_t> nearestPixels(int inSize, int outSize)
{
    const double scale = static_cast<double>(inSize) / outSize;
    std::vector<std::size_t> pixels(static_cast<std::size_t>(outSize));
    double position = scale * 0.5;
    for (auto &pixel : pixels) {
        pixel = std::min(static_cast<std::size_t>(position), static_cast<std::size_t>(inSize) - 1);
        position += scale;
    }
    return pixels;
}

Image resizeNearest(const Image &image, int width, int height)
{
    const auto columns = nearestPixels(image.width, width);
    const auto rows = nearestPixels(image.height, height);
    const auto channels = static_cast<std::size_t>(image.channels);
    Image result{width, height, image.channels, {}};
    result.pixels.resize(columns.size() * rows.size() * channels);
    std::uint8_t *out = result.pixels.data();
    for (const std::size_t row : rows) {
        const std::uint8_t *in = image.pixels.data() + row * static_cast<std::size_t>(image.width) * channels;
        for (const std::size_t column : columns)
            out = std::copy_n(in + column * channels, channels, out);
    }
    return result;
}

} // namespace

Image resizeImage(const Image &image, int width, int height, Interpolation interpolation)
{
    if (width < 1 || height < 1 ||
        static_cast<std::uint64_t>(width) > maximumImagePixels / static_cast<std::uint64_t>(height))
        throw Error("an image cannot be resized to " + std::to_string(width) + " x " + std::to_string(height) +
                    " pixels: check --resize and --crop");
    if (width == image.width && height == image.height)
        return image;
    if (interpolation == Interpolation::Nearest)
        return resizeNearest(image, width, height);
    if (height == image.height)
        return resampleHorizontally(image, width, interpolation);
    if (width == image.width)
        return resampleVertically(image, height, interpolation);
    return resampleVertically(resampleHorizontally(image, width, interpolation), height, interpolation);
}

} // namespace edgeflex
