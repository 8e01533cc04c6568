#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace edgeflex {

// A share with its Wilson score interval (95 %).
struct Proportion
{
    std::int64_t correct = 0;
    std::int64_t total = 0;
    double rate = 0; // 0..1
    double low = 0;
    double high = 1;

    bool operator==(const Proportion &) const = default;
};
Proportion wilson(std::int64_t correct, std::int64_t total);

// Drop in accuracy of a variant against its baseline on the same images, in points (1 point = 1 %).
//   b images only the baseline gets right, c only the variant; delta = (b - c)/N.
// Interval and bound by Tango's score method (Statistics in Medicine 17, 1998): where few answers differ, or none, the
// usual (b - c)/N +- z sqrt(b + c - (b - c)^2/N)/N, which it approaches for many, is too narrow, down to nothing. Who
// keeps the best of several variants that pass tries his luck as often: the bounds of `comparisons` of them hold
// together where each is one of 1 - 5 % / comparisons (Bonferroni).
struct PairedDrop
{
    double points = 0; // positive: the variant is worse
    double low = 0;    // two-sided 95 % interval
    double high = 0;
    double upperBound = 0; // one-sided 95 %: "at most this many points lost"
    double mcnemarP = 1;   // exact two-sided McNemar test

    bool operator==(const PairedDrop &) const = default;
};
PairedDrop pairedDrop(std::int64_t onlyBaseline, std::int64_t onlyVariant, std::int64_t total, int comparisons = 1);

// What the answers that differ from a baseline's are expected to cost by the baseline's own confidence: the mean over
// all images of p(its answer) - p(the variant's answer), p the baseline's softmax; no labels are needed. The bound
// takes each answer that differs for a Poisson event that weighs what it costs (the gamma interval of Fay and Feuer,
// Statistics in Medicine 16, 1997), the greatest weight that of the answer that cost most.
struct ExpectedDrop
{
    double points = 0;
    double upperBound = 100; // one-sided 95 %

    bool operator==(const ExpectedDrop &) const = default;
};
// Of `total` images, `costs` (0..1) of those whose answers differ; `nextCost` is what the next one to change would have
// cost, which counts where none did. `comparisons`: as above, of the bound.
ExpectedDrop expectedDrop(std::span<const double> costs, double nextCost, std::int64_t total, int comparisons = 1);

double mcnemarExactP(std::int64_t b, std::int64_t c);

// Spearman's: the correlation of the ranks, those of equals their mean; 0 where either sample is all equal. Throws
// Error unless both are of one size, 2 or more.
double rankCorrelation(std::span<const double> a, std::span<const double> b);

// Linear interpolation between order statistics (NumPy's default). Throws Error on an empty sample.
double quantile(std::span<const double> sample, double q);
double median(std::span<const double> sample);

struct Spread
{
    double median = 0;
    double low = 0;  // 2.5 % quantile ... of the repeats as measured
    double high = 0; // 97.5 %

    bool operator==(const Spread &) const = default;
};
Spread spread(std::span<const double> sample);

void to_json(nlohmann::json &json, const Proportion &value);
void from_json(const nlohmann::json &json, Proportion &value);
void to_json(nlohmann::json &json, const PairedDrop &value);
void from_json(const nlohmann::json &json, PairedDrop &value);
void to_json(nlohmann::json &json, const ExpectedDrop &value);
void from_json(const nlohmann::json &json, ExpectedDrop &value);
void to_json(nlohmann::json &json, const Spread &value);
void from_json(const nlohmann::json &json, Spread &value);

} // namespace edgeflex
