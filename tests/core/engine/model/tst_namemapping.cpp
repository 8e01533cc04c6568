#include "../io/checkpointbytes.h"
#include "smallcheckpoint.h"

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

Q_DECLARE_METATYPE(edgeflex::test::Tensors)
Q_DECLARE_METATYPE(edgeflex::ModelConfig)
Q_DECLARE_METATYPE(edgeflex::ModelSource)

class TestNameMapping : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapsTimm();
    void namingsAgree_data();
    void namingsAgree();
    void floatViewsAreNotCopied();
    void convertsHalfPrecision();
    void foldsLayerScale();
    void fillsPositionsOfPrefixTokens();
    void mapsRegisterTokens();
    void mapsPoolingAndNorms();
    void mapsPreLogits();
    void mapsWithoutBiases();
    void findsHeads();
    void findsEpsilonAndActivation();
    void mapsOblongImages();
    void overridesPreprocessing();
    void refuses_data();
    void refuses();
};

namespace {

ModelConfig timmConfig(const std::string &architecture = "vit_small_test")
{
    ModelConfig config;
    config.style = ModelConfig::Style::Timm;
    config.path = "config.json";
    config.architecture = architecture;
    return config;
}

ModelConfig huggingFaceConfig()
{
    ModelConfig config;
    config.style = ModelConfig::Style::HuggingFace;
    config.path = "config.json";
    config.architecture = "vit";
    config.layerNormEps = 1e-12;
    return config;
}

Tensors with(Tensors tensors, const std::string &name, std::vector<std::int64_t> shape)
{
    tensors[name] = smallTensor(name, std::move(shape));
    return tensors;
}

Tensors without(Tensors tensors, const std::string &part)
{
    std::erase_if(tensors, [&](const auto &entry) { return entry.first.find(part) != std::string::npos; });
    return tensors;
}

} // namespace

void TestNameMapping::mapsTimm()
{
    const Tensors tensors = timmTensors();
    const VitModel model = mapSmall(tensors);
    QCOMPARE(model.spec.naming, std::string("timm"));
    QCOMPARE(model.spec.width, 8);
    QCOMPARE(model.spec.heads, 2);
    QCOMPARE(model.spec.headDim, 4);
    QCOMPARE(model.spec.patchSize, 2);
    QCOMPARE(model.spec.imageHeight, 4);
    QCOMPARE(model.spec.blocks.size(), std::size_t{2});
    QCOMPARE(model.spec.blocks[1].mlpWidth(), 16);
    QCOMPARE(model.spec.classes(), 5);
    QCOMPARE(model.spec.layerNormEps, 1e-6);
    std::int64_t values = 0;
    for (const auto &[name, tensor] : tensors)
        values += tensor.elements();
    QCOMPARE(model.spec.parameterCount(), values);
    QCOMPARE(model.weights.patchEmbed.values.shape(), (std::vector<std::int64_t>{8, 12}));
    QVERIFY(model.weights.blocks[1].fc1.values.sameBytes(tensors.at("blocks.1.mlp.fc1.weight")));
    for (const LinearSpec *linear : model.spec.linears()) {
        QVERIFY(model.linear(linear->name).spec == *linear);
        model.linear(linear->name).check();
    }
    QVERIFY(!model.spec.preprocessing.stated);
    QCOMPARE(model.spec.preprocessing.cropHeight, 4);
    QCOMPARE(model.spec.preprocessing.resizeShorter, 4);
}

void TestNameMapping::namingsAgree_data()
{
    QTest::addColumn<Tensors>("tensors");
    QTest::addColumn<ModelConfig>("config");
    QTest::addColumn<QString>("naming");
    QTest::newRow("timm under model.") << renamed(timmTensors(), {{"", "model."}}) << ModelConfig() << "timm";
    QTest::newRow("timm_model.") << renamed(timmTensors(), {{"", "timm_model."}}) << ModelConfig() << "timm";
    QTest::newRow("torchvision") << torchvisionTensors() << ModelConfig() << "torchvision";
    QTest::newRow("older torchvision") << renamed(torchvisionTensors(),
                                                  {{"mlp.0", "mlp.linear_1"}, {"mlp.3", "mlp.linear_2"}})
                                       << ModelConfig() << "torchvision";
    QTest::newRow("in_proj with dropout") << inProjTensors("mlp.0", "mlp.3") << ModelConfig() << "in_proj blocks";
    QTest::newRow("in_proj") << inProjTensors("mlp.0", "mlp.2") << ModelConfig() << "in_proj blocks";
    QTest::newRow("in_proj, fc") << inProjTensors("mlp.fc1", "mlp.fc2") << ModelConfig() << "in_proj blocks";
    QTest::newRow("Hugging Face") << huggingFaceTensors("vit.") << huggingFaceConfig() << "huggingface";
    QTest::newRow("Hugging Face without vit.") << huggingFaceTensors("") << huggingFaceConfig() << "huggingface";
    QTest::newRow("Hugging Face with a pooler")
        << with(with(huggingFaceTensors("vit."), "vit.pooler.dense.weight", {8, 8}), "vit.embeddings.mask_token",
                {1, 1, 8})
        << huggingFaceConfig() << "huggingface";
}

void TestNameMapping::namingsAgree()
{
    QFETCH(const Tensors, tensors);
    QFETCH(const ModelConfig, config);
    QFETCH(const QString, naming);
    const VitModel timm = mapSmall(timmTensors());
    const VitModel other = mapSmall(tensors, config);
    QCOMPARE(QString::fromStdString(other.spec.naming), naming);
    QCOMPARE(differences(timm, other), std::vector<std::string>());
    ModelSpec spec = other.spec;
    spec.naming = timm.spec.naming;
    spec.layerNormEps = timm.spec.layerNormEps;
    QVERIFY(spec == timm.spec);
}

void TestNameMapping::floatViewsAreNotCopied()
{
    const Tensors tensors = timmTensors();
    const VitModel model = mapSmall(tensors);
    QCOMPARE(model.weights.patchEmbed.values.raw(), tensors.at("patch_embed.proj.weight").raw());
    QCOMPARE(model.weights.blocks[0].qkv.values.raw(), tensors.at("blocks.0.attn.qkv.weight").raw());
    QCOMPARE(model.weights.prefixTokens.raw(), tensors.at("cls_token").raw());
    QCOMPARE(model.weights.head.bias.raw(), tensors.at("head.bias").raw());
}

void TestNameMapping::convertsHalfPrecision()
{
    Tensors tensors = timmTensors();
    const VitModel full = mapSmall(tensors);
    for (auto &[name, tensor] : tensors) {
        const bool bfloat = name.find("mlp") != std::string::npos;
        Tensor half = Tensor::allocate(bfloat ? DType::BF16 : DType::F16, tensor.shape());
        for (std::int64_t i = 0; i < tensor.elements(); ++i)
            half.as<std::uint16_t>()[i] =
                bfloat ? floatToBfloat16(tensor.floats()[i]) : floatToHalf(tensor.floats()[i]);
        tensor = half;
    }
    const VitModel half = mapSmall(tensors);
    const Tensor &values = half.weights.blocks[1].fc2.values;
    QVERIFY(values.dtype() == DType::F32);
    for (std::int64_t i = 0; i < values.elements(); ++i)
        QVERIFY(std::abs(values.floats()[i] - full.weights.blocks[1].fc2.values.floats()[i]) <= 1.0F / 256);
    QCOMPARE(half.weights.head.values.floats()[3], halfToFloat(floatToHalf(full.weights.head.values.floats()[3])));
}

void TestNameMapping::foldsLayerScale()
{
    const VitModel plain = mapSmall(timmTensors());
    for (const auto &[first, second] : {std::pair("ls1.gamma", "ls2.gamma"), std::pair("gamma_1", "gamma_2")}) {
        Tensors tensors = timmTensors();
        for (const std::string block : {"blocks.0.", "blocks.1."}) {
            tensors[block + first] = Tensor::fromFloats({8}, {1, 2, 4, 0.5F, -1, 0.25F, 8, 0});
            tensors[block + second] = Tensor::fromFloats({8}, {0.5F, 2, 4, 0.5F, -1, 0.25F, 8, 0});
        }
        const VitModel scaled = mapSmall(tensors);
        QCOMPARE(scaled.weights.blocks[0].proj.values.floats()[2 * 8 + 3],
                 4 * plain.weights.blocks[0].proj.values.floats()[2 * 8 + 3]);
        QCOMPARE(scaled.weights.blocks[1].proj.bias.floats()[4], -plain.weights.blocks[1].proj.bias.floats()[4]);
        QCOMPARE(scaled.weights.blocks[1].fc2.values.floats()[5],
                 0.5F * plain.weights.blocks[1].fc2.values.floats()[5]);
        QCOMPARE(scaled.weights.blocks[1].fc2.bias.floats()[7], 0.0F);
        // The file's own values are untouched.
        QVERIFY(tensors.at("blocks.0.attn.proj.weight").sameBytes(timmTensors().at("blocks.0.attn.proj.weight")));
        QVERIFY(scaled.spec == plain.spec);
    }
}

void TestNameMapping::fillsPositionsOfPrefixTokens()
{
    const Tensors tensors = with(timmTensors(), "pos_embed", {1, 4, 8});
    const VitModel model = mapSmall(tensors);
    QCOMPARE(model.weights.positionEmbedding.shape(), (std::vector<std::int64_t>{5, 8}));
    for (int i = 0; i < 8; ++i)
        QCOMPARE(model.weights.positionEmbedding.floats()[i], 0.0F);
    QCOMPARE(std::memcmp(model.weights.positionEmbedding.floats() + 8, tensors.at("pos_embed").floats(), 32 * 4), 0);
}

void TestNameMapping::mapsRegisterTokens()
{
    const Tensors tensors = with(with(timmTensors(), "reg_token", {1, 4, 8}), "pos_embed", {1, 9, 8});
    const VitModel model = mapSmall(tensors);
    QCOMPARE(model.spec.registerTokens, 4);
    QCOMPARE(model.spec.tokens(), 9);
    QCOMPARE(model.spec.imageWidth, 4);
    QCOMPARE(model.weights.prefixTokens.shape(), (std::vector<std::int64_t>{5, 8}));
    QCOMPARE(model.weights.prefixTokens.floats()[0], tensors.at("cls_token").floats()[0]);
    QCOMPARE(model.weights.prefixTokens.floats()[8], tensors.at("reg_token").floats()[0]);
}

void TestNameMapping::mapsPoolingAndNorms()
{
    const Tensors averaged = renamed(without(timmTensors(), "cls_token"), {{"norm.", "fc_norm."}});
    Tensors tensors;
    for (const auto &[name, tensor] : averaged)
        tensors[name] = tensor;
    tensors["pos_embed"] = smallTensor("pos_embed", {1, 4, 8});
    const VitModel after = mapSmall(tensors);
    QVERIFY(after.spec.normPlace == NormPlace::AfterPooling);
    QVERIFY(after.spec.pooling == Pooling::MeanOfPatches);
    QVERIFY(!after.spec.classToken);
    QVERIFY(after.weights.prefixTokens.empty());

    ModelConfig config = timmConfig();
    config.pooling = Pooling::MeanOfPatches;
    const VitModel before = mapSmall(with(with(timmTensors(), "norm_pre.weight", {8}), "norm_pre.bias", {8}), config);
    QVERIFY(before.spec.normPlace == NormPlace::BeforePooling);
    QVERIFY(before.spec.pooling == Pooling::MeanOfPatches);
    QVERIFY(before.spec.preNorm);
    QCOMPARE(before.weights.preNorm.gamma.elements(), 8);
}

void TestNameMapping::mapsPreLogits()
{
    const Tensors tensors =
        with(with(with(torchvisionTensors(), "heads.pre_logits.weight", {6, 8}), "heads.pre_logits.bias", {6}),
             "heads.head.weight", {5, 6});
    const VitModel model = mapSmall(tensors);
    QCOMPARE(model.spec.preLogits.size(), std::size_t{1});
    QCOMPARE(model.spec.preLogits[0].outFeatures, 6);
    QCOMPARE(model.spec.head.inFeatures, 6);
    QVERIFY(&model.linear("pre_logits") == &model.weights.preLogits[0]);
}

void TestNameMapping::mapsWithoutBiases()
{
    const VitModel model = mapSmall(without(without(timmTensors(), "qkv.bias"), "head.bias"));
    QVERIFY(!model.spec.blocks[0].qkv.bias);
    QVERIFY(model.weights.blocks[0].qkv.bias.empty());
    QVERIFY(!model.spec.head.bias);
    const VitModel huggingFace = mapSmall(
        without(without(without(huggingFaceTensors(""), "query.bias"), "key.bias"), "value.bias"), huggingFaceConfig());
    QVERIFY(!huggingFace.spec.blocks[0].qkv.bias);
}

void TestNameMapping::findsHeads()
{
    ModelConfig config = timmConfig();
    config.heads = 4;
    QCOMPARE(mapModel(asFile(timmTensors()), config, {}, "x").spec.heads, 4);
    // A name says so only where the width is that family's.
    Tensors tiny;
    for (const auto &[name, tensor] : timmTensors()) {
        std::vector<std::int64_t> shape = tensor.shape();
        for (std::int64_t &extent : shape)
            extent = extent == 8 ? 192 : extent == 24 ? 576 : extent;
        tiny[name] = Tensor::zeros(DType::F32, shape);
    }
    for (const auto &[architecture, heads] :
         {std::pair("vit_tiny_patch16_224", 3), std::pair("deit_tiny_patch16_224", 3)})
        QCOMPARE(mapModel(asFile(tiny), timmConfig(architecture), {}, "x").spec.heads, heads);
    QVERIFY(isSentence(failureOf([&] { mapModel(asFile(timmTensors()), timmConfig("vit_tiny_patch16_224"), {}, "x"); }),
                       "small.pth", "--heads N"));
}

void TestNameMapping::findsEpsilonAndActivation()
{
    QCOMPARE(mapSmall(torchvisionTensors()).spec.layerNormEps, 1e-6);
    QCOMPARE(mapSmall(inProjTensors("mlp.0", "mlp.2")).spec.layerNormEps, 1e-5);
    QCOMPARE(mapSmall(huggingFaceTensors("vit."), huggingFaceConfig()).spec.layerNormEps, 1e-12);
    const ModelSpec clip = mapSmall(timmTensors(), timmConfig("vit_base_patch32_clip_quickgelu_224")).spec;
    QCOMPARE(clip.layerNormEps, 1e-5);
    QVERIFY(clip.activation == Activation::QuickGelu);
    QVERIFY(mapSmall(timmTensors(), timmConfig()).spec.activation == Activation::Gelu);
}

void TestNameMapping::mapsOblongImages()
{
    ModelConfig config = timmConfig();
    config.imageHeight = 4;
    config.imageWidth = 6;
    const VitModel model = mapSmall(with(timmTensors(), "pos_embed", {1, 7, 8}), config);
    QCOMPARE(model.spec.imageHeight, 4);
    QCOMPARE(model.spec.imageWidth, 6);
    QCOMPARE(model.spec.patches(), 6);
    QCOMPARE(model.spec.preprocessing.cropWidth, 6);
}

void TestNameMapping::overridesPreprocessing()
{
    ModelSource source;
    source.mean = {0.1};
    const Preprocessing half = mapSmall(timmTensors(), {}, source).spec.preprocessing;
    QCOMPARE(half.mean[2], 0.1);
    QVERIFY(!half.stated);
    source.std = {0.2, 0.3, 0.4};
    source.resize = 5;
    source.crop = 4;
    source.interpolation = Interpolation::Nearest;
    const Preprocessing full = mapSmall(timmTensors(), {}, source).spec.preprocessing;
    const Preprocessing expected{5, 4, 4, Interpolation::Nearest, {0.1, 0.1, 0.1}, {0.2, 0.3, 0.4}, true};
    QVERIFY(full == expected);
}

void TestNameMapping::refuses_data()
{
    QTest::addColumn<Tensors>("tensors");
    QTest::addColumn<ModelConfig>("config");
    QTest::addColumn<ModelSource>("source");
    QTest::addColumn<QString>("says");
    const Tensors good = timmTensors();
    const auto tensors = [](const char *name, const Tensors &value, const char *says, const ModelConfig &config = {}) {
        QTest::newRow(name) << value << config << ModelSource() << QString(says);
    };
    const auto config = [&](const char *name, const std::function<void(ModelConfig &)> &change, const char *says) {
        ModelConfig value = timmConfig();
        change(value);
        QTest::newRow(name) << good << value << ModelSource() << QString(says);
    };
    const auto source = [&](const char *name, const std::function<void(ModelSource &)> &change, const char *says) {
        ModelSource value;
        change(value);
        QTest::newRow(name) << good << ModelConfig() << value << QString(says);
    };
    tensors("no tensors", {}, "no tensors");
    tensors("another network", {{"conv1.weight", smallTensor("x", {2, 2})}}, "conv1.weight");
    tensors("head missing", without(good, "head."), "no tensor head.weight");
    tensors("patches missing", without(good, "patch_embed"), "no tensor patch_embed.proj.weight");
    tensors("block 0 missing", without(good, "blocks.0."), "no tensor blocks.0.");
    tensors("norm missing", without(good, "blocks.1.norm2.bias"), "no tensor blocks.1.norm2.bias");
    tensors("positions missing", without(good, "pos_embed"), "no tensor pos_embed");
    tensors("value bias missing", without(huggingFaceTensors(""), "value.bias"), "only some", huggingFaceConfig());
    tensors("unknown in a block", with(good, "blocks.0.attn.extra", {8}), "blocks.0.attn.extra");
    tensors("unknown outside", with(good, "decoder.weight", {8}), "decoder.weight");
    tensors("block number too long", with(good, "blocks.99999.norm1.weight", {8}), "blocks.99999");
    tensors("block far away", with(good, "blocks.9000.norm1.weight", {8}), "blocks.2.");
    tensors("same part twice", with(with(good, "blocks.0.ls1.gamma", {8}), "blocks.0.gamma_1", {8}), "same part");
    tensors("two final norms", with(with(good, "fc_norm.weight", {8}), "fc_norm.bias", {8}), "before and after");
    tensors("q_norm", with(good, "blocks.0.attn.q_norm.weight", {4}), "normalizes queries");
    tensors("rotary", with(good, "rope.freqs", {4}), "rotary");
    tensors("SwiGLU", with(good, "blocks.0.mlp.w12.weight", {4}), "SwiGLU");
    tensors("SwiGLU of EVA", with(good, "blocks.0.mlp.fc1_g.weight", {4}), "SwiGLU");
    tensors("BEiT", with(good, "blocks.0.attn.relative_position_bias_table", {4}), "relative position");
    tensors("distillation token", with(good, "dist_token", {1, 1, 8}), "distillation");
    tensors("attention pooling", with(good, "attn_pool.latent", {1, 1, 8}), "attention");
    tensors("Swin", with(good, "layers.1.downsample.weight", {8}), "resolution");
    tensors("positions of the wrong number", with(good, "pos_embed", {1, 7, 8}), "7 rows");
    tensors("positions of the wrong width", with(good, "pos_embed", {1, 5, 4}), "[1, 5, 4]");
    tensors("positions of rank 1", with(good, "pos_embed", {40}), "[40]");
    tensors("two class tokens", with(good, "cls_token", {1, 2, 8}), "one class token");
    tensors("oblong patches", with(good, "patch_embed.proj.weight", {8, 3, 2, 1}), "square patch");
    tensors("linear patches", with(good, "patch_embed.proj.weight", {8, 12}), "square patch");
    tensors("empty patches", with(good, "patch_embed.proj.weight", {8, 3, 0, 0}), "square patch");
    tensors("four channels", with(good, "patch_embed.proj.weight", {8, 4, 2, 2}), "channels");
    tensors("qkv shape", with(good, "blocks.1.attn.qkv.weight", {24, 9}), "blocks.1.attn.qkv.weight");
    tensors("qkv of rank 1", with(good, "blocks.0.attn.qkv.weight", {192}), "not a matrix");
    tensors("proj shape", with(good, "blocks.1.attn.proj.weight", {8, 16}), "blocks.1.attn.proj.weight");
    tensors("bias shape", with(good, "blocks.1.mlp.fc1.bias", {8}), "blocks.1.mlp.fc1.bias");
    tensors("head shape", with(good, "head.weight", {5, 9}), "head.weight");
    tensors("norm shape", with(good, "norm.weight", {9}), "norm.weight");
    tensors("LayerScale shape", with(good, "blocks.0.ls1.gamma", {9}), "ls1.gamma");
    Tensors integers = good;
    integers["head.weight"] = Tensor::zeros(DType::I8, {5, 8});
    tensors("integer weights", integers, "head.weight is of type I8");
    tensors("Hugging Face config of timm weights", good, "another kind", huggingFaceConfig());
    tensors("timm config of torchvision weights", torchvisionTensors(), "another kind", timmConfig());
    config(
        "width disagrees", [](ModelConfig &c) { c.width = 16; }, "width is 16");
    config(
        "depth disagrees", [](ModelConfig &c) { c.depth = 3; }, "blocks is 3");
    config(
        "MLP disagrees", [](ModelConfig &c) { c.mlpWidth = 32; }, "MLP is 32");
    config(
        "classes disagree", [](ModelConfig &c) { c.classes = 1000; }, "classes is 1000");
    config(
        "patch disagrees", [](ModelConfig &c) { c.patchSize = 16; }, "patch size is 16");
    config(
        "channels disagree", [](ModelConfig &c) { c.channels = 1; }, "channels is 1");
    config(
        "image disagrees", [](ModelConfig &c) { c.imageHeight = c.imageWidth = 224; }, "12544 patches");
    config(
        "labels disagree", [](ModelConfig &c) { c.classNames = {"a"}; }, "names 1 classes");
    config(
        "bias disagrees", [](ModelConfig &c) { c.qkvBias = false; }, "qkv_bias");
    config(
        "heads do not divide", [](ModelConfig &c) { c.heads = 3; }, "3 heads");
    config(
        "crop disagrees",
        [](ModelConfig &c) {
            c.preprocessing = Preprocessing{8, 8, 8};
        },
        "8 x 8");
    config(
        "post-norm", [](ModelConfig &c) { c.architecture = "vit_base_patch16_rpn_224"; }, "rpn");
    config(
        "SigLIP", [](ModelConfig &c) { c.architecture = "vit_base_patch16_siglip_gap_224"; }, "siglip");
    source(
        "heads do not divide (option)", [](ModelSource &s) { s.heads = 5; }, "5 heads");
    source(
        "no heads", [](ModelSource &s) { s.heads = 0; }, "0 heads");
    source(
        "negative heads", [](ModelSource &s) { s.heads = -2; }, "-2 heads");
    source(
        "mean of two",
        [](ModelSource &s) {
            s.mean = {1, 2};
        },
        "--mean");
    source(
        "mean not finite", [](ModelSource &s) { s.mean = {std::nan("")}; }, "--mean");
    source(
        "std zero", [](ModelSource &s) { s.std = {0}; }, "--std");
    source(
        "crop", [](ModelSource &s) { s.crop = 224; }, "--crop 224");
    source(
        "resize below the input", [](ModelSource &s) { s.resize = 3; }, "--resize 3");
    source(
        "resize too large", [](ModelSource &s) { s.resize = 1'000'000; }, "--resize 1000000");
}

void TestNameMapping::refuses()
{
    QFETCH(const Tensors, tensors);
    QFETCH(const ModelConfig, config);
    QFETCH(const ModelSource, source);
    QFETCH(const QString, says);
    QVERIFY(isSentence(failureOf([&] { mapSmall(tensors, config, source); }), "", says.toStdString()));
}

QTEST_APPLESS_MAIN(TestNameMapping)
#include "tst_namemapping.moc"
