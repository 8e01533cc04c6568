#include "engine/tune/ablate.h"

#include "engine/compress/compressor.h"
#include "engine/evaluate/judge.h"
#include "engine/evaluate/loadedmodel.h"
#include "engine/kernels/threadscope.h"
#include "engine/model/memoryguard.h"
#include "engine/tune/choices.h"
#include "engine/tune/modelsensitivity.h"
#include "engine/tune/sensitivity.h"
#include "engine/tune/tuningimages.h"
#include "plan/error.h"
#include "plan/keepallocation.h"
#include "plan/linearlayout.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace edgeflex {

namespace {

using Set = AblationRow::Set;

constexpr std::int64_t maxCropBytes = std::int64_t(512) << 20;
constexpr std::int64_t maxAnswerBytes = std::int64_t(256) << 20;

// What is on.
struct Stages
{
    bool solvedWidths = false;
    bool pruningPath = false; // else mean activations
    bool refit = false;
    bool correction = false;
    bool fit = false;
    bool flips = false;
    bool crops = false;
    bool classToken = false;
    bool shift = false;
    bool awq = false;
    bool clip = false;
    bool gptq = false;
    bool biasCorrection = false;

    bool operator==(const Stages &) const = default;
};

struct Stage
{
    const char *name;
    bool Stages::*on;
    bool Stages::*needs; // without it the stage does nothing; nullptr: none
};

std::vector<Stage> stagesFor(const ModelSpec &spec, const AblateOptions &options)
{
    std::vector<Stage> stages;
    const bool prunes = options.mlpKeep < 1;
    if (prunes)
        stages = {{"widths by sensitivity", &Stages::solvedWidths, nullptr},
                  {"pruning path", &Stages::pruningPath, nullptr},
                  {"refit", &Stages::refit, nullptr},
                  {"correction", &Stages::correction, &Stages::refit},
                  {"MLP fit", &Stages::fit, &Stages::refit}};
    const bool rounds = isInteger(options.format);
    if (prunes || rounds) {
        stages.push_back({"mirror images", &Stages::flips, prunes ? &Stages::refit : &Stages::gptq});
        if (options.crops > 0)
            stages.push_back({"random crops", &Stages::crops, prunes ? &Stages::refit : &Stages::gptq});
        if (spec.pooling == Pooling::ClassToken)
            stages.push_back({"class token's weight", &Stages::classToken, prunes ? &Stages::refit : &Stages::gptq});
    }
    if (options.format == NumberFormat::Int8)
        stages.push_back({"centred inputs", &Stages::shift, nullptr});
    if (rounds) {
        stages.push_back({"AWQ scales", &Stages::awq, nullptr});
        stages.push_back({"clipped ranges", &Stages::clip, nullptr});
        stages.push_back({"GPTQ rounding", &Stages::gptq, nullptr});
        stages.push_back({"bias correction", &Stages::biasCorrection, nullptr});
    }
    return stages;
}

class Ablating
{
public:
    Ablating(const AblateOptions &options, Progress &progress)
        : m_options(options),
          m_progress(progress),
          m_target(detectTarget(options.job.threads)),
          m_threads(m_target.threads),
          m_model(openModel(options.model)),
          m_images(chooseTuningImages(
              options.calibration, options.search, options.images,
              options.searchImages > 0
                  ? options.searchImages
                  : affordableImages(m_model.spec, sensitivityMacs, leastSensitivityImages, mostSensitivityImages),
              false, progress)),
          m_data(openDataset(options.data)),
          m_reader(*m_data, spreadIndices(m_data->size(), options.dataImages), m_model.spec, judgingBatch),
          m_fp32(m_model, m_target, progress),
          m_answers(m_fp32.transformer(), m_reader, maxAnswerBytes),
          m_stages(stagesFor(m_model.spec, options))
    {
        requireUncompressed(m_model);
        if (m_stages.empty() && options.format == NumberFormat::Fp32)
            throw Error("there is nothing to ablate where all channels stay and every layer is FP32; choose another "
                        "--format or --mlp-keep");
        requireMemory(options.job,
                      sensitivityBytes(m_model.spec, 2 * (1 + options.crops) * m_images.calibration.views(),
                                       m_images.search.views()),
                      "ablating " + m_model.spec.name);
        m_reader.keepCrops(maxCropBytes);
    }

    Ablation run()
    {
        measureSensitivities();
        m_result.model = m_options.model.path;
        m_result.mlpKeep = m_options.mlpKeep;
        m_result.format = m_options.format;
        m_result.dataset = m_options.data;
        m_result.images = m_reader.images();
        m_result.calibrationImages = static_cast<std::int64_t>(m_images.calibration.indices.size());
        m_result.searchImages = m_sensitivity.images;
        m_result.baselineWeightsBytes = weightBytes(m_model.spec);

        Stages all;
        for (const Stage &stage : m_stages)
            all.*stage.on = true;
        add(Set::Reference, "none", {});
        add(Set::Reference, "all", all);
        for (const Stage &stage : m_stages) {
            Stages alone;
            alone.*stage.on = true;
            std::string name = stage.name;
            for (const Stage &other : m_stages) {
                if (other.on == stage.needs) {
                    alone.*other.on = true;
                    name += std::string(" (with ") + other.name + ")";
                }
            }
            add(Set::Alone, name, alone);
        }
        Stages some;
        for (const Stage &stage : m_stages) {
            some.*stage.on = true;
            add(Set::Cumulative, stage.name, some);
        }
        for (const Stage &stage : m_stages) {
            Stages others = all;
            others.*stage.on = false;
            for (const Stage &other : m_stages) { // what does nothing without it goes with it
                if (other.needs == stage.on)
                    others.*other.on = false;
            }
            add(Set::LeftOut, stage.name, others);
        }
        addSolved(all);
        return std::move(m_result);
    }

private:
    void measureSensitivities()
    {
        m_formats = {NumberFormat::Fp32, NumberFormat::Fp16, NumberFormat::Int8, NumberFormat::Int4};
        m_settings = planOf(Stages{.pruningPath = true,
                                   .refit = true,
                                   .shift = true,
                                   .awq = true,
                                   .clip = true,
                                   .gptq = true,
                                   .biasCorrection = true});
        m_settings.formats = identityPlan(m_model.spec).formats;
        for (BlockPlan &block : m_settings.blocks)
            block.mlpKeep = 1;
        SensitivityScope scope;
        scope.removal = false;
        m_sensitivity = measureSensitivity(m_model, m_settings, m_formats, m_images.calibration, m_images.search,
                                           m_target, m_progress, scope);
        m_solved = identityPlan(m_model.spec);
        if (m_options.mlpKeep < 1) {
            Predictor predictor(m_model.spec, m_target, ScheduleKind::Tight, 1);
            predictor.setSensitivity(m_sensitivity);
            allocateMlpKeeps(predictor, m_sensitivity, m_options.mlpKeep, m_solved, m_progress);
        }
    }

    CompressionPlan planOf(const Stages &stages) const
    {
        CompressionPlan plan = identityPlan(m_model.spec);
        for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
            const std::int64_t whole = m_model.spec.blocks[i].mlpWidth();
            plan.blocks[i].mlpKeep = stages.solvedWidths ? m_solved.blocks[i].mlpKeep
                                                         : static_cast<double>(keptMlpWidth(whole, m_options.mlpKeep)) /
                                                               static_cast<double>(whole);
        }
        for (auto &[layer, format] : plan.formats)
            format = m_options.format;
        plan.int4GroupSize = m_options.int4GroupSize;
        plan.score = stages.pruningPath ? ImportanceScore::Obs : ImportanceScore::MeanActivation;
        plan.refit = stages.refit;
        plan.correction = stages.correction ? CompressionPlan().correction : 0;
        plan.fitPasses = stages.fit ? CompressionPlan().fitPasses : 0;
        plan.awq = stages.awq;
        plan.rounding = {stages.shift, stages.clip, stages.gptq, stages.biasCorrection};
        return plan;
    }

    AblationRow measured(const CompressionPlan &plan, const Stages &stages)
    {
        CalibrationImages images = m_images.calibration;
        images.flips = stages.flips;
        images.crops = stages.crops ? m_options.crops : 0;
        images.weighsClassTokens = stages.classToken;
        LayerErrors errors;
        const VitModel compressed = compressWeights(m_model, plan, images, m_options.job, errors, m_progress);
        const Transformer variant(compressed, m_target, m_progress);
        const AccuracyCounter counter = judge(&variant, m_answers, m_reader, m_model.spec.classes(), m_progress);
        m_result.baselineTop1 = counter.baselineTop1();
        return {
            Set::Reference, {}, counter.klMean(), counter.agreement(), counter.drop(), weightBytes(compressed.spec)};
    }

    void add(Set set, const std::string &name, const Stages &stages)
    {
        // Some combinations are in more than one set.
        auto known =
            std::find_if(m_known.begin(), m_known.end(), [&](const auto &entry) { return entry.first == stages; });
        if (known == m_known.end()) {
            m_progress.note(std::string(toString(set)) + ": " + name);
            m_known.emplace_back(stages, measured(planOf(stages), stages));
            known = std::prev(m_known.end());
        }
        AblationRow row = known->second;
        row.set = set;
        row.stage = name;
        m_result.rows.push_back(std::move(row));
    }

    // Formats and widths of least predicted loss in the bytes of the uniform plan.
    void addSolved(const Stages &all)
    {
        const Pins none;
        const Choices choices(m_model.spec, m_settings, m_formats, none, m_sensitivity, nullptr);
        const Choices::Solution solution =
            choices.solve({weightBytes(plannedSpec(m_model.spec, planOf(all))), std::nullopt});
        if (!solution.allocation.feasible)
            return;
        m_progress.note("reference: formats and widths solved");
        CompressionPlan plan = solution.plan;
        plan.correction = planOf(all).correction;
        plan.fitPasses = planOf(all).fitPasses;
        AblationRow row = measured(plan, all);
        row.stage = "all, formats and widths solved for the same bytes";
        m_result.rows.insert(m_result.rows.begin() + 2, std::move(row));
    }

    const AblateOptions &m_options;
    Progress &m_progress;
    ExecutionTarget m_target;
    ThreadScope m_threads;
    VitModel m_model;
    TuningImages m_images;
    std::unique_ptr<Dataset> m_data;
    BatchReader m_reader;
    LoadedModel m_fp32;
    Answers m_answers;
    std::vector<Stage> m_stages;
    CompressionPlan m_settings; // of the sensitivity
    std::vector<NumberFormat> m_formats;
    Sensitivity m_sensitivity;
    CompressionPlan m_solved; // whose widths the sensitivity chooses
    std::vector<std::pair<Stages, AblationRow>> m_known;
    Ablation m_result;
};

} // namespace

Ablation ablate(const AblateOptions &options, Progress &progress)
{
    return Ablating(options, progress).run();
}

} // namespace edgeflex
