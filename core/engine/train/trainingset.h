#pragma once

#include "engine/data/dataset.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace edgeflex {

// The images that a model is trained with, decoded, and those held out from it for choosing between recipes: of every
// twelve images the first, so 5,000 of Fashion-MNIST's 60,000. Reading is thread-safe.
class TrainingSet
{
public:
    // A folder with Fashion-MNIST's training pair, of which nothing else is opened, or anything that openDataset()
    // takes. Throws Error when the images are not grey, square and of one size, or when it is the test set.
    explicit TrainingSet(const std::string &path);

    int side() const { return m_side; } // pixels of an image's height and width
    int classes() const { return m_classes; }
    const std::vector<std::int64_t> &training() const { return m_training; }
    const std::vector<std::int64_t> &heldOut() const { return m_heldOut; }
    // [side, side]
    const std::uint8_t *pixels(std::int64_t image) const
    {
        return m_pixels.data() + static_cast<std::size_t>(image) * static_cast<std::size_t>(m_side * m_side);
    }
    int label(std::int64_t image) const { return m_labels[static_cast<std::size_t>(image)]; }

private:
    int m_side = 0;
    int m_classes = 0;
    std::vector<std::uint8_t> m_pixels;
    std::vector<int> m_labels;
    std::vector<std::int64_t> m_training;
    std::vector<std::int64_t> m_heldOut;
};

// Writes both sets as IDX pairs into the folder `out`: training-images-idx3-ubyte and held-out-images-idx3-ubyte with
// their labels, so that calibration and search use images that the model was, and was not, trained on.
void writeTrainingSets(const TrainingSet &images, const std::string &out);

} // namespace edgeflex
