#pragma once

#include "engine/model/vitmodel.h"
#include "reference/randomvit.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

// A small model and small labelled images on disk, for tests of whole verbs.
namespace edgeflex::test {

// 12 x 12 grey, patches of 4, two blocks, 10 classes; saved as a tuned folder is.
inline VitModel writeSmallModel(const std::string &folder, std::uint32_t seed = 5, int depth = 2)
{
    VitShape shape;
    shape.imageSize = 12;
    shape.channels = 1;
    shape.patchSize = 4;
    shape.width = 32;
    shape.depth = depth;
    shape.heads = 2;
    shape.mlpWidth = 64;
    shape.classes = 10;
    ModelSpec spec = makeVitSpec(shape);
    spec.name = "small";
    spec.preprocessing.mean = {0.5, 0.5, 0.5};
    spec.preprocessing.std = {0.25, 0.25, 0.25};
    spec.preprocessing.resizeShorter = spec.preprocessing.cropHeight = spec.preprocessing.cropWidth = 12;
    spec.preprocessing.stated = true;
    const VitModel model = reference::randomVit(spec, seed);
    saveModel(model, folder);
    return openModel({folder, {}, {}, {}, {}, {}, {}});
}

// An IDX pair of grey images that are written one after the other.
class IdxPair
{
public:
    IdxPair(const std::string &folder, int count, int width, int height)
    {
        std::filesystem::create_directories(folder);
        m_images.open(folder + "/set-images-idx3-ubyte", std::ios::binary);
        m_labels.open(folder + "/set-labels-idx1-ubyte", std::ios::binary);
        for (const int value : {0x00000803, count, height, width})
            put(m_images, static_cast<std::uint32_t>(value));
        for (const int value : {0x00000801, count})
            put(m_labels, static_cast<std::uint32_t>(value));
    }

    void add(const std::vector<std::uint8_t> &pixels, int label)
    {
        m_images.write(reinterpret_cast<const char *>(pixels.data()), static_cast<std::streamsize>(pixels.size()));
        m_labels.put(static_cast<char>(label));
    }

private:
    static void put(std::ofstream &file, std::uint32_t value)
    {
        for (int shift = 24; shift >= 0; shift -= 8)
            file.put(static_cast<char>(value >> shift));
    }

    std::ofstream m_images;
    std::ofstream m_labels;
};

// An IDX pair of random blobs, 12 x 12, labels 0..9.
inline std::string writeSmallImages(const std::string &folder, int count, std::uint32_t seed = 9)
{
    IdxPair pair(folder, count, 12, 12);
    std::mt19937 random(seed);
    for (int i = 0; i < count; ++i) {
        const auto label = static_cast<int>(random() % 10);
        std::vector<std::uint8_t> pixels;
        for (int pixel = 0; pixel < 144; ++pixel)
            pixels.push_back(static_cast<std::uint8_t>((random() % 128) + (pixel % 10 == label ? 127 : 0)));
        pair.add(pixels, label);
    }
    return folder;
}

} // namespace edgeflex::test
