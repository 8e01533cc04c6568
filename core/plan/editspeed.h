#pragma once

#include "plan/layertimes.h"
#include "plan/modelspec.h"
#include "plan/timespread.h"

#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// What an edit of a plan does to the time of the layers it is about, on the machine the layers were timed on.
struct EditSpeed
{
    TimeSpread edited;
    TimeSpread original;
    bool interpolated = false; // or of the nearest width: its own was not measured

    // Whether it is worth while: less than what timing repeats to is nothing gained.
    bool pays() const { return edited.median <= worthwhile * original.median; }

    static constexpr double worthwhile = 0.98;
    bool operator==(const EditSpeed &) const = default;
};

// A layer of `planned` in its format against FP32, both as wide as planned. Nothing where it is FP32 or was not
// measured, as below.
std::optional<EditSpeed> formatSpeed(const LayerTimes &times, const ModelSpec &planned, const LinearSpec &layer);
// The MLP of block number `block` as wide as planned against the original width, both in the formats planned. Nothing
// where it is whole.
std::optional<EditSpeed> mlpSpeed(const LayerTimes &times, int block, const BlockSpec &original,
                                  const BlockSpec &planned);
// Likewise of qkv and proj, whose heads have lost dimensions or are fewer.
std::optional<EditSpeed> attentionSpeed(const LayerTimes &times, int block, const BlockSpec &original,
                                        const BlockSpec &planned);

struct SlowEdit
{
    std::string edit; // for people: "blocks.3.mlp.fc1 in INT4" or "blocks.3.mlp with 1536 of 3072 channels"
    EditSpeed speed;
};
// Every edit of a plan that does not pay, from the images to the logits.
std::vector<SlowEdit> editsThatDoNotPay(const LayerTimes &times, const ModelSpec &original, const ModelSpec &planned);

} // namespace edgeflex
