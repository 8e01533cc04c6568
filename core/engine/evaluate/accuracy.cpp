#include "engine/evaluate/accuracy.h"

#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgeflex {

namespace {

double logSumExp(const float *logits, std::int64_t classes)
{
    const double largest = *std::max_element(logits, logits + classes);
    double sum = 0;
    for (std::int64_t i = 0; i < classes; ++i)
        sum += std::exp(logits[i] - largest);
    return largest + std::log(sum);
}

} // namespace

double klDivergence(const float *p, const float *q, std::int64_t classes)
{
    const double pNorm = logSumExp(p, classes);
    const double qNorm = logSumExp(q, classes);
    double sum = 0;
    for (std::int64_t i = 0; i < classes; ++i) {
        const double pLog = p[i] - pNorm;
        sum += std::exp(pLog) * (pLog - (q[i] - qNorm));
    }
    return std::max(0.0, sum); // rounding only
}

double meanKlDivergence(const std::vector<float> &p, const std::vector<float> &q, std::int64_t classes)
{
    const auto images = static_cast<std::int64_t>(p.size()) / classes;
    double sum = 0;
    for (std::int64_t i = 0; i < images; ++i)
        sum += klDivergence(p.data() + i * classes, q.data() + i * classes, classes);
    return images > 0 ? sum / static_cast<double>(images) : 0;
}

std::int64_t topClass(const float *logits, std::int64_t classes)
{
    return std::max_element(logits, logits + classes) - logits;
}

double confidence(const float *logits, std::int64_t classes, std::int64_t answer)
{
    return std::exp(logits[answer] - logSumExp(logits, classes));
}

bool inTop(const float *logits, std::int64_t classes, int label, int k)
{
    int ahead = 0;
    for (std::int64_t i = 0; i < classes; ++i) {
        if (logits[i] > logits[label] || (logits[i] == logits[label] && i < label))
            ++ahead;
    }
    return ahead < k;
}

void AccuracyCounter::add(const float *logits, int label)
{
    if (!std::all_of(logits, logits + m_classes, [](float value) { return std::isfinite(value); }))
        throw Error("the model's logits are not finite on image " + std::to_string(m_images) +
                    " of the data; its weights or their formats overflow");
    const std::int64_t answer = topClass(logits, m_classes);
    if (answer == label)
        ++m_top1;
    else
        m_wrong.push_back({m_images, static_cast<int>(answer)});
    ++m_images;
    m_top5 += inTop(logits, m_classes, label, 5);
}

void AccuracyCounter::add(const float *logits, const float *baselineLogits, int label)
{
    add(logits, label);
    const std::int64_t ours = topClass(logits, m_classes);
    const std::int64_t theirs = topClass(baselineLogits, m_classes);
    m_baselineTop1 += theirs == label;
    m_onlyBaseline += theirs == label && ours != label;
    m_onlyVariant += ours == label && theirs != label;
    m_agree += ours == theirs;
    const double norm = logSumExp(baselineLogits, m_classes);
    const auto theirConfidence = [&](std::int64_t answer) {
        return std::exp(baselineLogits[answer] - norm);
    };
    if (ours != theirs) {
        m_costs.push_back(theirConfidence(theirs) - theirConfidence(ours));
    } else if (m_classes > 1) {
        float second = -std::numeric_limits<float>::infinity();
        for (std::int64_t i = 0; i < m_classes; ++i)
            second = i == theirs ? second : std::max(second, baselineLogits[i]);
        m_nextCost = std::min(m_nextCost, theirConfidence(theirs) - std::exp(second - norm));
    }
    m_klSum += klDivergence(baselineLogits, logits, m_classes);
}

DropEvidence AccuracyCounter::evidence(int comparisons) const
{
    return {m_images, agreement(), pairedDrop(m_onlyBaseline, m_onlyVariant, m_images, comparisons),
            expectedDrop(m_costs, m_nextCost, m_images, comparisons), comparisons};
}

double AccuracyCounter::agreement() const
{
    return m_images ? static_cast<double>(m_agree) / static_cast<double>(m_images) : 0;
}

double AccuracyCounter::klMean() const
{
    return m_images ? m_klSum / static_cast<double>(m_images) : 0;
}

} // namespace edgeflex
