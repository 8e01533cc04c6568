#include "engine/export/verification.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace edgeflex {

void LogitComparison::add(const std::vector<float> &ours, const std::vector<float> &theirs)
{
    if (ours.empty() || ours.size() != theirs.size())
        throw std::logic_error("LogitComparison: logits of different numbers of classes");
    ++m_images;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const double difference = std::abs(static_cast<double>(ours[i]) - static_cast<double>(theirs[i]));
        // NaN compares with nothing: it must not pass as no difference.
        m_maxDifference =
            std::isfinite(difference) ? std::max(m_maxDifference, difference) : std::numeric_limits<double>::infinity();
        m_largest = std::max(m_largest, std::abs(static_cast<double>(ours[i])));
    }
    const auto ourTop = std::max_element(ours.begin(), ours.end()) - ours.begin();
    const auto theirTop = std::max_element(theirs.begin(), theirs.end()) - theirs.begin();
    if (ourTop != theirTop)
        m_disagreements.push_back(static_cast<double>(ours[static_cast<std::size_t>(ourTop)]) -
                                  static_cast<double>(ours[static_cast<std::size_t>(theirTop)]));
}

double LogitComparison::top1Agreement() const
{
    return m_images == 0 ? 0.0 : 1.0 - static_cast<double>(m_disagreements.size()) / static_cast<double>(m_images);
}

bool LogitComparison::same() const
{
    const double allowed = tolerance * m_largest;
    // Both classes may move by the allowed difference.
    const auto isTie = [allowed](double gap) {
        return gap <= 2 * allowed;
    };
    return m_images > 0 && std::isfinite(m_maxDifference) && m_maxDifference <= allowed &&
           std::all_of(m_disagreements.begin(), m_disagreements.end(), isTie);
}

} // namespace edgeflex
