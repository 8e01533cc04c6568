#pragma once

#include "engine/data/dataset.h"
#include "engine/evaluate/accuracy.h"
#include "engine/model/transformer.h"
#include "plan/progress.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Images that go through a model at a time when answers are judged, which do not depend on it.
inline constexpr int judgingBatch = 8;

// A model's logits on the images of a reader, in its batches. Not thread-safe.
class Answers
{
public:
    // Keeps what was computed as long as all of it fits into `maxBytes`; 0: keeps one batch. Model and reader must
    // outlive this.
    Answers(const Transformer &model, const BatchReader &reader, std::int64_t maxBytes);

    bool known(std::int64_t batch) const { return m_keeping && m_known[static_cast<std::size_t>(batch)]; }
    // [images, classes] of a batch, good until the next call. `pixels` are the batch's; not read where known().
    const float *logits(std::int64_t batch, const std::vector<float> &pixels, const Progress &progress);

private:
    const Transformer &m_model;
    const BatchReader &m_reader;
    bool m_keeping;
    std::vector<bool> m_known;
    std::vector<float> m_logits;
};

// Judges `variant` on all images of the reader against `reference`, its baseline; without a variant the reference
// itself, alone. Progress hears of the accuracy about five times a second and at the end; what it hears first is
// unbiased where the reader's order is spread (see spreadOrder).
AccuracyCounter judge(const Transformer *variant, Answers &reference, const BatchReader &reader, std::int64_t classes,
                      Progress &progress);

} // namespace edgeflex
