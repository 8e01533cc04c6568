#include "engine/profile/tokenstream.h"

#include <algorithm>

namespace edgeflex {

namespace {

bool isValidationBatch(std::int64_t batch)
{
    return batch % 5 == 4;
}

} // namespace

TokenStream::TokenStream(const CalibrationImages &images, const ModelSpec &spec)
    : m_reader(*images.dataset, images.indices, spec, images.batch),
      m_batch(images.batch),
      m_perImage(spec.tokens() * spec.width),
      m_tokens(static_cast<std::size_t>(m_reader.images() * m_perImage))
{
}

std::int64_t TokenStream::bytes(std::int64_t images, const ModelSpec &spec)
{
    return images * spec.tokens() * spec.width * static_cast<std::int64_t>(sizeof(float));
}

std::int64_t TokenStream::count(std::int64_t batch) const
{
    return std::min(m_batch, images() - batch * m_batch);
}

void TokenStream::embed(const Transformer &transformer, StatisticsCollector *collector, Progress &progress)
{
    std::vector<float> pixels;
    std::vector<int> labels;
    m_labels.clear();
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        const auto read = static_cast<int>(m_reader.read(batch, pixels, labels));
        m_labels.insert(m_labels.end(), labels.begin(), labels.begin() + read);
        if (collector)
            collector->setValidation(isValidationBatch(batch));
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
        collector.setValidation(isValidationBatch(batch));
        transformer.runBlock(block, static_cast<int>(count(batch)), copy.data(), &collector, progress);
    }
}

void TokenStream::advance(const Transformer &transformer, int block, const Progress &progress)
{
    for (std::int64_t batch = 0; batch < batches(); ++batch)
        transformer.runBlock(block, static_cast<int>(count(batch)), tokens(batch), nullptr, progress);
}

std::vector<float> TokenStream::passThrough(const Transformer &transformer, int block, StatisticsCollector *collector,
                                            const Progress &progress) const
{
    std::vector<float> next = m_tokens;
    for (std::int64_t batch = 0; batch < batches(); ++batch) {
        if (collector)
            collector->setValidation(isValidationBatch(batch));
        transformer.runBlock(block, static_cast<int>(count(batch)), next.data() + batch * m_batch * m_perImage,
                             collector, progress);
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
            collector->setValidation(isValidationBatch(batch));
        transformer.classify(copy.data(), n, logits.data() + batch * m_batch * classes, collector);
    }
    return logits;
}

} // namespace edgeflex
