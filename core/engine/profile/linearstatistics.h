#pragma once

#include <cstdint>
#include <vector>

namespace edgeflex {

// First and second moments of the inputs of a linear layer over `tokens` rows: E[x] and E[x x^T].
struct Moments
{
    std::int64_t tokens = 0;  // by their weight: one that counts w times is w of them
    std::vector<double> mean; // [K]
    std::vector<double> gram; // [K, K] row-major, symmetric; empty where not asked for
};

// Token-weighted combination. Either may be empty (tokens == 0).
Moments combine(const Moments &a, const Moments &b);

// What calibration saw go into one linear layer. One image in five goes to `validation`, so that a choice
// (damping, scale) can be judged on tokens it was not fitted on.
struct LinearStatistics
{
    std::int64_t features = 0;      // K
    std::int64_t tokens = 0;        // each once
    std::vector<float> meanAbs;     // [K] mean |x|
    std::vector<float> maxAbs;      // [K] max |x|
    std::vector<double> meanSquare; // [K] E[x^2], with or without a Gram matrix
    Moments fit;
    Moments validation;
    Moments classTokens; // of class tokens alone, whether fitted or held out: see StatisticsCollector; else empty

    Moments all() const { return combine(fit, validation); }
};

} // namespace edgeflex
