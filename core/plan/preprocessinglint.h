#pragma once

#include "plan/preprocessing.h"
#include "plan/statistics.h"
#include "plan/verboptions.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// Whether a model's images are prepared as it was trained: the way that is stated against other usual ones, each judged
// on the same labelled images.
struct PreprocessingLintOptions
{
    ModelSource model;
    std::string calibration;         // labelled images
    std::string search;              // empty: one calibration image in five, by a hash of its name
    std::int64_t searchImages = 200; // at most
    int threads = 0;                 // 0: one per core

    bool operator==(const PreprocessingLintOptions &) const = default;
};

struct PreprocessingTrial
{
    enum class Change { Stated, Normalization, Crop, Interpolation, Together };

    Change change = Change::Stated; // against the stated way
    Preprocessing preprocessing;
    Proportion top1;
    PairedDrop drop; // against the stated way, on the same images; negative: this one is better

    bool operator==(const PreprocessingTrial &) const = default;
};

struct PreprocessingLintResult
{
    std::int64_t images = 0;
    std::vector<PreprocessingTrial> trials; // the stated way first

    // The trial that is better than the stated way beyond chance, however many were tried (McNemar's exact test with
    // Bonferroni's correction, 5 %), and of these the best; nothing: the stated way stands.
    std::optional<std::size_t> better() const;
    bool operator==(const PreprocessingLintResult &) const = default;
};

// What is tried beside the stated way, each changing one thing.
std::vector<PreprocessingTrial> preprocessingAlternatives(const Preprocessing &stated);

void to_json(nlohmann::json &json, const PreprocessingLintOptions &value);
void from_json(const nlohmann::json &json, PreprocessingLintOptions &value);
void to_json(nlohmann::json &json, const PreprocessingLintResult &value);
void from_json(const nlohmann::json &json, PreprocessingLintResult &value);

} // namespace edgeflex
