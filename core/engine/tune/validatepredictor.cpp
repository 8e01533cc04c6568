#include "engine/tune/validatepredictor.h"

#include "engine/evaluate/draftmodel.h"
#include "engine/io/atomicfile.h"
#include "engine/kernels/linear.h"
#include "engine/model/inspect.h"
#include "engine/tune/modelsensitivity.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/predictor.h"
#include "plan/randomplans.h"
#include "plan/results.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iterator>
#include <string>

namespace edgeflex {

namespace {

constexpr std::int64_t mostFileBytes = std::int64_t(1) << 30;

// Throws Error naming the file when it does not have one.
template<class T>
T readAs(const std::string &path)
{
    const nlohmann::json json = readJsonFile(path, mostFileBytes);
    try {
        return json.get<T>();
    } catch (const Error &error) {
        throw Error(path + ": " + error.what());
    }
}

SensitivityResult knownSensitivity(const ValidatePredictorOptions &options, Progress &progress)
{
    if (!options.sensitivity.empty() && std::filesystem::exists(options.sensitivity))
        return readAs<SensitivityResult>(options.sensitivity);
    SensitivityOptions asked;
    asked.model = options.model;
    asked.calibration = options.calibration;
    asked.search = options.search;
    asked.images = options.images;
    asked.searchImages = options.searchImages;
    asked.job = options.job;
    asked.flips = options.flips;
    SensitivityResult result = measureModelSensitivity(asked, progress);
    if (!options.sensitivity.empty())
        writeTextFile(options.sensitivity, jsonText(nlohmann::json(result)) + "\n");
    return result;
}

// Predicts as the studio does: with logit shifts, without, and with what the plans before turned out to be.
class Predictors
{
public:
    Predictors(const ModelSpec &spec, const ExecutionTarget &target, const SensitivityResult &known)
        : m_superposed(spec, target, ScheduleKind::Tight, 1),
          m_additive(spec, target, ScheduleKind::Tight, 1),
          m_live(spec, target, ScheduleKind::Tight, 1)
    {
        m_superposed.setSensitivity(known.sensitivity);
        m_live.setSensitivity(known.sensitivity);
        Sensitivity withoutShifts = known.sensitivity;
        withoutShifts.shifts = {};
        m_additive.setSensitivity(withoutShifts);
    }

    // Of a plan that was measured, in the order in which they were. False where nothing is known of a choice, such as a
    // format that the weights do not fit.
    bool predict(PredictedPlan &plan)
    {
        const Prediction byShifts = m_superposed.predict(plan.plan);
        const Prediction bySums = m_additive.predict(plan.plan);
        if (!byShifts.dropPoints || !bySums.dropPoints)
            return false;
        plan.superposedPoints = *byShifts.dropPoints;
        plan.superposedKl = *byShifts.kl;
        plan.additivePoints = *bySums.dropPoints;
        plan.additiveKl = *bySums.kl;
        plan.livePoints = *m_live.predict(plan.plan).dropPoints;
        Variant measured;
        measured.plan = plan.plan;
        measured.measurement.againstBaseline.emplace().drop = plan.measured;
        m_measured.push_back(std::move(measured));
        m_live.setVariants(m_measured);
        return true;
    }

private:
    Predictor m_superposed;
    Predictor m_additive;
    Predictor m_live;
    std::vector<Variant> m_measured;
};

// The plans of an earlier result, predicted anew.
PredictorValidation predictAgain(const ValidatePredictorOptions &options, const SensitivityResult &known,
                                 Predictors &predictors)
{
    auto result = readAs<PredictorValidation>(options.measured);
    if (result.model != options.model.path)
        throw Error(options.measured + " is of " + result.model + ", not of " + options.model.path +
                    "; name the model it is of");
    result.searchImages = known.sensitivity.images;
    result.calibrationImages = known.calibrationImages;
    std::vector<PredictedPlan> predicted;
    for (PredictedPlan &plan : result.plans) {
        if (predictors.predict(plan))
            predicted.push_back(std::move(plan));
    }
    result.plans = std::move(predicted);
    result.errors = predictionErrors(result.plans);
    return result;
}

} // namespace

PredictorValidation validatePredictor(const ValidatePredictorOptions &options, Progress &progress)
{
    if (options.plans < 1)
        throw Error("the number of plans must be at least 1, not " + std::to_string(options.plans));
    InspectOptions inspect;
    inspect.model = options.model;
    const ModelSpec spec = inspectModel(inspect).spec;
    const SensitivityResult known = knownSensitivity(options, progress);
    Predictors predictors(spec, detectTarget(options.job.threads), known);
    if (!options.measured.empty())
        return predictAgain(options, known, predictors);

    PredictorValidation result;
    result.model = options.model.path;
    result.dataset = options.data;
    result.searchImages = known.sensitivity.images;
    result.calibrationImages = known.calibrationImages;
    result.seed = options.seed;
    result.removal = options.removal;
    DraftOptions draft;
    draft.model = options.model;
    draft.calibration = options.calibration;
    draft.images = options.images;
    draft.flips = options.flips;
    draft.data = options.data;
    draft.dataImages = options.dataImages;
    draft.repeats = 0;
    draft.cacheFolder = options.cacheFolder;
    draft.job = options.job;

    RandomPlans random(spec, options.seed, options.removal);
    StrengthSearch strengths({std::begin(predictionRanges), std::end(predictionRanges)});
    std::vector<int> counts(std::size(predictionRanges), 0);
    const int each = (options.plans + static_cast<int>(counts.size()) - 1) / static_cast<int>(counts.size());
    DraftStore store;
    for (int tried = 0; tried < 2 * options.plans; ++tried) {
        if (std::ranges::all_of(counts, [&](int count) { return count >= each; }))
            break;
        const double strength = strengths.next(random);
        draft.plan = random.next(strength);
        if (plannedSpec(spec, draft.plan) == spec)
            continue; // the baseline itself
        const Measurement measured = store.draft(draft, progress);
        result.images = measured.images;
        const BaselineComparison &against = *measured.againstBaseline;
        strengths.add(strength, against.drop.points);
        PredictedPlan plan;
        plan.plan = draft.plan;
        plan.measured = against.drop;
        plan.measuredKl = against.klMean;
        if (!predictors.predict(plan))
            continue;
        char text[128];
        std::snprintf(text, sizeof text, "plan %zu: %.2f points lost, %.2f predicted", result.plans.size() + 1,
                      plan.measured.points, plan.livePoints);
        progress.note(text);
        result.plans.push_back(std::move(plan));
        if (against.drop.points <= std::end(predictionRanges)[-1])
            ++counts[strengths.rangeOf(against.drop.points)];
    }
    result.errors = predictionErrors(result.plans);
    return result;
}

} // namespace edgeflex
