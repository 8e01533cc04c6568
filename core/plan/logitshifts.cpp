#include "plan/logitshifts.h"

#include "plan/base64.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

namespace edgeflex {

namespace {

static_assert(std::endian::native == std::endian::little, "shifts are written as they lie in memory");

template<class T>
std::string encode(const std::vector<T> &values)
{
    return toBase64(std::as_bytes(std::span<const T>(values)));
}

template<class T>
void readEncoded(const JsonFields &fields, const char *key, std::vector<T> &values)
{
    std::string text;
    fields.read(key, text);
    std::vector<std::byte> bytes;
    try {
        bytes = fromBase64(text);
    } catch (const Error &error) {
        fields.fail(key, std::string("must be base64: ") + error.what());
    }
    if (bytes.size() % sizeof(T) != 0)
        fields.fail(key, "must hold whole numbers of " + std::to_string(sizeof(T)) + " bytes");
    values.resize(bytes.size() / sizeof(T));
    if (!bytes.empty())
        std::memcpy(values.data(), bytes.data(), bytes.size());
}

nlohmann::json blocksJson(const std::vector<LogitShifts::ByWidth> &value)
{
    nlohmann::json blocks = nlohmann::json::array();
    for (const LogitShifts::ByWidth &block : value) {
        nlohmann::json widths = nlohmann::json::object();
        for (const auto &[width, shift] : block)
            widths[std::to_string(width)] = shift;
        blocks.push_back({{"widths", std::move(widths)}});
    }
    return blocks;
}

} // namespace

LogitShift packShift(std::span<const float> values)
{
    float most = 0;
    for (const float value : values)
        most = std::max(most, std::abs(value));
    LogitShift shift;
    shift.step = most / 32767;
    shift.codes.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        shift.codes[i] =
            shift.step > 0 ? static_cast<std::int16_t>(std::lround(values[i] / shift.step)) : std::int16_t{0};
    return shift;
}

LogitTracker::LogitTracker(std::vector<float> logits, std::span<const int> labels, std::int64_t classes)
    : m_classes(classes), m_labels(labels.begin(), labels.end())
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(classes));
    const auto most = static_cast<std::ptrdiff_t>(std::min<std::int64_t>(LogitShifts::greatest + 1, classes));
    for (std::size_t image = 0; image < m_labels.size(); ++image) {
        const float *row = logits.data() + static_cast<std::int64_t>(image) * classes;
        std::iota(order.begin(), order.end(), std::int64_t{0});
        std::partial_sort(order.begin(), order.begin() + most, order.end(), [&](std::int64_t a, std::int64_t b) {
            return row[a] > row[b] || (row[a] == row[b] && a < b);
        });
        std::vector<std::int64_t> tracked(order.begin(), order.begin() + most);
        const std::int64_t label = m_labels[image];
        if (std::find(tracked.begin(), tracked.end(), label) == tracked.end())
            tracked.back() = label;
        tracked.resize(LogitShifts::slots - 1, -1);
        m_tracked.insert(m_tracked.end(), tracked.begin(), tracked.end());
    }
    m_slots = slotsOf(logits);
}

std::vector<float> LogitTracker::slotsOf(const std::vector<float> &logits) const
{
    constexpr std::size_t tracked = LogitShifts::slots - 1;
    std::vector<float> slots;
    slots.reserve(m_labels.size() * LogitShifts::slots);
    std::vector<float> row(static_cast<std::size_t>(m_classes));
    for (std::size_t image = 0; image < m_labels.size(); ++image) {
        std::copy_n(logits.begin() + static_cast<std::ptrdiff_t>(image) * m_classes, m_classes, row.begin());
        for (std::size_t i = 0; i < tracked; ++i) {
            const std::int64_t at = m_tracked[image * tracked + i];
            if (at < 0) {
                slots.push_back(LogitShifts::none);
                continue;
            }
            slots.push_back(row[static_cast<std::size_t>(at)]);
            row[static_cast<std::size_t>(at)] = LogitShifts::none; // out of the sum of the others
        }
        const float largest = *std::max_element(row.begin(), row.end());
        double sum = 0;
        for (const float value : row)
            sum += value > LogitShifts::none ? std::exp(double(value) - largest) : 0;
        slots.push_back(sum > 0 ? static_cast<float>(largest + std::log(sum)) : LogitShifts::none);
    }
    return slots;
}

LogitShift LogitTracker::shift(const std::vector<float> &logits) const
{
    std::vector<float> moved = slotsOf(logits);
    for (std::size_t i = 0; i < moved.size(); ++i)
        moved[i] -= m_slots[i];
    return packShift(moved);
}

LogitShifts LogitTracker::unchanged() const
{
    constexpr std::size_t tracked = LogitShifts::slots - 1;
    LogitShifts shifts;
    shifts.logits = m_slots;
    for (std::size_t image = 0; image < m_labels.size(); ++image) {
        const auto first = m_tracked.begin() + static_cast<std::ptrdiff_t>(image * tracked);
        shifts.labels.push_back(static_cast<std::uint8_t>(
            std::find(first, first + static_cast<std::ptrdiff_t>(tracked), m_labels[image]) - first));
    }
    return shifts;
}

void to_json(nlohmann::json &json, const LogitShift &value)
{
    json = {{"step", value.step}, {"codes", encode(value.codes)}};
}

void from_json(const nlohmann::json &json, LogitShift &value)
{
    const JsonFields fields(json, "logit shift");
    double step = 0;
    fields.read("step", step, {0, 1e30});
    value.step = static_cast<float>(step);
    readEncoded(fields, "codes", value.codes);
}

void to_json(nlohmann::json &json, const LogitShifts &value)
{
    nlohmann::json formats = nlohmann::json::object();
    for (const auto &[layer, shifts] : value.formats) {
        nlohmann::json &entry = formats[layer] = nlohmann::json::object();
        for (const auto &[format, shift] : shifts)
            entry[std::string(toString(format))] = shift;
    }
    json = {{"logits", encode(value.logits)},
            {"labels", encode(value.labels)},
            {"formats", std::move(formats)},
            {"mlpWidths", blocksJson(value.mlpWidths)},
            {"qkDims", blocksJson(value.qkDims)},
            {"voDims", blocksJson(value.voDims)},
            {"headCounts", blocksJson(value.headCounts)},
            {"linearAttentions", value.linearAttentions},
            {"linearMlps", value.linearMlps}};
}

namespace {

struct FormatShifts
{
    std::map<NumberFormat, LogitShift> shifts;
};

void from_json(const nlohmann::json &json, FormatShifts &value)
{
    const JsonFields fields(json, "formats");
    for (const NumberFormat format : allNumberFormats()) {
        if (fields.has(toString(format)))
            fields.readObject(toString(format), value.shifts[format]);
    }
    fields.refuseUnknown();
}

struct WidthShifts
{
    std::map<std::int64_t, LogitShift> shifts;
};

void from_json(const nlohmann::json &json, WidthShifts &value)
{
    const JsonFields fields(json, "block");
    std::map<std::string, LogitShift> widths;
    fields.readObjectMap("widths", widths);
    for (auto &[text, shift] : widths) {
        char *end = nullptr;
        const long long width = std::strtoll(text.c_str(), &end, 10);
        if (*end != '\0' || width < 1 || width > (1 << 24))
            fields.fail("widths", "must be by numbers of channels, not \"" + text + "\"");
        value.shifts[width] = std::move(shift);
    }
}

// Codes and images must belong together: whoever adds them up relies on it.
void requireSize(const JsonFields &fields, const char *key, std::size_t size, std::size_t wanted)
{
    if (size != wanted)
        fields.fail(key, "has " + std::to_string(size) + " values where the images need " + std::to_string(wanted));
}

} // namespace

void from_json(const nlohmann::json &json, LogitShifts &value)
{
    const JsonFields fields(json, "logit shifts");
    value = {};
    readEncoded(fields, "logits", value.logits);
    readEncoded(fields, "labels", value.labels);
    const std::size_t size = value.labels.size() * LogitShifts::slots;
    requireSize(fields, "logits", value.logits.size(), size);
    for (const float logit : value.logits) {
        if (!std::isfinite(logit))
            fields.fail("logits", "must be finite");
    }
    for (const std::uint8_t label : value.labels) {
        if (label >= LogitShifts::slots - 1)
            fields.fail("labels", "must be slots");
    }
    std::map<std::string, FormatShifts> formats;
    fields.readObjectMap("formats", formats);
    for (auto &[layer, shifts] : formats) {
        for (const auto &[format, shift] : shifts.shifts)
            requireSize(fields, "formats", shift.codes.size(), size);
        value.formats[layer] = std::move(shifts.shifts);
    }
    const auto readBlocks = [&](const char *key, std::vector<LogitShifts::ByWidth> &into) {
        std::vector<WidthShifts> blocks;
        fields.readObjects(key, blocks);
        for (WidthShifts &block : blocks) {
            for (const auto &[width, shift] : block.shifts)
                requireSize(fields, key, shift.codes.size(), size);
            into.push_back(std::move(block.shifts));
        }
    };
    readBlocks("mlpWidths", value.mlpWidths);
    readBlocks("qkDims", value.qkDims);
    readBlocks("voDims", value.voDims);
    if (fields.has("headCounts")) // not in older files
        readBlocks("headCounts", value.headCounts);
    for (const auto &[key, into] :
         {std::pair{"linearAttentions", &value.linearAttentions}, std::pair{"linearMlps", &value.linearMlps}}) {
        if (fields.has(key))
            fields.readObjects(key, *into);
        for (const LogitShift &shift : *into)
            requireSize(fields, key, shift.codes.size(), size);
    }
}

} // namespace edgeflex
