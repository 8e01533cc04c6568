#include "plan/statistics.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edgeflex {

namespace {

// Quantiles of the standard normal distribution.
constexpr double twoSided95 = 1.959963984540054;
constexpr double oneSided95 = 1.6448536269514722;

// The quantile above which one-sided bounds leave 5 % among so many comparisons.
double oneSidedQuantile(int comparisons)
{
    if (comparisons < 1)
        throw Error("statistics: a bound is of one comparison at least");
    if (comparisons == 1)
        return oneSided95;
    const double tail = 0.05 / comparisons;
    double low = oneSided95;
    double high = 10;
    for (int i = 0; i < 60; ++i) {
        const double middle = (low + high) / 2;
        (std::erfc(middle / std::sqrt(2.0)) / 2 > tail ? low : high) = middle;
    }
    return (low + high) / 2;
}

constexpr NumberRange pointsRange{-200, 200}; // ends of older intervals may pass 100

// Tango's score statistic for a difference of `delta` between paired proportions: 0 at the observed one, falling as
// delta rises.
double tangoScore(double b, double c, double n, double delta)
{
    // The share of pairs in the cell of c that is most likely where the difference is delta.
    const double linear = (2 * n - b + c) * delta - b - c;
    const double constant = -c * delta * (1 - delta);
    const double q = (std::sqrt(std::max(0.0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
    const double variance = n * (2 * q + delta * (1 - delta));
    const double difference = b - c - n * delta;
    if (!(variance > 0))
        return difference > 0 ? HUGE_VAL : difference < 0 ? -HUGE_VAL : 0;
    return difference / std::sqrt(variance);
}

// The delta in [low, high] at which the score is `score`.
double tangoBound(double b, double c, double n, double score, double low, double high)
{
    for (int i = 0; i < 80; ++i) {
        const double middle = (low + high) / 2;
        (tangoScore(b, c, n, middle) > score ? low : high) = middle;
    }
    return (low + high) / 2;
}

// From 0; equals have the mean of theirs.
std::vector<double> ranks(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> result(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first;
        while (end < order.size() && values[order[end]] == values[order[first]])
            ++end;
        for (std::size_t i = first; i < end; ++i)
            result[order[i]] = static_cast<double>(first + end - 1) / 2;
        first = end;
    }
    return result;
}

} // namespace

Proportion wilson(std::int64_t correct, std::int64_t total)
{
    if (correct < 0 || total < correct)
        throw Error("statistics: " + std::to_string(correct) + " of " + std::to_string(total) + " is not a share");
    Proportion result;
    result.correct = correct;
    result.total = total;
    if (total == 0)
        return result; // nothing is known: 0..1
    const auto n = static_cast<double>(total);
    const double p = static_cast<double>(correct) / n;
    const double z2 = twoSided95 * twoSided95;
    const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = twoSided95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    result.rate = p;
    // At the ends the formula gives exactly 0 and 1; rounding must not leave [0, 1].
    result.low = correct == 0 ? 0 : std::max(0.0, centre - half);
    result.high = correct == total ? 1 : std::min(1.0, centre + half);
    return result;
}

PairedDrop pairedDrop(std::int64_t onlyBaseline, std::int64_t onlyVariant, std::int64_t total, int comparisons)
{
    if (onlyBaseline < 0 || onlyVariant < 0 || onlyBaseline > total || onlyVariant > total - onlyBaseline)
        throw Error("statistics: " + std::to_string(onlyBaseline) + " and " + std::to_string(onlyVariant) +
                    " answers that differ do not fit " + std::to_string(total) + " images");
    PairedDrop result;
    if (total == 0) { // nothing is known
        result.low = -100;
        result.high = result.upperBound = 100;
        return result;
    }
    const auto b = static_cast<double>(onlyBaseline);
    const auto c = static_cast<double>(onlyVariant);
    const auto n = static_cast<double>(total);
    const double delta = (b - c) / n;
    result.points = 100 * delta;
    result.low = 100 * tangoBound(b, c, n, twoSided95, -1, delta);
    result.high = 100 * tangoBound(b, c, n, -twoSided95, delta, 1);
    result.upperBound = 100 * tangoBound(b, c, n, -oneSidedQuantile(comparisons), delta, 1);
    result.mcnemarP = mcnemarExactP(onlyBaseline, onlyVariant);
    return result;
}

double mcnemarExactP(std::int64_t b, std::int64_t c)
{
    if (b < 0 || c < 0)
        throw Error("statistics: counts of answers that differ cannot be negative");
    const std::int64_t k = std::min(b, c);
    const std::int64_t n = b + c;
    if (b == c) // covers n == 0; twice the lower tail is above 1
        return 1;
    // log(C(n, k) / 2^n); a sum of logarithms because std::lgamma writes a global variable.
    double logTerm = -static_cast<double>(n) * std::log(2.0);
    for (std::int64_t i = 1; i <= k; ++i)
        logTerm += std::log(static_cast<double>(n - k + i) / static_cast<double>(i));
    // C(n, i - 1) = C(n, i) i / (n - i + 1); the terms fall towards i = 0.
    double relative = 1;
    double sum = 1;
    for (std::int64_t i = k; i >= 1 && relative > 1e-18; --i) {
        relative *= static_cast<double>(i) / static_cast<double>(n - i + 1);
        sum += relative;
    }
    return std::min(1.0, 2 * std::exp(logTerm + std::log(sum)));
}

ExpectedDrop expectedDrop(std::span<const double> costs, double nextCost, std::int64_t total, int comparisons)
{
    if (total < static_cast<std::int64_t>(costs.size()))
        throw Error("statistics: " + std::to_string(costs.size()) + " answers that differ do not fit " +
                    std::to_string(total) + " images");
    ExpectedDrop result;
    if (total == 0)
        return result; // nothing is known
    double sum = 0;
    double squares = 0;
    double greatest = costs.empty() ? nextCost : 0;
    for (const double cost : costs) {
        if (!(cost >= 0 && cost <= 1))
            throw Error("statistics: an answer cannot cost " + std::to_string(cost));
        sum += cost;
        squares += cost * cost;
        greatest = std::max(greatest, cost);
    }
    const auto n = static_cast<double>(total);
    result.points = 100 * sum / n;
    const double mean = sum + greatest;
    const double variance = squares + greatest * greatest;
    if (!(variance > 0)) {
        result.upperBound = result.points;
        return result;
    }
    // The quantile of a gamma distribution of this mean and variance, by Wilson and Hilferty.
    const double shape = mean * mean / variance;
    const double root = 1 - 1 / (9 * shape) + oneSidedQuantile(comparisons) / (3 * std::sqrt(shape));
    result.upperBound = std::min(100.0, 100 * mean / n * root * root * root);
    return result;
}

double rankCorrelation(std::span<const double> a, std::span<const double> b)
{
    if (a.size() != b.size() || a.size() < 2)
        throw Error("statistics: ranks of " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
                    " values do not correlate");
    const std::vector<double> ofA = ranks(a);
    const std::vector<double> ofB = ranks(b);
    const double middle = static_cast<double>(a.size() - 1) / 2;
    double products = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (std::size_t i = 0; i < ofA.size(); ++i) {
        products += (ofA[i] - middle) * (ofB[i] - middle);
        squaresA += (ofA[i] - middle) * (ofA[i] - middle);
        squaresB += (ofB[i] - middle) * (ofB[i] - middle);
    }
    return squaresA > 0 && squaresB > 0 ? products / std::sqrt(squaresA * squaresB) : 0;
}

double quantile(std::span<const double> sample, double q)
{
    if (sample.empty())
        throw Error("statistics: an empty sample has no quantiles");
    if (!(q >= 0 && q <= 1))
        throw Error("statistics: a quantile must be from 0 to 1");
    std::vector<double> sorted(sample.begin(), sample.end());
    std::sort(sorted.begin(), sorted.end());
    const double position = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - static_cast<double>(below));
}

double median(std::span<const double> sample)
{
    return quantile(sample, 0.5);
}

Spread spread(std::span<const double> sample)
{
    return {median(sample), quantile(sample, 0.025), quantile(sample, 0.975)};
}

void to_json(nlohmann::json &json, const Proportion &value)
{
    json = {{"correct", value.correct},
            {"total", value.total},
            {"rate", value.rate},
            {"low", value.low},
            {"high", value.high}};
}

void from_json(const nlohmann::json &json, Proportion &value)
{
    const JsonFields fields(json, "proportion");
    fields.read("total", value.total);
    fields.read("correct", value.correct, {0, value.total});
    fields.read("rate", value.rate, zeroToOne);
    fields.read("low", value.low, zeroToOne);
    fields.read("high", value.high, zeroToOne);
}

void to_json(nlohmann::json &json, const PairedDrop &value)
{
    json = {{"points", value.points},
            {"low", value.low},
            {"high", value.high},
            {"upperBound", value.upperBound},
            {"mcnemarP", value.mcnemarP}};
}

void from_json(const nlohmann::json &json, PairedDrop &value)
{
    const JsonFields fields(json, "paired drop");
    fields.read("points", value.points, pointsRange);
    fields.read("low", value.low, pointsRange);
    fields.read("high", value.high, pointsRange);
    fields.read("upperBound", value.upperBound, pointsRange);
    fields.read("mcnemarP", value.mcnemarP, zeroToOne);
}

void to_json(nlohmann::json &json, const ExpectedDrop &value)
{
    json = {{"points", value.points}, {"upperBound", value.upperBound}};
}

void from_json(const nlohmann::json &json, ExpectedDrop &value)
{
    const JsonFields fields(json, "expected drop");
    fields.read("points", value.points, {0, 100});
    fields.read("upperBound", value.upperBound, {0, 100});
}

void to_json(nlohmann::json &json, const Spread &value)
{
    json = {{"median", value.median}, {"low", value.low}, {"high", value.high}};
}

void from_json(const nlohmann::json &json, Spread &value)
{
    const JsonFields fields(json, "spread");
    fields.read("median", value.median);
    fields.read("low", value.low);
    fields.read("high", value.high);
}

} // namespace edgeflex
