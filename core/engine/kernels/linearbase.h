#pragma once

#include "engine/kernels/linear.h"
#include "engine/tensor/hostallocator.h"

namespace edgeflex {

// What linear layers of every format share: bias, input scale and the number of threads.
class LinearBase : public Linear
{
protected:
    LinearBase(const LinearWeights &weights, const ExecutionTarget &target);

    std::int64_t outFeatures() const { return spec().outFeatures; }
    std::int64_t inFeatures() const { return spec().inFeatures; }
    int threads() const { return m_threads; }
    const float *bias() const { return m_bias.as<float>(); }             // null without bias
    const float *inputScale() const { return m_inputScale.as<float>(); } // null without input scale

    // Every row of y becomes the bias; does nothing without bias. Products are then added with accumulation().
    void startWithBias(float *y, std::int64_t rows) const;
    float accumulation() const { return m_bias ? 1.0F : 0.0F; }

private:
    int m_threads;
    HostBuffer m_bias;
    HostBuffer m_inputScale;
};

} // namespace edgeflex
