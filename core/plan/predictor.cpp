#include "plan/predictor.h"

#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace edgeflex {

namespace {

// Points of accuracy a nat of KL costs before anything was measured. Between 10 and 25 on the ImageNet and CIFAR-10
// models that were looked at; hence the wide error.
constexpr double usualPointsPerNat = 17;
constexpr double usualRelativeError = 0.8;
constexpr double leastError = 0.3; // points, of any prediction
// What the usual value weighs beside the measured ones: as much as a variant of this KL.
constexpr double priorKl = 0.02;

double sum(const std::vector<double> &values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

} // namespace

Predictor::Predictor(ModelSpec spec, ExecutionTarget target, ScheduleKind schedule, int batch)
    : m_spec(std::move(spec)), m_target(std::move(target)), m_schedule(schedule), m_batch(batch)
{
}

void Predictor::setSensitivity(std::optional<Sensitivity> sensitivity)
{
    m_sensitivity = std::move(sensitivity);
    fit();
}

void Predictor::setVariants(const std::vector<Variant> &variants)
{
    m_variants = variants;
    fit();
}

// Least squares through the origin, of drops on predicted KLs, with the usual value as a prior.
void Predictor::fit()
{
    m_known.clear();
    double products = usualPointsPerNat * priorKl * priorKl;
    double squares = priorKl * priorKl;
    for (const Variant &variant : m_variants) {
        if (variant.isBaseline())
            continue;
        const auto each = losses(plannedSpec(m_spec, variant.plan));
        if (!each)
            continue;
        const PairedDrop &drop = variant.measurement.againstBaseline->drop;
        m_known.push_back({*each, sum(*each), drop.points, (drop.high - drop.low) / 2});
        products += m_known.back().kl * drop.points;
        squares += m_known.back().kl * m_known.back().kl;
    }
    m_pointsPerNat = std::max(0.0, products / squares);
    // Twice the root mean square of the residuals, relative to what was predicted; the prior counts as one more.
    double residuals = usualRelativeError * usualRelativeError / 4;
    for (const Known &known : m_known) {
        const double predicted = std::max(m_pointsPerNat * known.kl, leastError);
        const double residual = std::max(0.0, std::abs(known.drop - m_pointsPerNat * known.kl) - known.error / 2);
        residuals += residual * residual / (predicted * predicted);
    }
    m_relativeError = 2 * std::sqrt(residuals / static_cast<double>(m_known.size() + 1));
}

std::optional<std::vector<double>> Predictor::losses(const ModelSpec &planned) const
{
    if (!m_sensitivity || m_sensitivity->mlpWidths.size() != planned.blocks.size())
        return std::nullopt;
    std::vector<double> result;
    for (const LinearSpec *linear : planned.linears()) {
        if (!m_sensitivity->measured(linear->name, linear->format))
            return std::nullopt;
        result.push_back(m_sensitivity->formatLoss(linear->name, linear->format));
    }
    for (std::size_t i = 0; i < planned.blocks.size(); ++i) {
        if (m_sensitivity->mlpWidths[i].empty() && planned.blocks[i].mlpWidth() != m_spec.blocks[i].mlpWidth())
            return std::nullopt;
        result.push_back(m_sensitivity->widthLoss(static_cast<int>(i), planned.blocks[i].mlpWidth()));
        const auto addHeads = [&](const auto &measured, std::int64_t dim, std::int64_t whole, auto loss) {
            if (i < measured.size())
                result.push_back(((*m_sensitivity).*loss)(static_cast<int>(i), dim));
            return i < measured.size() || dim == whole;
        };
        if (!addHeads(m_sensitivity->qkDims, planned.qkDim(planned.blocks[i]), m_spec.qkDim(m_spec.blocks[i]),
                      &Sensitivity::qkLoss) ||
            !addHeads(m_sensitivity->voDims, planned.voDim(planned.blocks[i]), m_spec.voDim(m_spec.blocks[i]),
                      &Sensitivity::voLoss))
            return std::nullopt;
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
            const double others = std::max(0.0, m_times->fp32Milliseconds - m_times->linearMilliseconds(m_spec));
            prediction.milliseconds = others + m_times->linearMilliseconds(planned);
            prediction.latencyRatio = *prediction.milliseconds / (others + m_times->linearMilliseconds(m_spec));
        } catch (const std::out_of_range &) { // a format that was not measured: no prediction
            prediction.milliseconds.reset();
        }
    }
    const auto each = losses(planned);
    if (!each)
        return prediction;
    const double kl = sum(*each);
    prediction.kl = kl;
    if (kl == 0) { // the baseline itself, which needs no estimate
        prediction.level = m_known.empty() ? Prediction::Level::Additive : Prediction::Level::Calibrated;
        prediction.dropPoints = 0;
        return prediction;
    }
    double points = m_pointsPerNat * kl;
    double error = std::max(leastError, m_relativeError * points);
    prediction.level = m_known.empty() ? Prediction::Level::Additive : Prediction::Level::Calibrated;

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
        const double scale = 0.25 * std::max(nearest->kl, 1e-4);
        const double near = std::exp(-least / scale);
        points += near * (nearest->drop - m_pointsPerNat * nearest->kl);
        error = near * std::max(leastError, nearest->error) + (1 - near) * error;
    }
    prediction.dropPoints = std::min(points, 100.0);
    prediction.dropErrorPoints = error;
    return prediction;
}

} // namespace edgeflex
