#include "engine/evaluate/preprocessinglint.h"

#include "engine/data/dataset.h"
#include "engine/evaluate/accuracy.h"
#include "engine/evaluate/judge.h"
#include "engine/evaluate/loadedmodel.h"
#include "engine/evaluate/measuring.h"
#include "engine/model/memoryguard.h"
#include "plan/error.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace edgeflex {

namespace {

// The images, by the same choice as everywhere: given ones, or one calibration image in five.
std::vector<std::int64_t> searchIndices(const Dataset &dataset, bool split, std::int64_t limit)
{
    std::vector<std::int64_t> all = split ? splitByName(dataset).search : spreadIndices(dataset.size(), 0);
    std::vector<std::int64_t> chosen;
    for (const std::int64_t i : spreadIndices(static_cast<std::int64_t>(all.size()), limit))
        chosen.push_back(all[static_cast<std::size_t>(i)]);
    return chosen;
}

// Judges one way after another on the same images.
class Trials
{
public:
    Trials(const Transformer &model, const Dataset &dataset, std::vector<std::int64_t> indices, Progress &progress)
        : m_model(model), m_dataset(dataset), m_indices(std::move(indices)), m_progress(progress)
    {
    }

    void judge(PreprocessingTrial &trial)
    {
        const std::vector<bool> right = answers(trial.preprocessing);
        if (m_stated.empty())
            m_stated = right;
        std::int64_t correct = 0;
        std::int64_t onlyStated = 0;
        std::int64_t onlyTrial = 0;
        for (std::size_t i = 0; i < right.size(); ++i) {
            correct += right[i];
            onlyStated += m_stated[i] && !right[i];
            onlyTrial += right[i] && !m_stated[i];
        }
        const auto images = static_cast<std::int64_t>(right.size());
        trial.top1 = wilson(correct, images);
        trial.drop = pairedDrop(onlyStated, onlyTrial, images);
    }

private:
    std::vector<bool> answers(const Preprocessing &preprocessing)
    {
        ModelSpec spec = m_model.spec();
        spec.preprocessing = preprocessing;
        const BatchReader reader(m_dataset, m_indices, spec, judgingBatch);
        std::vector<float> pixels;
        std::vector<int> labels;
        std::vector<float> logits(static_cast<std::size_t>(judgingBatch * spec.classes()));
        std::vector<bool> right;
        for (std::int64_t batch = 0; batch < reader.batches(); ++batch) {
            const std::int64_t images = reader.read(batch, pixels, labels);
            m_model.run(m_model.schedule(ScheduleKind::Tight, static_cast<int>(images)), pixels.data(), logits.data(),
                        m_progress);
            for (std::int64_t i = 0; i < images; ++i)
                right.push_back(topClass(logits.data() + i * spec.classes(), spec.classes()) ==
                                labels[static_cast<std::size_t>(i)]);
            m_done += images;
            m_progress.step(m_done);
        }
        return right;
    }

    const Transformer &m_model;
    const Dataset &m_dataset;
    std::vector<std::int64_t> m_indices;
    Progress &m_progress;
    std::vector<bool> m_stated;
    std::int64_t m_done = 0;
};

// The best of each kind of change in one, where more than one kind is better than the stated way.
std::optional<PreprocessingTrial> together(const std::vector<PreprocessingTrial> &trials)
{
    using Change = PreprocessingTrial::Change;
    std::map<Change, const PreprocessingTrial *> best;
    for (const PreprocessingTrial &trial : trials) {
        if (trial.change == Change::Stated || trial.drop.points >= 0)
            continue;
        const PreprocessingTrial *&known = best[trial.change];
        if (!known || trial.top1.correct > known->top1.correct)
            known = &trial;
    }
    if (best.size() < 2)
        return std::nullopt;
    PreprocessingTrial all{Change::Together, trials.front().preprocessing, {}, {}};
    for (const auto &[change, trial] : best) {
        if (change == Change::Normalization) {
            all.preprocessing.mean = trial->preprocessing.mean;
            all.preprocessing.std = trial->preprocessing.std;
        } else if (change == Change::Crop) {
            all.preprocessing.resizeShorter = trial->preprocessing.resizeShorter;
        } else {
            all.preprocessing.interpolation = trial->preprocessing.interpolation;
        }
    }
    return all;
}

} // namespace

PreprocessingLintResult lintPreprocessing(const PreprocessingLintOptions &options, Progress &progress)
{
    const ExecutionTarget target = detectTarget(options.threads);
    const VitModel model = openModel(options.model);
    JobOptions job;
    job.threads = options.threads;
    requireMemory(job, measuringBytes(model.spec, ScheduleKind::Tight, judgingBatch, target),
                  "judging how images are prepared for " + model.spec.name);
    const std::unique_ptr<Dataset> dataset = openDataset(options.search.empty() ? options.calibration : options.search);
    const std::vector<std::int64_t> indices = searchIndices(*dataset, options.search.empty(), options.searchImages);
    if (indices.empty())
        throw Error(dataset->path() + " holds too few images to judge how they are prepared; give more");

    PreprocessingLintResult result;
    result.images = static_cast<std::int64_t>(indices.size());
    PreprocessingTrial stated;
    stated.preprocessing = model.spec.preprocessing;
    stated.preprocessing.stated = true;
    result.trials.push_back(stated);
    for (PreprocessingTrial &trial : preprocessingAlternatives(model.spec.preprocessing))
        result.trials.push_back(std::move(trial));

    const LoadedModel loaded(model, target, progress);
    progress.stage("preprocessing", result.images * static_cast<std::int64_t>(result.trials.size()));
    Trials trials(loaded.transformer(), *dataset, indices, progress);
    for (PreprocessingTrial &trial : result.trials)
        trials.judge(trial);
    if (std::optional<PreprocessingTrial> all = together(result.trials)) {
        trials.judge(*all);
        result.trials.push_back(*all);
    }
    return result;
}

} // namespace edgeflex
