#include "engine/tune/layertiming.h"

#include "engine/evaluate/latency.h"
#include "engine/io/contenthash.h"
#include "engine/kernels/linear.h"
#include "engine/tune/sensitivity.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/linearlayout.h"
#include "plan/statistics.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <vector>

namespace edgeflex {

namespace {

constexpr int leastRuns = 5;
constexpr int mostRuns = 25;
constexpr double enoughMs = 10; // of timed runs: short layers run more often than five times
constexpr int passes = 9;

// Small reproducible values; their size does not change how long a product takes.
class Noise
{
public:
    std::uint32_t bits()
    {
        m_state = m_state * 1664525U + 1013904223U;
        return m_state >> 8;
    }
    float value() { return (static_cast<float>(bits()) / static_cast<float>(1 << 23) - 1.0F) * 0.1F; }

private:
    std::uint32_t m_state = 12345;
};

Tensor randomTensor(DType dtype, std::vector<std::int64_t> shape, Noise &noise)
{
    Tensor tensor = Tensor::allocate(dtype, std::move(shape));
    const std::int64_t count = tensor.elements();
    for (std::int64_t i = 0; i < count; ++i) {
        switch (dtype) {
        case DType::F32:
            tensor.floats()[i] = noise.value();
            break;
        case DType::F16:
            tensor.as<std::uint16_t>()[i] = floatToHalf(noise.value());
            break;
        case DType::BF16:
            tensor.as<std::uint16_t>()[i] = floatToBfloat16(noise.value());
            break;
        default:
            // -128 is no INT8 weight.
            tensor.as<std::int8_t>()[i] = static_cast<std::int8_t>(static_cast<int>(noise.bits() % 255U) - 127);
        }
    }
    return tensor;
}

LinearWeights randomWeights(const LinearSpec &spec)
{
    Noise noise;
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    LinearWeights weights;
    weights.spec = spec;
    switch (spec.format) {
    case NumberFormat::Fp32:
        weights.values = randomTensor(DType::F32, {n, k}, noise);
        break;
    case NumberFormat::Fp16:
        weights.values = randomTensor(DType::F16, {n, k}, noise);
        break;
    case NumberFormat::Bf16:
        weights.values = randomTensor(DType::BF16, {n, k}, noise);
        break;
    case NumberFormat::Int8:
        weights.values = randomTensor(DType::I8, {n, k}, noise);
        weights.scales = randomTensor(DType::F32, {n}, noise);
        break;
    case NumberFormat::Int4: {
        const std::int64_t groups = int4Groups(k, spec.groupSize);
        weights.values = randomTensor(DType::U8, {n, (k + 1) / 2}, noise);
        weights.scales = randomTensor(DType::F16, {n, groups}, noise);
        weights.zeroPoints = randomTensor(DType::U8, {n, (groups + 1) / 2}, noise);
        break;
    }
    }
    if (spec.bias)
        weights.bias = randomTensor(DType::F32, {n}, noise);
    if (spec.inputScale)
        weights.inputScale = randomTensor(DType::F32, {k}, noise);
    return weights;
}

// What has the same shape is timed once on a machine.
class Stopwatch
{
public:
    Stopwatch(const ExecutionTarget &target, LatencyCache &cache, const Progress &progress)
        : m_target(target), m_cache(cache), m_progress(progress)
    {
    }

    TimeSpread time(const LinearSpec &linear, std::int64_t rows)
    {
        const ProductShape shape{linear.format,
                                 linear.outFeatures,
                                 linear.inFeatures,
                                 rows,
                                 linear.format == NumberFormat::Int4 ? linear.groupSize : 0,
                                 linear.inputScale};
        throwIfCancelled(m_progress);
        if (const auto known = m_cache.product(shape))
            return *known;
        const auto layer = makeLinear(randomWeights(linear), m_target);
        Noise noise;
        const Tensor x = randomTensor(DType::F32, {rows, linear.inFeatures}, noise);
        Tensor y = Tensor::allocate(DType::F32, {rows, linear.outFeatures});
        const TimeSpread time = timeOf([&] { layer->forward(x.floats(), rows, y.floats()); });
        m_cache.addProduct(shape, time);
        return time;
    }

    TimeSpread time(const AttentionShape &shape)
    {
        const std::string key = attentionKey(shape);
        if (const auto known = m_cache.pass(key))
            return *known;
        Noise noise;
        const Tensor qkv = randomTensor(DType::F32, {shape.tokens, shape.qkvWidth()}, noise);
        Tensor context = Tensor::allocate(DType::F32, {shape.tokens, shape.voWidth()});
        HostBuffer scratch(static_cast<std::size_t>(
            attentionScratchBytes(shape.tokens, shape.qkDim, shape.voDim, m_target.threads, shape.bfloat16)));
        const TimeSpread time = timeOf(
            [&] { attention(shape, qkv.floats(), context.floats(), m_target.threads, scratch.as<std::byte>()); });
        m_cache.addPass(key, time);
        return time;
    }

private:
    // Of as many runs as it takes to know.
    template<typename Run>
    TimeSpread timeOf(Run run)
    {
        std::vector<double> times;
        double sum = 0;
        for (int i = 0; i <= leastRuns || (sum < enoughMs && i <= mostRuns); ++i) {
            const auto start = std::chrono::steady_clock::now();
            run();
            const double ms =
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
            throwIfCancelled(m_progress);
            if (i == 0)
                continue;
            times.push_back(ms);
            sum += ms;
        }
        return spread(times);
    }

    const ExecutionTarget &m_target;
    LatencyCache &m_cache;
    const Progress &m_progress;
};

// Fills a LayerTimes.
class LayerTimer
{
public:
    LayerTimer(const ModelSpec &spec, const ExecutionTarget &target, const CompressionPlan &settings, int batch,
               LatencyCache &cache, Progress &progress)
        : m_spec(spec),
          m_settings(settings),
          m_batch(batch),
          m_cache(cache),
          m_progress(progress),
          m_stopwatch(target, cache, progress)
    {
        m_times.batch = batch;
        m_times.target = target;
        m_times.int4GroupSize = settings.int4GroupSize;
        m_times.machine = cache.table().machine;
    }

    // `fp32` gives the model ready to run.
    template<typename Fp32>
    LayerTimes run(Fp32 fp32)
    {
        for (const LinearSpec *linear : m_spec.linears()) {
            if (linear->isAbsent())
                throw Error("layer \"" + linear->name + "\" of " + m_spec.name +
                            " was removed; time the model that it was made from");
        }
        const std::string pass = modelShapeKey(m_spec, m_batch);
        if (!m_cache.pass(pass))
            m_cache.addPass(pass, wholePass(fp32()));
        m_times.fp32Milliseconds = m_cache.pass(pass)->median;
        m_progress.stage("layer times", static_cast<std::int64_t>(m_spec.blocks.size()) + 2);
        timeLayer(m_spec.patchEmbed, m_spec.patches(), m_batch);
        m_progress.step(1);
        for (std::size_t i = 0; i < m_spec.blocks.size(); ++i) {
            timeAttention(m_spec.blocks[i]);
            timeMlp(m_spec.blocks[i]);
            m_progress.step(static_cast<std::int64_t>(i) + 2);
        }
        for (const LinearSpec &linear : m_spec.preLogits)
            timeLayer(linear, m_batch, 1);
        timeLayer(m_spec.head, m_batch, 1);
        m_progress.step(static_cast<std::int64_t>(m_spec.blocks.size()) + 2);
        return std::move(m_times);
    }

private:
    TimeSpread wholePass(const Transformer &fp32)
    {
        Noise noise;
        const Tensor pixels =
            randomTensor(DType::F32, {m_batch, m_spec.channels, m_spec.imageHeight, m_spec.imageWidth}, noise);
        return spread(
            sampleLatency(fp32, nullptr, ScheduleKind::Tight, m_batch, pixels.floats(), passes, m_progress).variantMs);
    }

    LinearSpec as(const LinearSpec &linear, NumberFormat format, bool awqScale) const
    {
        LinearSpec result = linear;
        result.format = format;
        result.groupSize = m_settings.int4GroupSize;
        result.inputScale = awqScale && isInteger(format) && m_settings.awq;
        return result;
    }

    void timeLayer(const LinearSpec &linear, std::int64_t rows, std::int64_t calls)
    {
        for (const NumberFormat format : allNumberFormats())
            m_times.layers[linear.name][format] =
                static_cast<double>(calls) * m_stopwatch.time(as(linear, format, false), rows);
    }

    void timeAttention(const BlockSpec &block)
    {
        timeLayer(block.qkv, m_spec.tokens(), m_batch);
        timeLayer(block.proj, m_spec.tokens(), m_batch);
        LayerTimes::Attention &attention = m_times.attentions.emplace_back();
        attention.qkv[block.qkv.outFeatures] = m_times.layers.at(block.qkv.name);
        attention.proj[block.proj.inFeatures] = m_times.layers.at(block.proj.name);
        const std::vector<std::int64_t> qkDims = sensitivityDims(m_spec.qkDim(block), m_spec.headDim);
        const std::vector<std::int64_t> voDims = sensitivityDims(m_spec.voDim(block), m_spec.headDim);
        for (std::size_t i = 0; i < std::min(qkDims.size(), voDims.size()); ++i) {
            LinearSpec qkv = block.qkv;
            LinearSpec proj = block.proj;
            qkv.outFeatures = m_spec.headCount(block) * (2 * qkDims[i] + voDims[i]);
            proj.inFeatures = m_spec.headCount(block) * voDims[i];
            for (const NumberFormat format : allNumberFormats()) {
                attention.qkv[qkv.outFeatures][format] = imageByImage(as(qkv, format, false));
                attention.proj[proj.inFeatures][format] = imageByImage(as(proj, format, false));
            }
            timeHead(attention, block, qkDims[i], voDims[i]);
        }
        timeHead(attention, block, m_spec.qkDim(block), m_spec.voDim(block));
    }

    void timeHead(LayerTimes::Attention &attention, const BlockSpec &block, std::int64_t qkDim, std::int64_t voDim)
    {
        attention.heads = m_spec.heads;
        const int heads = m_spec.headCount(block);
        for (const NumberFormat format : {NumberFormat::Fp32, NumberFormat::Bf16}) {
            const bool bfloat16 = format == NumberFormat::Bf16;
            if (bfloat16 && !m_times.target.bf16Compute)
                continue;
            const TimeSpread all = m_stopwatch.time({m_spec.tokens(), heads, qkDim, voDim, m_spec.headDim, bfloat16});
            attention.head[qkDim + voDim][format] = static_cast<double>(m_batch) / heads * all;
        }
    }

    TimeSpread imageByImage(const LinearSpec &linear) { return m_batch * m_stopwatch.time(linear, m_spec.tokens()); }

    // The rows of the batch in tiles as the schedule makes them, the last of which may be smaller.
    TimeSpread tiled(const BlockSpec &block, const LinearSpec &linear)
    {
        const std::int64_t rows = m_batch * m_spec.tokens();
        const std::int64_t tile = mlpTile(block, rows);
        TimeSpread sum = static_cast<double>(rows / tile) * m_stopwatch.time(linear, tile);
        if (const std::int64_t rest = rows % tile; rest > 0)
            sum = sum + m_stopwatch.time(linear, rest);
        return sum;
    }

    void timeMlp(const BlockSpec &block)
    {
        auto &mlps = m_times.mlps.emplace_back();
        BlockSpec linear = block;
        linear.fc1 = absentLinear(block.fc1.name);
        linear.fc2.inFeatures = m_spec.width;
        LayerTimes::ByFormat &linearMlp = m_times.linearMlps.emplace_back();
        for (const NumberFormat format : allNumberFormats())
            linearMlp[format] = tiled(linear, as(linear.fc2, format, false));
        std::vector<std::int64_t> widths = sensitivityWidths(block.mlpWidth());
        widths.push_back(block.mlpWidth());
        for (const std::int64_t width : widths) {
            LayerTimes::Mlp &mlp = mlps[width];
            for (const NumberFormat format : allNumberFormats()) {
                LinearSpec fc1 = as(block.fc1, format, false);
                LinearSpec fc2 = as(block.fc2, format, true);
                fc1.outFeatures = fc2.inFeatures = width;
                BlockSpec pruned = block;
                pruned.fc1 = fc1;
                mlp.fc1[format] = tiled(pruned, fc1);
                mlp.fc2[format] = tiled(pruned, fc2);
            }
        }
    }

    const ModelSpec &m_spec;
    const CompressionPlan &m_settings;
    int m_batch;
    LatencyCache &m_cache;
    Progress &m_progress;
    Stopwatch m_stopwatch;
    LayerTimes m_times;
};

} // namespace

LayerTimes measureLayerTimes(const Transformer &fp32, const CompressionPlan &settings, int batch, LatencyCache &cache,
                             Progress &progress)
{
    return LayerTimer(fp32.spec(), fp32.target(), settings, batch, cache, progress).run([&]() -> const Transformer & {
        return fp32;
    });
}

LayerTimes measureLayerTimes(const VitModel &model, const ExecutionTarget &target, const CompressionPlan &settings,
                             int batch, LatencyCache &cache, Progress &progress)
{
    return LayerTimer(model.spec, target, settings, batch, cache, progress).run([&] {
        return Transformer(model, target, progress);
    });
}

std::string attentionKey(const AttentionShape &shape)
{
    return "attention of " + std::to_string(shape.tokens) + " tokens, " + std::to_string(shape.heads) + " heads of " +
           std::to_string(shape.qkDim) + " and " + std::to_string(shape.voDim) + " of " +
           std::to_string(shape.headDim) + (shape.bfloat16 ? ", bf16" : ", fp32");
}

std::string modelShapeKey(const ModelSpec &spec, int batch)
{
    ModelSpec shape = spec;
    shape.name.clear();
    shape.naming.clear();
    shape.classNames.clear();
    shape.preprocessing = {};
    ContentHash hash;
    hash.add(jsonText(shape));
    hash.add(static_cast<std::uint64_t>(batch));
    return hash.hex();
}

} // namespace edgeflex
