#include "plan/predictor.h"

#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numbers>
#include <numeric>
#include <utility>

namespace edgeflex {

namespace {

// Points of accuracy a nat of KL costs before anything was measured. Between 10 and 25 on the ImageNet and CIFAR-10
// models that were looked at; hence the wide error.
constexpr double usualPointsPerNat = 17;
constexpr double usualRelativeError = 0.8;
constexpr double usualSuperposedError = 0.5; // of predictions from logit shifts, beside their sampling error
constexpr double leastError = 0.3;           // points, of any prediction
// What the usual value weighs beside the measured ones: as much as a variant of this KL.
constexpr double priorKl = 0.02;

double sum(const std::vector<double> &values)
{
    return std::accumulate(values.begin(), values.end(), 0.0);
}

double logSumExp(const float *values, double temperature)
{
    const double largest = *std::max_element(values, values + LogitShifts::slots);
    double sum = 0;
    for (int slot = 0; slot < LogitShifts::slots; ++slot)
        sum += std::exp((values[slot] - largest) / temperature);
    return largest / temperature + std::log(sum);
}

// How sure FP32 is of each of its answers, [images, slots], once the temperature is such that the labels are as likely
// as can be (temperature scaling: Guo et al., arXiv 1706.04599): sure of 80 % means right on 80 % of such images.
std::vector<float> calibratedConfidence(const LogitShifts &shifts)
{
    const auto surprise = [&](double temperature) {
        double sum = 0;
        for (std::int64_t image = 0; image < shifts.images(); ++image) {
            const float *logits = shifts.logits.data() + image * LogitShifts::slots;
            sum +=
                logSumExp(logits, temperature) - logits[shifts.labels[static_cast<std::size_t>(image)]] / temperature;
        }
        return sum;
    };
    // Golden section over the logarithm; the sum is convex in 1 / temperature.
    const double golden = (std::sqrt(5.0) - 1) / 2;
    double low = -std::numbers::ln10 / 2;
    double high = -low;
    for (int i = 0; i < 30; ++i) {
        const double left = high - golden * (high - low);
        const double right = low + golden * (high - low);
        if (surprise(std::exp(left)) < surprise(std::exp(right)))
            high = right;
        else
            low = left;
    }
    const double temperature = std::exp((low + high) / 2);
    std::vector<float> confidence;
    confidence.reserve(shifts.logits.size());
    for (std::int64_t image = 0; image < shifts.images(); ++image) {
        const float *logits = shifts.logits.data() + image * LogitShifts::slots;
        const double norm = logSumExp(logits, temperature);
        for (int slot = 0; slot < LogitShifts::slots; ++slot)
            confidence.push_back(static_cast<float>(std::exp(logits[slot] / temperature - norm)));
    }
    return confidence;
}

// What many changes do to the logits together, if they do not get into each other's way.
class ShiftSum
{
public:
    explicit ShiftSum(const LogitShifts &shifts)
        : m_shifts(shifts), m_logits(shifts.logits), m_squares(shifts.logits.size())
    {
    }

    void add(const LogitShift &shift, float factor)
    {
        const float step = factor * shift.step;
        const std::int16_t *codes = shift.codes.data();
        for (std::size_t i = 0; i < m_logits.size(); ++i) {
            const float moved = step * static_cast<float>(codes[i]);
            m_logits[i] += moved;
            m_squares[i] += moved * moved;
        }
    }

    double kl() const
    {
        double total = 0;
        for (std::int64_t image = 0; image < m_shifts.images(); ++image) {
            const float *p = m_shifts.logits.data() + image * LogitShifts::slots;
            const float *q = m_logits.data() + image * LogitShifts::slots;
            const double pNorm = logSumExp(p, 1);
            const double qNorm = logSumExp(q, 1);
            for (int slot = 0; slot < LogitShifts::slots; ++slot)
                total += std::exp(p[slot] - pNorm) * ((p[slot] - pNorm) - (q[slot] - qNorm));
        }
        return std::max(0.0, total / static_cast<double>(m_shifts.images()));
    }

    // Makes all shifts smaller or larger by one factor, so that their KL is `wanted`.
    void scaleTo(double wanted)
    {
        for (int i = 0; i < mostScalings; ++i) {
            const double now = kl();
            if (!(now > 0) || std::abs(now - wanted) <= scalingTolerance * wanted)
                return;
            const auto factor = static_cast<float>(std::sqrt(wanted / now)); // KL grows with the square of a shift
            for (std::size_t at = 0; at < m_logits.size(); ++at) {
                m_logits[at] = m_shifts.logits[at] + factor * (m_logits[at] - m_shifts.logits[at]);
                m_squares[at] *= factor * factor;
            }
        }
    }

    // Points of accuracy lost, and about twice the standard error of that: the confidence that FP32 has in its own
    // answers less that in the answers which are to be expected. Which these are is as uncertain as the shifts are
    // large: how they get into each other's way is taken for random errors of the logits, so large that each answer has
    // a share.
    std::pair<double, double> drop(const std::vector<float> &confidence) const
    {
        const auto images = static_cast<double>(m_shifts.images());
        double lost = 0;
        double squares = 0;
        for (std::int64_t image = 0; image < m_shifts.images(); ++image) {
            const auto first = static_cast<std::size_t>(image * LogitShifts::slots);
            const float *q = m_logits.data() + first;
            const float *p = confidence.data() + first;
            double variance = 0;
            for (int slot = 0; slot < classSlots; ++slot)
                variance += m_squares[first + static_cast<std::size_t>(slot)] / classSlots;
            const double scale = interference * std::sqrt(6 * variance) / std::numbers::pi + leastScale;
            const double largest = *std::max_element(q, q + classSlots);
            double shares = 0;
            double expected = 0;
            for (int slot = 0; slot < classSlots; ++slot) {
                const double share = std::exp((q[slot] - largest) / scale);
                shares += share;
                expected += share * p[slot];
            }
            const double each = *std::max_element(p, p + classSlots) - expected / shares;
            lost += each;
            squares += each * each;
        }
        return {100 * lost / images, 200 * std::sqrt(squares) / images};
    }

private:
    static constexpr int classSlots = LogitShifts::slots - 1; // the last is no class
    // Standard deviation of the errors as a share of the shift, as if what makes it up were independent. From 0 to 0.4
    // predictions of random plans for models of ImageNet and CIFAR-10 were best.
    static constexpr double interference = 0.3;
    static constexpr int mostScalings = 8;
    static constexpr double scalingTolerance = 0.002;
    static constexpr double leastScale = 1e-6; // no shift, no doubt

    const LogitShifts &m_shifts;
    std::vector<float> m_logits;
    std::vector<float> m_squares; // of the shifts, added up
};

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
    m_confidence = m_sensitivity ? calibratedConfidence(m_sensitivity->shifts) : std::vector<float>();
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
    m_pointsPerNat = usualPointsPerNat;
    double products = usualPointsPerNat * priorKl * priorKl;
    double squares = priorKl * priorKl;
    std::vector<ModelSpec> specs;
    for (const Variant &variant : m_variants) {
        if (variant.isBaseline())
            continue;
        const ModelSpec planned = plannedSpec(m_spec, variant.plan);
        const auto each = losses(planned);
        if (!each)
            continue;
        const PairedDrop &drop = variant.measurement.againstBaseline->drop;
        m_known.push_back({*each, 0, drop.points, (drop.high - drop.low) / 2});
        specs.push_back(planned);
        const double kl = sum(*each);
        products += kl * drop.points;
        squares += kl * kl;
    }
    m_pointsPerNat = std::max(0.0, products / squares);
    // Twice the root mean square of the residuals, relative to what was predicted; the prior counts as one more.
    const bool fromShifts = m_sensitivity && !m_sensitivity->shifts.empty();
    const double usual = fromShifts ? usualSuperposedError : usualRelativeError;
    double residuals = usual * usual / 4;
    for (std::size_t i = 0; i < m_known.size(); ++i) {
        Known &known = m_known[i];
        known.predicted = estimate(specs[i], known.losses).points;
        const double predicted = std::max(known.predicted, leastError);
        const double residual = std::max(0.0, std::abs(known.drop - known.predicted) - known.error / 2);
        residuals += residual * residual / (predicted * predicted);
    }
    m_relativeError = 2 * std::sqrt(residuals / static_cast<double>(m_known.size() + 1));
}

Predictor::Estimate Predictor::estimate(const ModelSpec &planned, const std::vector<double> &losses) const
{
    const double kl = sum(losses);
    if (const auto fromShifts = superposed(planned, kl))
        return *fromShifts;
    return {kl, m_pointsPerNat * kl, 0, false};
}

std::optional<Predictor::Estimate> Predictor::superposed(const ModelSpec &planned, double summedKl) const
{
    if (!m_sensitivity || m_sensitivity->shifts.empty())
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
        if (!add(shifts.mlpWidths, to.mlpWidth(), from.mlpWidth(), &Sensitivity::widthLoss) ||
            !add(shifts.qkDims, planned.qkDim(to), m_spec.qkDim(from), &Sensitivity::qkLoss) ||
            !add(shifts.voDims, planned.voDim(to), m_spec.voDim(from), &Sensitivity::voLoss))
            return std::nullopt;
    }
    // Shifts added up are too much, as a model that is far off is not moved as far again by the next change; KLs added
    // up are too little, as changes that go the same way are worth more than each alone. What is measured lies between.
    const double kl = std::sqrt(total.kl() * summedKl);
    total.scaleTo(kl);
    const auto [points, error] = total.drop(m_confidence);
    return Estimate{kl, points, error, true};
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
        const BlockSpec &from = m_spec.blocks[i];
        const BlockSpec &to = planned.blocks[i];
        const auto add = [&](const auto &measured, std::int64_t width, std::int64_t whole, auto loss) {
            const bool known = i < measured.size() && !measured[i].empty();
            if (known)
                result.push_back(((*m_sensitivity).*loss)(static_cast<int>(i), width));
            return known || width == whole;
        };
        if (!add(m_sensitivity->mlpWidths, to.mlpWidth(), from.mlpWidth(), &Sensitivity::widthLoss) ||
            !add(m_sensitivity->qkDims, planned.qkDim(to), m_spec.qkDim(from), &Sensitivity::qkLoss) ||
            !add(m_sensitivity->voDims, planned.voDim(to), m_spec.voDim(from), &Sensitivity::voLoss))
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
    const Estimate estimated = estimate(planned, *each);
    prediction.level = estimated.superposed ? Prediction::Level::Superposed
                       : m_known.empty()    ? Prediction::Level::Additive
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
