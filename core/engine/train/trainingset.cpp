#include "engine/train/trainingset.h"

#include "engine/data/idx.h"
#include "plan/error.h"

#include <algorithm>
#include <filesystem>

namespace edgeflex {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t heldOutOneIn = 12;

// The images file of Fashion-MNIST's training pair where `path` is a folder that has it.
std::string trainingImages(const std::string &path)
{
    for (const char *name : {"train-images-idx3-ubyte", "train-images-idx3-ubyte.gz"}) {
        const fs::path file = fs::path(path) / name;
        std::error_code ignored;
        if (fs::is_regular_file(file, ignored))
            return file.string();
    }
    if (fs::path(path).filename().string().starts_with("t10k"))
        throw Error(path + " is the test set, which training must not see: name the folder or the training images");
    return path;
}

} // namespace

TrainingSet::TrainingSet(const std::string &path)
{
    const std::unique_ptr<Dataset> images = openDataset(trainingImages(path));
    const std::int64_t size = images->size();
    if (size < heldOutOneIn)
        throw Error(images->path() + " has " + std::to_string(size) + " images: training needs at least " +
                    std::to_string(heldOutOneIn));
    for (std::int64_t i = 0; i < size; ++i) {
        const Image image = images->image(i);
        if (m_side == 0)
            m_side = image.width;
        if (image.channels != 1 || image.width != m_side || image.height != m_side)
            throw Error(images->path() + ": image " + images->name(i) + " is not grey and " + std::to_string(m_side) +
                        " pixels square as the first: the demo is trained on Fashion-MNIST");
        m_pixels.insert(m_pixels.end(), image.pixels.begin(), image.pixels.end());
        m_labels.push_back(images->label(i));
        (i % heldOutOneIn == 0 ? m_heldOut : m_training).push_back(i);
    }
    m_classes = 1 + *std::max_element(m_labels.begin(), m_labels.end());
}

void writeTrainingSets(const TrainingSet &images, const std::string &out)
{
    const auto write = [&](const char *name, const std::vector<std::int64_t> &chosen) {
        std::vector<std::uint8_t> pixels;
        std::vector<std::uint8_t> labels;
        for (const std::int64_t image : chosen) {
            const std::uint8_t *begin = images.pixels(image);
            pixels.insert(pixels.end(), begin, begin + images.side() * images.side());
            labels.push_back(static_cast<std::uint8_t>(images.label(image)));
        }
        writeIdx((fs::path(out) / name).string(), images.side(), images.side(), pixels, labels);
    };
    write("training-", images.training());
    write("held-out-", images.heldOut());
}

} // namespace edgeflex
