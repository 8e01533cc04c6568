#pragma once

#include "plan/compressionplan.h"
#include "plan/droplaw.h"
#include "plan/executiontarget.h"
#include "plan/layertimes.h"
#include "plan/schedule.h"
#include "plan/sensitivity.h"
#include "plan/variant.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace edgeflex {

// What a plan is expected to cost before it is carried out.
struct Prediction
{
    // Where the accuracy comes from.
    enum class Level {
        None,       // sensitivity was not measured: no accuracy
        Estimated,  // the same as below, of a sensitivity that was only estimated
        Additive,   // KL summed over layers and pairs, and turned into points with a constant
        Calibrated, // the constant fitted on the variants measured so far
        Superposed  // the choices' logit shifts added up, image by image, and a law of the points a KL costs
    };

    std::int64_t weightsBytes = 0;      // exact
    std::int64_t peakBytes = 0;         // exact: the schedule's, weights included
    std::optional<double> milliseconds; // a batch
    std::optional<double> latencyRatio; // of the baseline's
    std::optional<double> kl;           // nats
    std::optional<double> dropPoints;   // accuracy points lost
    double dropErrorPoints = 0;         // of dropPoints, about 95 %
    Level level = Level::None;

    bool operator==(const Prediction &) const = default;
};

// Answers within a frame (well under 5 ms for 32 blocks). Not thread-safe.
class Predictor
{
public:
    Predictor(ModelSpec spec, ExecutionTarget target, ScheduleKind schedule, int batch);

    void setSensitivity(std::optional<Sensitivity> sensitivity);
    // Used only where they are for this batch.
    void setTimes(std::optional<LayerTimes> times) { m_times = std::move(times); }
    // Measured variants refine points per nat and bend the law of points; the nearest plan's residual shifts the
    // prediction. Throws Error when the plan of one does not fit the model.
    void setVariants(const std::vector<Variant> &variants);

    // Throws Error when the plan does not fit the model.
    Prediction predict(const CompressionPlan &plan) const;

private:
    // The KL that each choice of the plan costs, by layer and block, and what pairs of halves cost beyond that;
    // nothing where one was not measured.
    std::optional<std::vector<double>> losses(const ModelSpec &planned) const;
    struct Estimate
    {
        double kl = 0;
        double points = 0;
        double samplingError = 0; // of points, about 95 %: other images would have given others
        bool superposed = false;
    };
    // From the logit shifts and the sum of `losses`; nothing where there are no shifts for a choice.
    std::optional<Estimate> superposed(const ModelSpec &planned, const std::vector<double> &losses) const;
    // From the sum of `losses`, else.
    Estimate estimate(const ModelSpec &planned, const std::vector<double> &losses) const;
    void fit();

    struct Known
    {
        CompressionPlan plan;
        std::vector<double> losses;
        std::optional<double> shiftedKl; // by the shifts
        double predicted = 0;            // points
        double drop = 0;                 // points, measured
        double error = 0;                // half its 95 % interval
    };
    // Of a variant; what takes long is taken over from `before` where the plan is there. Nothing where a choice was not
    // measured.
    std::optional<Known> know(const Variant &variant, const std::vector<Known> &before) const;

    ModelSpec m_spec;
    ExecutionTarget m_target;
    ScheduleKind m_schedule;
    int m_batch;
    std::optional<Sensitivity> m_sensitivity;
    std::optional<DropLaw> m_law; // where there are shifts
    std::optional<LayerTimes> m_times;
    std::vector<Variant> m_variants;
    std::vector<Known> m_known;
    DropLaw m_bentLaw; // as measured variants say
    double m_pointsPerNat = 0;
    double m_relativeError = 0; // of a prediction, about 95 %
};

} // namespace edgeflex
