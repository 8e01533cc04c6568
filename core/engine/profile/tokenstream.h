#pragma once

#include "engine/data/dataset.h"
#include "engine/model/transformer.h"
#include "engine/profile/mlptokens.h"
#include "engine/profile/outputgap.h"
#include "engine/profile/statisticscollector.h"
#include "plan/progress.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace edgeflex {

// Which images to calibrate on, and how many go through the model at a time.
struct CalibrationImages
{
    const Dataset *dataset = nullptr;
    std::vector<std::int64_t> indices;
    int batch = 8;
    bool flips = false;            // and their mirror images
    bool weighsClassTokens = true; // as often as StatisticsCollector::classTokenWeight() says; else once
    int crops = 0;                 // and so many random crops of each, see randomCropForModel(), mirrored as it is

    // That go through the model, crops and mirror images included.
    std::int64_t views() const { return static_cast<std::int64_t>(indices.size()) * (1 + crops) * (flips ? 2 : 1); }
};

// Whether to calibrate on mirror images too: as asked for or, where nothing was, for models of colour images.
// Photographs are as likely turned around, and twice the views make the statistics steadier; digits and letters are
// not.
bool withFlips(const std::optional<bool> &asked, const ModelSpec &spec);

// The residual stream of a set of images, [images, tokens, width], moved through a model block by block; a batch is
// followed by one of its mirror images and by its random crops where these are asked for. One batch in five, with all
// that is made of it, validates choices such as the damping. Throws Cancelled between images; the stream is then where
// it was before the call, but for advance(), which leaves it unusable.
class TokenStream
{
public:
    TokenStream(const CalibrationImages &images, const ModelSpec &spec);

    // Mirror images and crops included.
    std::int64_t images() const { return m_passes * m_reader.images(); }
    std::int64_t batches() const { return m_passes * m_reader.batches(); }
    static std::int64_t bytes(std::int64_t images, const ModelSpec &spec);
    // Keeps decoded images, so that a second embed() need not decode them. See BatchReader.
    void keepCrops(std::int64_t maxBytes) { m_reader.keepCrops(maxBytes); }

    // Reads the images and embeds them. `collector` may be null.
    void embed(const Transformer &transformer, StatisticsCollector *collector, Progress &progress);
    // Shows the inputs of the block's layers to the collector; the stream stays where it is.
    void observe(const Transformer &transformer, int block, StatisticsCollector &collector,
                 const Progress &progress) const;
    // The same, and compares the tokens behind the block, or its attention, with those of `reference`, which is of the
    // same images and stands there already.
    void observe(const Transformer &transformer, int block, GapCollector &collector, const TokenStream &reference,
                 const Progress &progress, BlockPart part = BlockPart::Whole) const;
    // Shows what goes into one half of the block, and what that adds to the tokens as the gap of a layer that adds
    // nothing. The stream stands before the block.
    void observeHalf(const Transformer &transformer, int block, BlockPart half, GapCollector &collector,
                     const Progress &progress) const;
    // Shows what the block's MLP does to the collector, and where the tokens behind the block should be: as
    // `reference`, as above, or where they are when it is null.
    void observe(const Transformer &transformer, int block, MlpTokenCollector &collector, const TokenStream *reference,
                 const Progress &progress) const;
    void advance(const Transformer &transformer, int block, const Progress &progress,
                 BlockPart part = BlockPart::Whole);
    // Both in one pass: returns the tokens behind the block, or its attention, for moveTo(); until then the stream
    // stays where it is. `collector` may be null.
    std::vector<float> passThrough(const Transformer &transformer, int block, StatisticsCollector *collector,
                                   const Progress &progress, BlockPart part = BlockPart::Whole) const;
    void moveTo(std::vector<float> tokens) { m_tokens = std::move(tokens); }
    // Runs blocks first, first + 1, ... and the head on a copy of the stream -> logits [images, classes].
    std::vector<float> logitsFrom(const Transformer &transformer, int first, const Progress &progress,
                                  StatisticsCollector *collector = nullptr) const;
    const std::vector<int> &labels() const { return m_labels; } // after embed()

private:
    std::int64_t ofReader(std::int64_t batch) const { return batch / m_passes; }
    std::int64_t pass(std::int64_t batch) const { return batch % m_passes; }
    bool isMirrored(std::int64_t batch) const { return m_flips && pass(batch) % 2 == 1; }
    int crop(std::int64_t batch) const { return static_cast<int>(m_flips ? pass(batch) / 2 : pass(batch)); }
    bool isValidation(std::int64_t batch) const { return ofReader(batch) % 5 == 4; }
    std::int64_t first(std::int64_t batch) const; // position of its first image
    std::int64_t count(std::int64_t batch) const { return m_reader.count(ofReader(batch)); }
    const float *tokens(std::int64_t batch) const { return m_tokens.data() + first(batch) * m_perImage; }
    float *tokens(std::int64_t batch) { return m_tokens.data() + first(batch) * m_perImage; }

    BatchReader m_reader;
    bool m_flips;
    std::int64_t m_passes;   // of each image: as it is, its crops, and their mirror images
    std::int64_t m_perImage; // floats
    std::int64_t m_width;    // pixels
    std::vector<float> m_tokens;
    std::vector<int> m_labels;
};

} // namespace edgeflex
