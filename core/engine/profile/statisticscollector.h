#pragma once

#include "engine/model/transformer.h"
#include "engine/profile/linearstatistics.h"

#include <map>
#include <vector>

namespace edgeflex {

// Collects the statistics of linear layers' inputs while a transformer runs: mean |x|, max |x|, mean and,
// where asked, the Gram matrix (FP32 within 2,048 rows, FP64 across). Not thread-safe.
//
// Where the answer is read off the class token, an error there does far more harm than one at another token: as much,
// by a rough measure, as errors at all the others together, and behind the last block nothing else is read. Therefore a
// class token that goes into the projection of attention or the second layer of an MLP, whose output is refitted,
// counts classTokenWeight() times in the means and Gram matrices. What goes into queries, keys and values together does
// not: a class token matters as a query only. Its moments are collected apart, beside Gram matrices.
class StatisticsCollector : public ExecutionObserver
{
public:
    enum class Depth { Channels, Gram }; // Gram adds 36 K^2 bytes a layer at most

    // `layers`: which layers (ModelSpec::linears() order) and how deep.
    // Class tokens count as often as classTokenWeight() says, or once.
    StatisticsCollector(const ModelSpec &spec, const std::map<int, Depth> &layers, bool weighsClassTokens = true);
    ~StatisticsCollector() override;

    static std::int64_t classTokenWeight(const ModelSpec &spec);
    bool weighsClassTokens() const { return m_weighsClassTokens; }

    // Tokens of the passes that follow count as validation (true) or fit (false).
    void setValidation(bool validation) { m_validation = validation; }

    void linearInput(int linear, const float *x, std::int64_t rows) override;
    void linearDone(int, double) override {}
    void operationDone(int, double) override {}

    // What was seen of a layer. Throws Error naming the layer when its inputs were not finite or there were none.
    LinearStatistics statistics(int linear);

    // Bytes that collecting one layer takes.
    static std::int64_t bytes(std::int64_t features, Depth depth);

private:
    struct Layer;
    void addClassTokens(Layer &layer, const float *x, std::int64_t rows);

    std::map<int, Layer> m_layers;
    std::int64_t m_tokens; // an image
    bool m_weighsClassTokens;
    bool m_validation = false;
};

} // namespace edgeflex
