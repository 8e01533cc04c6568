#include "engine/compress/linearhalves.h"

namespace edgeflex {

const LinearHalf &LinearHalves::half(int block, BlockPart half, Progress &progress)
{
    const std::pair key(block, half);
    if (const auto found = m_halves.find(key); found != m_halves.end())
        return found->second;
    const Transformer &transformer = m_calibration.transformer();
    const CalibrationImages &images = m_calibration.calibrationImages();
    if (!m_stream || m_next > block) {
        m_stream.reset(); // unusable unless all that follows succeeds
        TokenStream stream(images, transformer.spec());
        progress.stage("reading images", stream.batches());
        stream.embed(transformer, nullptr, progress);
        m_stream.emplace(std::move(stream));
        m_next = 0;
    }
    for (; m_next < block; ++m_next) {
        TokenStream next = *std::exchange(m_stream, std::nullopt);
        next.advance(transformer, m_next, progress);
        m_stream.emplace(std::move(next));
    }
    return m_halves[key] = fitLinearHalf(transformer, block, half, *m_stream, images.weighsClassTokens, progress);
}

} // namespace edgeflex
