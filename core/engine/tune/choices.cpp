#include "engine/tune/choices.h"

#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/schedule.h"

#include <algorithm>
#include <limits>

namespace edgeflex {

namespace {

constexpr std::size_t mostPoints = 128; // of a front

} // namespace

Choices::Choices(const ModelSpec &spec, const CompressionPlan &settings, const std::vector<NumberFormat> &formats,
                 const Pins &pins, const Sensitivity &sensitivity, const LayerTimes *times)
    : m_spec(spec),
      m_settings(settings),
      m_formats(formats),
      m_pins(pins),
      m_sensitivity(sensitivity),
      m_times(times),
      m_fixedBytes(weightBytes(spec))
{
    requireFits(pins, spec);
    for (const LinearSpec *linear : spec.linears())
        m_fixedBytes -= weightBytes(*linear);
    if (times) {
        for (const ScheduledTensor &tensor :
             makeSchedule(spec, ScheduleKind::Tight, times->batch, times->target).tensors)
            m_tokenBytes += tensor.bytes;
    }
    addLayer(spec.patchEmbed);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        addAttention(static_cast<int>(i));
        addMlp(static_cast<int>(i));
    }
    for (const LinearSpec &linear : spec.preLogits)
        addLayer(linear);
    addLayer(spec.head);
}

LinearSpec Choices::as(const LinearSpec &linear, NumberFormat format, bool awqScale) const
{
    LinearSpec result = linear;
    result.format = format;
    result.groupSize = m_settings.int4GroupSize;
    result.inputScale = awqScale && isInteger(format) && m_settings.awq;
    return result;
}

std::vector<NumberFormat> Choices::formatsOf(const std::string &layer) const
{
    if (const auto pinned = m_pins.formats.find(layer); pinned != m_pins.formats.end()) {
        if (!m_sensitivity.measured(layer, pinned->second))
            throw Error(layer + " cannot be pinned to " + std::string(toString(pinned->second)) +
                        ", which the model's weights do not fit; choose another format for it");
        return {pinned->second};
    }
    std::vector<NumberFormat> formats;
    for (const NumberFormat format : m_formats) {
        if (m_sensitivity.measured(layer, format))
            formats.push_back(format);
    }
    return formats;
}

std::vector<std::int64_t> Choices::widthsOf(int block) const
{
    if (const auto pinned = m_pins.mlpWidths.find(pinnedMlp(block)); pinned != m_pins.mlpWidths.end())
        return {pinned->second};
    const std::int64_t least = m_sensitivity.mlpWidths[static_cast<std::size_t>(block)].begin()->first;
    const std::int64_t whole = m_spec.blocks[static_cast<std::size_t>(block)].mlpWidth();
    const std::int64_t step = mlpWidthStep(whole);
    std::vector<std::int64_t> widths{whole};
    for (std::int64_t width = (whole - 1) / step * step; width >= least && width > 0; width -= step)
        widths.push_back(width);
    return widths;
}

void Choices::addLayer(const LinearSpec &linear)
{
    std::vector<Choice> choices;
    std::vector<Option> options;
    for (const NumberFormat format : formatsOf(linear.name)) {
        const LinearSpec spec = as(linear, format, false);
        choices.push_back({weightBytes(spec), m_times ? m_times->layers.at(linear.name).at(format).median : 0,
                           m_sensitivity.formatLoss(linear.name, format), layerScratch(spec)});
        options.push_back({{{linear.name, format}}});
    }
    m_groups.push_back(std::move(choices));
    m_options.push_back(std::move(options));
}

void Choices::addAttention(int block)
{
    const BlockSpec &spec = m_spec.blocks[static_cast<std::size_t>(block)];
    // What was measured is what can be chosen.
    const auto dimsOf = [&](const std::vector<std::map<std::int64_t, double>> &measured, std::int64_t whole,
                            const std::string &pin, auto loss) {
        const auto at = static_cast<std::size_t>(block);
        std::map<std::int64_t, double> losses{{whole, 0.0}};
        if (at < measured.size())
            losses = measured[at];
        if (const auto pinned = m_pins.headDims.find(pin); pinned != m_pins.headDims.end()) {
            const double of = at < measured.size() ? (m_sensitivity.*loss)(block, pinned->second) : 0;
            losses = {{pinned->second, of}};
        }
        return losses;
    };
    const auto queries = dimsOf(m_sensitivity.qkDims, m_spec.qkDim(spec), pinnedQueries(block), &Sensitivity::qkLoss);
    const auto values = dimsOf(m_sensitivity.voDims, m_spec.voDim(spec), pinnedValues(block), &Sensitivity::voLoss);

    std::vector<Choice> choices;
    std::vector<Option> options;
    const std::vector<NumberFormat> seconds = formatsOf(spec.proj.name);
    for (const NumberFormat first : formatsOf(spec.qkv.name)) {
        for (const NumberFormat second : seconds) {
            BlockSpec planned = spec;
            planned.qkv = as(spec.qkv, first, false);
            planned.proj = as(spec.proj, second, false);
            const double formats =
                m_sensitivity.formatLoss(spec.qkv.name, first) + m_sensitivity.formatLoss(spec.proj.name, second);
            for (const auto &[qkDim, qkLoss] : queries) {
                for (const auto &[voDim, voLoss] : values) {
                    planned.qkv.outFeatures = m_spec.heads * (2 * qkDim + voDim);
                    planned.proj.inFeatures = m_spec.heads * voDim;
                    choices.push_back({weightBytes(planned.qkv) + weightBytes(planned.proj),
                                       m_times ? m_times->attentionMilliseconds(block, planned) : 0,
                                       formats + qkLoss + voLoss, attentionScratchOf(planned)});
                    options.push_back({{{spec.qkv.name, first}, {spec.proj.name, second}}, block, 0, qkDim, voDim});
                }
            }
        }
    }
    m_groups.push_back(std::move(choices));
    m_options.push_back(std::move(options));
}

void Choices::addMlp(int block)
{
    const BlockSpec &spec = m_spec.blocks[static_cast<std::size_t>(block)];
    const std::vector<NumberFormat> firsts = formatsOf(spec.fc1.name);
    const std::vector<NumberFormat> seconds = formatsOf(spec.fc2.name);
    std::vector<Choice> choices;
    std::vector<Option> options;
    for (const std::int64_t width : widthsOf(block)) {
        for (const NumberFormat first : firsts) {
            for (const NumberFormat second : seconds) {
                BlockSpec planned = spec;
                planned.fc1 = as(spec.fc1, first, false);
                planned.fc2 = as(spec.fc2, second, true);
                planned.fc1.outFeatures = planned.fc2.inFeatures = width;
                choices.push_back({weightBytes(planned.fc1) + weightBytes(planned.fc2),
                                   m_times ? m_times->mlpMilliseconds(block, width, first, second) : 0,
                                   m_sensitivity.widthLoss(block, width) +
                                       m_sensitivity.formatLoss(spec.fc1.name, first) +
                                       m_sensitivity.formatLoss(spec.fc2.name, second),
                                   mlpScratchOf(planned)});
                options.push_back({{{spec.fc1.name, first}, {spec.fc2.name, second}}, block, width});
            }
        }
    }
    m_groups.push_back(std::move(choices));
    m_options.push_back(std::move(options));
}

std::int64_t Choices::layerScratch(const LinearSpec &linear) const
{
    if (!m_times)
        return 0;
    ModelSpec planned = m_spec;
    for (LinearSpec *each : planned.linears()) {
        if (each->name == linear.name)
            *each = linear;
    }
    return linear.name == m_spec.patchEmbed.name ? patchEmbedScratch(planned, m_times->target).bytes()
                                                 : classifyScratchBytes(planned, m_times->batch, m_times->target);
}

std::int64_t Choices::attentionScratchOf(const BlockSpec &planned) const
{
    return m_times ? attentionScratch(m_spec, planned, m_times->target).bytes() : 0;
}

std::int64_t Choices::mlpScratchOf(const BlockSpec &planned) const
{
    return m_times ? mlpScratch(m_spec, planned, m_times->batch * m_spec.tokens(), m_times->target).bytes() : 0;
}

std::int64_t Choices::leastBytes() const
{
    std::int64_t bytes = m_fixedBytes;
    for (const auto &group : m_groups) {
        std::int64_t least = std::numeric_limits<std::int64_t>::max();
        for (const Choice &choice : group)
            least = std::min(least, choice.bytes);
        bytes += least;
    }
    return bytes;
}

Choices::Solution Choices::solve(const Budget &budget) const
{
    Budget linears = budget;
    if (linears.bytes)
        linears.bytes = std::max<std::int64_t>(0, *linears.bytes - m_fixedBytes);
    if (linears.peakBytes)
        linears.peakBytes = std::max<std::int64_t>(0, *linears.peakBytes - m_fixedBytes - m_tokenBytes);
    Solution solution{{}, solveBudget(m_groups, linears)};
    solution.allocation.bytes += m_fixedBytes;
    const std::int64_t peak = solution.allocation.bytes + m_tokenBytes + solution.allocation.scratchBytes;
    if ((budget.bytes && solution.allocation.bytes > *budget.bytes) || (budget.peakBytes && peak > *budget.peakBytes))
        solution.allocation.feasible = false;
    solution.plan = planOf(solution.allocation.chosen);
    return solution;
}

CompressionPlan Choices::planOf(const std::vector<int> &chosen) const
{
    CompressionPlan plan = m_settings;
    for (std::size_t group = 0; group < m_options.size(); ++group) {
        const Option &option = m_options[group][static_cast<std::size_t>(chosen[group])];
        for (const auto &[layer, format] : option.formats)
            plan.formats[layer] = format;
        if (option.block < 0)
            continue;
        const BlockSpec &whole = m_spec.blocks[static_cast<std::size_t>(option.block)];
        BlockPlan &kept = plan.blocks[static_cast<std::size_t>(option.block)];
        const auto share = [](std::int64_t left, std::int64_t of) {
            return static_cast<double>(left) / static_cast<double>(of);
        };
        if (option.width > 0)
            kept.mlpKeep = share(option.width, whole.mlpWidth());
        if (option.qkDim > 0) {
            kept.qkKeep = share(option.qkDim, m_spec.qkDim(whole));
            kept.voKeep = share(option.voDim, m_spec.voDim(whole));
        }
    }
    return plan;
}

std::vector<ParetoPoint> Choices::points(Resource resource) const
{
    const double others = m_times ? std::max(0.0, m_times->fp32Milliseconds - m_times->linearMilliseconds(m_spec)) : 0;
    std::vector<ParetoPoint> points;
    for (const Allocation &allocation : solveFront(m_groups, resource, mostPoints)) {
        ParetoPoint &point = points.emplace_back();
        point.plan = planOf(allocation.chosen);
        point.weightsBytes = m_fixedBytes + allocation.bytes;
        if (m_times)
            point.milliseconds = others + allocation.milliseconds;
        point.kl = allocation.loss;
    }
    return points;
}

ParetoFront Choices::front() const
{
    ParetoFront front;
    front.byWeights = points(Resource::Bytes);
    if (m_times)
        front.byLatency = points(Resource::Milliseconds);
    return front;
}

} // namespace edgeflex
