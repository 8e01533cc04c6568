#pragma once

#include "engine/model/transformer.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace edgeflex {

// What tokens go into an MLP, what should come out, and how much each token counts.
struct MlpTokens
{
    std::int64_t width = 0;     // D
    std::vector<float> inputs;  // [tokens, D] of fc1
    std::vector<float> outputs; // [tokens, D] of fc2
    std::vector<float> weights; // [tokens]

    std::int64_t count() const { return static_cast<std::int64_t>(weights.size()); }
};

// Collects the tokens of one block's MLP: a batch is run with this as its observer, then added. Not thread-safe.
class MlpTokenCollector : public ExecutionObserver
{
public:
    // The share `correction` of how far the stream behind the MLP is from where it should be is asked of the MLP, too.
    // Class tokens count as often as StatisticsCollector::classTokenWeight() says, or once.
    MlpTokenCollector(const ModelSpec &spec, int block, double correction, bool weighsClassTokens);

    // Tokens of the batches that follow are for validation (true) or for the fit (false).
    void setValidation(bool validation) { m_validation = validation; }
    // A batch of whole images, [rows, D]: the stream before the MLP and behind it, and where it should be there.
    void add(const float *before, const float *behind, const float *reference, std::int64_t rows);

    MlpTokens takeFit() { return std::move(m_fit); }
    MlpTokens takeValidation() { return std::move(m_held); }

    void linearInput(int linear, const float *x, std::int64_t rows) override;
    void linearDone(int, double) override {}
    void operationDone(int, double) override {}

    // Bytes that so many tokens take.
    static std::int64_t bytes(std::int64_t tokens, std::int64_t width) { return 4 * tokens * (2 * width + 1); }

private:
    int m_fc1;             // by its number among ModelSpec::linears()
    std::int64_t m_tokens; // an image
    float m_classTokenWeight;
    float m_correction;
    bool m_validation = false;
    MlpTokens m_fit;
    MlpTokens m_held;
};

} // namespace edgeflex
