#include "engine/profile/histogramcollector.h"

#include <algorithm>

namespace edgeflex {

namespace {

constexpr std::int64_t rowsOfCall = 16;

} // namespace

HistogramCollector::HistogramCollector(const ModelSpec &spec)
{
    for (const LinearSpec *linear : spec.linears())
        m_features.push_back(linear->inFeatures);
    m_histograms.resize(m_features.size());
}

void HistogramCollector::linearInput(int linear, const float *x, std::int64_t rows)
{
    const std::int64_t features = m_features.at(static_cast<std::size_t>(linear));
    MagnitudeHistogram &histogram = m_histograms[static_cast<std::size_t>(linear)];
    const std::int64_t counted = std::min(rows, rowsOfCall);
    for (std::int64_t i = 0; i < counted; ++i) {
        const float *row = x + i * rows / counted * features;
        for (std::int64_t k = 0; k < features; ++k)
            histogram.add(row[k]);
    }
}

} // namespace edgeflex
