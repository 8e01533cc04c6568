#include "engine/train/augmentation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace edgeflex {

namespace {

struct Rectangle
{
    int left, top, right, bottom; // right and bottom are outside
};

// Of this share of a square's area and of this height to width, somewhere wholly inside.
Rectangle randomRectangle(int side, double area, double aspect, RandomStream &random)
{
    const auto extent = [side](double pixels) {
        return std::clamp(static_cast<int>(std::lround(pixels)), 1, side);
    };
    const int height = extent(std::sqrt(area * aspect) * side);
    const int width = extent(std::sqrt(area / aspect) * side);
    const int left = random.below(side - width + 1);
    const int top = random.below(side - height + 1);
    return {left, top, left + width, top + height};
}

template<typename PixelAt>
void fill(const Rectangle &rectangle, int side, float *pixels, PixelAt pixelAt)
{
    for (int y = rectangle.top; y < rectangle.bottom; ++y)
        for (int x = rectangle.left; x < rectangle.right; ++x)
            pixels[y * side + x] = pixelAt(y, x);
}

} // namespace

Augmentation::Augmentation(const TrainingSet &images, const Preprocessing &preprocessing,
                           const TrainDemoOptions &options)
    : m_images(images), m_options(options), m_normalised(256)
{
    for (std::size_t grey = 0; grey < m_normalised.size(); ++grey)
        m_normalised[grey] =
            static_cast<float>((static_cast<double>(grey) / 255.0 - preprocessing.mean[0]) / preprocessing.std[0]);
}

void Augmentation::make(std::int64_t image, std::int64_t other, double cutMix, RandomStream &random, float *pixels,
                        float *target) const
{
    const int side = m_images.side();
    const auto classes = static_cast<std::size_t>(m_images.classes());
    double otherShare = 0;
    copyMoved(image, random, pixels);
    if (random.chance(cutMix)) {
        const Rectangle part = randomRectangle(side, random.uniform(), 1.0, random);
        std::vector<float> otherPixels(static_cast<std::size_t>(side) * static_cast<std::size_t>(side));
        copyMoved(other, random, otherPixels.data());
        fill(part, side, pixels, [&](int y, int x) { return otherPixels[static_cast<std::size_t>(y * side + x)]; });
        otherShare = static_cast<double>((part.right - part.left) * (part.bottom - part.top)) / (side * side);
    } else if (random.chance(m_options.erasing)) {
        const double area = 0.02 + 0.23 * random.uniform();
        const double aspect = std::exp((2 * random.uniform() - 1) * std::log(3.0));
        fill(randomRectangle(side, area, aspect, random), side, pixels,
             [&](int, int) { return static_cast<float>(random.bell()); });
    }
    std::fill_n(target, classes, static_cast<float>(m_options.labelSmoothing / static_cast<double>(classes)));
    const double sure = 1 - m_options.labelSmoothing;
    target[m_images.label(image)] += static_cast<float>(sure * (1 - otherShare));
    target[m_images.label(other)] += static_cast<float>(sure * otherShare);
}

void Augmentation::plain(std::int64_t image, float *pixels) const
{
    const std::uint8_t *source = m_images.pixels(image);
    for (int i = 0; i < m_images.side() * m_images.side(); ++i)
        pixels[i] = m_normalised[source[i]];
}

void Augmentation::copyMoved(std::int64_t image, RandomStream &random, float *pixels) const
{
    const int side = m_images.side();
    const std::uint8_t *source = m_images.pixels(image);
    const bool flip = random.chance(0.5);
    const int down = random.below(2 * m_options.shift + 1) - m_options.shift;
    const int right = random.below(2 * m_options.shift + 1) - m_options.shift;
    fill({0, 0, side, side}, side, pixels, [&](int y, int x) {
        const int fromY = y - down;
        const int fromX = (flip ? side - 1 - x : x) - right;
        const bool inside = fromY >= 0 && fromY < side && fromX >= 0 && fromX < side;
        return m_normalised[inside ? source[fromY * side + fromX] : 0]; // beyond the edge it is black
    });
}

} // namespace edgeflex
