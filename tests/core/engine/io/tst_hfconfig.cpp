#include "checkpointbytes.h"
#include "testdata.h"

#include "engine/io/hfconfig.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestHfConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTimm();
    void readsTimmArguments();
    void readsHuggingFace();
    void readsShortestEdge();
    void nothingIsNothing();
    void refusesBadConfigs_data();
    void refusesBadConfigs();
    void readsRealConfig();

private:
    static ModelConfig parse(std::string_view config, std::string_view preprocessor = {})
    {
        return parseModelConfig(config, "config.json", preprocessor, "preprocessor_config.json");
    }
};

void TestHfConfig::readsTimm()
{
    const ModelConfig config = parse(R"({"architecture":"vit_base_patch16_384","num_classes":3,"global_pool":"avg",
        "pretrained_cfg":{"input_size":[3,384,384],"crop_pct":0.95,"interpolation":"bilinear","mean":[0.1,0.2,0.3],
        "std":[0.4,0.5,0.6],"crop_mode":"center","num_classes":1000,"label_names":["a","b","c"],"extra":[1,{"x":2}]}})");
    QVERIFY(config.style == ModelConfig::Style::Timm);
    QCOMPARE(config.architecture, std::string("vit_base_patch16_384"));
    QCOMPARE(config.classes.value(), 3);
    QVERIFY(config.pooling.value() == Pooling::MeanOfPatches);
    QCOMPARE(config.imageHeight.value(), 384);
    QCOMPARE(config.classNames, (std::vector<std::string>{"a", "b", "c"}));
    const Preprocessing expected{404, 384, 384, Interpolation::Bilinear, {0.1, 0.2, 0.3}, {0.4, 0.5, 0.6}, true};
    QVERIFY(config.preprocessing.value() == expected);
}

void TestHfConfig::readsTimmArguments()
{
    const ModelConfig config = parse(R"({"architecture":"vit_custom","model_args":{"img_size":[32,64],"num_heads":4,
        "depth":2,"embed_dim":64,"drop_rate":0.1,"act_layer":"quick_gelu","qkv_bias":false,"global_pool":"token"}})");
    QCOMPARE(config.heads.value(), 4);
    QCOMPARE(config.imageHeight.value(), 32);
    QCOMPARE(config.imageWidth.value(), 64);
    QVERIFY(config.activation.value() == Activation::QuickGelu);
    QCOMPARE(config.qkvBias.value(), false);
    QVERIFY(!config.preprocessing);
}

void TestHfConfig::readsHuggingFace()
{
    const ModelConfig config = parse(
        R"({"model_type":"vit","hidden_size":768,"num_hidden_layers":12,"num_attention_heads":12,"intermediate_size":3072,
        "hidden_act":"gelu_new","layer_norm_eps":1e-5,"image_size":384,"patch_size":16,"num_channels":3,"qkv_bias":true,
        "id2label":{"1":"dog","0":"cat"}})",
        R"({"do_resize":true,"size":{"height":384,"width":384},"resample":3,"image_mean":[0.5],"image_std":[0.25],
        "rescale_factor":0.00392156862745098})");
    QVERIFY(config.style == ModelConfig::Style::HuggingFace);
    QCOMPARE(config.mlpWidth.value(), 3072);
    QVERIFY(config.activation.value() == Activation::GeluTanh);
    QCOMPARE(config.layerNormEps.value(), 1e-5);
    QCOMPARE(config.classNames, (std::vector<std::string>{"cat", "dog"}));
    const Preprocessing expected{0, 384, 384, Interpolation::Bicubic, {0.5, 0.5, 0.5}, {0.25, 0.25, 0.25}, true};
    QVERIFY(config.preprocessing.value() == expected);
    const ModelConfig plain = parse(R"({"model_type":"vit"})", R"({"size":224,"do_normalize":false})");
    QCOMPARE(plain.layerNormEps.value(), 1e-12);
    const Preprocessing bare{0, 224, 224, Interpolation::Bilinear, {0, 0, 0}, {1, 1, 1}, true};
    QVERIFY(plain.preprocessing.value() == bare);
}

void TestHfConfig::readsShortestEdge()
{
    const ModelConfig config = parse({}, R"({"size":{"shortest_edge":256},"do_center_crop":true,
        "crop_size":{"height":224,"width":224},"image_mean":[0,0,0],"image_std":[1,1,1],"resample":0})");
    QCOMPARE(config.preprocessing->resizeShorter, 256);
    QCOMPARE(config.preprocessing->cropWidth, 224);
    QVERIFY(config.preprocessing->interpolation == Interpolation::Nearest);
}

void TestHfConfig::nothingIsNothing()
{
    QVERIFY(parse({}) == ModelConfig());
    QTemporaryDir folder;
    QVERIFY(readModelConfig(folder.path().toStdString()) == ModelConfig());
}

void TestHfConfig::refusesBadConfigs_data()
{
    QTest::addColumn<QString>("config");
    QTest::addColumn<QString>("preprocessor");
    QTest::addColumn<QString>("says");
    const auto timm = [](const char *name, const char *fields, const char *says) {
        QTest::newRow(name) << QString(R"({"architecture":"vit_tiny_patch16_224","pretrained_cfg":)") + fields + "}"
                            << QString() << QString(says);
    };
    const auto config = [](const char *name, const char *text, const char *says) {
        QTest::newRow(name) << QString(text) << QString() << QString(says);
    };
    const auto preprocessor = [](const char *name, const char *text, const char *says) {
        QTest::newRow(name) << QString() << QString(text) << QString(says);
    };
    config("not JSON", "{", "JSON");
    config("an array", "[]", "object");
    QTest::newRow("nesting bomb") << QString(50'000, '[') << QString() << QString("64");
    config("another program's", R"({"a":1})", "neither");
    config("another model", R"({"model_type":"swin"})", "swin");
    config("negative heads", R"({"model_type":"vit","num_attention_heads":-1})", "num_attention_heads");
    config("fractional heads", R"({"model_type":"vit","num_attention_heads":1.5})", "num_attention_heads");
    config("huge size", R"({"model_type":"vit","hidden_size":99999999999999999999})", "hidden_size");
    config("ReLU", R"({"model_type":"vit","hidden_act":"relu"})", "relu");
    config("labels with a hole", R"({"model_type":"vit","id2label":{"0":"a","2":"b"}})", "id2label");
    config("labels not numbered", R"({"model_type":"vit","id2label":{"cat":"a"}})", "id2label");
    config("epsilon zero", R"({"model_type":"vit","layer_norm_eps":0})", "layer_norm_eps");
    config("pooling", R"({"architecture":"vit_x","global_pool":"map"})", "global_pool");
    config("unknown argument", R"({"architecture":"vit_x","model_args":{"qk_norm":true}})", "qk_norm");
    config("position embedding", R"({"architecture":"vit_x","model_args":{"pos_embed":"none"}})", "pos_embed");
    timm("input size of two", R"({"input_size":[224,224]})", "input_size");
    timm("fractional input size", R"({"input_size":[3,224.5,224]})", "input_size");
    timm("crop mode", R"({"input_size":[3,224,224],"mean":[0,0,0],"std":[1,1,1],"crop_mode":"squash"})", "crop_mode");
    timm("crop share zero", R"({"input_size":[3,224,224],"mean":[0,0,0],"std":[1,1,1],"crop_pct":0})", "crop_pct");
    timm("std zero", R"({"input_size":[3,224,224],"mean":[0,0,0],"std":[1,0,1]})", "std");
    timm("mean of two", R"({"input_size":[3,224,224],"mean":[0,0],"std":[1,1,1]})", "mean");
    timm("Lanczos", R"({"input_size":[3,224,224],"mean":[0,0,0],"std":[1,1,1],"interpolation":"lanczos"})", "lanczos");
    preprocessor("no size", R"({"image_mean":[0],"image_std":[1]})", "size");
    preprocessor("no resize", R"({"do_resize":false,"size":224})", "do_resize");
    preprocessor("odd size", R"({"size":{"longest_edge":224}})", "size");
    preprocessor("shortest edge alone", R"({"size":{"shortest_edge":224},"image_mean":[0],"image_std":[1]})", "shapes");
    preprocessor("Lanczos code", R"({"size":224,"resample":1,"image_mean":[0],"image_std":[1]})", "resample");
    preprocessor("no rescale", R"({"size":224,"do_rescale":false,"image_mean":[0],"image_std":[1]})", "do_rescale");
    preprocessor("rescale", R"({"size":224,"rescale_factor":0.0078,"image_mean":[0],"image_std":[1]})",
                 "rescale_factor");
    preprocessor("no mean", R"({"size":224,"image_std":[1]})", "image_mean");
    preprocessor("squeezed and cropped",
                 R"({"size":256,"do_center_crop":true,"crop_size":224,"image_mean":[0],"image_std":[1]})", "squeezed");
}

void TestHfConfig::refusesBadConfigs()
{
    QFETCH(const QString, config);
    QFETCH(const QString, preprocessor);
    QFETCH(const QString, says);
    const std::string failure = failureOf([&] { parse(config.toStdString(), preprocessor.toStdString()); });
    QVERIFY(isSentence(failure, config.isEmpty() ? "preprocessor_config.json" : "config.json", says.toStdString()));
}

void TestHfConfig::readsRealConfig()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const ModelConfig config = readModelConfig(realData() + "/checkpoints/vit_tiny_patch16_224");
    QCOMPARE(config.architecture, std::string("vit_tiny_patch16_224"));
    QCOMPARE(config.preprocessing->resizeShorter, 248);
    QVERIFY(config.preprocessing->interpolation == Interpolation::Bicubic);
}

QTEST_APPLESS_MAIN(TestHfConfig)
#include "tst_hfconfig.moc"
