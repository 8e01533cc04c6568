#pragma once

#include "engine/profile/statisticscollector.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// How far the output of a layer is from what it should have been, d = y* - y, over `tokens` tokens, and how the layer's
// inputs a go with that.
struct GapMoments
{
    std::int64_t tokens = 0;
    std::vector<double> mean;  // [D] E[d]
    std::vector<double> cross; // [K, D] E[a d^T]
    double square = 0;         // E||d||^2
};

struct OutputGap
{
    GapMoments fit;
    GapMoments validation;
};

// Collects the gap of one layer whose output goes straight into the residual stream, beside the statistics of some
// layers' inputs: a batch is run with this as its observer, then compared. Not thread-safe.
class GapCollector : public ExecutionObserver
{
public:
    // The layer by its number among ModelSpec::linears(). `statistics` sees what this sees and must outlive it.
    GapCollector(const ModelSpec &spec, int linear, StatisticsCollector &statistics);
    // The same for a layer of `spec` that is to stand where the model that runs still has others: of these, it will be
    // given the inputs of number `source`.
    GapCollector(const ModelSpec &spec, int linear, int source, StatisticsCollector &statistics);

    void setValidation(bool validation);
    // The tokens that a batch of whole images should have had behind the layer, and those that it has: [rows, D]. They
    // count as in StatisticsCollector.
    void compare(const float *reference, const float *actual, std::int64_t rows);
    // Of what was compared.
    OutputGap gap() const;

    void linearInput(int linear, const float *x, std::int64_t rows) override;
    void linearDone(int, double) override {}
    void operationDone(int, double) override {}

    // Bytes that it takes, with one batch of so many tokens.
    static std::int64_t bytes(const LinearSpec &linear, std::int64_t rows);

private:
    StatisticsCollector &m_statistics;
    int m_linear;
    int m_source;
    std::int64_t m_inputs;
    std::int64_t m_outputs;
    std::int64_t m_tokens; // an image
    std::int64_t m_classTokenWeight;
    bool m_validation = false;
    std::vector<float> m_rows; // inputs since the last comparison
    OutputGap m_sums;
};

} // namespace edgeflex
