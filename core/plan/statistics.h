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
// usual (b - c)/N +- z sqrt(b + c - (b - c)^2/N)/N, which it approaches for many, is too narrow, down to nothing.
struct PairedDrop
{
    double points = 0; // positive: the variant is worse
    double low = 0;    // two-sided 95 % interval
    double high = 0;
    double upperBound = 0; // one-sided 95 %: "at most this many points lost"
    double mcnemarP = 1;   // exact two-sided McNemar test

    bool operator==(const PairedDrop &) const = default;
};
PairedDrop pairedDrop(std::int64_t onlyBaseline, std::int64_t onlyVariant, std::int64_t total);
double mcnemarExactP(std::int64_t b, std::int64_t c);

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
void to_json(nlohmann::json &json, const Spread &value);
void from_json(const nlohmann::json &json, Spread &value);

} // namespace edgeflex
