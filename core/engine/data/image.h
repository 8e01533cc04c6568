#pragma once

#include "plan/preprocessing.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

// 8-bit pixels, rows top to bottom, interleaved channels (1 grey, 3 RGB).
struct Image
{
    int width = 0;
    int height = 0;
    int channels = 0;
    std::vector<std::uint8_t> pixels;

    bool operator==(const Image &) const = default;
};

// JPEG or PNG by their first bytes, to grey or RGB (alpha is dropped, palettes and 16 bits expanded, CMYK
// converted). `name` is for messages. Throws Error. Images above 100 megapixels are refused.
Image decodeImage(std::span<const std::uint8_t> bytes, const std::string &name);
Image readImage(const std::string &path);
Image withChannels(const Image &image, int channels); // 3 -> 1 by ITU-R 601 luma as PIL does, 1 -> 3 by copy

// PIL's resize: antialiased, 8-bit fixed-point arithmetic, horizontal pass first. Equal to Pillow's output.
Image resizeImage(const Image &image, int width, int height, Interpolation interpolation);
Image centreCrop(const Image &image, int width, int height); // pads with black where smaller, as torchvision

// What the model sees of an image, still in 8 bits: resized and cropped, with `channels` channels.
Image cropForModel(const Image &image, const Preprocessing &preprocessing, int channels);
// What a model is shown of a random part of an image: of the model's aspect ratio, with half to all of the area that
// the largest such part has, anywhere in the image, resized. The same for the same seed.
Image randomCropForModel(const Image &image, const Preprocessing &preprocessing, int channels, std::uint64_t seed);
// Scales and normalises a crop's pixels [cropHeight, cropWidth, channels] into CHW floats.
void normalise(const std::uint8_t *crop, const Preprocessing &preprocessing, int channels, float *out);
// Both: resize, crop, scale and normalise into CHW floats [channels, cropHeight, cropWidth].
void preprocess(const Image &image, const Preprocessing &preprocessing, int channels, float *out);

} // namespace edgeflex
