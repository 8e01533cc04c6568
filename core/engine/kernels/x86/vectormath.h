#pragma once

#include "engine/kernels/simdkernels.h"

#include <immintrin.h>

// Row-wise operations for any width of register V (see Avx2 and Avx512), which has
//   using Floats = a register of floats, with operators;  using Integers;  static constexpr int lanes;
//   all, load, loadFirst (the lanes below a count, else 0), store, storeFirst, keepFirst;
//   min and max (the second operand where one is NaN), reciprocal (of normal numbers, to 2 units), fma, negatedFma,
//   round, negated, magnitude; powerOfTwo(p, n) = p 2^n, negativeSelect(v, a, b) = v < 0 ? a : b by the sign bit, sum,
//   highest, anyNan, storeLevels (integers saturated to 0 ... 255).
// As everything that is compiled for more than the baseline, these use no function of the standard library.
namespace edgeflex::vectormath {

// e^x for x clamped to [-87.3, 88.3], relative error below 1e-7; NaN stays NaN. x = n ln 2 + r with
// |r| <= ln 2 / 2, ln 2 in two parts so that r is exact, and e^r by its Taylor polynomial of degree 7.
template<typename V>
typename V::Floats exponential(typename V::Floats x)
{
    using Floats = typename V::Floats;
    x = V::min(V::all(88.3F), V::max(V::all(-87.3F), x));
    const Floats n = V::round(x * V::all(1.44269504F));
    Floats r = V::negatedFma(n, V::all(0.693359375F), x);
    r = V::negatedFma(n, V::all(-2.12194440e-4F), r);
    Floats p = V::all(1.0F / 5040);
    p = V::fma(p, r, V::all(1.0F / 720));
    p = V::fma(p, r, V::all(1.0F / 120));
    p = V::fma(p, r, V::all(1.0F / 24));
    p = V::fma(p, r, V::all(1.0F / 6));
    p = V::fma(p, r, V::all(0.5F));
    p = V::fma(p, r, V::all(1.0F));
    p = V::fma(p, r, V::all(1.0F));
    return V::powerOfTwo(p, n);
}

template<typename V, typename Step>
void inPlace(float *x, std::int64_t count, Step step)
{
    std::int64_t i = 0;
    for (; i + V::lanes <= count; i += V::lanes)
        V::store(x + i, step(V::load(x + i)));
    if (i < count)
        V::storeFirst(x + i, count - i, step(V::loadFirst(x + i, count - i)));
}

// x times the logistic function of u.
template<typename V>
typename V::Floats gated(typename V::Floats x, typename V::Floats u)
{
    return x * V::reciprocal(V::all(1.0F) + exponential<V>(V::negated(u)));
}

// Sum over the lanes of 4 parts, which errs far less than a running sum.
template<typename V, typename Term>
float stableSum(const float *x, std::int64_t count, Term term)
{
    typename V::Floats parts[4] = {V::all(0), V::all(0), V::all(0), V::all(0)};
    std::int64_t i = 0;
    for (; i + 4 * V::lanes <= count; i += 4 * V::lanes)
        for (int part = 0; part < 4; ++part)
            parts[part] += term(V::load(x + i + V::lanes * part));
    for (; i + V::lanes <= count; i += V::lanes)
        parts[0] += term(V::load(x + i));
    if (i < count)
        parts[1] += V::keepFirst(term(V::loadFirst(x + i, count - i)), count - i);
    return V::sum((parts[0] + parts[1]) + (parts[2] + parts[3]));
}

template<typename V>
void gelu(float *x, std::int64_t count)
{
    // x Phi(x), with the tail erfc(z) / 2, z = |x| / sqrt 2, from Abramowitz and Stegun 7.1.26 (1.5e-7 absolute).
    inPlace<V>(x, count, [](typename V::Floats value) {
        using Floats = typename V::Floats;
        const Floats z = V::magnitude(value) * V::all(0.707106781F);
        const Floats t = V::reciprocal(V::fma(z, V::all(0.3275911F), V::all(1.0F)));
        Floats p = V::all(0.5F * 1.061405429F);
        p = V::fma(p, t, V::all(0.5F * -1.453152027F));
        p = V::fma(p, t, V::all(0.5F * 1.421413741F));
        p = V::fma(p, t, V::all(0.5F * -0.284496736F));
        p = V::fma(p, t, V::all(0.5F * 0.254829592F));
        const Floats tail = (p * t) * exponential<V>(value * (value * V::all(-0.5F)));
        // Phi is the tail for negative x and 1 - tail for positive x.
        return value * V::negativeSelect(value, tail, V::all(1.0F) - tail);
    });
}

template<typename V>
void geluTanh(float *x, std::int64_t count)
{
    // 0.5 (1 + tanh u) is the logistic function of 2 u, u = sqrt(2 / pi) (x + 0.044715 x^3).
    inPlace<V>(x, count, [](typename V::Floats value) {
        const auto factor = V::fma(value * value, V::all(1.59576912F * 0.044715F), V::all(1.59576912F));
        return gated<V>(value, value * factor);
    });
}

template<typename V>
void quickGelu(float *x, std::int64_t count)
{
    inPlace<V>(x, count, [](typename V::Floats value) { return gated<V>(value, value * V::all(1.702F)); });
}

template<typename V>
void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y)
{
    using Floats = typename V::Floats;
    const auto n = static_cast<float>(count);
    const Floats means = V::all(stableSum<V>(x, count, [](Floats value) { return value; }) / n);
    const float variance =
        stableSum<V>(x, count, [means](Floats value) { return (value - means) * (value - means); }) / n;
    const Floats factor = V::all(1.0F / __builtin_sqrtf(variance + eps));
    const auto normalized = [means, factor](Floats value, Floats g, Floats b) {
        return V::fma((value - means) * factor, g, b);
    };
    std::int64_t i = 0;
    for (; i + V::lanes <= count; i += V::lanes)
        V::store(y + i, normalized(V::load(x + i), V::load(gamma + i), V::load(beta + i)));
    if (const std::int64_t rest = count - i; rest > 0)
        V::storeFirst(
            y + i, rest,
            normalized(V::loadFirst(x + i, rest), V::loadFirst(gamma + i, rest), V::loadFirst(beta + i, rest)));
}

template<typename V>
float exponentials(const float *x, std::int64_t count, float *y)
{
    if (count == 0)
        return 1;
    float high = x[0];
    std::int64_t i = 0;
    if (count >= V::lanes) {
        auto highs = V::load(x);
        for (i = V::lanes; i + V::lanes <= count; i += V::lanes)
            highs = V::max(highs, V::load(x + i));
        high = V::highest(highs);
    }
    for (; i < count; ++i)
        high = x[i] > high ? x[i] : high;

    const auto highs = V::all(high);
    auto sums = V::all(0);
    for (i = 0; i + V::lanes <= count; i += V::lanes) {
        const auto value = exponential<V>(V::load(x + i) - highs);
        sums += value;
        V::store(y + i, value);
    }
    if (i < count) {
        const auto value = exponential<V>(V::loadFirst(x + i, count - i) - highs);
        sums += V::keepFirst(value, count - i);
        V::storeFirst(y + i, count - i, value);
    }
    return 1.0F / V::sum(sums);
}

template<typename V>
void scale(float *x, std::int64_t count, float factor)
{
    inPlace<V>(x, count, [factor](typename V::Floats value) { return value * V::all(factor); });
}

template<typename V>
void softmaxRow(const float *x, std::int64_t count, float *y)
{
    scale<V>(y, count, exponentials<V>(x, count, y));
}

template<typename V>
RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q)
{
    using Floats = typename V::Floats;
    const auto scaled = [x, inputScale, count](std::int64_t i) {
        const bool whole = i + V::lanes <= count;
        const Floats value = whole ? V::load(x + i) : V::loadFirst(x + i, count - i);
        if (!inputScale)
            return value;
        return value * (whole ? V::load(inputScale + i) : V::loadFirst(inputScale + i, count - i));
    };
    Floats lows = V::all(0);
    Floats highs = V::all(0);
    Floats taints = V::all(0); // NaN once a value is NaN or infinite, else 0
    for (std::int64_t i = 0; i < count; i += V::lanes) {
        const Floats value = scaled(i);
        lows = V::min(value, lows);
        highs = V::max(value, highs);
        taints += value - value;
    }
    if (V::anyNan(taints)) {
        for (std::int64_t i = 0; i < count; ++i)
            q[i] = 0;
        return {__builtin_nanf(""), 0};
    }
    const float high = V::highest(highs);
    const float low = -V::highest(V::all(0) - lows);
    float step = (high - low) / 255.0F;
    if (step < __FLT_MIN__)
        step = 1; // all zero, or too near to it to be divided by
    const Floats zeroPoints = V::min(V::max(V::round(V::all(-low / step)), V::all(0)), V::all(255.0F));
    // The quotient rounded as by division, in three operations: the reciprocal of the step is correctly rounded, so
    // one correction by the exact remainder rounds correctly too (Markstein, "Computation of elementary functions on
    // the IBM RISC System/6000 processor", 1990). Where a remainder underflows the quotient rounds to 0 anyway.
    const Floats steps = V::all(step);
    const Floats reciprocals = V::all(1.0F / step);
    for (std::int64_t i = 0; i < count; i += V::lanes) {
        const Floats value = scaled(i);
        const Floats estimate = value * reciprocals;
        const Floats quotient = V::fma(V::negatedFma(estimate, steps, value), reciprocals, estimate);
        V::storeLevels(q + i, count - i, V::round(quotient) + zeroPoints);
    }
    return {step, static_cast<std::int32_t>(zeroPoints[0])};
}

} // namespace edgeflex::vectormath
