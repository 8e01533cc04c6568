#include "engine/profile/tokenstream.h"

#include <algorithm>

namespace edgeflex {

namespace {

// Rows of `width` pixels, each turned around.
void mirror(std::vector<float> &pixels, std::int64_t width)
{
    for (auto row = pixels.begin(); row != pixels.end(); row += width)
        std::reverse(row, row + width);
}

} // namespace

bool withFlips(const std::optional<bool> &asked, const ModelSpec &spec)
{
    return asked.value_or(spec.channels == 3);
}

TokenStream::TokenStream(const CalibrationImages &images, const ModelSpec &spec)
    : m_reader(*images.dataset, images.indices, spec, images.batch),
      m_flips(images.flips),
      m_passes((1 + images.crops) * (images.flips ? 2 : 1)),
      m_perImage(spec.tokens() * spec.width),
      m_width(spec.preprocessing.cropWidth),
      m_tokens(static_cast<std::size_t>(m_passes * m_reader.images() * m_perImage))
{
}

std::int64_t TokenStream::bytes(std::int64_t images, const ModelSpec &spec)
{
    return images * spec.tokens() * spec.width * static_cast<std::int64_t>(sizeof(float));
}

std::int64_t TokenStream::first(std::int64_t batch) const
{
    return m_passes * m_reader.first(ofReader(batch)) + pass(batch) * count(batch);
}

void TokenStream::embed(const Transformer &transformer, StatisticsCollector *collector, Progress &progress)
{
    std::vector<float> pixels;
    std::vector<int> labels;
    m_labels.clear();
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        if (isMirrored(batch))
            mirror(pixels, m_width); // of the batch before, whose labels are its own
        else
            m_reader.read(ofReader(batch), pixels, labels, crop(batch));
        const auto read = static_cast<int>(count(batch));
        m_labels.insert(m_labels.end(), labels.begin(), labels.end());
        if (collector)
            collector->setValidation(isValidation(batch));
        transformer.embed(pixels.data(), read, tokens(batch), collector);
        progress.step(batch + 1);
    }
}

void TokenStream::observe(const Transformer &transformer, int block, StatisticsCollector &collector,
                          const Progress &progress) const
{
    std::vector<float> copy;
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        copy.assign(tokens(batch), tokens(batch) + count(batch) * m_perImage);
        collector.setValidation(isValidation(batch));
        transformer.runBlock(block, static_cast<int>(count(batch)), copy.data(), &collector, progress);
    }
}

void TokenStream::observe(const Transformer &transformer, int block, GapCollector &collector,
                          const TokenStream &reference, const Progress &progress, BlockPart part) const
{
    const std::int64_t width = transformer.spec().width;
    std::vector<float> copy;
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        copy.assign(tokens(batch), tokens(batch) + count(batch) * m_perImage);
        collector.setValidation(isValidation(batch));
        transformer.runBlock(block, static_cast<int>(count(batch)), copy.data(), &collector, progress, part);
        collector.compare(reference.tokens(batch), copy.data(), count(batch) * m_perImage / width);
    }
}

void TokenStream::observeHalf(const Transformer &transformer, int block, BlockPart half, GapCollector &collector,
                              const Progress &progress) const
{
    const std::int64_t width = transformer.spec().width;
    std::vector<float> before;
    std::vector<float> behind;
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        const auto n = static_cast<int>(count(batch));
        before.assign(tokens(batch), tokens(batch) + n * m_perImage);
        if (half == BlockPart::Mlp)
            transformer.runBlock(block, n, before.data(), nullptr, progress, BlockPart::Attention);
        behind = before;
        collector.setValidation(isValidation(batch));
        transformer.runBlock(block, n, behind.data(), &collector, progress, half);
        collector.compare(behind.data(), before.data(), n * m_perImage / width);
    }
}

void TokenStream::observe(const Transformer &transformer, int block, MlpTokenCollector &collector,
                          const TokenStream *reference, const Progress &progress) const
{
    const std::int64_t width = transformer.spec().width;
    std::vector<float> before;
    std::vector<float> behind;
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        const auto n = static_cast<int>(count(batch));
        before.assign(tokens(batch), tokens(batch) + n * m_perImage);
        transformer.runBlock(block, n, before.data(), nullptr, progress, BlockPart::Attention);
        behind = before;
        collector.setValidation(isValidation(batch));
        transformer.runBlock(block, n, behind.data(), &collector, progress, BlockPart::Mlp);
        collector.add(before.data(), behind.data(), reference ? reference->tokens(batch) : behind.data(),
                      n * m_perImage / width);
    }
}

void TokenStream::advance(const Transformer &transformer, int block, const Progress &progress, BlockPart part)
{
    for (std::int64_t batch = 0; batch < batches(); ++batch)
        transformer.runBlock(block, static_cast<int>(count(batch)), tokens(batch), nullptr, progress, part);
}

std::vector<float> TokenStream::passThrough(const Transformer &transformer, int block, StatisticsCollector *collector,
                                            const Progress &progress, BlockPart part) const
{
    std::vector<float> next = m_tokens;
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        if (collector)
            collector->setValidation(isValidation(batch));
        transformer.runBlock(block, static_cast<int>(count(batch)), next.data() + first(batch) * m_perImage, collector,
                             progress, part);
    }
    return next;
}

std::vector<float> TokenStream::logitsFrom(const Transformer &transformer, int first, const Progress &progress,
                                           StatisticsCollector *collector) const
{
    const std::int64_t classes = transformer.spec().classes();
    const auto blocks = static_cast<int>(transformer.spec().blocks.size());
    std::vector<float> logits(static_cast<std::size_t>(images() * classes));
    std::vector<float> copy;
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        const auto n = static_cast<int>(count(batch));
        copy.assign(tokens(batch), tokens(batch) + n * m_perImage);
        for (int block = first; block < blocks; ++block)
            transformer.runBlock(block, n, copy.data(), nullptr, progress);
        if (collector)
            collector->setValidation(isValidation(batch));
        transformer.classify(copy.data(), n, logits.data() + this->first(batch) * classes, collector);
    }
    return logits;
}

} // namespace edgeflex
