#pragma once

#include "engine/model/transformer.h"
#include "plan/magnitudehistogram.h"
#include "plan/modelspec.h"

#include <vector>

namespace edgeflex {

// Counts how large each linear layer's inputs are while a transformer runs, on a few rows of every call, evenly spread:
// the shape of the distribution needs no more. Extremes are not its business. Not thread-safe.
class HistogramCollector : public ExecutionObserver
{
public:
    explicit HistogramCollector(const ModelSpec &spec);

    void linearInput(int linear, const float *x, std::int64_t rows) override;
    void linearDone(int, double) override {}
    void operationDone(int, double) override {}

    // Of a layer, in ModelSpec::linears() order.
    const MagnitudeHistogram &histogram(int linear) const { return m_histograms.at(static_cast<std::size_t>(linear)); }

private:
    std::vector<std::int64_t> m_features;
    std::vector<MagnitudeHistogram> m_histograms;
};

} // namespace edgeflex
