#include "engine/evaluate/loadedmodel.h"

#include "engine/tensor/hostallocator.h"

#include <vector>

namespace edgeflex {

LoadedModel::LoadedModel(const VitModel &model, const ExecutionTarget &target, Progress &progress)
    : m_before(hostallocator::liveBytes()),
      m_transformer(model, target, progress),
      m_weightsBytes(hostallocator::liveBytes() - m_before)
{
}

std::int64_t LoadedModel::allocatorPeak(ScheduleKind kind, int batch, const float *pixels,
                                        const Progress &progress) const
{
    std::vector<float> logits(static_cast<std::size_t>(batch * m_transformer.spec().classes()));
    const std::int64_t live = hostallocator::liveBytes();
    hostallocator::resetPeak();
    m_transformer.run(m_transformer.schedule(kind, batch), pixels, logits.data(), progress);
    return m_weightsBytes + hostallocator::peakBytes() - live;
}

} // namespace edgeflex
