#include "engine/export/onnxgraph.h"

#include "plan/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <set>

namespace edgeflex {

namespace {

constexpr std::int64_t irVersion = 8; // of opset 17
constexpr std::int64_t opsetVersion = 17;

using Names = std::vector<std::string>;
using Shape = std::vector<std::int64_t>;

Tensor transposed(const Tensor &matrix)
{
    constexpr std::int64_t tile = 32; // both sides of a tile stay in the first-level cache
    const std::int64_t rows = matrix.dim(0);
    const std::int64_t columns = matrix.dim(1);
    Tensor result = Tensor::allocate(DType::F32, {columns, rows});
    const float *from = matrix.floats();
    float *to = result.floats();
    for (std::int64_t top = 0; top < rows; top += tile)
        for (std::int64_t left = 0; left < columns; left += tile)
            for (std::int64_t c = left; c < std::min(left + tile, columns); ++c)
                for (std::int64_t r = top; r < std::min(top + tile, rows); ++r)
                    to[c * rows + r] = from[r * columns + c];
    return result;
}

// Names come from files: what is not UTF-8 is replaced, as readers of protobuf ask for.
std::string utf8(const nlohmann::json &value)
{
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void checkFloats(const Tensor &tensor, const Shape &shape, const std::string &name)
{
    std::int64_t count = 1;
    for (const std::int64_t extent : shape)
        count *= extent;
    if (tensor.dtype() != DType::F32 || tensor.elements() != count)
        throw Error("\"" + name + "\" cannot be exported: it should hold " + std::to_string(count) +
                    " F32 values, but is " + std::string(toString(tensor.dtype())) + " " + tensor.shapeText());
}

// The weights' own descriptions are what the graph is built of: they must be the model's.
void checkLayers(const VitModel &model)
{
    std::vector<const LinearWeights *> layers{&model.weights.patchEmbed};
    for (const BlockWeights &block : model.weights.blocks)
        layers.insert(layers.end(), {&block.qkv, &block.proj, &block.fc1, &block.fc2});
    for (const LinearWeights &layer : model.weights.preLogits)
        layers.push_back(&layer);
    layers.push_back(&model.weights.head);
    const auto specs = model.spec.linears();
    const auto fits = [](const LinearSpec *spec, const LinearWeights *layer) {
        return *spec == layer->spec;
    };
    const auto [spec, layer] = std::mismatch(specs.begin(), specs.end(), layers.begin(), layers.end(), fits);
    if (spec != specs.end() || layer != layers.end())
        throw Error(model.path + " cannot be exported: its weights do not fit the description of layer \"" +
                    (spec != specs.end() ? (*spec)->name : (*layer)->spec.name) + "\"");
    for (const LinearWeights *checked : layers) {
        if (!checked->spec.isAbsent())
            checked->check();
    }
}

class Builder
{
public:
    explicit Builder(const VitModel &model) : m_spec(model.spec), m_weights(model.weights)
    {
        m_graph.model.set_ir_version(irVersion);
        m_graph.model.set_producer_name("EdgeFlex Studio");
        m_graph.model.set_producer_version(EDGEFLEX_VERSION);
        onnx::OperatorSet *opset = m_graph.model.add_opset_import();
        opset->set_domain("");
        opset->set_version(opsetVersion);
        graph().set_name("vision_transformer");
    }

    OnnxGraph build()
    {
        describeInput();
        std::string x = embedding();
        for (std::size_t i = 0; i < m_weights.blocks.size(); ++i)
            x = block(static_cast<int>(i), m_weights.blocks[i], x);
        x = pooled(x);
        for (const LinearWeights &layer : m_weights.preLogits)
            x = node("Tanh", {gemm(layer, x, layer.spec.name + ".out")}, layer.spec.name + ".tanh");
        gemm(m_weights.head, x, "logits");
        describeOutput();
        const auto specs = m_spec.linears();
        m_graph.layersWrittenAsFp32 = static_cast<int>(std::count_if(
            specs.begin(), specs.end(), [](const LinearSpec *spec) { return spec->format != NumberFormat::Fp32; }));
        describeModel();
        return std::move(m_graph);
    }

private:
    onnx::Graph &graph() { return *m_graph.model.mutable_graph(); }

    // The node's output is called as the node.
    std::string node(const std::string &type, const Names &inputs, const std::string &name)
    {
        onnx::Node *made = graph().add_node();
        made->set_op_type(type);
        made->set_name(name);
        for (const std::string &input : inputs)
            made->add_input(input);
        made->add_output(name);
        return name;
    }

    // Attributes of the node made last.
    onnx::Attribute *attribute(const std::string &name, onnx::Attribute::Type type)
    {
        onnx::Attribute *made = graph().mutable_node(graph().node_size() - 1)->add_attribute();
        made->set_name(name);
        made->set_type(type);
        return made;
    }
    void setInt(const std::string &name, std::int64_t value) { attribute(name, onnx::Attribute::INT)->set_i(value); }
    void setFloat(const std::string &name, float value) { attribute(name, onnx::Attribute::FLOAT)->set_f(value); }
    void setInts(const std::string &name, const Shape &values)
    {
        onnx::Attribute *made = attribute(name, onnx::Attribute::INTS);
        for (const std::int64_t value : values)
            made->add_ints(value);
    }

    // Small constants are stored in the graph itself, one of a name.
    std::string constant(const std::string &name, const Shape &shape, int type, const void *values, std::size_t bytes)
    {
        if (!m_constants.insert(name).second)
            return name;
        onnx::Tensor *tensor = graph().add_initializer();
        tensor->set_name(name);
        tensor->set_data_type(type);
        for (const std::int64_t extent : shape)
            tensor->add_dims(extent);
        tensor->set_raw_data(values, bytes);
        return name;
    }
    std::string scalar(const std::string &name, double value)
    {
        const auto stored = static_cast<float>(value);
        return constant(name, {}, onnx::Tensor::FLOAT, &stored, sizeof stored);
    }
    std::string integers(const std::string &name, const Shape &values)
    {
        return constant(name, {static_cast<std::int64_t>(values.size())}, onnx::Tensor::INT64, values.data(),
                        values.size() * sizeof(std::int64_t));
    }

    std::string initializer(const std::string &name, Shape shape, std::function<Tensor()> values)
    {
        m_graph.initializers.push_back({name, std::move(shape), std::move(values)});
        return name;
    }
    std::string stored(const std::string &name, const Tensor &tensor, const Shape &shape)
    {
        checkFloats(tensor, shape, name);
        return initializer(name, shape, [tensor] { return tensor.toFloat(); });
    }

    std::string scaledInput(const LinearWeights &layer, const std::string &x)
    {
        if (layer.inputScale.empty())
            return x;
        const std::string &name = layer.spec.name;
        return node("Mul", {x, stored(name + ".input_scale", layer.inputScale, {layer.spec.inFeatures})},
                    name + ".scaled");
    }

    // On the tokens [batch, tokens, K]. MatMul wants the weights as [K, N].
    std::string linear(const LinearWeights &layer, const std::string &x)
    {
        const std::string &name = layer.spec.name;
        const std::string weight = initializer(name + ".weight", {layer.spec.inFeatures, layer.spec.outFeatures},
                                               [&layer] { return transposed(layer.dequantized()); });
        const std::string product = node("MatMul", {scaledInput(layer, x), weight}, name + ".matmul");
        if (layer.bias.empty())
            return product;
        return node("Add", {product, stored(name + ".bias", layer.bias, {layer.spec.outFeatures})}, name + ".add");
    }

    // On one row an image [batch, K]. Gemm takes the weights as they are.
    std::string gemm(const LinearWeights &layer, const std::string &x, const std::string &output)
    {
        const std::string &name = layer.spec.name;
        Names inputs{scaledInput(layer, x),
                     initializer(name + ".weight", {layer.spec.outFeatures, layer.spec.inFeatures},
                                 [&layer] { return layer.dequantized(); })};
        if (!layer.bias.empty())
            inputs.push_back(stored(name + ".bias", layer.bias, {layer.spec.outFeatures}));
        node("Gemm", inputs, output);
        setInt("transB", 1);
        return output;
    }

    std::string layerNorm(const NormWeights &norm, const std::string &x, const std::string &name)
    {
        const Shape shape{m_spec.width};
        node("LayerNormalization",
             {x, stored(name + ".weight", norm.gamma, shape), stored(name + ".bias", norm.beta, shape)}, name);
        setInt("axis", -1);
        setFloat("epsilon", static_cast<float>(m_spec.layerNormEps));
        return name;
    }

    // A convolution with as large a stride as its kernel. It takes the scale of its inputs in its weights: they
    // have no position before the product.
    std::string patches()
    {
        const LinearWeights &layer = m_weights.patchEmbed;
        const std::string &name = layer.spec.name;
        const Shape kernel{m_spec.patchSize, m_spec.patchSize};
        Names inputs{"pixel_values",
                     initializer(name + ".weight", {m_spec.width, m_spec.channels, m_spec.patchSize, m_spec.patchSize},
                                 [&layer] {
                                     Tensor weights = layer.dequantized();
                                     if (layer.inputScale.empty())
                                         return weights;
                                     const Tensor scale = layer.inputScale.toFloat();
                                     for (std::int64_t i = 0; i < weights.elements(); ++i)
                                         weights.floats()[i] *= scale.floats()[i % scale.elements()];
                                     return weights;
                                 })};
        if (!layer.bias.empty())
            inputs.push_back(stored(name + ".bias", layer.bias, {m_spec.width}));
        node("Conv", inputs, name + ".conv");
        setInts("kernel_shape", kernel);
        setInts("strides", kernel);
        const std::string rows =
            node("Reshape", {name + ".conv", integers("shape.grid", {0, m_spec.width, -1})}, name + ".rows");
        node("Transpose", {rows}, name + ".tokens");
        setInts("perm", {0, 2, 1});
        return name + ".tokens";
    }

    std::string embedding()
    {
        std::string x = patches();
        const std::int64_t prefix = m_spec.tokens() - m_spec.patches();
        if (prefix > 0) {
            node("Shape", {"pixel_values"}, "batch");
            setInt("start", 0);
            setInt("end", 1);
            node("Concat", {"batch", integers("shape.ones", {1, 1})}, "prefix.shape");
            setInt("axis", 0);
            const std::string tokens = stored("prefix_tokens", m_weights.prefixTokens, {1, prefix, m_spec.width});
            node("Concat", {node("Expand", {tokens, "prefix.shape"}, "prefix"), x}, "tokens");
            setInt("axis", 1);
            x = "tokens";
        }
        const Shape shape{1, m_spec.tokens(), m_spec.width};
        x = node("Add", {x, stored("position_embedding", m_weights.positionEmbedding, shape)}, "embedding");
        return m_spec.preNorm ? layerNorm(m_weights.preNorm, x, "pre_norm") : x;
    }

    // [batch, tokens, heads * dim] -> [batch, heads, tokens, dim], or [.., dim, tokens] for keys.
    std::string heads(const std::string &x, std::int64_t count, std::int64_t dim, bool keys)
    {
        const std::string shape =
            integers("shape.heads." + std::to_string(count) + "." + std::to_string(dim), {0, 0, count, dim});
        const std::string split = node("Reshape", {x, shape}, x + ".heads");
        node("Transpose", {split}, x + ".transposed");
        setInts("perm", keys ? Shape{0, 2, 3, 1} : Shape{0, 2, 1, 3});
        return x + ".transposed";
    }

    std::string attention(const BlockSpec &block, const std::string &qkv, const std::string &name)
    {
        const std::int64_t queries = block.qkWidth();
        const std::int64_t values = block.voWidth();
        const std::string widths = std::to_string(queries) + "." + std::to_string(values);
        onnx::Node *split = graph().add_node();
        split->set_op_type("Split");
        split->set_name(name + ".split");
        split->add_input(qkv);
        split->add_input(integers("split.qkv." + widths, {queries, queries, values}));
        const std::string q = name + ".q";
        const std::string k = name + ".k";
        const std::string v = name + ".v";
        for (const std::string &output : {q, k, v})
            split->add_output(output);
        setInt("axis", 2);

        const std::string scale = scalar("attention.scale", 1.0 / std::sqrt(static_cast<double>(m_spec.headDim)));
        const std::int64_t count = m_spec.headCount(block);
        const std::int64_t qkDim = m_spec.qkDim(block);
        const std::string product =
            node("MatMul", {heads(q, count, qkDim, false), heads(k, count, qkDim, true)}, name + ".scores");
        node("Softmax", {node("Mul", {product, scale}, name + ".scaled_scores")}, name + ".softmax");
        setInt("axis", -1);
        const std::string context =
            node("MatMul", {name + ".softmax", heads(v, count, m_spec.voDim(block), false)}, name + ".context");
        node("Transpose", {context}, name + ".merged");
        setInts("perm", {0, 2, 1, 3});
        return node("Reshape", {name + ".merged", integers("shape.inner." + std::to_string(values), {0, 0, values})},
                    name + ".rows");
    }

    std::string activation(const std::string &x, const std::string &name)
    {
        const std::string one = "one";
        const std::string half = "half";
        switch (m_spec.activation) {
        case Activation::Gelu: {
            const std::string root = scalar("gelu.sqrt2", std::numbers::sqrt2);
            const std::string erf = node("Erf", {node("Div", {x, root}, name + ".div")}, name + ".erf");
            const std::string sum = node("Add", {erf, scalar(one, 1.0)}, name + ".sum");
            return node("Mul", {node("Mul", {x, sum}, name + ".product"), scalar(half, 0.5)}, name);
        }
        case Activation::GeluTanh: {
            // x / 2 (1 + tanh(sqrt(2 / pi) x (1 + 0.044715 x x)))
            const std::string linearPart =
                node("Mul", {x, scalar("gelu.tanh_scale", std::sqrt(2.0 * std::numbers::inv_pi))}, name + ".linear");
            const std::string cubicFactor = node("Mul", {x, scalar("gelu.tanh_cubic", 0.044715)}, name + ".cubic");
            const std::string square = node("Mul", {cubicFactor, x}, name + ".square");
            const std::string curve = node("Add", {square, scalar(one, 1.0)}, name + ".curve");
            const std::string angle = node("Mul", {linearPart, curve}, name + ".angle");
            const std::string sum =
                node("Add", {node("Tanh", {angle}, name + ".tanh"), scalar(one, 1.0)}, name + ".sum");
            return node("Mul", {node("Mul", {x, scalar(half, 0.5)}, name + ".half"), sum}, name);
        }
        case Activation::QuickGelu: {
            const std::string slope = node("Mul", {x, scalar("gelu.quick_slope", 1.702)}, name + ".slope");
            return node("Mul", {x, node("Sigmoid", {slope}, name + ".sigmoid")}, name);
        }
        }
        throw std::logic_error("unknown activation");
    }

    std::string block(int index, const BlockWeights &weights, const std::string &input)
    {
        const BlockSpec &spec = m_spec.blocks[static_cast<std::size_t>(index)];
        const std::string normed = layerNorm(weights.norm1, input, layerName(index, "norm1"));
        const std::string context = spec.attentionIsLinear()
                                        ? normed
                                        : attention(spec, linear(weights.qkv, normed), layerName(index, "attention"));
        const std::string middle =
            node("Add", {input, linear(weights.proj, context)}, layerName(index, "attention_residual"));
        const std::string normed2 = layerNorm(weights.norm2, middle, layerName(index, "norm2"));
        const std::string hidden =
            spec.mlpIsLinear() ? normed2 : activation(linear(weights.fc1, normed2), layerName(index, "activation"));
        return node("Add", {middle, linear(weights.fc2, hidden)}, layerName(index, "mlp_residual"));
    }

    // [batch, tokens, width] -> normalised [batch, width].
    std::string pooled(const std::string &x)
    {
        if (m_spec.pooling == Pooling::ClassToken) {
            // The norm works token by token: it need see no other than the class token, wherever its place.
            const std::int64_t first = 0;
            node("Gather", {x, constant("class_token.index", {}, onnx::Tensor::INT64, &first, sizeof first)},
                 "class_token");
            setInt("axis", 1);
            return layerNorm(m_weights.norm, "class_token", "norm");
        }
        const bool normFirst = m_spec.normPlace == NormPlace::BeforePooling;
        std::string tokens = normFirst ? layerNorm(m_weights.norm, x, "norm") : x;
        const std::int64_t prefix = m_spec.tokens() - m_spec.patches();
        if (prefix > 0)
            tokens = node("Slice",
                          {tokens, integers("patches.start", {prefix}), integers("patches.end", {m_spec.tokens()}),
                           integers("patches.axis", {1})},
                          "patch_tokens");
        node("ReduceMean", {tokens}, "pooled");
        setInts("axes", {1});
        setInt("keepdims", 0);
        return normFirst ? "pooled" : layerNorm(m_weights.norm, "pooled", "norm");
    }

    static void describeValue(onnx::ValueInfo &value, const std::string &name, const Shape &afterBatch)
    {
        value.set_name(name);
        auto *tensor = value.mutable_type()->mutable_tensor_type();
        tensor->set_elem_type(onnx::Tensor::FLOAT);
        tensor->mutable_shape()->add_dim()->set_dim_param("batch");
        for (const std::int64_t extent : afterBatch)
            tensor->mutable_shape()->add_dim()->set_dim_value(extent);
    }
    void describeInput()
    {
        describeValue(*graph().add_input(), "pixel_values", {m_spec.channels, m_spec.imageHeight, m_spec.imageWidth});
    }
    void describeOutput() { describeValue(*graph().add_output(), "logits", {m_spec.classes()}); }

    void property(const std::string &key, const nlohmann::json &value)
    {
        onnx::StringEntry *entry = m_graph.model.add_metadata_props();
        entry->set_key(key);
        const std::string text = utf8(value);
        entry->set_value(value.is_string() ? nlohmann::json::parse(text).get<std::string>() : text);
    }

    void describeModel()
    {
        const Preprocessing &preprocessing = m_spec.preprocessing;
        const auto perChannel = [this](const std::array<double, 3> &values) {
            return std::vector<double>(values.begin(), values.begin() + std::clamp(m_spec.channels, 1, 3));
        };
        property("model", m_spec.name);
        property("weights", m_graph.layersWrittenAsFp32 == 0
                                ? std::string("fp32")
                                : "fp32, of them " + std::to_string(m_graph.layersWrittenAsFp32) +
                                      " layers dequantized from smaller formats");
        property("preprocessing_stated", preprocessing.stated);
        property("image_mean", perChannel(preprocessing.mean));
        property("image_std", perChannel(preprocessing.std));
        property("resize_shorter", preprocessing.resizeShorter);
        property("crop_height", preprocessing.cropHeight);
        property("crop_width", preprocessing.cropWidth);
        property("interpolation", std::string(toString(preprocessing.interpolation)));
        property("classes", m_spec.classes());
        if (!m_spec.classNames.empty())
            property("class_names", m_spec.classNames);
    }

    const ModelSpec &m_spec;
    const VitWeights &m_weights;
    OnnxGraph m_graph;
    std::set<std::string> m_constants;
};

} // namespace

std::int64_t OnnxInitializer::bytes() const
{
    std::int64_t count = sizeof(float);
    for (const std::int64_t extent : shape)
        count *= extent;
    return count;
}

OnnxGraph makeOnnxGraph(const VitModel &model)
{
    validate(model.spec);
    checkLayers(model);
    return Builder(model).build();
}

} // namespace edgeflex
