#include "plan/shiftsum.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace edgeflex {

namespace {

constexpr int classSlots = LogitShifts::slots - 1; // the last is no class
// Standard deviation of the errors as a share of the shift, as if what makes it up were independent. Random plans for a
// model of ImageNet were best predicted with 0, for one of CIFAR-10 with 0.6.
constexpr double interference = 0.3;
constexpr double leastScale = 1e-6; // no shift, no doubt
constexpr int mostScalings = 8;
constexpr double scalingTolerance = 0.002;

double logSumExp(const float *values, double temperature)
{
    const double largest = *std::max_element(values, values + LogitShifts::slots);
    double sum = 0;
    for (int slot = 0; slot < LogitShifts::slots; ++slot)
        sum += std::exp((values[slot] - largest) / temperature);
    return largest / temperature + std::log(sum);
}

} // namespace

std::vector<float> calibratedConfidence(const LogitShifts &shifts)
{
    const auto surprise = [&](double temperature) {
        double sum = 0;
        for (std::int64_t image = 0; image < shifts.images(); ++image) {
            const float *logits = shifts.logits.data() + image * LogitShifts::slots;
            sum +=
                logSumExp(logits, temperature) - logits[shifts.labels[static_cast<std::size_t>(image)]] / temperature;
        }
        return sum;
    };
    // Golden section over the logarithm; the sum is convex in 1 / temperature.
    const double golden = (std::sqrt(5.0) - 1) / 2;
    double low = -std::numbers::ln10 / 2;
    double high = -low;
    for (int i = 0; i < 30; ++i) {
        const double left = high - golden * (high - low);
        const double right = low + golden * (high - low);
        if (surprise(std::exp(left)) < surprise(std::exp(right)))
            high = right;
        else
            low = left;
    }
    const double temperature = std::exp((low + high) / 2);
    std::vector<float> confidence;
    confidence.reserve(shifts.logits.size());
    for (std::int64_t image = 0; image < shifts.images(); ++image) {
        const float *logits = shifts.logits.data() + image * LogitShifts::slots;
        const double norm = logSumExp(logits, temperature);
        for (int slot = 0; slot < LogitShifts::slots; ++slot)
            confidence.push_back(static_cast<float>(std::exp(logits[slot] / temperature - norm)));
    }
    return confidence;
}

ShiftSum::ShiftSum(const LogitShifts &shifts)
    : m_shifts(shifts), m_logits(shifts.logits), m_squares(shifts.logits.size())
{
}

void ShiftSum::add(const LogitShift &shift, float factor)
{
    const float step = factor * shift.step;
    const std::int16_t *codes = shift.codes.data();
    for (std::size_t i = 0; i < m_logits.size(); ++i) {
        const float moved = step * static_cast<float>(codes[i]);
        m_logits[i] += moved;
        m_squares[i] += moved * moved;
    }
}

double ShiftSum::kl() const
{
    double total = 0;
    for (std::int64_t image = 0; image < m_shifts.images(); ++image) {
        const float *p = m_shifts.logits.data() + image * LogitShifts::slots;
        const float *q = m_logits.data() + image * LogitShifts::slots;
        const double pNorm = logSumExp(p, 1);
        const double qNorm = logSumExp(q, 1);
        for (int slot = 0; slot < LogitShifts::slots; ++slot)
            total += std::exp(p[slot] - pNorm) * ((p[slot] - pNorm) - (q[slot] - qNorm));
    }
    return std::max(0.0, total / static_cast<double>(m_shifts.images()));
}

void ShiftSum::scaleTo(double wanted)
{
    for (int i = 0; i < mostScalings; ++i) {
        const double now = kl();
        if (!(now > 0) || std::abs(now - wanted) <= scalingTolerance * wanted)
            return;
        const auto factor = static_cast<float>(std::sqrt(wanted / now)); // KL grows with the square of a shift
        for (std::size_t at = 0; at < m_logits.size(); ++at) {
            m_logits[at] = m_shifts.logits[at] + factor * (m_logits[at] - m_shifts.logits[at]);
            m_squares[at] *= factor * factor;
        }
    }
}

std::pair<double, double> ShiftSum::drop(const std::vector<float> &confidence) const
{
    const auto images = static_cast<double>(m_shifts.images());
    double lost = 0;
    double squares = 0;
    for (std::int64_t image = 0; image < m_shifts.images(); ++image) {
        const auto first = static_cast<std::size_t>(image * LogitShifts::slots);
        const float *q = m_logits.data() + first;
        const float *p = confidence.data() + first;
        double variance = 0;
        for (int slot = 0; slot < classSlots; ++slot)
            variance += m_squares[first + static_cast<std::size_t>(slot)] / classSlots;
        const double scale = interference * std::sqrt(6 * variance) / std::numbers::pi + leastScale;
        const double largest = *std::max_element(q, q + classSlots);
        double shares = 0;
        double expected = 0;
        for (int slot = 0; slot < classSlots; ++slot) {
            const double share = std::exp((q[slot] - largest) / scale);
            shares += share;
            expected += share * p[slot];
        }
        const double each = *std::max_element(p, p + classSlots) - expected / shares;
        lost += each;
        squares += each * each;
    }
    return {100 * lost / images, 200 * std::sqrt(squares) / images};
}

} // namespace edgeflex
