#include "engine/model/transformer.h"

#include "engine/kernels/attention.h"
#include "engine/kernels/elementwise.h"
#include "plan/error.h"
#include "plan/linearlayout.h"

#include <omp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <stdexcept>

namespace edgeflex {

namespace {

constexpr std::int64_t parallelValues = 32768; // less is done before other threads have woken

enum BlockLinear { Qkv, Proj, Fc1, Fc2 };

double millisecondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

HostBuffer floatBuffer(std::int64_t count)
{
    return HostBuffer(static_cast<std::size_t>(count) * sizeof(float));
}

// One patch of an image as a row ordered (channel, y, x), as the patch embedding's weights are.
void gatherPatch(const ModelSpec &spec, const float *pixels, std::int64_t index, float *row)
{
    const std::int64_t patch = spec.patchSize;
    const std::int64_t across = spec.imageWidth / patch;
    const std::int64_t plane = static_cast<std::int64_t>(spec.imageHeight) * spec.imageWidth;
    const float *corner = pixels + (index / across) * patch * spec.imageWidth + (index % across) * patch;
    for (int c = 0; c < spec.channels; ++c) {
        for (std::int64_t y = 0; y < patch; ++y) {
            std::memcpy(row, corner + c * plane + y * spec.imageWidth, static_cast<std::size_t>(patch) * sizeof(float));
            row += patch;
        }
    }
}

// Takes pieces of an operation's scratch in order; what the schedule says must suffice.
class Scratch
{
public:
    Scratch(HostBuffer &memory) : m_next(memory.as<std::byte>()), m_end(m_next + memory.bytes()) {}

    std::byte *take(std::int64_t bytes)
    {
        std::byte *piece = m_next;
        if (bytes > m_end - m_next)
            throw std::logic_error("an operation needs more scratch than its schedule says");
        m_next += allocatedBytes(bytes);
        return piece;
    }
    float *takeFloats(std::int64_t count)
    {
        return reinterpret_cast<float *>(take(count * static_cast<std::int64_t>(sizeof(float))));
    }

private:
    std::byte *m_next;
    std::byte *m_end;
};

} // namespace

// One forward pass: the state its operations share.
struct Transformer::Pass
{
    const Transformer &model;
    ExecutionObserver *observer;
    const Progress &progress;
    std::chrono::steady_clock::time_point layerStart{};

    const ModelSpec &spec() const { return model.m_spec; }
    const ExecutionTarget &target() const { return model.m_target; }
    const BlockSpec &blockSpec(int block) const { return spec().blocks[static_cast<std::size_t>(block)]; }
    const Linear &linear(int index) const { return *model.m_linears[static_cast<std::size_t>(index)]; }
    AttentionShape attentionShape(int block) const
    {
        const BlockSpec &layers = blockSpec(block);
        return {spec().tokens(),      spec().headCount(layers), spec().qkDim(layers),
                spec().voDim(layers), spec().headDim,           attendsInBfloat16(layers, target())};
    }

    // The rows of a layer's input, made one by one by make(row, to) and put into the layer's form at once, in
    // `memory`; `work` is a row of FP32 for each thread. An observer is given the rows before they are rounded.
    template<typename Make>
    LinearInput makeRows(int index, std::int64_t rows, std::byte *memory, std::byte *work, Make make)
    {
        const Linear &layer = linear(index);
        const std::int64_t columns = layer.spec().inFeatures;
        const LinearInput input = layer.inputIn(memory, rows);
        if (layer.readsFloats() || (observer && observer->needsInputs())) {
            HostBuffer seen = layer.readsFloats() ? HostBuffer() : floatBuffer(rows * columns);
            float *floats = seen ? seen.as<float>() : reinterpret_cast<float *>(memory);
#pragma omp parallel for if (rows * columns >= parallelValues)
            for (std::int64_t row = 0; row < rows; ++row)
                make(row, floats + row * columns);
            return given(index, floats, rows, memory);
        }
#pragma omp parallel for if (rows * columns >= parallelValues)
        for (std::int64_t row = 0; row < rows; ++row) {
            float *values = reinterpret_cast<float *>(work + omp_get_thread_num() * allocatedBytes(4 * columns));
            make(row, values);
            layer.prepare(values, row, input);
        }
        layerStart = std::chrono::steady_clock::now();
        return input;
    }

    // FP32 rows as a layer's input; where the layer reads another form, they are put into it in `memory`.
    LinearInput given(int index, const float *x, std::int64_t rows, std::byte *memory)
    {
        const Linear &layer = linear(index);
        const std::int64_t columns = layer.spec().inFeatures;
        if (observer)
            observer->linearInput(index, x, rows);
        layerStart = std::chrono::steady_clock::now();
        if (layer.readsFloats())
            return {x, columns, rows};
        const LinearInput input = layer.inputIn(memory, rows);
#pragma omp parallel for if (rows * columns >= parallelValues)
        for (std::int64_t row = 0; row < rows; ++row)
            layer.prepare(x + row * columns, row, input);
        return input;
    }

    // FP32 rows, activated in place, as the input of a layer that reads another form.
    LinearInput activated(int index, float *x, std::int64_t rows, std::byte *memory)
    {
        const Linear &layer = linear(index);
        const std::int64_t columns = layer.spec().inFeatures;
        if (observer && observer->needsInputs()) {
            activate(x, rows * columns, spec().activation);
            return given(index, x, rows, memory);
        }
        layerStart = std::chrono::steady_clock::now();
        const LinearInput input = layer.inputIn(memory, rows);
        const auto kernel = activationKernel(simdKernels(), spec().activation);
#pragma omp parallel for if (rows * columns >= parallelValues)
        for (std::int64_t row = 0; row < rows; ++row) {
            kernel(x + row * columns, columns);
            layer.prepare(x + row * columns, row, input);
        }
        return input;
    }

    void multiply(int index, const LinearInput &x, const LinearOutput &y, std::byte *work) const
    {
        linear(index).multiply(x, y, work);
        if (observer)
            observer->linearDone(index, millisecondsSince(layerStart));
    }

    // A whole layer; takes scratchBytes().
    void forward(int index, const float *x, std::int64_t rows, float *y, Scratch scratch)
    {
        const LinearSpec &layer = linear(index).spec();
        const std::int64_t inputBytes = scratchBytes(layer, rows, target()) - workBytes(layer, target());
        const LinearInput input = given(index, x, rows, scratch.take(inputBytes));
        multiply(index, input, {y, layer.outFeatures}, scratch.take(workBytes(layer, target())));
    }

    void normalise(const Norm &norm, const float *x, std::int64_t rows, float *y) const
    {
        layerNorm(x, rows, spec().width, norm.gamma.as<float>(), norm.beta.as<float>(),
                  static_cast<float>(spec().layerNormEps), y);
    }

    // Rows of tokens, normalised, as a layer's input.
    LinearInput normalised(int index, const Norm &norm, const float *x, std::int64_t rows, std::byte *memory,
                           std::byte *work)
    {
        return makeRows(index, rows, memory, work, [this, &norm, x](std::int64_t row, float *to) {
            simdKernels().layerNormRow(x + row * spec().width, spec().width, norm.gamma.as<float>(),
                                       norm.beta.as<float>(), static_cast<float>(spec().layerNormEps), to);
        });
    }

    const Norm &blockNorm(int block, int which) const
    {
        return model.m_norms[static_cast<std::size_t>(2 * block + which)];
    }

    void patchEmbed(const float *pixels, std::int64_t batch, float *tokens, Scratch scratch)
    {
        const ModelSpec &s = spec();
        const BlockScratch parts = patchEmbedScratch(s, target());
        std::byte *rows = scratch.take(parts.rowsBytes);
        std::byte *work = scratch.take(parts.workBytes);
        const std::int64_t prefix = s.tokens() - s.patches();
        const std::int64_t imageFloats = static_cast<std::int64_t>(s.channels) * s.imageHeight * s.imageWidth;
        const std::int64_t tokenFloats = s.tokens() * s.width;
        for (std::int64_t image = 0; image < batch; ++image) {
            const float *from = pixels + image * imageFloats;
            float *to = tokens + image * tokenFloats;
            std::memcpy(to, model.m_positions.as<float>(), static_cast<std::size_t>(tokenFloats) * sizeof(float));
            const LinearInput input = makeRows(0, s.patches(), rows, work, [&s, from](std::int64_t patch, float *row) {
                gatherPatch(s, from, patch, row);
            });
            multiply(0, input, {to + prefix * s.width, s.width, true}, work);
        }
    }

    // Image by image, in place on the residual stream.
    void attentionBlock(int block, std::int64_t batch, float *tokens, Scratch scratch)
    {
        const std::int64_t count = spec().tokens();
        const std::int64_t width = spec().width;
        const AttentionShape shape = attentionShape(block);
        const BlockScratch parts = attentionScratch(spec(), blockSpec(block), target());
        std::byte *rows = scratch.take(parts.rowsBytes);
        std::byte *heads = scratch.take(parts.valuesBytes);
        std::byte *work = scratch.take(parts.workBytes);
        const int projLayer = model.blockLinear(block, Proj);
        if (blockSpec(block).attentionIsLinear()) {
            linearHalf(projLayer, blockNorm(block, 0), batch * count, count, tokens, rows, work);
            return;
        }
        auto *qkv = reinterpret_cast<float *>(heads);
        auto *context = reinterpret_cast<float *>(rows);
        for (std::int64_t image = 0; image < batch; ++image) {
            throwIfCancelled(progress);
            float *x = tokens + image * count * width;
            const int qkvLayer = model.blockLinear(block, Qkv);
            multiply(qkvLayer, normalised(qkvLayer, blockNorm(block, 0), x, count, rows, work), {qkv, shape.qkvWidth()},
                     work);
            attention(shape, qkv, context, target().threads, work);
            multiply(projLayer, given(projLayer, context, count, heads), {x, width, true}, work);
        }
    }

    // A half block that is one layer, tile by tile, in place on the residual stream.
    void linearHalf(int index, const Norm &norm, std::int64_t all, std::int64_t tile, float *tokens, std::byte *rows,
                    std::byte *work)
    {
        const std::int64_t width = spec().width;
        for (std::int64_t first = 0; first < all; first += tile) {
            throwIfCancelled(progress);
            const std::int64_t n = std::min(tile, all - first);
            float *x = tokens + first * width;
            multiply(index, normalised(index, norm, x, n, rows, work), {x, width, true}, work);
        }
    }

    // Tile by tile, in place on the residual stream.
    void mlpBlock(int block, std::int64_t batch, float *tokens, Scratch scratch)
    {
        const std::int64_t all = batch * spec().tokens();
        const std::int64_t width = spec().width;
        const std::int64_t tile = mlpTile(blockSpec(block), all);
        const std::int64_t hiddenWidth = blockSpec(block).mlpWidth();
        const BlockScratch parts = mlpScratch(spec(), blockSpec(block), all, target());
        std::byte *rows = scratch.take(parts.rowsBytes);
        auto *hidden = reinterpret_cast<float *>(scratch.take(parts.valuesBytes));
        std::byte *work = scratch.take(parts.workBytes);
        const int fc2 = model.blockLinear(block, Fc2);
        if (blockSpec(block).mlpIsLinear()) {
            linearHalf(fc2, blockNorm(block, 1), all, tile, tokens, rows, work);
            return;
        }
        for (std::int64_t first = 0; first < all; first += tile) {
            throwIfCancelled(progress);
            const std::int64_t n = std::min(tile, all - first);
            float *x = tokens + first * width;
            const int fc1 = model.blockLinear(block, Fc1);
            // Rows that take another form are activated there, else where they are summed.
            const bool later = !linear(fc2).readsFloats();
            const LinearInput input = normalised(fc1, blockNorm(block, 1), x, n, rows, work);
            multiply(fc1, input, {hidden, hiddenWidth, false, later ? std::nullopt : std::optional(spec().activation)},
                     work);
            multiply(fc2, later ? activated(fc2, hidden, n, rows) : given(fc2, hidden, n, rows), {x, width, true},
                     work);
        }
    }

    void pool(const float *tokens, std::int64_t batch, float *pooled, Scratch scratch) const
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
        float *rows = normFirst ? scratch.takeFloats(count * width) : nullptr;
        for (std::int64_t image = 0; image < batch; ++image) {
            const float *x = tokens + image * count * width;
            if (normFirst) {
                normalise(model.m_norm, x, count, rows);
                x = rows;
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

    void classify(const float *tokens, std::int64_t batch, float *logits, Scratch scratch)
    {
        float *pooled = scratch.takeFloats(batch * spec().width);
        pool(tokens, batch, pooled, scratch);
        const int head = static_cast<int>(model.m_linears.size()) - 1;
        if (spec().preLogits.empty()) {
            forward(head, pooled, batch, logits, scratch);
            return;
        }
        const std::int64_t features = spec().preLogits.front().outFeatures;
        float *hidden = scratch.takeFloats(batch * features);
        forward(head - 1, pooled, batch, hidden, scratch);
        tanhInPlace(hidden, batch * features);
        forward(head, hidden, batch, logits, scratch);
    }

    // One of the eager schedule's operations: whole batch in, new tensor out.
    void eager(const Operation &operation, std::int64_t batch, const std::array<const float *, 2> &in, float *out,
               Scratch scratch)
    {
        const std::int64_t count = spec().tokens();
        const std::int64_t rows = batch * count;
        switch (operation.kind) {
        case OperationKind::LayerNorm:
            normalise(blockNorm(operation.block, operation.name.ends_with("norm2") ? 1 : 0), in[0], rows, out);
            break;
        case OperationKind::Linear:
            forward(model.linearIndex(operation.linears.front()), in[0], rows, out, scratch);
            break;
        case OperationKind::Scores: {
            const AttentionShape shape = attentionShape(operation.block);
            std::byte *keys = scratch.take(operation.scratchBytes);
            for (std::int64_t image = 0; image < batch; ++image)
                attentionScores(shape, in[0] + image * count * shape.qkvWidth(),
                                out + image * shape.heads * count * count, target().threads, keys);
            break;
        }
        case OperationKind::Softmax:
            softmax(in[0], batch * attentionShape(operation.block).heads * count, count, out);
            break;
        case OperationKind::Context: {
            const AttentionShape shape = attentionShape(operation.block);
            for (std::int64_t image = 0; image < batch; ++image)
                attentionContext(shape, in[0] + image * shape.heads * count * count,
                                 in[1] + image * count * shape.qkvWidth(), out + image * count * shape.voWidth(),
                                 target().threads);
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
    if (!model.packedNote.empty())
        progress.note(model.packedNote);
    progress.stage("loading", static_cast<std::int64_t>(linears.size()));
    for (const LinearSpec *linear : linears) {
        m_linears.push_back(linear->isAbsent() ? nullptr : makeLinear(model.packedLinear(linear->name), target));
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

ExecutionMemory::ExecutionMemory(const Schedule &schedule) : m_tensors(schedule.tensors.size())
{
    if (schedule.kind != ScheduleKind::Tight)
        return;
    std::int64_t scratchBytes = 0;
    for (const Operation &operation : schedule.operations)
        scratchBytes = std::max(scratchBytes, operation.scratchBytes);
    for (std::size_t i = 0; i < m_tensors.size(); ++i)
        m_tensors[i] = HostBuffer(static_cast<std::size_t>(schedule.tensors[i].bytes));
    m_scratch = HostBuffer(static_cast<std::size_t>(scratchBytes));
}

void Transformer::run(const Schedule &schedule, const float *pixels, float *logits, const Progress &progress,
                      ExecutionObserver *observer) const
{
    ExecutionMemory memory(schedule);
    run(schedule, memory, pixels, logits, progress, observer);
}

void Transformer::run(const Schedule &schedule, ExecutionMemory &memory, const float *pixels, float *logits,
                      const Progress &progress, ExecutionObserver *observer) const
{
    omp_set_num_threads(m_target.threads);
    Pass pass{*this, observer, progress};
    const std::int64_t batch = schedule.batch;
    const bool tight = schedule.kind == ScheduleKind::Tight;
    std::vector<HostBuffer> &tensors = memory.m_tensors;
    for (std::size_t i = 0; i < schedule.operations.size(); ++i) {
        throwIfCancelled(progress);
        const Operation &operation = schedule.operations[i];
        const auto start = std::chrono::steady_clock::now();
        float *out = logits;
        if (operation.output >= 0) {
            const auto index = static_cast<std::size_t>(operation.output);
            if (!tensors[index])
                tensors[index] = HostBuffer(static_cast<std::size_t>(schedule.tensors[index].bytes));
            out = tensors[index].as<float>();
        }
        std::array<const float *, 2> in{};
        for (std::size_t input = 0; input < operation.inputs.size(); ++input)
            in.at(input) = tensors[static_cast<std::size_t>(operation.inputs[input])].as<float>();
        if (!tight)
            memory.m_scratch = HostBuffer(static_cast<std::size_t>(operation.scratchBytes));
        const Scratch scratch(memory.m_scratch);

        switch (operation.kind) {
        case OperationKind::PatchEmbed:
            pass.patchEmbed(pixels, batch, out, scratch);
            break;
        case OperationKind::PreNorm:
            pass.normalise(m_preNorm, out, batch * m_spec.tokens(), out);
            break;
        case OperationKind::AttentionBlock:
            pass.attentionBlock(operation.block, batch, out, scratch);
            break;
        case OperationKind::MlpBlock:
            pass.mlpBlock(operation.block, batch, out, scratch);
            break;
        case OperationKind::Classify:
            pass.classify(in[0], batch, logits, scratch);
            break;
        default:
            pass.eager(operation, batch, in, out, scratch);
        }

        if (!tight) {
            memory.m_scratch.reset();
            for (std::size_t t = 0; t < schedule.tensors.size(); ++t) {
                if (schedule.tensors[t].lastUse == static_cast<int>(i))
                    tensors[t].reset();
            }
        }
        if (observer)
            observer->operationDone(static_cast<int>(i), millisecondsSince(start));
    }
}

void Transformer::embed(const float *pixels, int batch, float *tokens, ExecutionObserver *observer) const
{
    omp_set_num_threads(m_target.threads);
    Pass pass{*this, observer, neverCancelled};
    HostBuffer scratch(static_cast<std::size_t>(patchEmbedScratch(m_spec, m_target).bytes()));
    pass.patchEmbed(pixels, batch, tokens, scratch);
    if (m_spec.preNorm)
        pass.normalise(m_preNorm, tokens, batch * m_spec.tokens(), tokens);
}

void Transformer::runBlock(int block, int batch, float *tokens, ExecutionObserver *observer, const Progress &progress,
                           BlockPart part) const
{
    omp_set_num_threads(m_target.threads);
    Pass pass{*this, observer, progress};
    const BlockSpec &layers = m_spec.blocks[static_cast<std::size_t>(block)];
    const std::int64_t attention = attentionScratch(m_spec, layers, m_target).bytes();
    const std::int64_t mlp = mlpScratch(m_spec, layers, batch * m_spec.tokens(), m_target).bytes();
    HostBuffer scratch(static_cast<std::size_t>(part == BlockPart::Attention ? attention
                                                : part == BlockPart::Mlp     ? mlp
                                                                             : std::max(attention, mlp)));
    if (part != BlockPart::Mlp)
        pass.attentionBlock(block, batch, tokens, scratch);
    if (part != BlockPart::Attention)
        pass.mlpBlock(block, batch, tokens, scratch);
}

void Transformer::classify(const float *tokens, int batch, float *logits, ExecutionObserver *observer) const
{
    omp_set_num_threads(m_target.threads);
    HostBuffer scratch(static_cast<std::size_t>(classifyScratchBytes(m_spec, batch, m_target)));
    Pass{*this, observer, neverCancelled}.classify(tokens, batch, logits, scratch);
}

void Transformer::setBlock(int block, const BlockWeights &weights)
{
    const std::pair<int, const LinearWeights *> layers[] = {
        {Qkv, &weights.qkv}, {Proj, &weights.proj}, {Fc1, &weights.fc1}, {Fc2, &weights.fc2}};
    for (const auto &[which, layer] : layers)
        exchange(blockLinear(block, which), layer->spec.isAbsent() ? nullptr : makeLinear(*layer, m_target));
    m_norms[static_cast<std::size_t>(2 * block)] = packNorm(weights.norm1, layerName(block, "norm1"));
    m_norms[static_cast<std::size_t>(2 * block + 1)] = packNorm(weights.norm2, layerName(block, "norm2"));
}

std::unique_ptr<Linear> Transformer::exchange(int linear, std::unique_ptr<Linear> replacement)
{
    LinearSpec &spec = *m_spec.linears().at(static_cast<std::size_t>(linear));
    spec = replacement ? replacement->spec() : absentLinear(spec.name);
    std::swap(m_linears.at(static_cast<std::size_t>(linear)), replacement);
    return replacement;
}

void Transformer::setHeads(int block, int heads)
{
    m_spec.blocks.at(static_cast<std::size_t>(block)).removedHeads = heads > 0 ? m_spec.heads - heads : 0;
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
