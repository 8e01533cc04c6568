#include "engine/export/onnxgraph.h"

#include "plan/error.h"
#include "reference/naivevit.h"
#include "reference/randomvit.h"
#include "reference/vitvariants.h"

#include <QTest>

#include <algorithm>
#include <cstring>
#include <set>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

int countOf(const onnx::Graph &graph, const std::string &type)
{
    return static_cast<int>(std::count_if(graph.node().begin(), graph.node().end(),
                                          [&type](const onnx::Node &node) { return node.op_type() == type; }));
}

const OnnxInitializer &initializer(const OnnxGraph &graph, const std::string &name)
{
    for (const OnnxInitializer &candidate : graph.initializers)
        if (candidate.name == name)
            return candidate;
    throw std::logic_error("no initializer " + name);
}

std::string metadata(const OnnxGraph &graph, const std::string &key)
{
    for (const onnx::StringEntry &entry : graph.model.metadata_props())
        if (entry.key() == key)
            return entry.value();
    return "missing";
}

} // namespace

class TestOnnxGraph : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyNameIsMadeOnceAndBeforeItsUse_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const VitVariant &variant : vitVariants())
            QTest::addRow("%s", variant.name.c_str()) << index++;
    }
    void everyNameIsMadeOnceAndBeforeItsUse()
    {
        QFETCH(int, index);
        const VitModel model = reference::randomVit(vitVariants()[static_cast<std::size_t>(index)].spec, 1);
        const OnnxGraph made = makeOnnxGraph(model);
        const onnx::Graph &graph = made.model.graph();
        std::set<std::string> known;
        std::set<std::string> used;
        std::set<std::string> constants;
        QCOMPARE(graph.input_size(), 1);
        known.insert(graph.input(0).name());
        for (const onnx::Tensor &tensor : graph.initializer()) {
            QVERIFY2(known.insert(tensor.name()).second, tensor.name().c_str());
            constants.insert(tensor.name());
        }
        for (const OnnxInitializer &tensor : made.initializers) {
            QVERIFY2(known.insert(tensor.name).second, tensor.name.c_str());
            constants.insert(tensor.name);
        }
        std::set<std::string> nodeNames;
        for (const onnx::Node &node : graph.node()) {
            QVERIFY2(nodeNames.insert(node.name()).second, node.name().c_str());
            for (const std::string &input : node.input()) {
                QVERIFY2(known.contains(input), (node.name() + " uses " + input).c_str());
                used.insert(input);
            }
            for (const std::string &output : node.output())
                QVERIFY2(known.insert(output).second, output.c_str());
        }
        QCOMPARE(graph.output_size(), 1);
        QVERIFY(known.contains(graph.output(0).name()));
        for (const std::string &name : constants)
            QVERIFY2(used.contains(name), ("never used: " + name).c_str());
    }

    void describesItself()
    {
        ModelSpec spec = smallVit();
        spec.name = "a \xff name";
        spec.classNames = {"a", "b", "c", "d", "e", "f", "\xfe"};
        const VitModel model = reference::randomVit(spec, 2);
        const OnnxGraph made = makeOnnxGraph(model);
        QCOMPARE(made.model.producer_name(), std::string("EdgeFlex Studio"));
        QCOMPARE(made.model.producer_version(), std::string(EDGEFLEX_VERSION));
        QCOMPARE(made.model.ir_version(), std::int64_t(8));
        QCOMPARE(made.model.opset_import_size(), 1);
        QCOMPARE(made.model.opset_import(0).version(), std::int64_t(17));
        const onnx::Graph &graph = made.model.graph();
        QCOMPARE(graph.input(0).name(), std::string("pixel_values"));
        QCOMPARE(graph.output(0).name(), std::string("logits"));
        const auto &shape = graph.input(0).type().tensor_type().shape();
        QCOMPARE(shape.dim_size(), 4);
        QVERIFY(!shape.dim(0).dim_param().empty());
        QCOMPARE(shape.dim(1).dim_value(), std::int64_t(3));
        QCOMPARE(shape.dim(2).dim_value(), std::int64_t(16));
        QCOMPARE(graph.output(0).type().tensor_type().shape().dim(1).dim_value(), std::int64_t(7));
        QCOMPARE(metadata(made, "image_mean"), std::string("[0.4,0.5,0.6]"));
        QCOMPARE(metadata(made, "image_std"), std::string("[0.2,0.25,0.3]"));
        QCOMPARE(metadata(made, "resize_shorter"), std::string("18"));
        QCOMPARE(metadata(made, "crop_height"), std::string("16"));
        QCOMPARE(metadata(made, "interpolation"), std::string("bicubic"));
        QCOMPARE(metadata(made, "preprocessing_stated"), std::string("true"));
        QCOMPARE(metadata(made, "classes"), std::string("7"));
        QCOMPARE(metadata(made, "weights"), std::string("fp32"));
        // What is not UTF-8 is replaced, not copied.
        QCOMPARE(metadata(made, "model"), std::string("a \xef\xbf\xbd name"));
        QVERIFY(metadata(made, "class_names").find('\xfe') == std::string::npos);
    }

    void operatorsFollowTheSpec()
    {
        ModelSpec spec = smallVit();
        const auto count = [](const ModelSpec &of, const std::string &type) {
            const VitModel model = reference::randomVit(of, 3);
            return countOf(makeOnnxGraph(model).model.graph(), type);
        };
        QCOMPARE(count(spec, "Conv"), 1);
        QCOMPARE(count(spec, "LayerNormalization"), 5);
        QCOMPARE(count(spec, "MatMul"), 12); // 4 layers and 2 products a block
        QCOMPARE(count(spec, "Softmax"), 2);
        QCOMPARE(count(spec, "Erf"), 2);
        QCOMPARE(count(spec, "Gemm"), 1);
        QCOMPARE(count(spec, "Tanh"), 0);
        spec.activation = Activation::GeluTanh;
        QCOMPARE(count(spec, "Tanh"), 2);
        spec.activation = Activation::QuickGelu;
        QCOMPARE(count(spec, "Sigmoid"), 2);
        spec.preNorm = true;
        QCOMPARE(count(spec, "LayerNormalization"), 6);
        spec.blocks[1].fc2.inputScale = true;
        QCOMPARE(count(spec, "Mul"), 2 + 2 * 2 + 1);
    }

    void weightsAreTransposedForMatMulAndAsTheyAreForGemm()
    {
        const VitModel model = reference::randomVit(smallVit(), 4);
        const OnnxGraph made = makeOnnxGraph(model);
        const OnnxInitializer &fc1 = initializer(made, "blocks.1.mlp.fc1.weight");
        QCOMPARE(fc1.shape, (std::vector<std::int64_t>{24, 40}));
        QCOMPARE(fc1.bytes(), std::int64_t(24 * 40 * 4));
        const Tensor values = fc1.values();
        const Tensor &stored = model.linear("blocks.1.mlp.fc1").values;
        for (std::int64_t n = 0; n < 40; ++n)
            for (std::int64_t k = 0; k < 24; ++k)
                QCOMPARE(values.floats()[k * 40 + n], stored.floats()[n * 24 + k]);
        const OnnxInitializer &head = initializer(made, "head.weight");
        QCOMPARE(head.shape, (std::vector<std::int64_t>{7, 24}));
        QVERIFY(head.values().sameBytes(model.weights.head.values));
    }

    void smallerFormatsAreWrittenAsWhatTheyStandFor()
    {
        VitModel model = reference::randomVit(smallVit(), 5);
        std::mt19937 random(5);
        const std::vector<std::pair<std::string, NumberFormat>> formats{{"blocks.0.attn.qkv", NumberFormat::Int8},
                                                                        {"blocks.0.mlp.fc2", NumberFormat::Fp16},
                                                                        {"blocks.1.mlp.fc1", NumberFormat::Bf16},
                                                                        {"blocks.1.mlp.fc2", NumberFormat::Int4}};
        for (LinearSpec *spec : model.spec.linears()) {
            for (const auto &[name, format] : formats) {
                if (spec->name != name)
                    continue;
                spec->format = format;
                spec->groupSize = 32; // of 40 inputs: the last group is short
                model.linear(name) = reference::randomStoredLinear(*spec, random);
            }
        }

        const OnnxGraph made = makeOnnxGraph(model);
        QCOMPARE(made.layersWrittenAsFp32, 4);
        QVERIFY(metadata(made, "weights").find("4 layers") != std::string::npos);
        for (const auto &[name, format] : formats) {
            const LinearWeights &layer = model.linear(name);
            const Tensor values = initializer(made, name + ".weight").values();
            const reference::Matrix truth = reference::weightMatrix(layer);
            const std::int64_t rows = layer.spec.outFeatures;
            const std::int64_t columns = layer.spec.inFeatures;
            for (std::int64_t n = 0; n < rows; ++n)
                for (std::int64_t k = 0; k < columns; ++k)
                    QCOMPARE(values.floats()[k * rows + n],
                             static_cast<float>(truth[static_cast<std::size_t>(n * columns + k)]));
        }
    }

    void unalignedWeightsAreRead()
    {
        VitModel model = reference::randomVit(smallVit(), 6);
        const Tensor truth = model.weights.head.values;
        const auto bytes = std::make_shared<std::vector<std::byte>>(truth.bytes() + 1);
        std::memcpy(bytes->data() + 1, truth.raw(), truth.bytes());
        model.weights.head.values = Tensor::view(DType::F32, {7, 24}, bytes->data() + 1, bytes);
        QVERIFY(initializer(makeOnnxGraph(model), "head.weight").values().sameBytes(truth));
    }

    void weightsThatDoNotFitAreNamed_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QString>("named");
        QTest::newRow("weights of another shape") << 0 << "blocks.1.mlp.fc1";
        QTest::newRow("another description") << 1 << "blocks.0.attn.proj";
        QTest::newRow("a norm of another width") << 2 << "blocks.1.norm2";
        QTest::newRow("positions of another grid") << 3 << "position_embedding";
        QTest::newRow("a missing class token") << 4 << "prefix_tokens";
        QTest::newRow("a missing block") << 5 << "blocks.1";
        QTest::newRow("an extra layer") << 6 << "head";
        QTest::newRow("a contradictory description") << 7 << "patch";
    }
    void weightsThatDoNotFitAreNamed()
    {
        QFETCH(int, fault);
        QFETCH(QString, named);
        VitModel model = reference::randomVit(smallVit(), 7);
        switch (fault) {
        case 0:
            model.weights.blocks[1].fc1.values = Tensor::zeros(DType::F32, {24, 40});
            break;
        case 1:
            model.spec.blocks[0].proj.inputScale = true;
            break;
        case 2:
            model.weights.blocks[1].norm2.gamma = Tensor::zeros(DType::F32, {23});
            break;
        case 3:
            model.weights.positionEmbedding = Tensor::zeros(DType::F32, {10, 24});
            break;
        case 4:
            model.weights.prefixTokens = {};
            break;
        case 5:
            model.weights.blocks.pop_back();
            break;
        case 6:
            model.weights.preLogits.push_back(model.weights.head);
            break;
        case 7:
            model.spec.patchSize = 5;
            break;
        }
        try {
            (void)makeOnnxGraph(model);
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains(named), error.what());
            return;
        }
        QFAIL("not refused");
    }
};

QTEST_APPLESS_MAIN(TestOnnxGraph)
#include "tst_onnxgraph.moc"
