#pragma once

#include "plan/logitshifts.h"
#include "plan/modelspec.h"
#include "plan/numberformat.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// Two blocks of which the same half becomes linear, and what that does beyond what each does alone: one often did what
// the other does no more.
struct LinearPair
{
    int first = 0;
    int second = 0;   // a later block
    double kl = 0;    // nats; below 0 where they hardly add up
    LogitShift shift; // empty where shifts were not kept

    bool operator==(const LinearPair &) const = default;
};

// What a plan has of what a pair does: all of it where both halves become linear. An attention that loses heads takes
// part in proportion to how far that moves the answers, which is the root of its KL.
struct PairShare
{
    const LinearPair *pair = nullptr;
    double share = 1;
};

// How much the model's answers change when one thing changes, or a pair: mean KL(FP32 || changed) of the logits in nats
// over the search images. No labels are needed.
struct Sensitivity
{
    std::map<std::string, std::map<NumberFormat, double>> formats; // by layer name; FP32 is 0 and left out
    // By block: kept width -> KL; the whole width is 0. Measured at some widths, between them as the block's error
    // goes.
    std::vector<std::map<std::int64_t, double>> mlpWidths;
    // The same of the dimensions that every head keeps of its queries and keys, and of its values. Empty where that was
    // not measured, as in older sessions.
    std::vector<std::map<std::int64_t, double>> qkDims;
    std::vector<std::map<std::int64_t, double>> voDims;
    // The same of how many heads are left.
    std::vector<std::map<std::int64_t, double>> headCounts;
    // By block: with a linear layer in the place of its attention, and of its MLP. Empty where not measured.
    std::vector<double> linearAttentions;
    std::vector<double> linearMlps;
    // Of blocks that are near each other; empty where not measured.
    std::vector<LinearPair> linearAttentionPairs;
    std::vector<LinearPair> linearMlpPairs;
    std::int64_t images = 0; // search images it was measured on
    LogitShifts shifts;      // from the same runs; empty in files of before they were kept
    bool estimated = false;  // of one choice a layer and the errors of others, to be replaced once these are measured

    // Measured, and of everything that a plan can choose: older files know less.
    bool isComplete() const
    {
        return !estimated && !linearMlps.empty() && (linearMlps.size() < 2 || !linearMlpPairs.empty());
    }
    bool measured(const std::string &layer, NumberFormat format) const;
    // Throws std::out_of_range where it was not measured.
    double formatLoss(const std::string &layer, NumberFormat format) const;
    // Between measured widths: linear. Below the least measured: that of the least.
    double widthLoss(int block, std::int64_t width) const;
    // The same. Throw std::out_of_range where attention was not measured.
    double qkLoss(int block, std::int64_t dim) const;
    double voLoss(int block, std::int64_t dim) const;
    double headLoss(int block, std::int64_t heads) const;
    // Of what a plan leaves of the attention, or the MLP, of a block of `spec`, formats aside. Nothing where that was
    // not measured.
    std::optional<double> attentionLoss(const ModelSpec &spec, int block, const BlockSpec &planned) const;
    // What that is the sum of: queries and keys, values, heads, a linear layer in their place.
    std::optional<std::array<double, 4>> attentionLosses(const ModelSpec &spec, int block,
                                                         const BlockSpec &planned) const;
    std::optional<double> mlpLoss(const ModelSpec &spec, int block, const BlockSpec &planned) const;
    // What `planned` has of each pair of attentions, and of MLPs. Nothing of those that are as in `spec`.
    std::vector<PairShare> attentionPairs(const ModelSpec &spec, const ModelSpec &planned) const;
    std::vector<PairShare> mlpPairs(const ModelSpec &spec, const ModelSpec &planned) const;

    bool operator==(const Sensitivity &) const = default;
};

void to_json(nlohmann::json &json, const LinearPair &value);
void from_json(const nlohmann::json &json, LinearPair &value);
void to_json(nlohmann::json &json, const Sensitivity &value);
void from_json(const nlohmann::json &json, Sensitivity &value);

} // namespace edgeflex
