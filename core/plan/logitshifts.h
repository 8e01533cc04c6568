#pragma once

#include "plan/numberformat.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

// How far one change of a model moves the logits that are looked at, for every image: [images, LogitShifts::slots],
// stored in 16 bits.
struct LogitShift
{
    float step = 0;                  // of one code, in logits
    std::vector<std::int16_t> codes; // empty: not measured

    bool operator==(const LogitShift &) const = default;
};
// Rounds `values` to 2^-16 of the greatest.
LogitShift packShift(std::span<const float> values);

// What single changes of a model do to the answers it gives on the search images. Of an image's logits the eight that
// are greatest in FP32 and the label's are looked at, and what all others add up to: enough to tell, after many
// changes, which answer wins and with what confidence.
struct LogitShifts
{
    // Slots of an image: its greatest logits in FP32, descending; the label's, or the next greatest where the label is
    // among them; the log of the sum of the others' exponentials. Where a model has fewer classes the slots that are
    // left have the logit `none` and never move.
    static constexpr int greatest = 8;
    static constexpr int slots = greatest + 2;
    static constexpr float none = -1e4F;
    using ByWidth = std::map<std::int64_t, LogitShift>;

    std::vector<float> logits;                                         // FP32's: [images, slots]
    std::vector<std::uint8_t> labels;                                  // slot of the label, by image
    std::map<std::string, std::map<NumberFormat, LogitShift>> formats; // by layer name; FP32 moves nothing
    std::vector<ByWidth> mlpWidths;                                    // by block, of the widths measured
    std::vector<ByWidth> qkDims; // the same of the dimensions of heads; empty where these were not measured
    std::vector<ByWidth> voDims;
    std::vector<ByWidth> headCounts;          // of how many heads are left
    std::vector<LogitShift> linearAttentions; // by block, of a linear layer in its attention's place
    std::vector<LogitShift> linearMlps;       // and in its MLP's

    std::int64_t images() const { return static_cast<std::int64_t>(labels.size()); }
    bool empty() const { return labels.empty(); }
    bool operator==(const LogitShifts &) const = default;
};

// Which logits of which image are looked at.
class LogitTracker
{
public:
    LogitTracker() = default;
    // FP32's logits [images, classes]; a label is below `classes`.
    LogitTracker(std::vector<float> logits, std::span<const int> labels, std::int64_t classes);

    // The slots of the same images' logits in a changed model.
    std::vector<float> slotsOf(const std::vector<float> &logits) const;
    LogitShift shift(const std::vector<float> &logits) const;
    // FP32's slots and labels, with nothing changed yet.
    LogitShifts unchanged() const;

private:
    std::int64_t m_classes = 0;
    std::vector<int> m_labels;
    std::vector<std::int64_t> m_tracked; // classes in the slots but the last: [images, slots - 1]; -1: none
    std::vector<float> m_slots;          // of FP32
};

// Numbers as base64 of their little-endian bytes: they are too many for JSON.
void to_json(nlohmann::json &json, const LogitShift &value);
void from_json(const nlohmann::json &json, LogitShift &value);
void to_json(nlohmann::json &json, const LogitShifts &value);
void from_json(const nlohmann::json &json, LogitShifts &value);

} // namespace edgeflex
