#pragma once

#include "engine/train/randomstream.h"
#include "engine/train/trainingset.h"
#include "plan/preprocessing.h"
#include "plan/verboptions.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Makes of a training image the one of many that the model sees this time: flipped, shifted, with a part of another
// image or with noise in a rectangle; and of its label the share of each class. Thread-safe.
class Augmentation
{
public:
    // The preprocessing's mean and std normalise the pixels. All must outlive this.
    Augmentation(const TrainingSet &images, const Preprocessing &preprocessing, const TrainDemoOptions &options);

    // Writes pixels [side, side], normalised, and target [classes], which sums to 1. `cutMix`: the probability of a
    // part of `other`.
    void make(std::int64_t image, std::int64_t other, double cutMix, RandomStream &random, float *pixels,
              float *target) const;
    // The image as it is.
    void plain(std::int64_t image, float *pixels) const;

private:
    void copyMoved(std::int64_t image, RandomStream &random, float *pixels) const;

    const TrainingSet &m_images;
    const TrainDemoOptions &m_options;
    std::vector<float> m_normalised; // of each of the 256 greys
};

} // namespace edgeflex
