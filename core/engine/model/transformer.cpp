#include "engine/model/transformer.h"

#include "engine/kernels/attention.h"
#include "engine/kernels/elementwise.h"
#include "plan/error.h"

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace edgeflex {

namespace {

enum BlockLinear { Qkv, Proj, Fc1, Fc2 };

double millisecondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

HostBuffer floatBuffer(std::int64_t count)
{
    return HostBuffer(static_cast<std::size_t>(count) * sizeof(float));
}

// One image's patches as rows ordered (channel, y, x), as the patch embedding's weights are.
void gatherPatches(const ModelSpec &spec, const float *pixels, float *rows)
{
    const std::int64_t patch = spec.patchSize;
    const std::int64_t across = spec.imageWidth / patch;
    const std::int64_t patches = spec.patches();
    const std::int64_t plane = static_cast<std::int64_t>(spec.imageHeight) * spec.imageWidth;
#pragma omp parallel for
    for (std::int64_t p = 0; p < patches; ++p) {
        const float *corner = pixels + (p / across) * patch * spec.imageWidth + (p % across) * patch;
        float *row = rows + p * spec.channels * patch * patch;
        for (int c = 0; c < spec.channels; ++c) {
            for (std::int64_t y = 0; y < patch; ++y) {
                std::memcpy(row, corner + c * plane + y * spec.imageWidth,
                            static_cast<std::size_t>(patch) * sizeof(float));
                row += patch;
            }
        }
    }
}

} // namespace

// One forward pass: the state its operations share.
struct Transformer::Pass
{
    const Transformer &model;
    ExecutionObserver *observer;
    const Progress &progress;

    const ModelSpec &spec() const { return model.m_spec; }
    AttentionShape attentionShape(int block) const
    {
        const BlockSpec &layers = spec().blocks[static_cast<std::size_t>(block)];
        return {spec().tokens(), spec().heads, spec().qkDim(layers), spec().voDim(layers), spec().headDim};
    }

    void forward(int index, const float *x, std::int64_t rows, float *y) const
    {
        const Linear &linear = *model.m_linears[static_cast<std::size_t>(index)];
        if (!observer) {
            linear.forward(x, rows, y);
            return;
        }
        observer->linearInput(index, x, rows);
        const auto start = std::chrono::steady_clock::now();
        linear.forward(x, rows, y);
        observer->linearDone(index, millisecondsSince(start));
    }

    void normalise(const Norm &norm, const float *x, std::int64_t rows, float *y) const
    {
        layerNorm(x, rows, spec().width, norm.gamma.as<float>(), norm.beta.as<float>(),
                  static_cast<float>(spec().layerNormEps), y);
    }

    const Norm &blockNorm(int block, int which) const
    {
        return model.m_norms[static_cast<std::size_t>(2 * block + which)];
    }

    void patchEmbed(const float *pixels, std::int64_t batch, float *tokens) const
    {
        const ModelSpec &s = spec();
        const std::int64_t prefix = s.tokens() - s.patches();
        const std::int64_t imageFloats = static_cast<std::int64_t>(s.channels) * s.imageHeight * s.imageWidth;
        HostBuffer rows = floatBuffer(s.patches() * s.patchEmbed.inFeatures);
        const auto *positions = model.m_positions.as<float>();
        for (std::int64_t image = 0; image < batch; ++image) {
            float *first = tokens + image * s.tokens() * s.width;
            gatherPatches(s, pixels + image * imageFloats, rows.as<float>());
            std::memcpy(first, positions, static_cast<std::size_t>(prefix * s.width) * sizeof(float));
            float *patches = first + prefix * s.width;
            forward(0, rows.as<float>(), s.patches(), patches);
            add(patches, positions + prefix * s.width, s.patches() * s.width);
        }
    }

    // Image by image, in place on the residual stream.
    void attentionBlock(int block, std::int64_t batch, float *tokens) const
    {
        const std::int64_t count = spec().tokens();
        const std::int64_t width = spec().width;
        const AttentionShape shape = attentionShape(block);
        HostBuffer rows = floatBuffer(count * std::max(width, shape.voWidth()));
        HostBuffer heads = floatBuffer(count * std::max(shape.qkvWidth(), width));
        for (std::int64_t image = 0; image < batch; ++image) {
            throwIfCancelled(progress);
            float *x = tokens + image * count * width;
            normalise(blockNorm(block, 0), x, count, rows.as<float>());
            forward(model.blockLinear(block, Qkv), rows.as<float>(), count, heads.as<float>());
            attention(shape, heads.as<float>(), rows.as<float>(), model.m_target.threads);
            forward(model.blockLinear(block, Proj), rows.as<float>(), count, heads.as<float>());
            add(x, heads.as<float>(), count * width);
        }
    }

    // Tile by tile, in place on the residual stream.
    void mlpBlock(int block, std::int64_t batch, float *tokens) const
    {
        const std::int64_t all = batch * spec().tokens();
        const std::int64_t width = spec().width;
        const std::int64_t tile = std::min(all, mlpTileRows);
        const std::int64_t hiddenWidth = spec().blocks[static_cast<std::size_t>(block)].mlpWidth();
        HostBuffer rows = floatBuffer(tile * width);
        HostBuffer hidden = floatBuffer(tile * hiddenWidth);
        for (std::int64_t first = 0; first < all; first += tile) {
            throwIfCancelled(progress);
            const std::int64_t n = std::min(tile, all - first);
            float *x = tokens + first * width;
            normalise(blockNorm(block, 1), x, n, rows.as<float>());
            forward(model.blockLinear(block, Fc1), rows.as<float>(), n, hidden.as<float>());
            activate(hidden.as<float>(), n * hiddenWidth, spec().activation);
            forward(model.blockLinear(block, Fc2), hidden.as<float>(), n, rows.as<float>());
            add(x, rows.as<float>(), n * width);
        }
    }

    void pool(const float *tokens, std::int64_t batch, float *pooled) const
    {
        const std::int64_t count = spec().tokens();
        const std::int64_t width = spec().width;
        const std::int64_t prefix = count - spec().patches();
        if (spec().pooling == Pooling::ClassToken) {
            for (std::int64_t image = 0; image < batch; ++image)
                std::memcpy(pooled + image * width, tokens + image * count * width,
                            static_cast<std::size_t>(width) * sizeof(float));
            normalise(model.m_norm, pooled, batch, pooled);
            return;
        }
        const bool normFirst = spec().normPlace == NormPlace::BeforePooling;
        HostBuffer normalised = normFirst ? floatBuffer(count * width) : HostBuffer();
        for (std::int64_t image = 0; image < batch; ++image) {
            const float *x = tokens + image * count * width;
            if (normFirst) {
                normalise(model.m_norm, x, count, normalised.as<float>());
                x = normalised.as<float>();
            }
            float *mean = pooled + image * width;
            std::fill_n(mean, width, 0.0F);
            for (std::int64_t token = prefix; token < count; ++token)
                add(mean, x + token * width, width);
            for (std::int64_t c = 0; c < width; ++c)
                mean[c] /= static_cast<float>(spec().patches());
        }
        if (!normFirst)
            normalise(model.m_norm, pooled, batch, pooled);
    }

    void classify(const float *tokens, std::int64_t batch, float *logits) const
    {
        HostBuffer pooled = floatBuffer(batch * spec().width);
        pool(tokens, batch, pooled.as<float>());
        const int head = static_cast<int>(model.m_linears.size()) - 1;
        if (spec().preLogits.empty()) {
            forward(head, pooled.as<float>(), batch, logits);
            return;
        }
        const std::int64_t features = spec().preLogits.front().outFeatures;
        HostBuffer hidden = floatBuffer(batch * features);
        forward(head - 1, pooled.as<float>(), batch, hidden.as<float>());
        tanhInPlace(hidden.as<float>(), batch * features);
        forward(head, hidden.as<float>(), batch, logits);
    }

    // One of the eager schedule's operations: whole batch in, new tensor out.
    void eager(const Operation &operation, std::int64_t batch, const std::vector<const float *> &in, float *out) const
    {
        const std::int64_t count = spec().tokens();
        const std::int64_t rows = batch * count;
        const std::int64_t scoreFloats = spec().heads * count * count;
        switch (operation.kind) {
        case OperationKind::LayerNorm:
            normalise(blockNorm(operation.block, operation.name.ends_with("norm2") ? 1 : 0), in[0], rows, out);
            break;
        case OperationKind::Linear:
            forward(model.linearIndex(operation.linears.front()), in[0], rows, out);
            break;
        case OperationKind::Scores: {
            const AttentionShape shape = attentionShape(operation.block);
            for (std::int64_t image = 0; image < batch; ++image)
                attentionScores(shape, in[0] + image * count * shape.qkvWidth(), out + image * scoreFloats);
            break;
        }
        case OperationKind::Softmax:
            softmax(in[0], batch * spec().heads * count, count, out);
            break;
        case OperationKind::Context: {
            const AttentionShape shape = attentionShape(operation.block);
            for (std::int64_t image = 0; image < batch; ++image)
                attentionContext(shape, in[0] + image * scoreFloats, in[1] + image * count * shape.qkvWidth(),
                                 out + image * count * shape.voWidth());
            break;
        }
        case OperationKind::Gelu: {
            const std::int64_t width = rows * spec().blocks[static_cast<std::size_t>(operation.block)].mlpWidth();
            std::memcpy(out, in[0], static_cast<std::size_t>(width) * sizeof(float));
            activate(out, width, spec().activation);
            break;
        }
        case OperationKind::Add:
            std::memcpy(out, in[0], static_cast<std::size_t>(rows * spec().width) * sizeof(float));
            add(out, in[1], rows * spec().width);
            break;
        default:
            throw std::logic_error("not an eager operation: " + operation.name);
        }
    }
};

Transformer::Transformer(const VitModel &model, const ExecutionTarget &target, Progress &progress)
    : m_spec(model.spec), m_target(target)
{
    omp_set_num_threads(target.threads);
    validate(m_spec);
    const VitWeights &weights = model.weights;
    const auto linears = m_spec.linears();
    progress.stage("loading", static_cast<std::int64_t>(linears.size()));
    for (const LinearSpec *linear : linears) {
        const LinearWeights &from = model.linear(linear->name);
        m_linears.push_back(makeLinear(from, target));
        from.values.releasePages(); // held once: packed
        progress.step(static_cast<std::int64_t>(m_linears.size()));
    }

    const std::int64_t width = m_spec.width;
    m_positions = floatBuffer(m_spec.tokens() * width);
    std::memcpy(m_positions.as<float>(), weights.positionEmbedding.raw(), weights.positionEmbedding.bytes());
    if (!weights.prefixTokens.empty()) {
        const Tensor prefix = weights.prefixTokens.toFloat(); // may lie unaligned in a file
        add(m_positions.as<float>(), prefix.floats(), prefix.elements());
    }
    for (std::int64_t i = 0; i < m_spec.tokens() * width; ++i) {
        if (!std::isfinite(m_positions.as<float>()[i]))
            throw Error(model.path + ": the position embedding or class token holds NaN or infinite values; "
                                     "export the checkpoint again");
    }
    for (std::size_t i = 0; i < weights.blocks.size(); ++i) {
        m_norms.push_back(packNorm(weights.blocks[i].norm1, layerName(static_cast<int>(i), "norm1")));
        m_norms.push_back(packNorm(weights.blocks[i].norm2, layerName(static_cast<int>(i), "norm2")));
    }
    if (m_spec.preNorm)
        m_preNorm = packNorm(weights.preNorm, "pre_norm");
    m_norm = packNorm(weights.norm, "norm");
}

Transformer::~Transformer() = default;
Transformer::Transformer(Transformer &&) noexcept = default;
Transformer &Transformer::operator=(Transformer &&) noexcept = default;

Transformer::Norm Transformer::packNorm(const NormWeights &weights, const std::string &name) const
{
    Norm norm{floatBuffer(m_spec.width), floatBuffer(m_spec.width)};
    const auto pack = [&](const Tensor &from, HostBuffer &to, const char *what) {
        if (from.dtype() != DType::F32 || from.elements() != m_spec.width)
            throw Error("layer \"" + name + "\": its " + what + " must be F32 [" + std::to_string(m_spec.width) +
                        "], not " + std::string(toString(from.dtype())) + " " + from.shapeText());
        std::memcpy(to.as<float>(), from.raw(), from.bytes());
        for (std::int64_t i = 0; i < m_spec.width; ++i) {
            if (!std::isfinite(to.as<float>()[i]))
                throw Error("layer \"" + name + "\": its " + what +
                            " holds NaN or infinite values; export the checkpoint again");
        }
    };
    pack(weights.gamma, norm.gamma, "weight");
    pack(weights.beta, norm.beta, "bias");
    return norm;
}

void Transformer::run(const Schedule &schedule, const float *pixels, float *logits, const Progress &progress,
                      ExecutionObserver *observer) const
{
    omp_set_num_threads(m_target.threads);
    const Pass pass{*this, observer, progress};
    const std::int64_t batch = schedule.batch;
    std::vector<HostBuffer> tensors(schedule.tensors.size());
    for (std::size_t i = 0; i < schedule.operations.size(); ++i) {
        throwIfCancelled(progress);
        const Operation &operation = schedule.operations[i];
        const auto start = std::chrono::steady_clock::now();
        if (operation.output >= 0) {
            HostBuffer &output = tensors[static_cast<std::size_t>(operation.output)];
            if (!output)
                output = HostBuffer(
                    static_cast<std::size_t>(schedule.tensors[static_cast<std::size_t>(operation.output)].bytes));
        }
        float *out = operation.output >= 0 ? tensors[static_cast<std::size_t>(operation.output)].as<float>() : logits;
        std::vector<const float *> in;
        for (const int input : operation.inputs)
            in.push_back(tensors[static_cast<std::size_t>(input)].as<float>());

        switch (operation.kind) {
        case OperationKind::PatchEmbed:
            pass.patchEmbed(pixels, batch, out);
            break;
        case OperationKind::PreNorm:
            pass.normalise(m_preNorm, out, batch * m_spec.tokens(), out);
            break;
        case OperationKind::AttentionBlock:
            pass.attentionBlock(operation.block, batch, out);
            break;
        case OperationKind::MlpBlock:
            pass.mlpBlock(operation.block, batch, out);
            break;
        case OperationKind::Classify:
            pass.classify(in[0], batch, logits);
            break;
        default:
            pass.eager(operation, batch, in, out);
        }

        for (std::size_t t = 0; t < schedule.tensors.size(); ++t) {
            if (schedule.tensors[t].lastUse == static_cast<int>(i))
                tensors[t].reset();
        }
        if (observer)
            observer->operationDone(static_cast<int>(i), millisecondsSince(start));
    }
}

void Transformer::embed(const float *pixels, int batch, float *tokens, ExecutionObserver *observer) const
{
    omp_set_num_threads(m_target.threads);
    const Pass pass{*this, observer, neverCancelled};
    pass.patchEmbed(pixels, batch, tokens);
    if (m_spec.preNorm)
        pass.normalise(m_preNorm, tokens, batch * m_spec.tokens(), tokens);
}

void Transformer::runBlock(int block, int batch, float *tokens, ExecutionObserver *observer,
                           const Progress &progress) const
{
    omp_set_num_threads(m_target.threads);
    const Pass pass{*this, observer, progress};
    pass.attentionBlock(block, batch, tokens);
    pass.mlpBlock(block, batch, tokens);
}

void Transformer::runAttention(int block, int batch, float *tokens, ExecutionObserver *observer,
                               const Progress &progress) const
{
    omp_set_num_threads(m_target.threads);
    Pass{*this, observer, progress}.attentionBlock(block, batch, tokens);
}

void Transformer::classify(const float *tokens, int batch, float *logits, ExecutionObserver *observer) const
{
    omp_set_num_threads(m_target.threads);
    Pass{*this, observer, neverCancelled}.classify(tokens, batch, logits);
}

void Transformer::setBlock(int block, const BlockWeights &weights)
{
    const std::pair<int, const LinearWeights *> layers[] = {
        {Qkv, &weights.qkv}, {Proj, &weights.proj}, {Fc1, &weights.fc1}, {Fc2, &weights.fc2}};
    for (const auto &[which, layer] : layers)
        exchange(blockLinear(block, which), makeLinear(*layer, m_target));
    m_norms[static_cast<std::size_t>(2 * block)] = packNorm(weights.norm1, layerName(block, "norm1"));
    m_norms[static_cast<std::size_t>(2 * block + 1)] = packNorm(weights.norm2, layerName(block, "norm2"));
}

std::unique_ptr<Linear> Transformer::exchange(int linear, std::unique_ptr<Linear> replacement)
{
    *m_spec.linears().at(static_cast<std::size_t>(linear)) = replacement->spec();
    std::swap(m_linears.at(static_cast<std::size_t>(linear)), replacement);
    return replacement;
}

int Transformer::linearIndex(const std::string &name) const
{
    const auto linears = m_spec.linears();
    const auto found =
        std::find_if(linears.begin(), linears.end(), [&](const LinearSpec *linear) { return linear->name == name; });
    if (found == linears.end())
        throw Error("there is no layer \"" + name + "\" in this model");
    return static_cast<int>(found - linears.begin());
}

} // namespace edgeflex
