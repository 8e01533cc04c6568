#pragma once

#include "plan/modelspec.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace edgeflex {

class JsonFields;

// What decides which MLP channels go.
//   MeanActivation  mean |a_j| after GELU (EdgeFlex-Transformer)
//   Wanda           ||W_:j|| * ||a_j||, the structured form of Wanda
//   Flap            Var(a_j) * ||W_:j||^2: how much the output fluctuates with it (FLAP)
//   Obs             what is lost once the other channels are refitted to stand in for it (optimal brain surgeon)
enum class ImportanceScore { MeanActivation, Wanda, Flap, Obs };

std::string_view toString(ImportanceScore score);
ImportanceScore importanceScoreFromString(std::string_view word); // throws Error

struct BlockPlan
{
    double mlpKeep = 1.0;  // share of MLP channels kept, in [0, 1]; 0: a linear layer fitted in the MLP's place
    double qkKeep = 1.0;   // share of every head's query and key dimensions kept, in (0, 1]
    double voKeep = 1.0;   // the same of its values
    double headKeep = 1.0; // share of heads kept, in [0, 1]; 0: a linear layer fitted in the attention's place

    bool operator==(const BlockPlan &) const = default;
};

// Stages of rounding weights to INT8 and INT4; each may be left out.
struct RoundingStages
{
    bool shift = true;          // INT8: inputs come centred, by exact folds, where there is something to fold into
    bool clip = true;           // ranges shrink where that lowers the error
    bool gptq = true;           // codes make up for each other's errors; else each is the nearest
    bool biasCorrection = true; // the bias takes up the mean error

    bool operator==(const RoundingStages &) const = default;
};

// What to do to a model; a plain description, valid without the weights.
struct CompressionPlan
{
    std::string model;                           // name of the model it was made for, for people
    std::vector<BlockPlan> blocks;               // one a block
    std::map<std::string, NumberFormat> formats; // by canonical layer name; layers not named stay FP32
    ImportanceScore score = ImportanceScore::Obs;
    bool refit = true;       // closed-form ridge refit of what follows pruned channels: fc2, proj
    double correction = 0.5; // share, from 0 to 1, of the deviation that earlier blocks caused which a refit of final
                             // quality makes up for; more follows the calibration images too closely
    int fitPasses = 4;       // over the calibration tokens in which final quality fits both layers of a pruned MLP to
                             // what it did; 0: only fc2 is refitted
    int int4GroupSize = 64;  // 32, 64 or 128
    bool awq = true;         // activation-aware scale search
    RoundingStages rounding;

    static constexpr int mostFitPasses = 1000;

    NumberFormat format(const std::string &layer) const;
    bool operator==(const CompressionPlan &) const = default;
};

// Keeps everything in FP32.
CompressionPlan identityPlan(const ModelSpec &spec);
// Multiple that kept MLP widths snap to: 64 for layers of 1024 channels or more, else 16.
std::int64_t mlpWidthStep(std::int64_t mlpWidth);
// The width `keep` leaves of `mlpWidth`, snapped down so that at least 1 - keep is removed; at least one
// step (or the whole width when it is smaller than a step), but 0 of 0.
std::int64_t keptMlpWidth(std::int64_t mlpWidth, double keep);
// The dimensions that `keep` leaves of a head's `dim` in a model of unpruned heads of `headDim`: snapped down to a
// multiple of headDimStep(), at least one step (or all of them when there are fewer).
std::int64_t keptHeadDim(std::int64_t dim, std::int64_t headDim, double keep);
// The heads that `keep` leaves of so many: rounded down, at least one, but 0 of 0.
int keptHeads(int heads, double keep);
// What a plan leaves of a block of `spec`, formats aside. Throws Error where a share is out of its range.
BlockSpec plannedBlock(const ModelSpec &spec, const BlockSpec &block, const BlockPlan &plan);
// The spec of the model that `plan` makes of `spec`. Throws Error when the plan does not fit the model (block count,
// layer names, ranges).
ModelSpec plannedSpec(const ModelSpec &spec, const CompressionPlan &plan);

// Whether two plans for a model do the same to it: they need not be equal, a layer that is not named is FP32.
bool sameWork(const ModelSpec &spec, const CompressionPlan &a, const CompressionPlan &b);

// As fields of whatever has such stages: those that are absent, as in older files, are on.
void addRoundingStages(nlohmann::json &json, const RoundingStages &value);
void readRoundingStages(const JsonFields &fields, RoundingStages &value);

void to_json(nlohmann::json &json, const CompressionPlan &value);
void from_json(const nlohmann::json &json, CompressionPlan &value);

} // namespace edgeflex
