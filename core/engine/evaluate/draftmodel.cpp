#include "engine/evaluate/draftmodel.h"

#include "engine/compress/compressor.h"
#include "engine/compress/draft.h"
#include "engine/evaluate/measuring.h"
#include "engine/io/filestamp.h"
#include "engine/kernels/threadscope.h"
#include "engine/model/identity.h"
#include "engine/model/memoryguard.h"
#include "plan/error.h"
#include "plan/linearlayout.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t maxCropBytes = std::int64_t(512) << 20;
constexpr std::int64_t maxAnswerBytes = std::int64_t(256) << 20;
constexpr int calibrationBatch = 8; // as the verb compress has it by default, so that both see the same statistics

// Of every file that opening a model may read.
std::map<std::string, FileStamp> modelStamps(const std::string &path)
{
    std::error_code error;
    const fs::path folder = fs::is_directory(path, error) ? fs::path(path) : fs::path(path).parent_path();
    std::map<std::string, FileStamp> stamps;
    for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->is_regular_file(ignored))
            stamps[entry->path().string()] = fileStamp(entry->path().string());
    }
    return stamps;
}

// The stream of the calibration images and one block's statistics with room for the refit.
std::int64_t calibrationBytes(const ModelSpec &spec, std::int64_t images)
{
    std::int64_t most = 0;
    for (const BlockSpec &block : spec.blocks) {
        std::int64_t bytes = 24 * block.fc2.inFeatures * block.fc2.inFeatures;
        for (const LinearSpec *linear : {&block.qkv, &block.proj, &block.fc1, &block.fc2})
            bytes += StatisticsCollector::bytes(linear->inFeatures, StatisticsCollector::Depth::Gram);
        most = std::max(most, bytes);
    }
    return most + 2 * TokenStream::bytes(images, spec);
}

} // namespace

struct DraftStore::Opened
{
    ModelSource source;
    std::map<std::string, FileStamp> stamps;
    VitModel model;
    std::string identity;
    LoadedModel fp32;
};

struct DraftStore::Calibrated
{
    Calibrated(const Opened &opened, std::unique_ptr<Dataset> images, CalibrationImages chosen, std::string itsKey,
               std::string cache)
        : key(std::move(itsKey)),
          cacheFolder(std::move(cache)),
          dataset(std::move(images)),
          calibration(opened.fp32.transformer(), std::move(chosen), cacheFolder, key),
          compressor(opened.model, calibration)
    {
    }

    std::string key;
    std::string cacheFolder;
    std::unique_ptr<Dataset> dataset;
    Calibration calibration;
    DraftCompressor compressor;
};

struct DraftStore::Judged
{
    Judged(const Opened &opened, std::unique_ptr<Dataset> images, const std::vector<std::int64_t> &indices,
           std::string itsIdentity)
        : identity(std::move(itsIdentity)),
          dataset(std::move(images)),
          reader(*dataset, spreadOrder(indices), opened.model.spec, judgingBatch),
          answers(opened.fp32.transformer(), reader, maxAnswerBytes)
    {
        reader.keepCrops(maxCropBytes);
    }

    std::string identity;
    std::unique_ptr<Dataset> dataset;
    BatchReader reader;
    Answers answers; // the uncompressed model's
};

DraftStore::DraftStore() = default;

// What refers to the model goes first.
DraftStore::~DraftStore()
{
    m_judged.reset();
    m_calibrated.reset();
}

DraftStore::Opened &DraftStore::opened(const DraftOptions &options, Progress &progress)
{
    const ExecutionTarget target = detectTarget(options.job.threads);
    std::map<std::string, FileStamp> stamps = modelStamps(options.model.path);
    if (m_opened && m_opened->source == options.model && m_opened->stamps == stamps &&
        m_opened->fp32.transformer().target() == target)
        return *m_opened;
    m_judged.reset();
    m_calibrated.reset();
    m_opened.reset();
    VitModel model = openModel(options.model);
    requireUncompressed(model);
    // Linear halves are fitted on a stream of their own.
    const std::int64_t views = options.images * (withFlips(options.flips, model.spec) ? 2 : 1);
    requireMemory(options.job,
                  2 * weightBytes(model.spec) + calibrationBytes(model.spec, views) +
                      TokenStream::bytes(views, model.spec) +
                      measuringBytes(model.spec, options.schedule, options.batch, target),
                  "drafting " + model.spec.name + " at batch " + std::to_string(options.batch));
    std::string identity = modelIdentity(model);
    LoadedModel fp32(model, target, progress);
    m_opened = std::make_unique<Opened>(
        Opened{options.model, std::move(stamps), std::move(model), std::move(identity), std::move(fp32)});
    return *m_opened;
}

DraftStore::Calibrated &DraftStore::calibrated(const DraftOptions &options)
{
    auto dataset = openDataset(options.calibration);
    CalibrationImages images{dataset.get(), spreadIndices(dataset->size(), options.images), calibrationBatch,
                             withFlips(options.flips, m_opened->model.spec)};
    if (images.indices.empty())
        throw Error(options.calibration + " holds no images to calibrate on");
    std::string key = Calibration::key(m_opened->identity, m_opened->model.spec, images);
    if (m_calibrated && m_calibrated->key == key && m_calibrated->cacheFolder == options.cacheFolder)
        return *m_calibrated;
    m_calibrated.reset();
    m_calibrated = std::make_unique<Calibrated>(*m_opened, std::move(dataset), std::move(images), std::move(key),
                                                options.cacheFolder);
    return *m_calibrated;
}

DraftStore::Judged &DraftStore::judged(const DraftOptions &options)
{
    auto dataset = openDataset(options.data);
    const std::vector<std::int64_t> indices = spreadIndices(dataset->size(), options.dataImages);
    std::string identity = dataIdentity(*dataset, indices);
    if (m_judged && m_judged->identity == identity)
        return *m_judged;
    m_judged.reset();
    m_judged = std::make_unique<Judged>(*m_opened, std::move(dataset), indices, std::move(identity));
    return *m_judged;
}

Measurement DraftStore::draft(const DraftOptions &options, Progress &progress)
{
    requireMeasurable(options.batch, options.repeats);
    Opened &model = opened(options, progress);
    const ExecutionTarget &target = model.fp32.transformer().target();
    const ThreadScope threads(target.threads);
    const bool unchanged = plannedSpec(model.model.spec, options.plan) == model.model.spec;

    // Both are opened before anything long begins, so that a wrong path is told at once.
    Judged &data = judged(options);
    std::optional<LoadedModel> variant;
    LayerErrors errors;
    if (!unchanged) {
        const VitModel compressed = calibrated(options).compressor.compress(options.plan, errors, progress);
        variant.emplace(compressed, target, progress);
    }

    Measuring measuring;
    measuring.model = variant ? &*variant : &model.fp32;
    measuring.baseline = variant ? &model.fp32 : nullptr;
    measuring.baselineName = options.model.path;
    measuring.reference = &data.answers;
    measuring.reader = &data.reader;
    measuring.dataset = options.data;
    measuring.images = data.identity;
    measuring.schedule = options.schedule;
    measuring.batch = options.batch;
    measuring.repeats = options.repeats;
    Measurement result = measureLoaded(measuring, progress);
    result.model = options.model.path;
    result.refits = std::move(errors);
    return result;
}

ImageAnswer DraftStore::answer(const AnswerOptions &options, Progress &progress)
{
    const DraftOptions &draft = options.draft;
    Opened &model = opened(draft, progress);
    const ExecutionTarget &target = model.fp32.transformer().target();
    const ThreadScope threads(target.threads);
    const auto dataset = openDataset(draft.data);
    if (options.image < 0 || options.image >= dataset->size())
        throw Error(draft.data + " has " + std::to_string(dataset->size()) + " images, none of them image " +
                    std::to_string(options.image));
    const BatchReader reader(*dataset, {options.image}, model.model.spec, 1);
    std::optional<LoadedModel> variant;
    if (plannedSpec(model.model.spec, draft.plan) != model.model.spec) {
        LayerErrors errors;
        variant.emplace(calibrated(draft).compressor.compress(draft.plan, errors, progress), target, progress);
    }
    Answers answers((variant ? *variant : model.fp32).transformer(), reader, 0);
    std::vector<float> pixels;
    std::vector<int> labels;
    reader.read(0, pixels, labels);
    const std::int64_t classes = model.model.spec.classes();
    const float *logits = answers.logits(0, pixels, progress);
    const auto top = static_cast<int>(topClass(logits, classes));
    return {labels.front(), top, confidence(logits, classes, top)};
}

namespace {

// What this process keeps.
struct SharedStore
{
    std::mutex mutex;
    DraftStore store;
};

SharedStore &sharedStore()
{
    static SharedStore shared;
    return shared;
}

} // namespace

Measurement draftModel(const DraftOptions &options, Progress &progress)
{
    SharedStore &shared = sharedStore();
    const std::lock_guard lock(shared.mutex);
    return shared.store.draft(options, progress);
}

ImageAnswer draftAnswer(const AnswerOptions &options, Progress &progress)
{
    SharedStore &shared = sharedStore();
    const std::lock_guard lock(shared.mutex);
    return shared.store.answer(options, progress);
}

} // namespace edgeflex
