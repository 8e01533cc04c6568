#include "plan/schedule.h"

#include "plan/error.h"
#include "plan/linearlayout.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace edgeflex {

namespace {

constexpr std::array<std::string_view, 12> operationNames{"patch_embed", "pre_norm",        "layer_norm", "linear",
                                                          "scores",      "softmax",         "context",    "gelu",
                                                          "add",         "attention_block", "mlp_block",  "classify"};

OperationKind operationKindFromString(const std::string &word)
{
    const auto found = std::find(operationNames.begin(), operationNames.end(), word);
    if (found == operationNames.end())
        throw Error("schedule: \"" + word + "\" is not an operation");
    return static_cast<OperationKind>(found - operationNames.begin());
}

// Rows that a layer's input takes in a form of its own, beside FP32 rows that are there already.
std::int64_t roundedInputBytes(const LinearSpec &linear, std::int64_t rows, const ExecutionTarget &target)
{
    return readsFloats(linear, target) ? 0 : inputBytes(linear, rows, target);
}

// Work of a layer whose rows are made one by one: a row of FP32 a thread before they are rounded.
std::int64_t layerWork(const LinearSpec &linear, std::int64_t columns, const ExecutionTarget &target)
{
    const std::int64_t rows = readsFloats(linear, target) ? 0 : target.threads * allocatedBytes(4 * columns);
    return std::max(rows, workBytes(linear, target));
}

// Builds one schedule, operation by operation, in execution order.
class Builder
{
public:
    Builder(const ModelSpec &spec, ScheduleKind kind, int batch, const ExecutionTarget &target)
        : m_spec(spec), m_target(target), m_tokens(spec.tokens()), m_rows(batch * spec.tokens())
    {
        m_schedule.kind = kind;
        m_schedule.batch = batch;
        m_schedule.weightBytes = weightBytes(spec);
    }

    Schedule build()
    {
        m_tokensTensor = addTensor("tokens", m_rows * m_spec.width);
        patchEmbed();
        if (m_spec.preNorm) {
            Operation &norm = addOperation(OperationKind::PreNorm, "pre_norm", -1, {m_tokensTensor}, m_tokensTensor);
            norm.weightBytes = normBytes();
        }
        for (int block = 0; block < static_cast<int>(m_spec.blocks.size()); ++block) {
            if (m_schedule.kind == ScheduleKind::Tight)
                tightBlock(block);
            else
                eagerBlock(block);
        }
        classify();
        return std::move(m_schedule);
    }

private:
    int addTensor(const std::string &name, std::int64_t floats)
    {
        ScheduledTensor tensor;
        tensor.name = name;
        tensor.bytes = allocatedBytes(4 * floats);
        tensor.birth = tensor.lastUse = static_cast<int>(m_schedule.operations.size());
        m_schedule.tensors.push_back(tensor);
        return static_cast<int>(m_schedule.tensors.size()) - 1;
    }

    Operation &addOperation(OperationKind kind, const std::string &name, int block, std::vector<int> inputs, int output)
    {
        Operation operation;
        operation.kind = kind;
        operation.name = name;
        operation.block = block;
        operation.inputs = std::move(inputs);
        operation.output = output;
        const int index = static_cast<int>(m_schedule.operations.size());
        for (const int input : operation.inputs)
            extend(input, index);
        m_schedule.operations.push_back(std::move(operation));
        return m_schedule.operations.back();
    }

    void extend(int tensor, int operation)
    {
        int &lastUse = m_schedule.tensors[static_cast<std::size_t>(tensor)].lastUse;
        lastUse = std::max(lastUse, operation);
    }

    std::int64_t normBytes() const { return 2 * allocatedBytes(4 * m_spec.width); }

    void addLinear(Operation &operation, const LinearSpec &linear, std::int64_t rows) const
    {
        operation.linears.push_back(linear.name);
        operation.weightBytes += weightBytes(linear);
        operation.macs += macs(linear, rows);
    }

    // The two layers of half a block, as far as they are there.
    void addLinears(Operation &operation, const LinearSpec &first, const LinearSpec &second) const
    {
        if (!first.isAbsent())
            addLinear(operation, first, m_rows);
        addLinear(operation, second, m_rows);
    }

    std::int64_t scratch(const LinearSpec &linear, std::int64_t rows) const
    {
        return scratchBytes(linear, rows, m_target);
    }

    // Queries times keys, and probabilities times values.
    std::int64_t scoreMacs(const BlockSpec &block) const { return m_rows * m_tokens * block.qkWidth(); }
    std::int64_t contextMacs(const BlockSpec &block) const { return m_rows * m_tokens * block.voWidth(); }

    void patchEmbed()
    {
        const LinearSpec &linear = m_spec.patchEmbed;
        Operation &operation = addOperation(OperationKind::PatchEmbed, "patch_embed", -1, {}, m_tokensTensor);
        addLinear(operation, linear, m_schedule.batch * m_spec.patches());
        operation.weightBytes += allocatedBytes(4 * m_tokens * m_spec.width);
        operation.scratchBytes = patchEmbedScratch(m_spec, m_target).bytes(); // one image at a time
    }

    void tightBlock(int index)
    {
        const BlockSpec &block = m_spec.blocks[static_cast<std::size_t>(index)];
        Operation &attention = addOperation(OperationKind::AttentionBlock, layerName(index, "attn"), index,
                                            {m_tokensTensor}, m_tokensTensor);
        addLinears(attention, block.qkv, block.proj);
        attention.weightBytes += normBytes();
        attention.macs += scoreMacs(block) + contextMacs(block);
        attention.scratchBytes = attentionScratch(m_spec, block, m_target).bytes();

        Operation &mlp =
            addOperation(OperationKind::MlpBlock, layerName(index, "mlp"), index, {m_tokensTensor}, m_tokensTensor);
        addLinears(mlp, block.fc1, block.fc2);
        mlp.weightBytes += normBytes();
        mlp.scratchBytes = mlpScratch(m_spec, block, m_rows, m_target).bytes();
    }

    // Lifetimes as measured on PyTorch: arguments of a module live until it returns, the block's input
    // until the block returns.
    void eagerBlock(int index)
    {
        const BlockSpec &block = m_spec.blocks[static_cast<std::size_t>(index)];
        const int input = m_tokensTensor;
        const int norm1 = eager(OperationKind::LayerNorm, layerName(index, "norm1"), index, {input}, m_spec.width);
        const int projection =
            block.attentionIsLinear() ? eagerLinear(block.proj, index, norm1) : eagerAttention(index, block, norm1);
        extend(norm1, lastOperation());
        const int middle =
            eager(OperationKind::Add, layerName(index, "attn.residual"), index, {input, projection}, m_spec.width);

        const int norm2 = eager(OperationKind::LayerNorm, layerName(index, "norm2"), index, {middle}, m_spec.width);
        const int output = block.mlpIsLinear() ? eagerLinear(block.fc2, index, norm2) : eagerMlp(index, block, norm2);
        extend(norm2, lastOperation());
        m_tokensTensor =
            eager(OperationKind::Add, layerName(index, "mlp.residual"), index, {middle, output}, m_spec.width);
        extend(input, lastOperation());
    }

    int eagerAttention(int index, const BlockSpec &block, int norm1)
    {
        const std::int64_t scoreFloats = m_schedule.batch * m_spec.headCount(block) * m_tokens * m_tokens;
        const int qkv = eagerLinear(block.qkv, index, norm1);
        const int scores =
            eagerTensor(OperationKind::Scores, layerName(index, "attn.scores"), index, {qkv}, scoreFloats);
        m_schedule.operations.back().macs = scoreMacs(block);
        m_schedule.operations.back().scratchBytes = scoresScratchBytes(m_tokens, m_spec.qkDim(block), m_target.threads);
        const int probabilities =
            eagerTensor(OperationKind::Softmax, layerName(index, "attn.softmax"), index, {scores}, scoreFloats);
        const int context = eagerTensor(OperationKind::Context, layerName(index, "attn.context"), index,
                                        {probabilities, qkv}, m_rows * block.voWidth());
        m_schedule.operations.back().macs = contextMacs(block);
        const int projection = eagerLinear(block.proj, index, context);
        for (const int held : {qkv, probabilities})
            extend(held, lastOperation());
        return projection;
    }

    int eagerMlp(int index, const BlockSpec &block, int norm2)
    {
        const int hidden = eagerLinear(block.fc1, index, norm2);
        const int activated =
            eager(OperationKind::Gelu, layerName(index, "mlp.act"), index, {hidden}, block.mlpWidth());
        return eagerLinear(block.fc2, index, activated);
    }

    int lastOperation() const { return static_cast<int>(m_schedule.operations.size()) - 1; }

    int eagerTensor(OperationKind kind, const std::string &name, int block, std::vector<int> inputs,
                    std::int64_t floats)
    {
        const int output = addTensor(name, floats);
        Operation &operation = addOperation(kind, name, block, std::move(inputs), output);
        if (kind == OperationKind::LayerNorm)
            operation.weightBytes = normBytes();
        return output;
    }

    int eager(OperationKind kind, const std::string &name, int block, std::vector<int> inputs, std::int64_t columns)
    {
        return eagerTensor(kind, name, block, std::move(inputs), m_rows * columns);
    }

    int eagerLinear(const LinearSpec &linear, int block, int input)
    {
        const int output = eager(OperationKind::Linear, linear.name, block, {input}, linear.outFeatures);
        Operation &operation = m_schedule.operations.back();
        addLinear(operation, linear, m_rows);
        operation.scratchBytes = scratch(linear, m_rows);
        return output;
    }

    void classify()
    {
        Operation &operation = addOperation(OperationKind::Classify, "classify", -1, {m_tokensTensor}, -1);
        operation.weightBytes = normBytes();
        for (const LinearSpec &linear : m_spec.preLogits)
            addLinear(operation, linear, m_schedule.batch);
        addLinear(operation, m_spec.head, m_schedule.batch);
        operation.scratchBytes = classifyScratchBytes(m_spec, m_schedule.batch, m_target);
    }

    const ModelSpec &m_spec;
    const ExecutionTarget &m_target;
    std::int64_t m_tokens;
    std::int64_t m_rows;
    Schedule m_schedule;
    int m_tokensTensor = -1;
};

} // namespace

std::string_view toString(ScheduleKind kind)
{
    return kind == ScheduleKind::Eager ? "eager" : "tight";
}

ScheduleKind scheduleKindFromString(std::string_view word)
{
    if (word == "eager")
        return ScheduleKind::Eager;
    if (word == "tight")
        return ScheduleKind::Tight;
    throw Error("\"" + std::string(word) + "\" is not a schedule; use eager or tight");
}

std::string_view toString(OperationKind kind)
{
    return operationNames.at(static_cast<std::size_t>(kind));
}

std::int64_t mlpTile(const BlockSpec &block, std::int64_t rows)
{
    const std::int64_t width = std::max<std::int64_t>(block.mlpWidth(), 1); // none in a linear half
    const std::int64_t most = std::clamp<std::int64_t>(mlpTileBytes / (4 * width), 128, 256);
    const std::int64_t tiles = (rows + most - 1) / most;
    return tiles > 0 ? (rows + tiles - 1) / tiles : 0;
}

BlockScratch patchEmbedScratch(const ModelSpec &spec, const ExecutionTarget &target)
{
    const LinearSpec &linear = spec.patchEmbed;
    return {inputBytes(linear, spec.patches(), target), 0, layerWork(linear, linear.inFeatures, target)};
}

BlockScratch attentionScratch(const ModelSpec &spec, const BlockSpec &block, const ExecutionTarget &target)
{
    const std::int64_t tokens = spec.tokens();
    if (block.attentionIsLinear())
        return {inputBytes(block.proj, tokens, target), 0, layerWork(block.proj, spec.width, target)};
    return {std::max(inputBytes(block.qkv, tokens, target), allocatedBytes(4 * tokens * block.voWidth())),
            std::max(allocatedBytes(4 * tokens * block.qkv.outFeatures), roundedInputBytes(block.proj, tokens, target)),
            std::max({layerWork(block.qkv, spec.width, target), workBytes(block.proj, target),
                      attentionScratchBytes(tokens, spec.qkDim(block), spec.voDim(block), target.threads,
                                            attendsInBfloat16(block, target))})};
}

BlockScratch mlpScratch(const ModelSpec &spec, const BlockSpec &block, std::int64_t rows, const ExecutionTarget &target)
{
    const std::int64_t tile = mlpTile(block, rows);
    if (block.mlpIsLinear())
        return {inputBytes(block.fc2, tile, target), 0, layerWork(block.fc2, spec.width, target)};
    return {std::max(inputBytes(block.fc1, tile, target), roundedInputBytes(block.fc2, tile, target)),
            allocatedBytes(4 * tile * block.mlpWidth()),
            std::max(layerWork(block.fc1, spec.width, target), workBytes(block.fc2, target))};
}

std::int64_t classifyScratchBytes(const ModelSpec &spec, std::int64_t batch, const ExecutionTarget &target)
{
    const std::int64_t pooled = allocatedBytes(4 * batch * spec.width);
    std::int64_t features = 0;
    std::int64_t most = 0;
    // Every token of one image is normalised before the mean; a class token is normalised alone.
    if (spec.pooling == Pooling::MeanOfPatches && spec.normPlace == NormPlace::BeforePooling)
        most = allocatedBytes(4 * spec.tokens() * spec.width);
    for (const LinearSpec &linear : spec.preLogits) {
        features = allocatedBytes(4 * batch * linear.outFeatures);
        most = std::max(most, features + scratchBytes(linear, batch, target));
    }
    return pooled + std::max(most, features + scratchBytes(spec.head, batch, target));
}

Schedule makeSchedule(const ModelSpec &spec, ScheduleKind kind, int batch, const ExecutionTarget &target)
{
    return Builder(spec, kind, batch, target).build();
}

void to_json(nlohmann::json &json, const Schedule &value)
{
    nlohmann::json tensors = nlohmann::json::array();
    for (const ScheduledTensor &tensor : value.tensors)
        tensors.push_back(
            {{"name", tensor.name}, {"bytes", tensor.bytes}, {"birth", tensor.birth}, {"lastUse", tensor.lastUse}});
    nlohmann::json operations = nlohmann::json::array();
    for (const Operation &operation : value.operations)
        operations.push_back({{"kind", toString(operation.kind)},
                              {"name", operation.name},
                              {"block", operation.block},
                              {"linears", operation.linears},
                              {"inputs", operation.inputs},
                              {"output", operation.output},
                              {"scratchBytes", operation.scratchBytes},
                              {"weightBytes", operation.weightBytes},
                              {"macs", operation.macs}});
    json = {{"kind", toString(value.kind)},
            {"batch", value.batch},
            {"weightBytes", value.weightBytes},
            {"tensors", std::move(tensors)},
            {"operations", std::move(operations)}};
}

void from_json(const nlohmann::json &json, Schedule &value)
{
    value = {};
    value.kind = scheduleKindFromString(json.at("kind").get<std::string>());
    json.at("batch").get_to(value.batch);
    json.at("weightBytes").get_to(value.weightBytes);
    for (const nlohmann::json &entry : json.at("tensors")) {
        ScheduledTensor tensor;
        entry.at("name").get_to(tensor.name);
        entry.at("bytes").get_to(tensor.bytes);
        entry.at("birth").get_to(tensor.birth);
        entry.at("lastUse").get_to(tensor.lastUse);
        value.tensors.push_back(tensor);
    }
    for (const nlohmann::json &entry : json.at("operations")) {
        Operation operation;
        operation.kind = operationKindFromString(entry.at("kind").get<std::string>());
        entry.at("name").get_to(operation.name);
        entry.at("block").get_to(operation.block);
        entry.at("linears").get_to(operation.linears);
        entry.at("inputs").get_to(operation.inputs);
        entry.at("output").get_to(operation.output);
        entry.at("scratchBytes").get_to(operation.scratchBytes);
        entry.at("weightBytes").get_to(operation.weightBytes);
        entry.at("macs").get_to(operation.macs);
        value.operations.push_back(operation);
    }
}

} // namespace edgeflex
