#include "engine/profile/outputgap.h"

#include "engine/kernels/gemm.h"
#include "plan/error.h"

#include <cstddef>

namespace edgeflex {

namespace {

void divide(GapMoments &sums)
{
    const double share = sums.tokens > 0 ? 1.0 / static_cast<double>(sums.tokens) : 0.0;
    for (double &value : sums.mean)
        value *= share;
    for (double &value : sums.cross)
        value *= share;
    sums.square *= share;
}

} // namespace

GapCollector::GapCollector(const ModelSpec &spec, int linear, StatisticsCollector &statistics)
    : GapCollector(spec, linear, linear, statistics)
{
}

GapCollector::GapCollector(const ModelSpec &spec, int linear, int source, StatisticsCollector &statistics)
    : m_statistics(statistics),
      m_linear(linear),
      m_source(source),
      m_inputs(spec.linears().at(static_cast<std::size_t>(linear))->inFeatures),
      m_outputs(spec.linears().at(static_cast<std::size_t>(linear))->outFeatures),
      m_tokens(spec.tokens()),
      m_classTokenWeight(statistics.weighsClassTokens() ? StatisticsCollector::classTokenWeight(spec) : 1)
{
    for (GapMoments *sums : {&m_sums.fit, &m_sums.validation}) {
        sums->mean.assign(static_cast<std::size_t>(m_outputs), 0.0);
        sums->cross.assign(static_cast<std::size_t>(m_inputs * m_outputs), 0.0);
    }
}

void GapCollector::setValidation(bool validation)
{
    m_validation = validation;
    m_statistics.setValidation(validation);
}

void GapCollector::linearInput(int linear, const float *x, std::int64_t rows)
{
    if (linear == m_source) {
        m_statistics.linearInput(m_linear, x, rows);
        m_rows.insert(m_rows.end(), x, x + rows * m_inputs);
    } else if (linear != m_linear) {
        m_statistics.linearInput(linear, x, rows);
    }
}

void GapCollector::compare(const float *reference, const float *actual, std::int64_t rows)
{
    if (static_cast<std::int64_t>(m_rows.size()) != rows * m_inputs)
        throw Error("a layer saw other tokens than those that were compared");
    GapMoments &sums = m_validation ? m_sums.validation : m_sums.fit;
    std::vector<float> gap(static_cast<std::size_t>(rows * m_outputs));
    for (std::size_t i = 0; i < gap.size(); ++i) {
        const auto row = static_cast<std::int64_t>(i) / m_outputs;
        const auto weight = static_cast<float>(row % m_tokens == 0 ? m_classTokenWeight : 1);
        const float difference = reference[i] - actual[i];
        gap[i] = weight * difference;
        sums.mean[i % static_cast<std::size_t>(m_outputs)] += gap[i];
        sums.square += static_cast<double>(gap[i]) * difference;
    }
    std::vector<float> cross(sums.cross.size());
    gemm(true, false, m_inputs, m_outputs, rows, 1.0F, m_rows.data(), m_inputs, gap.data(), m_outputs, 0.0F,
         cross.data(), m_outputs);
    for (std::size_t i = 0; i < cross.size(); ++i)
        sums.cross[i] += cross[i];
    sums.tokens += rows + (m_classTokenWeight - 1) * (rows / m_tokens);
    m_rows.clear();
}

OutputGap GapCollector::gap() const
{
    OutputGap result = m_sums;
    divide(result.fit);
    divide(result.validation);
    return result;
}

std::int64_t GapCollector::bytes(const LinearSpec &linear, std::int64_t rows)
{
    return 4 * rows * (linear.inFeatures + linear.outFeatures) + 20 * linear.inFeatures * linear.outFeatures;
}

} // namespace edgeflex
