#include "engine/train/demotrainer.h"

#include "engine/io/atomicfolder.h"
#include "engine/kernels/gemm.h"
#include "engine/kernels/linear.h"
#include "engine/kernels/threadscope.h"
#include "engine/model/memoryguard.h"
#include "engine/model/vitmodel.h"
#include "engine/train/augmentation.h"
#include "engine/train/optimizer.h"
#include "engine/train/trainablevit.h"
#include "engine/train/trainingset.h"
#include "engine/train/trainingstate.h"
#include "plan/error.h"
#include "plan/quantity.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <numbers>
#include <numeric>

namespace edgeflex {

namespace {

constexpr std::uint64_t orderStream = 2; // of random numbers, besides initialParameters()'s
constexpr std::uint64_t imageStream = 3;
constexpr std::uint64_t branchStream = 4;

// What one thread takes at a time: its graph fits the caches, and a cancel waits for it. A batch's gradients are
// summed shard by shard, so that the result does not depend on the number of threads.
constexpr std::int64_t shardImages = 16;

const std::vector<std::string> fashionClasses{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                              "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

std::string formatted(const char *format, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

// Runs work(i) for each i below `count` on all OpenMP threads until the user asks to stop, then lets the progress say
// so; rethrows the first failure.
template<typename Work>
void inParallel(std::int64_t count, Progress &progress, std::int64_t stepsDone, Work work)
{
    std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 0; i < count; ++i) {
        try {
            if (!progress.cancelled())
                work(i);
        } catch (...) {
#pragma omp critical(edgeflexTrainFailure)
            if (!failure)
                failure = std::current_exception();
        }
    }
    if (failure)
        std::rethrow_exception(failure);
    if (progress.cancelled())
        throw Cancelled();
    progress.step(stepsDone);
}

void check(const TrainDemoOptions &options)
{
    const auto refuseUnless = [](bool fits, const char *sentence) {
        if (!fits)
            throw Error(sentence);
    };
    refuseUnless(options.epochs > 0, "the number of epochs must be at least 1");
    refuseUnless(options.batch > 0, "the batch must have at least one image");
    refuseUnless(options.patchSize > 0 && options.width > 0 && options.depth > 0 && options.heads > 0 &&
                     options.mlpWidth > 0,
                 "patch size, width, depth, heads and MLP width must be at least 1");
    refuseUnless(options.width % options.heads == 0, "the width must be a multiple of the heads");
    refuseUnless(options.patches > 0 && options.patches <= 1, "the share of patches must be above 0 and at most 1");
    refuseUnless(options.shift >= 0, "the shift must not be negative");
    for (const double share :
         {options.labelSmoothing, options.dropPath, options.cutMix, options.erasing, options.averageDecay})
        refuseUnless(share >= 0 && share < 1, "probabilities, smoothing and decay must be at least 0 and below 1");
}

// All that shapes the weights, for people and to compare.
std::string recipeOf(const TrainDemoOptions &options, const ModelSpec &spec, const TrainingSet &images, bool bf16)
{
    const nlohmann::json recipe = {{"epochs", options.epochs},
                                   {"seed", options.seed},
                                   {"batch", options.batch},
                                   {"learning rate", options.learningRate},
                                   {"warm-up epochs", options.warmUpEpochs},
                                   {"weight decay", options.weightDecay},
                                   {"label smoothing", options.labelSmoothing},
                                   {"drop path", options.dropPath},
                                   {"CutMix", options.cutMix},
                                   {"erasing", options.erasing},
                                   {"patches", options.patches},
                                   {"shift", options.shift},
                                   {"average decay", options.averageDecay},
                                   {"products", bf16 ? "BF16" : "FP32"},
                                   {"pixels", spec.imageHeight},
                                   {"patch", spec.patchSize},
                                   {"width", spec.width},
                                   {"depth", spec.blocks.size()},
                                   {"heads", spec.heads},
                                   {"MLP width", options.mlpWidth},
                                   {"training images", images.training().size()}};
    return recipe.dump();
}

// Bytes that a training takes beside its images.
std::int64_t memoryEstimate(const TrainDemoOptions &options, const ModelSpec &spec, int threads)
{
    const std::int64_t shards = (options.batch + shardImages - 1) / shardImages;
    // Values, average, two moments, the sum of the gradients and LibTorch's own; and a copy to save.
    const std::int64_t perParameter = shards + threads + 8;
    // Of each block LibTorch keeps about ten arrays of the tokens' width, three of the MLP's, and three of scores.
    const std::int64_t perToken = 10 * spec.width + 3 * options.mlpWidth + 3 * spec.heads * spec.tokens();
    const std::int64_t perShard =
        shardImages * spec.tokens() * perToken * static_cast<std::int64_t>(spec.blocks.size());
    return static_cast<std::int64_t>(sizeof(float)) * (perParameter * spec.parameterCount() + threads * perShard);
}

class DemoTraining
{
public:
    DemoTraining(const TrainDemoOptions &options, const TrainingSet &images, Progress &progress)
        : m_options(options),
          m_images(images),
          m_progress(progress),
          m_spec(demoSpec(options, images)),
          m_layout(m_spec),
          m_bf16(options.bf16 && oneDnnHasBf16()),
          m_vit(m_spec, m_layout, options.dropPath, m_bf16),
          m_augmentation(images, m_spec.preprocessing, options),
          m_optimizer(m_layout, options),
          m_order(images.training())
    {
        const std::int64_t batch = std::min<std::int64_t>(options.batch, trainingImages());
        m_shards = (batch + shardImages - 1) / shardImages;
        m_batch = batch;
        m_stepsAnEpoch = trainingImages() / batch; // the few images left over differ from epoch to epoch
        m_gradients.assign(static_cast<std::size_t>(m_shards), std::vector<float>(m_layout.count()));
        m_state.recipe = recipeOf(options, m_spec, images, m_bf16);
    }

    TrainDemoResult run()
    {
        if (m_options.resume)
            m_state = openTrainingState(m_options.out, m_state.recipe, m_layout.count());
        else
            m_state.weights = TrainingWeights::startingFrom(initialParameters(m_spec, m_layout, m_options.seed));
        announce();
        m_firstEpoch = m_state.epochsDone;
        m_progress.stage("training", static_cast<std::int64_t>(m_options.epochs - m_firstEpoch) * stagesAnEpoch());
        m_started = std::chrono::steady_clock::now();
        TrainDemoResult result;
        result.out = m_options.out;
        result.spec = m_spec;
        result.parameters = m_spec.parameterCount();
        result.trainingImages = trainingImages();
        for (int epoch = m_firstEpoch; epoch < m_options.epochs; ++epoch) {
            result.loss = trainEpoch(epoch);
            result.heldOut = judge();
            m_state.epochsDone = epoch + 1;
            save(result.heldOut);
            tell(epoch, result);
        }
        if (m_firstEpoch >= m_options.epochs) // stopped between the last epoch and the end
            result.heldOut = judge();
        result.epochs = m_options.epochs;
        result.seconds = secondsSinceStart();
        removeTrainingState(m_options.out);
        return result;
    }

private:
    std::int64_t trainingImages() const { return static_cast<std::int64_t>(m_images.training().size()); }
    std::int64_t heldOutImages() const { return static_cast<std::int64_t>(m_images.heldOut().size()); }
    std::size_t pixelsAnImage() const
    {
        return static_cast<std::size_t>(m_images.side()) * static_cast<std::size_t>(m_images.side());
    }
    // Training steps, and one for the held-out images.
    std::int64_t stagesAnEpoch() const { return m_stepsAnEpoch + 1; }
    std::int64_t stagesDone(int epoch, std::int64_t step) const
    {
        return (epoch - m_firstEpoch) * stagesAnEpoch() + step;
    }
    double secondsSinceStart() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_started).count();
    }

    void announce()
    {
        m_progress.note(m_spec.name + ": " + std::to_string(m_spec.parameterCount()) + " parameters, " +
                        std::to_string(m_stepsAnEpoch) + " steps of " + std::to_string(m_batch) + " images an epoch, " +
                        (m_bf16 ? "BF16" : "FP32") + " products");
        m_progress.note("held out: of every twelve training images the first, " + std::to_string(heldOutImages()) +
                        " of " + std::to_string(heldOutImages() + trainingImages()));
        if (m_state.epochsDone > 0)
            m_progress.note("going on after epoch " + std::to_string(m_state.epochsDone));
    }

    double learningRate(std::int64_t step) const
    {
        const double warmUp = m_options.warmUpEpochs * static_cast<double>(m_stepsAnEpoch);
        const double all = static_cast<double>(m_options.epochs) * static_cast<double>(m_stepsAnEpoch);
        const double at = static_cast<double>(step) + 1;
        if (at < warmUp)
            return m_options.learningRate * at / warmUp;
        const double share = all > warmUp ? (at - warmUp) / (all - warmUp) : 1;
        return m_options.learningRate * (0.01 + 0.99 * 0.5 * (1 + std::cos(std::numbers::pi * std::min(1.0, share))));
    }

    // The epoch's mean loss.
    double trainEpoch(int epoch)
    {
        const auto number = static_cast<std::uint64_t>(epoch);
        m_order = m_images.training();
        RandomStream random{m_options.seed, orderStream, number};
        for (std::size_t i = m_order.size() - 1; i > 0; --i)
            std::swap(m_order[i], m_order[static_cast<std::size_t>(random.below(static_cast<int>(i) + 1))]);
        double sum = 0;
        for (std::int64_t step = 0; step < m_stepsAnEpoch; ++step) {
            std::vector<double> losses(static_cast<std::size_t>(m_shards));
            inParallel(m_shards, m_progress, stagesDone(epoch, step), [&](std::int64_t shard) {
                losses[static_cast<std::size_t>(shard)] = trainShard(epoch, step, shard);
            });
            const double loss = std::accumulate(losses.begin(), losses.end(), 0.0);
            if (!std::isfinite(loss))
                throw Error("the training's loss is no longer a number in epoch " + std::to_string(epoch + 1) +
                            ": use a lower learning rate");
            sum += loss;
            m_optimizer.step(m_state.weights, m_gradients, learningRate(m_state.weights.steps));
        }
        return sum / static_cast<double>(m_stepsAnEpoch);
    }

    // A shard's part of the batch's mean loss; leaves its gradient.
    double trainShard(int epoch, std::int64_t step, std::int64_t shard)
    {
        const std::int64_t begin = shard * shardImages;
        const std::int64_t count = std::min(m_batch, begin + shardImages) - begin;
        const auto classes = static_cast<std::size_t>(m_spec.classes());
        const double cutMix = 10 * epoch < 9 * m_options.epochs ? m_options.cutMix : 0; // at last as images really are
        const double patches = 3 * epoch < 2 * m_options.epochs ? m_options.patches : 1;
        std::vector<float> pixels(static_cast<std::size_t>(count) * pixelsAnImage());
        std::vector<float> targets(static_cast<std::size_t>(count) * classes);
        const auto name = [&](std::uint64_t stream, std::int64_t index) {
            return RandomStream{m_options.seed, stream, static_cast<std::uint64_t>(epoch),
                                static_cast<std::uint64_t>(index)};
        };
        for (std::int64_t i = 0; i < count; ++i) {
            const std::int64_t place = step * m_batch + begin + i;
            RandomStream random = name(imageStream, place);
            const auto at = static_cast<std::size_t>(i);
            m_augmentation.make(m_order[static_cast<std::size_t>(place)],
                                m_order[static_cast<std::size_t>(random.below(static_cast<int>(m_order.size())))],
                                cutMix, random, pixels.data() + at * pixelsAnImage(), targets.data() + at * classes);
        }
        RandomStream branches = name(branchStream, step * m_shards + shard);
        return m_vit.loss(m_state.weights.values, pixels.data(), targets.data(), count, static_cast<double>(m_batch),
                          patches, branches, m_gradients[static_cast<std::size_t>(shard)]);
    }

    // Of the averaged weights, on the held-out images.
    Proportion judge()
    {
        const std::vector<std::int64_t> &images = m_images.heldOut();
        const std::int64_t shards = (heldOutImages() + shardImages - 1) / shardImages;
        std::vector<std::int64_t> correct(static_cast<std::size_t>(shards));
        const auto classes = static_cast<std::size_t>(m_spec.classes());
        inParallel(shards, m_progress, stagesDone(m_state.epochsDone + 1, 0), [&](std::int64_t shard) {
            const std::int64_t begin = shard * shardImages;
            const std::int64_t count = std::min(heldOutImages(), begin + shardImages) - begin;
            std::vector<float> pixels(static_cast<std::size_t>(count) * pixelsAnImage());
            std::vector<float> logits(static_cast<std::size_t>(count) * classes);
            for (std::int64_t i = 0; i < count; ++i)
                m_augmentation.plain(images[static_cast<std::size_t>(begin + i)],
                                     pixels.data() + static_cast<std::size_t>(i) * pixelsAnImage());
            m_vit.logits(m_state.weights.average, pixels.data(), count, logits.data());
            for (std::int64_t i = 0; i < count; ++i) {
                const float *const first = logits.data() + static_cast<std::size_t>(i) * classes;
                if (std::max_element(first, first + classes) - first ==
                    m_images.label(images[static_cast<std::size_t>(begin + i)]))
                    ++correct[static_cast<std::size_t>(shard)];
            }
        });
        return wilson(std::accumulate(correct.begin(), correct.end(), std::int64_t{0}), heldOutImages());
    }

    void save(const Proportion &heldOut)
    {
        const std::string epochs = std::to_string(m_state.epochsDone) + " of " + std::to_string(m_options.epochs);
        saveModel(modelFromParameters(
                      m_spec, m_layout, m_state.weights.average,
                      {{"made", "trained by edgeflex train-demo on Fashion-MNIST's training images alone"},
                       {"recipe", "Muon and AdamW, cosine after a warm-up, half the patches at first, flips, shifts, "
                                  "CutMix, erasing, stochastic depth, label smoothing, average of the weights: " +
                                      m_state.recipe},
                       {"seed", std::to_string(m_options.seed)},
                       {"epochs", epochs},
                       {"data", std::to_string(trainingImages()) + " images of " + m_options.data},
                       {"held out", "of every twelve training images the first (0, 12, 24, ...): " +
                                        std::to_string(heldOutImages())},
                       {"held-out accuracy", std::to_string(heldOut.correct) + " of " + std::to_string(heldOut.total) +
                                                 " = " + formatPercent(heldOut.rate)},
                       {"EdgeFlex", EDGEFLEX_VERSION},
                       {"LibTorch", trainingLibrary()},
                       {"oneDNN", oneDnnVersion()}}),
                  m_options.out);
        saveTrainingState(m_state, m_options.out);
    }

    void tell(int epoch, const TrainDemoResult &result)
    {
        const double seconds = secondsSinceStart();
        const double done = epoch + 1 - m_firstEpoch;
        m_progress.note("epoch " + std::to_string(epoch + 1) + " of " + std::to_string(m_options.epochs) + ": loss " +
                        formatted("%.4f", result.loss) + ", held-out " + std::to_string(result.heldOut.correct) +
                        " of " + std::to_string(result.heldOut.total) + " = " + formatPercent(result.heldOut.rate) +
                        ", " + formatDuration(seconds / done) + " an epoch, " +
                        formatDuration(seconds / done * (m_options.epochs - epoch - 1)) + " left");
    }

    const TrainDemoOptions &m_options;
    const TrainingSet &m_images;
    Progress &m_progress;
    ModelSpec m_spec;
    ParameterLayout m_layout;
    bool m_bf16;
    TrainableVit m_vit;
    Augmentation m_augmentation;
    Optimizer m_optimizer;
    TrainingState m_state;
    std::vector<std::int64_t> m_order;           // this epoch's training images
    std::vector<std::vector<float>> m_gradients; // one a shard
    std::int64_t m_batch = 0;
    std::int64_t m_shards = 0;
    std::int64_t m_stepsAnEpoch = 0;
    int m_firstEpoch = 0;
    std::chrono::steady_clock::time_point m_started;
};

} // namespace

ModelSpec demoSpec(const TrainDemoOptions &options, const TrainingSet &images)
{
    check(options);
    if (images.side() % options.patchSize != 0)
        throw Error("patches of " + std::to_string(options.patchSize) + " pixels do not fill images of " +
                    std::to_string(images.side()) + ": use a divisor");
    if (images.classes() > static_cast<int>(fashionClasses.size()))
        throw Error(options.data + " has " + std::to_string(images.classes()) +
                    " classes or more: the demo is trained on Fashion-MNIST, which has 10");
    VitShape shape;
    shape.imageSize = images.side();
    shape.channels = 1;
    shape.patchSize = options.patchSize;
    shape.width = options.width;
    shape.depth = options.depth;
    shape.heads = options.heads;
    shape.mlpWidth = options.mlpWidth;
    shape.classes = static_cast<std::int64_t>(fashionClasses.size());
    ModelSpec spec = makeVitSpec(shape);
    spec.name = "Fashion-MNIST demo";
    spec.classNames = fashionClasses;
    // The mean and deviation of the 60,000 training images' pixels.
    spec.preprocessing.mean = {0.2860, 0.2860, 0.2860};
    spec.preprocessing.std = {0.3530, 0.3530, 0.3530};
    spec.preprocessing.resizeShorter = spec.preprocessing.cropHeight = spec.preprocessing.cropWidth = images.side();
    spec.preprocessing.stated = true;
    validate(spec);
    return spec;
}

TrainDemoResult trainDemo(const TrainDemoOptions &options, Progress &progress)
{
    check(options);
    {
        const AtomicFolder writable(options.out, isSavedModel); // not after an epoch's work
    }
    if (!options.resume && hasTrainingState(options.out))
        throw Error(options.out + " has an unfinished training: go on with --resume, or remove the folder");
    const int threads = detectTarget(options.job.threads).threads;
    const ThreadScope scope(threads);
    progress.stage("reading the training images", 0);
    const TrainingSet images(options.data);
    requireMemory(options.job, memoryEstimate(options, demoSpec(options, images), threads),
                  "training the demo at batch " + std::to_string(options.batch));
    DemoTraining training(options, images, progress);
    return training.run();
}

} // namespace edgeflex
