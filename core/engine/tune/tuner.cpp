#include "engine/tune/tuner.h"

#include "engine/compress/compressor.h"
#include "engine/evaluate/accuracy.h"
#include "engine/evaluate/latency.h"
#include "engine/evaluate/measuring.h"
#include "engine/model/memoryguard.h"
#include "engine/model/transformer.h"
#include "engine/tune/choices.h"
#include "engine/tune/layertiming.h"
#include "engine/tune/modelsensitivity.h"
#include "engine/tune/sensitivity.h"
#include "engine/tune/tuningimages.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "plan/quantity.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

namespace edgeflex {

namespace {

constexpr double searchMacs = 4e12; // of one pass over the images that a drop is judged on
constexpr std::int64_t leastSearchImages = 200;
constexpr std::int64_t mostSearchImages = 2000;
constexpr int latencyRepeats = 15;
constexpr int latencyAttempts = 4;
constexpr int dropAttempts = 7;       // and one more where none of these passes
constexpr double closeEnough = 0.015; // of the logarithm of the weights: a drop budget's smallest model is found
constexpr int refinements = 2;
// Nats: what a layer does in a model that is further off says little of what it does in one that is wanted.
constexpr double mostTellingKl = 0.1;

// A compressed model with what was seen of it.
struct Candidate
{
    CompressionPlan plan;
    VitModel model;
    LayerErrors errors;
    TuneStep step;
};

// How many search images there are to be, at most.
std::int64_t searchImages(const TuneOptions &options, const ModelSpec &spec)
{
    if (options.searchImages > 0)
        return options.searchImages;
    return options.maxDropPoints ? affordableImages(spec, searchMacs, leastSearchImages, mostSearchImages)
                                 : leastSearchImages;
}

std::string points(double value)
{
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value);
    return text;
}

// Of a ratio that exceeds its budget; rounded so that it does as it is read, too.
std::string exceeding(double ratio, double budget)
{
    char text[64];
    std::snprintf(text, sizeof text, "x%.3f of FP32's latency exceeds x%.3f", std::ceil(1000 * ratio) / 1000,
                  std::floor(1000 * budget + 1e-6) / 1000);
    return text;
}

void requireSense(const TuneOptions &options)
{
    if (!options.maxWeightsBytes && !options.maxPeakBytes && !options.maxLatencyRatio && !options.maxDropPoints)
        throw Error("tune needs a budget: give --max-weights, --max-peak, --max-latency-ratio or --max-drop");
    if (options.batch < 1)
        throw Error("the batch size must be at least 1, not " + std::to_string(options.batch));
    if (options.maxLatencyRatio && !(*options.maxLatencyRatio > 0))
        throw Error("--max-latency-ratio must be above 0: it is a share of the FP32 model's latency");
    if (options.maxDropPoints && !(*options.maxDropPoints >= 0))
        throw Error("--max-drop must be 0 or more points");
}

class Tuner
{
public:
    Tuner(const TuneOptions &options, Progress &progress)
        : m_options(options),
          m_progress(progress),
          m_target(detectTarget(options.job.threads)),
          m_model(openModel(options.model)),
          m_images(chooseTuningImages(options.calibration, options.search, options.images,
                                      searchImages(options, m_model.spec), withFlips(options.flips, m_model.spec),
                                      progress)),
          m_calibration(m_images.calibration),
          m_search(m_images.search)
    {
        requireUncompressed(m_model);
        requireFits(options.pins, m_model.spec);
        m_settings = identityPlan(m_model.spec);
        m_formats = {NumberFormat::Fp32, NumberFormat::Fp16, NumberFormat::Int8, NumberFormat::Int4};
        if (m_target.bf16Compute)
            m_formats.insert(m_formats.begin() + 2, NumberFormat::Bf16);
        m_measured = m_formats;
        for (const auto &[layer, format] : options.pins.formats) {
            if (std::find(m_measured.begin(), m_measured.end(), format) == m_measured.end())
                m_measured.push_back(format);
        }
        requireMemory(options.job, sensitivityBytes(m_model.spec, m_calibration.views(), m_search.views()),
                      "tuning " + m_model.spec.name);
    }

    TuneResult run()
    {
        m_sensitivityImages = someOf(
            m_search, affordableImages(m_model.spec, sensitivityMacs, leastSensitivityImages, mostSensitivityImages));
        m_sensitivity = measureSensitivity(m_model, m_settings, m_measured, m_calibration, m_sensitivityImages,
                                           m_target, m_progress);
        measureReference();
        const ParetoFront front = choices().front();

        Candidate best = seeksSmallest() ? seekSmallest() : meetBudgets();

        TuneResult result;
        result.steps = std::move(m_steps);
        result.front = front;
        result.met = misses(best.step).empty();
        result.verdict = verdict(best.step);
        result.searchImages = static_cast<std::int64_t>(m_search.indices.size());
        result.searchHeldOut = m_options.search.empty();
        result.compressed = writeCompressed(std::move(best.model), m_model, best.plan, m_options.calibration,
                                            m_calibration, best.errors, m_options.out);
        return result;
    }

private:
    // With a drop as the only budget the smallest of several models that pass is kept.
    bool seeksSmallest() const
    {
        return m_options.maxDropPoints && !m_options.maxWeightsBytes && !m_options.maxPeakBytes &&
               !m_options.maxLatencyRatio;
    }

    // How many candidates the search may judge by the same images: what is said of the one it keeps holds for all.
    int comparisons() const
    {
        if (seeksSmallest())
            return dropAttempts + 1;
        return (m_options.maxLatencyRatio ? latencyAttempts : 1) + refinements;
    }

    Choices choices() const
    {
        return Choices(m_model.spec, m_settings, m_formats, m_options.pins, m_sensitivity, &m_times);
    }

    // FP32's answers on the search images.
    void measureReference()
    {
        auto fp32 = std::make_unique<Transformer>(m_model, m_target, m_progress);
        TokenStream stream(m_search, m_model.spec);
        m_progress.stage("FP32 on the search images", stream.batches());
        stream.embed(*fp32, nullptr, m_progress);
        m_reference = stream.logitsFrom(*fp32, 0, m_progress);
        LatencyCache known({}, cpuName(), threadWaits(), m_target);
        m_times = measureLayerTimes(*fp32, m_settings, m_options.batch, known, m_progress);
        if (m_options.maxLatencyRatio) {
            fillPixels();
            m_fp32 = std::move(fp32);
        }
    }

    void fillPixels()
    {
        std::vector<std::int64_t> chosen;
        for (int i = 0; i < m_options.batch; ++i)
            chosen.push_back(m_search.indices[static_cast<std::size_t>(i) % m_search.indices.size()]);
        std::vector<int> labels;
        BatchReader(*m_search.dataset, chosen, m_model.spec, m_options.batch).read(0, m_pixels, labels);
    }

    std::int64_t activationPeak(const CompressionPlan &plan) const
    {
        return makeTimeline(
                   makeSchedule(plannedSpec(m_model.spec, plan), ScheduleKind::Tight, m_options.batch, m_target))
            .peakActivationBytes;
    }

    // The memory budgets hold whatever the latency: where not all can be kept by what is predicted, the fastest that
    // keeps those, not feasible; its latency is measured yet.
    Choices::Solution solveWithin(std::optional<double> milliseconds) const
    {
        constexpr int bisections = 12;
        const Choices known = choices();
        const auto solve = [&](std::optional<double> most) {
            return known.solve({m_options.maxWeightsBytes, most, m_options.maxPeakBytes});
        };
        Choices::Solution wanted = solve(milliseconds);
        if (wanted.allocation.feasible || !milliseconds)
            return wanted;
        Choices::Solution fastest = solve(std::nullopt);
        if (!fastest.allocation.feasible)
            return wanted;
        double low = *milliseconds;
        double high = fastest.allocation.milliseconds;
        for (int i = 0; i < bisections && low < high; ++i) {
            const double middle = (low + high) / 2;
            Choices::Solution solution = solve(middle);
            if (solution.allocation.feasible) {
                fastest = std::move(solution);
                high = fastest.allocation.milliseconds;
            } else {
                low = middle;
            }
        }
        fastest.allocation.feasible = false;
        return fastest;
    }

    Candidate meetBudgets()
    {
        std::optional<double> milliseconds;
        if (m_options.maxLatencyRatio) {
            // What is not in linear layers stays as it is.
            const double others = std::max(0.0, m_times.fp32Milliseconds - m_times.milliseconds(m_model.spec));
            milliseconds = std::max(0.0, *m_options.maxLatencyRatio * m_times.fp32Milliseconds - others);
        }
        std::optional<Candidate> best;
        for (int attempt = 0; attempt < latencyAttempts; ++attempt) {
            const Choices::Solution solution = solveWithin(milliseconds);
            Candidate candidate = realise(solution, attempt == 0 ? "least loss within the budgets"
                                                                 : "tightened after measuring the latency");
            const bool fits = isFast(candidate);
            const bool better = !best || excess(candidate.step) < excess(best->step);
            const double measured = candidate.step.latencyRatio;
            if (better)
                best = std::move(candidate);
            if (fits || !solution.allocation.feasible)
                break;
            milliseconds = *milliseconds * 0.97 * *m_options.maxLatencyRatio / measured;
        }
        // Layers that do worse together than each alone are reverted, others advanced in their place.
        for (int round = 0; round < refinements; ++round) {
            learnFrom(*best);
            const Choices::Solution solution = solveWithin(milliseconds);
            if (solution.plan == best->plan || !solution.allocation.feasible)
                break;
            Candidate candidate = realise(solution, "the worst layers reverted for others");
            if (!(candidate.step.measuredKl < best->step.measuredKl) || !isFast(candidate))
                break;
            best = std::move(candidate);
        }
        return std::move(*best);
    }

    // How far beyond the budgets that only measuring judges, as a share of each, the one that is exceeded most.
    double excess(const TuneStep &step) const
    {
        const auto beyond = [](double value, double limit) {
            return std::max(0.0, value - limit) / std::max(limit, 0.01);
        };
        return std::max(m_options.maxLatencyRatio ? beyond(step.latencyRatio, *m_options.maxLatencyRatio) : 0,
                        m_options.maxDropPoints
                            ? beyond(step.evidence.mayBeLost(*m_options.maxDropPoints), *m_options.maxDropPoints)
                            : 0);
    }

    bool isFast(const Candidate &candidate) const
    {
        return !m_options.maxLatencyRatio || candidate.step.latencyRatio <= *m_options.maxLatencyRatio;
    }

    // The fewest bytes whose drop on the search images stays within the budget: bisection over the weights' budget.
    Candidate seekSmallest()
    {
        double low = std::log(static_cast<double>(choices().leastBytes()));
        double high = std::log(static_cast<double>(weightBytes(m_model.spec)));
        std::optional<Candidate> best;
        int learnt = 0;
        for (int attempt = 0; attempt < dropAttempts && high - low > closeEnough; ++attempt) {
            // A quarter of FP32 is where most models end up.
            const double middle = attempt == 0 ? std::clamp(high - std::log(4.0), low, high) : (low + high) / 2;
            const auto bytes = static_cast<std::int64_t>(std::exp(middle));
            Candidate candidate =
                realise(choices().solve({bytes, std::nullopt}), "weights of at most " + formatBytes(bytes));
            if (learnt < refinements && candidate.step.measuredKl < mostTellingKl) {
                learnFrom(candidate); // the next one's worst layers are reverted for others
                ++learnt;
            }
            if (candidate.step.evidence.within(*m_options.maxDropPoints)) {
                high = std::log(static_cast<double>(candidate.step.weightsBytes));
                best = std::move(candidate);
            } else {
                low = middle;
            }
        }
        if (!best) // as little as the pins allow
            best = realise(choices().solve({}), "least loss");
        return std::move(*best);
    }

    // What attention and MLP of each block do to the answers beside all others of the candidate, in place of what they
    // do alone: measured by restoring one after the other, and noted as a factor on the losses of their layers.
    void learnFrom(const Candidate &candidate)
    {
        constexpr double mostFactor = 4;
        constexpr double negligible = 0.002; // of the candidate's loss: beside that a factor is noise
        Transformer transformer(candidate.model, m_target, m_progress);
        TokenStream stream(m_sensitivityImages, m_model.spec);
        QuietProgress quiet(m_progress);
        stream.embed(transformer, nullptr, quiet);
        const std::vector<float> reference = referenceOf(stream);
        const auto klFrom = [&](int block) {
            return meanKlDivergence(reference, stream.logitsFrom(transformer, block, quiet), m_model.spec.classes());
        };
        const double whole = klFrom(0);
        const auto blocks = static_cast<int>(m_model.spec.blocks.size());
        m_progress.stage("what each block does beside the others", blocks);
        for (int block = 0; block < blocks; ++block) {
            const auto at = static_cast<std::size_t>(block);
            const BlockWeights &original = m_model.weights.blocks[at];
            const BlockWeights &compressed = candidate.model.weights.blocks[at];
            for (const bool attention : {true, false}) {
                const double alone = attention ? lossOfAttention(block, candidate.model.spec.blocks[at])
                                               : lossOfMlp(block, candidate.model.spec.blocks[at]);
                if (!(alone > negligible * whole))
                    continue;
                BlockWeights restored = compressed;
                if (attention) {
                    restored.norm1 = original.norm1;
                    restored.qkv = original.qkv;
                    restored.proj = original.proj;
                } else {
                    restored.norm2 = original.norm2;
                    restored.fc1 = original.fc1;
                    restored.fc2 = original.fc2;
                }
                transformer.setBlock(block, restored);
                transformer.setHeads(
                    block, m_model.spec.headCount((attention ? m_model.spec : candidate.model.spec).blocks[at]));
                const double together = whole - klFrom(block);
                scaleLosses(block, attention, std::clamp(together / alone, 1 / mostFactor, mostFactor));
            }
            transformer.setBlock(block, compressed);
            transformer.setHeads(block, m_model.spec.headCount(candidate.model.spec.blocks[at]));
            stream.advance(transformer, block, quiet);
            m_progress.step(block + 1);
        }
    }

    std::vector<float> referenceOf(TokenStream stream) const
    {
        QuietProgress quiet(m_progress);
        const Transformer fp32(m_model, m_target, quiet);
        stream.embed(fp32, nullptr, quiet);
        return stream.logitsFrom(fp32, 0, quiet);
    }

    double lossOfAttention(int block, const BlockSpec &spec) const
    {
        return m_sensitivity.formatLoss(spec.qkv.name, spec.qkv.format) +
               m_sensitivity.formatLoss(spec.proj.name, spec.proj.format) +
               m_sensitivity.attentionLoss(m_model.spec, block, spec).value();
    }

    double lossOfMlp(int block, const BlockSpec &spec) const
    {
        return m_sensitivity.formatLoss(spec.fc1.name, spec.fc1.format) +
               m_sensitivity.formatLoss(spec.fc2.name, spec.fc2.format) +
               m_sensitivity.mlpLoss(m_model.spec, block, spec).value();
    }

    void scaleLosses(int block, bool attention, double factor)
    {
        const auto at = static_cast<std::size_t>(block);
        const BlockSpec &spec = m_model.spec.blocks[at];
        for (const LinearSpec *linear : {attention ? &spec.qkv : &spec.fc1, attention ? &spec.proj : &spec.fc2}) {
            for (auto &[format, loss] : m_sensitivity.formats[linear->name])
                loss *= factor;
        }
        (attention ? m_sensitivity.linearAttentions : m_sensitivity.linearMlps)[at] *= factor;
        std::vector<std::map<std::int64_t, double> *> pruned{&m_sensitivity.mlpWidths[at]};
        if (attention)
            pruned = {&m_sensitivity.qkDims[at], &m_sensitivity.voDims[at], &m_sensitivity.headCounts[at]};
        for (auto *losses : pruned) {
            for (auto &[width, loss] : *losses)
                loss *= factor;
        }
    }

    Candidate realise(const Choices::Solution &solution, const std::string &reason)
    {
        Candidate candidate;
        candidate.plan = solution.plan;
        candidate.model =
            compressWeights(m_model, solution.plan, m_calibration, m_options.job, candidate.errors, m_progress);
        const Transformer transformer(candidate.model, m_target, m_progress);
        TokenStream stream(m_search, m_model.spec);
        m_progress.stage("measuring on the search images", stream.batches());
        stream.embed(transformer, nullptr, m_progress);
        const std::vector<float> logits = stream.logitsFrom(transformer, 0, m_progress);
        const std::int64_t classes = m_model.spec.classes();
        AccuracyCounter counter(classes);
        for (std::size_t i = 0; i < stream.labels().size(); ++i)
            counter.add(logits.data() + static_cast<std::int64_t>(i) * classes,
                        m_reference.data() + static_cast<std::int64_t>(i) * classes, stream.labels()[i]);

        TuneStep &step = candidate.step;
        step.reason = reason;
        step.weightsBytes = weightBytes(candidate.model.spec);
        step.peakBytes = step.weightsBytes + activationPeak(solution.plan);
        step.predictedKl = solution.allocation.loss;
        step.measuredKl = counter.klMean();
        step.evidence = counter.evidence(comparisons());
        if (m_fp32)
            step.latencyRatio = sampleLatency(transformer, m_fp32.get(), ScheduleKind::Tight, m_options.batch,
                                              m_pixels.data(), latencyRepeats, m_progress)
                                    .ratio()
                                    .median;
        m_steps.push_back(step);
        return candidate;
    }

    // A clause for each budget that was missed.
    std::vector<std::string> misses(const TuneStep &step) const
    {
        std::vector<std::string> clauses;
        if (m_options.maxWeightsBytes && step.weightsBytes > *m_options.maxWeightsBytes)
            clauses.push_back("weights of " + formatBytes(step.weightsBytes) + " exceed " +
                              formatBytes(*m_options.maxWeightsBytes));
        if (m_options.maxPeakBytes && step.peakBytes > *m_options.maxPeakBytes)
            clauses.push_back("a peak of " + formatBytes(step.peakBytes) + " exceeds " +
                              formatBytes(*m_options.maxPeakBytes));
        if (m_options.maxLatencyRatio && step.latencyRatio > *m_options.maxLatencyRatio)
            clauses.push_back(exceeding(step.latencyRatio, *m_options.maxLatencyRatio));
        if (m_options.maxDropPoints && !step.evidence.within(*m_options.maxDropPoints))
            clauses.push_back(mayBeLost(step.evidence) + ", more than " + points(*m_options.maxDropPoints));
        return clauses;
    }

    // What a drop budget judges.
    std::string mayBeLost(const DropEvidence &evidence) const
    {
        const std::string level =
            evidence.comparisons > 1 ? "95 %, for " + std::to_string(evidence.comparisons) + " tries together" : "95 %";
        const std::string lost = points(evidence.mayBeLost(*m_options.maxDropPoints)) + " points may be lost (" + level;
        if (evidence.boundCanHold(*m_options.maxDropPoints))
            return lost + ")";
        return lost + ", by the original's own confidence: " + std::to_string(evidence.images) +
               " search images are too few to tell by their labels)";
    }

    std::string verdict(const TuneStep &step) const
    {
        const std::vector<std::string> clauses = misses(step);
        const std::string state =
            "weights " + formatBytes(step.weightsBytes) + ", peak " + formatBytes(step.peakBytes) + " at batch " +
            std::to_string(m_options.batch) + (m_fp32 ? ", latency x" + points(step.latencyRatio) : std::string()) +
            ", " + points(step.evidence.drop.points) + " points lost on " + std::to_string(m_search.indices.size()) +
            " search images (95 %: " + points(step.evidence.drop.low) + " to " + points(step.evidence.drop.high) +
            "), the same answer on " + formatPercent(step.evidence.agreement) +
            (clauses.empty() && m_options.maxDropPoints ? "; " + mayBeLost(step.evidence) : std::string());
        if (clauses.empty())
            return "all budgets met: " + state;
        std::string text = "not met: ";
        for (std::size_t i = 0; i < clauses.size(); ++i)
            text += (i ? ", " : "") + clauses[i];
        return text + "; nearest: " + state;
    }

    const TuneOptions &m_options;
    Progress &m_progress;
    ExecutionTarget m_target;
    VitModel m_model;
    TuningImages m_images;
    const CalibrationImages &m_calibration;
    const CalibrationImages &m_search;
    CompressionPlan m_settings;
    std::vector<NumberFormat> m_formats;   // that are chosen among
    std::vector<NumberFormat> m_measured;  // and those that layers are pinned to
    std::vector<float> m_reference;        // FP32 logits of the search images
    std::vector<float> m_pixels;           // one batch
    std::unique_ptr<Transformer> m_fp32;   // kept for timing
    CalibrationImages m_sensitivityImages; // of the search images
    Sensitivity m_sensitivity;             // corrected by what was learnt from candidates
    LayerTimes m_times;
    std::vector<TuneStep> m_steps;
};

} // namespace

TuneResult tuneModel(const TuneOptions &options, Progress &progress)
{
    requireSense(options);
    return Tuner(options, progress).run();
}

} // namespace edgeflex
