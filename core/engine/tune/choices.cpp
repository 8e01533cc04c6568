#include "engine/tune/choices.h"

#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/schedule.h"

#include <algorithm>
#include <limits>

namespace edgeflex {

namespace {

constexpr std::size_t mostPoints = 128; // of a front

double share(std::int64_t left, std::int64_t of)
{
    return static_cast<double>(left) / static_cast<double>(of);
}

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
    const auto at = static_cast<std::size_t>(block);
    // Not where fc1 is pinned: it would go.
    if (at < m_sensitivity.linearMlps.size() && (!m_times || at < m_times->linearMlps.size()) &&
        !m_pins.formats.contains(m_spec.blocks[at].fc1.name))
        widths.push_back(0);
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
    addGroup(linear.name, std::move(choices), std::move(options));
}

void Choices::addGroup(const std::string &what, std::vector<Choice> choices, std::vector<Option> options)
{
    if (choices.empty())
        throw Error(what + " is pinned to a size whose loss was not measured; measure the sensitivity again");
    m_groups.push_back(std::move(choices));
    m_options.push_back(std::move(options));
}

std::vector<BlockPlan> Choices::attentionPlans(int block) const
{
    const auto at = static_cast<std::size_t>(block);
    const BlockSpec &spec = m_spec.blocks[at];
    const auto shares = [&](const std::vector<std::map<std::int64_t, double>> &measured, std::int64_t whole,
                            const std::map<std::string, std::int64_t> &pins, const std::string &pin) {
        if (const auto pinned = pins.find(pin); pinned != pins.end())
            return std::vector<double>{share(pinned->second, whole)};
        std::vector<double> kept;
        if (at < measured.size()) {
            for (const auto &[size, loss] : measured[at])
                kept.push_back(share(size, whole));
        }
        return kept.empty() ? std::vector<double>{1} : kept;
    };
    std::vector<BlockPlan> plans;
    const auto pinnedCount = m_pins.headCounts.find(pinnedHeads(block));
    const bool pinned = pinnedCount != m_pins.headCounts.end();
    const bool partIsPinned = m_pins.formats.contains(spec.qkv.name) ||
                              m_pins.headDims.contains(pinnedQueries(block)) ||
                              m_pins.headDims.contains(pinnedValues(block));
    const bool linearIsKnown =
        at < m_sensitivity.linearAttentions.size() && (!m_times || at < m_times->attentions.size());
    if (pinned ? pinnedCount->second == 0 : linearIsKnown && !partIsPinned)
        plans.emplace_back().headKeep = 0;
    if (pinned && pinnedCount->second == 0)
        return plans;
    for (const double heads :
         shares(m_sensitivity.headCounts, m_spec.headCount(spec), m_pins.headCounts, pinnedHeads(block))) {
        for (const double queries :
             shares(m_sensitivity.qkDims, m_spec.qkDim(spec), m_pins.headDims, pinnedQueries(block))) {
            for (const double values :
                 shares(m_sensitivity.voDims, m_spec.voDim(spec), m_pins.headDims, pinnedValues(block))) {
                // Fewer heads, or fewer dimensions of all: what both cost together was not measured.
                if (heads < 1 && !pinned && (queries < 1 || values < 1))
                    continue;
                BlockPlan &plan = plans.emplace_back();
                plan.headKeep = heads;
                plan.qkKeep = queries;
                plan.voKeep = values;
            }
        }
    }
    return plans;
}

void Choices::addHalf(std::vector<Choice> &choices, std::vector<Option> &options, int block, bool attention,
                      const BlockPlan &kept) const
{
    const BlockSpec &whole = m_spec.blocks[static_cast<std::size_t>(block)];
    const BlockSpec shape = plannedBlock(m_spec, whole, kept);
    const auto loss =
        attention ? m_sensitivity.attentionLoss(m_spec, block, shape) : m_sensitivity.mlpLoss(m_spec, block, shape);
    if (!loss)
        return;
    const LinearSpec &first = attention ? shape.qkv : shape.fc1;
    const LinearSpec &second = attention ? shape.proj : shape.fc2;
    const std::vector<NumberFormat> firsts = first.isAbsent() ? std::vector{NumberFormat::Fp32} : formatsOf(first.name);
    for (const NumberFormat firstFormat : firsts) {
        for (const NumberFormat secondFormat : formatsOf(second.name)) {
            BlockSpec planned = shape;
            LinearSpec &a = attention ? planned.qkv : planned.fc1;
            LinearSpec &b = attention ? planned.proj : planned.fc2;
            if (!a.isAbsent())
                a = as(first, firstFormat, false);
            b = as(second, secondFormat, !attention && !a.isAbsent());
            const double milliseconds = !m_times    ? 0
                                        : attention ? m_times->attentionMilliseconds(block, planned)
                                                    : m_times->mlpMilliseconds(block, planned);
            choices.push_back({weightBytes(a) + weightBytes(b), milliseconds,
                               *loss + m_sensitivity.formatLoss(first.name, firstFormat) +
                                   m_sensitivity.formatLoss(second.name, secondFormat),
                               attention ? attentionScratchOf(planned) : mlpScratchOf(planned)});
            Option &option = options.emplace_back();
            if (!a.isAbsent())
                option.formats.emplace_back(first.name, firstFormat);
            option.formats.emplace_back(second.name, secondFormat);
            option.block = block;
            option.attention = attention;
            option.kept = kept;
        }
    }
}

void Choices::addAttention(int block)
{
    std::vector<Choice> choices;
    std::vector<Option> options;
    for (const BlockPlan &plan : attentionPlans(block))
        addHalf(choices, options, block, true, plan);
    addGroup(layerName(block, "attn"), std::move(choices), std::move(options));
}

void Choices::addMlp(int block)
{
    const std::int64_t whole = m_spec.blocks[static_cast<std::size_t>(block)].mlpWidth();
    std::vector<Choice> choices;
    std::vector<Option> options;
    for (const std::int64_t width : widthsOf(block)) {
        BlockPlan plan;
        plan.mlpKeep = share(width, whole);
        addHalf(choices, options, block, false, plan);
    }
    addGroup(layerName(block, "mlp"), std::move(choices), std::move(options));
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
        BlockPlan &kept = plan.blocks[static_cast<std::size_t>(option.block)];
        if (option.attention) {
            kept.headKeep = option.kept.headKeep;
            kept.qkKeep = option.kept.qkKeep;
            kept.voKeep = option.kept.voKeep;
        } else {
            kept.mlpKeep = option.kept.mlpKeep;
        }
    }
    return plan;
}

std::vector<ParetoPoint> Choices::points(Resource resource) const
{
    const double others = m_times ? std::max(0.0, m_times->fp32Milliseconds - m_times->milliseconds(m_spec)) : 0;
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
