#pragma once

#include "engine/model/transformer.h"
#include "engine/model/vitmodel.h"
#include "plan/castrisk.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Collects what computing each linear layer in FP16 or BF16 would risk, while a transformer runs. Extremes are of all
// inputs; the errors are of a few dozen rows that are kept. Not thread-safe.
class CastRiskCollector : public ExecutionObserver
{
public:
    // `model` must outlive this.
    explicit CastRiskCollector(const VitModel &model);

    void linearInput(int linear, const float *x, std::int64_t rows) override;
    void linearDone(int, double) override {}
    void operationDone(int, double) override {}

    // Of a layer, in ModelSpec::linears() order. Simulates the casts: N * K multiplications a kept row, thrice.
    CastRisk risk(int linear) const;

private:
    struct Layer
    {
        double maxAbs = 0;
        double maxSquaredNorm = 0;
        std::int64_t nonZero = 0;
        std::int64_t tiny = 0;
        std::vector<float> rows; // [kept, K]
    };

    const VitModel &m_model;
    std::vector<Layer> m_layers;
};

} // namespace edgeflex
