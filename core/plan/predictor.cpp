#include "plan/predictor.h"

#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "plan/shiftsum.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <utility>

namespace edgeflex {

namespace {

// Points of accuracy a nat of KL costs before anything was measured. Between 10 and 25 on the ImageNet and CIFAR-10
// models that were looked at; hence the wide error.
constexpr double usualPointsPerNat = 17;
constexpr double usualRelativeError = 0.8;
constexpr double usualEstimatedError = 3;    // where the KLs themselves are estimates
constexpr double usualSuperposedError = 0.5; // of predictions from logit shifts, beside their sampling error
constexpr double leastError = 0.3;           // points, of any prediction
// What the usual value weighs beside the measured ones: as much as a variant of this KL.
constexpr double priorKl = 0.02;
// A variant that is destroyed says nothing of what a little costs.
constexpr double mostTellingKl = 1;

double worst(const std::vector<double> &losses)
{
    return losses.empty() ? 0 : std::max(0.0, *std::ranges::max_element(losses));
}

// Of changes together. What pairs of them cost beyond each may be below 0; no less remains than what the worst costs.
double sum(const std::vector<double> &losses)
{
    return std::max(std::accumulate(losses.begin(), losses.end(), 0.0), worst(losses));
}

// A width between measured ones shifts logits as both of these do, and as far as its loss says, which grows with the
// square of the shift. `loss` is that of a width.
template<class Loss>
void addWidth(ShiftSum &total, const std::map<std::int64_t, LogitShift> &measured, std::int64_t width,
              std::int64_t whole, Loss loss)
{
    const auto above = measured.lower_bound(width);
    if (above != measured.end() && (above->first == width || above == measured.begin())) {
        total.add(above->second, 1);
        return;
    }
    const auto below = std::prev(above);
    const std::int64_t high = above == measured.end() ? whole : above->first;
    const double share = static_cast<double>(high - width) / static_cast<double>(high - below->first);
    const double lossHigh = above == measured.end() ? 0 : loss(high);
    const double between = share * std::sqrt(loss(below->first)) + (1 - share) * std::sqrt(lossHigh);
    const double factor = between > 0 ? std::sqrt(loss(width)) / between : 1;
    total.add(below->second, static_cast<float>(factor * share));
    if (above != measured.end())
        total.add(above->second, static_cast<float>(factor * (1 - share)));
}

} // namespace

Predictor::Predictor(ModelSpec spec, ExecutionTarget target, ScheduleKind schedule, int batch)
    : m_spec(std::move(spec)), m_target(std::move(target)), m_schedule(schedule), m_batch(batch)
{
}

void Predictor::setSensitivity(std::optional<Sensitivity> sensitivity)
{
    m_sensitivity = std::move(sensitivity);
    m_law = m_sensitivity && !m_sensitivity->shifts.empty() ? fitDropLaw(m_sensitivity->shifts) : std::nullopt;
    m_known.clear();
    fit();
}

void Predictor::setVariants(const std::vector<Variant> &variants)
{
    m_variants = variants;
    fit();
}

std::optional<Predictor::Known> Predictor::know(const Variant &variant, const std::vector<Known> &before) const
{
    const PairedDrop &drop = variant.measurement.againstBaseline->drop;
    Known known;
    const auto old = std::ranges::find(before, variant.plan, &Known::plan);
    if (old != before.end()) {
        known = *old;
    } else {
        const ModelSpec planned = plannedSpec(m_spec, variant.plan);
        auto each = losses(planned);
        if (!each)
            return std::nullopt;
        known.plan = variant.plan;
        known.losses = std::move(*each);
        if (const auto fromShifts = superposed(planned, known.losses))
            known.shiftedKl = fromShifts->kl;
    }
    known.drop = drop.points;
    known.error = (drop.high - drop.low) / 2;
    return known;
}

// With the usual value as prior: drops on sums of KLs by least squares through the origin.
void Predictor::fit()
{
    const std::vector<Known> before = std::exchange(m_known, {});
    double products = usualPointsPerNat * priorKl * priorKl;
    double squares = priorKl * priorKl;
    std::vector<MeasuredDrop> drops;
    for (const Variant &variant : m_variants) {
        if (variant.isBaseline())
            continue;
        auto known = know(variant, before);
        if (!known)
            continue;
        m_known.push_back(std::move(*known));
        const Known &last = m_known.back();
        const double kl = sum(last.losses);
        if (kl > mostTellingKl)
            continue;
        products += kl * last.drop;
        squares += kl * kl;
        if (last.shiftedKl && *last.shiftedKl > 0)
            drops.push_back({*last.shiftedKl, last.drop, last.error / 2});
    }
    m_pointsPerNat = std::max(0.0, products / squares);
    m_bentLaw = m_law ? bentLaw(*m_law, drops) : DropLaw();
    // Twice the root mean square of the residuals, relative to what was predicted; the prior counts as one more.
    const double usual = m_law                                       ? usualSuperposedError
                         : m_sensitivity && m_sensitivity->estimated ? usualEstimatedError
                                                                     : usualRelativeError;
    double residuals = usual * usual / 4;
    for (Known &known : m_known) {
        known.predicted = known.shiftedKl ? m_bentLaw.points(*known.shiftedKl) : m_pointsPerNat * sum(known.losses);
        const double predicted = std::max(known.predicted, leastError);
        const double residual = std::max(0.0, std::abs(known.drop - known.predicted) - known.error / 2);
        residuals += residual * residual / (predicted * predicted);
    }
    m_relativeError = 2 * std::sqrt(residuals / static_cast<double>(m_known.size() + 1));
}

Predictor::Estimate Predictor::estimate(const ModelSpec &planned, const std::vector<double> &losses) const
{
    const auto fromShifts = superposed(planned, losses);
    const double kl = sum(losses);
    return fromShifts ? *fromShifts : Estimate{kl, m_pointsPerNat * kl, 0, false};
}

std::optional<Predictor::Estimate> Predictor::superposed(const ModelSpec &planned,
                                                         const std::vector<double> &losses) const
{
    if (!m_law)
        return std::nullopt;
    const LogitShifts &shifts = m_sensitivity->shifts;
    ShiftSum total(shifts);
    for (const LinearSpec *linear : planned.linears()) {
        if (linear->format == NumberFormat::Fp32)
            continue;
        const auto layer = shifts.formats.find(linear->name);
        if (layer == shifts.formats.end() || !layer->second.contains(linear->format))
            return std::nullopt;
        total.add(layer->second.at(linear->format), 1);
    }
    for (std::size_t i = 0; i < planned.blocks.size(); ++i) {
        const BlockSpec &from = m_spec.blocks[i];
        const BlockSpec &to = planned.blocks[i];
        const auto add = [&](const std::vector<LogitShifts::ByWidth> &measured, std::int64_t width, std::int64_t whole,
                             double (Sensitivity::*loss)(int, std::int64_t) const) {
            if (width == whole)
                return true;
            if (i >= measured.size() || measured[i].empty())
                return false;
            addWidth(total, measured[i], width, whole,
                     [&](std::int64_t at) { return ((*m_sensitivity).*loss)(static_cast<int>(i), at); });
            return true;
        };
        const auto addLinear = [&](const std::vector<LogitShift> &measured) {
            if (i < measured.size())
                total.add(measured[i], 1);
            return i < measured.size();
        };
        const bool mlp = to.mlpIsLinear()
                             ? from.mlpIsLinear() || addLinear(shifts.linearMlps)
                             : add(shifts.mlpWidths, to.mlpWidth(), from.mlpWidth(), &Sensitivity::widthLoss);
        const bool attention =
            to.attentionIsLinear()
                ? from.attentionIsLinear() || addLinear(shifts.linearAttentions)
                : add(shifts.qkDims, planned.qkDim(to), m_spec.qkDim(from), &Sensitivity::qkLoss) &&
                      add(shifts.voDims, planned.voDim(to), m_spec.voDim(from), &Sensitivity::voLoss) &&
                      add(shifts.headCounts, planned.headCount(to), m_spec.headCount(from), &Sensitivity::headLoss);
        if (!mlp || !attention)
            return std::nullopt;
    }
    bool paired = false;
    for (const auto &pairs :
         {m_sensitivity->attentionPairs(m_spec, planned), m_sensitivity->mlpPairs(m_spec, planned)}) {
        for (const auto &[pair, share] : pairs) {
            if (pair->shift.codes.empty())
                return std::nullopt;
            total.add(pair->shift, static_cast<float>(share));
            paired = true;
        }
    }
    // Shifts added up are too much, as a model that is far off is not moved as far again by the next change; KLs added
    // up are too little, as changes that go the same way are worth more than each alone. What is measured lies between:
    // 54 random plans for a model of ImageNet had 1.05 times the geometric mean, 1.16 times at most in two of three.
    // Pairs may take back from many halves more than these do: no less remains than what the worst does.
    const double shifted = paired ? std::max(total.kl(), worst(losses)) : total.kl();
    const double kl = std::sqrt(shifted * sum(losses));
    const double points = m_bentLaw.points(kl);
    return Estimate{kl, points, m_law->relativeError * points, true};
}

std::optional<std::vector<double>> Predictor::losses(const ModelSpec &planned) const
{
    if (!m_sensitivity ||
        (!m_sensitivity->mlpWidths.empty() && m_sensitivity->mlpWidths.size() != planned.blocks.size()))
        return std::nullopt;
    std::vector<double> result;
    for (const LinearSpec *linear : planned.linears()) {
        if (!m_sensitivity->measured(linear->name, linear->format))
            return std::nullopt;
        result.push_back(m_sensitivity->formatLoss(linear->name, linear->format));
    }
    for (std::size_t i = 0; i < planned.blocks.size(); ++i) {
        const auto attention = m_sensitivity->attentionLosses(m_spec, static_cast<int>(i), planned.blocks[i]);
        const auto mlp = m_sensitivity->mlpLoss(m_spec, static_cast<int>(i), planned.blocks[i]);
        if (!attention || !mlp)
            return std::nullopt;
        // Each kind of cut has its place, so that plans are near each other only where they cut the same.
        result.insert(result.end(), attention->begin(), attention->end());
        const bool linear = planned.blocks[i].mlpIsLinear();
        result.push_back(linear ? 0 : *mlp);
        result.push_back(linear ? *mlp : 0);
    }
    for (const auto &pairs :
         {m_sensitivity->attentionPairs(m_spec, planned), m_sensitivity->mlpPairs(m_spec, planned)}) {
        double beyond = 0;
        for (const auto &[pair, share] : pairs)
            beyond += share * pair->kl;
        result.push_back(beyond);
    }
    return result;
}

Prediction Predictor::predict(const CompressionPlan &plan) const
{
    const ModelSpec planned = plannedSpec(m_spec, plan);
    Prediction prediction;
    prediction.weightsBytes = weightBytes(planned);
    prediction.peakBytes = makeTimeline(makeSchedule(planned, m_schedule, m_batch, m_target)).peakBytes();
    if (m_times && m_times->batch == m_batch && m_times->fp32Milliseconds > 0) {
        try {
            const double others = std::max(0.0, m_times->fp32Milliseconds - m_times->milliseconds(m_spec));
            prediction.milliseconds = others + m_times->milliseconds(planned);
            prediction.latencyRatio = *prediction.milliseconds / (others + m_times->milliseconds(m_spec));
        } catch (const std::out_of_range &) { // a format that was not measured: no prediction
            prediction.milliseconds.reset();
        }
    }
    const auto each = losses(planned);
    if (!each)
        return prediction;
    const Estimate estimated = estimate(planned, *each);
    prediction.level = estimated.superposed       ? Prediction::Level::Superposed
                       : m_sensitivity->estimated ? Prediction::Level::Estimated
                       : m_known.empty()          ? Prediction::Level::Additive
                                                  : Prediction::Level::Calibrated;
    if (sum(*each) == 0) { // the baseline itself, which needs no estimate
        prediction.kl = 0;
        prediction.dropPoints = 0;
        return prediction;
    }
    prediction.kl = estimated.kl;
    double points = estimated.points;
    double error = std::max(leastError, std::hypot(m_relativeError * points, estimated.samplingError));

    // The residual of the nearest plan measured, fading with the KL by which the two differ.
    const Known *nearest = nullptr;
    double least = 0;
    for (const Known &known : m_known) {
        double distance = 0;
        for (std::size_t i = 0; i < each->size(); ++i)
            distance += std::abs((*each)[i] - known.losses[i]);
        if (!nearest || distance < least) {
            nearest = &known;
            least = distance;
        }
    }
    if (nearest) {
        const double scale = 0.25 * std::max(sum(nearest->losses), 1e-4);
        const double near = std::exp(-least / scale);
        points += near * (nearest->drop - nearest->predicted);
        error = near * std::max(leastError, nearest->error) + (1 - near) * error;
    }
    prediction.dropPoints = std::min(points, 100.0);
    prediction.dropErrorPoints = error;
    return prediction;
}

} // namespace edgeflex
