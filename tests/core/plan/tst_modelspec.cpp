#include "jsonchecks.h"

#include "plan/modelspec.h"

#include <functional>
#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

using Change = std::function<void(ModelSpec &)>;
Q_DECLARE_METATYPE(Change)

namespace {

// Small, with everything that a spec can have.
ModelSpec fullSpec()
{
    ModelSpec spec = makeVitSpec({32, 3, 8, 48, 2, 3, 96, 10});
    spec.name = "full";
    spec.registerTokens = 4;
    spec.preNorm = true;
    spec.normPlace = NormPlace::AfterPooling;
    spec.pooling = Pooling::MeanOfPatches;
    spec.activation = Activation::QuickGelu;
    spec.layerNormEps = 1e-5;
    spec.blocks[1].fc2.format = NumberFormat::Int4;
    spec.blocks[1].fc2.groupSize = 32;
    spec.blocks[1].fc2.inputScale = true;
    spec.blocks[0].qkv.bias = false;
    spec.preLogits.push_back({"pre_logits", 20, 48, true, NumberFormat::Bf16, 64, false});
    spec.head.inFeatures = 20;
    spec.preprocessing = {36, 32, 32, Interpolation::Bilinear, {0.1, 0.2, 0.3}, {0.4, 0.5, 0.6}, true};
    for (int i = 0; i < 10; ++i)
        spec.classNames.push_back("class " + std::to_string(i));
    return spec;
}

} // namespace

class TestModelSpec : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Published parameter counts of timm's models.
    void parameterCounts_data()
    {
        QTest::addColumn<int>("patch");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("depth");
        QTest::addColumn<int>("heads");
        QTest::addColumn<qint64>("parameters");
        QTest::newRow("ViT-Tiny/16") << 16 << 192 << 12 << 3 << qint64(5'717'416);
        QTest::newRow("ViT-Small/16") << 16 << 384 << 12 << 6 << qint64(22'050'664);
        QTest::newRow("ViT-Base/16") << 16 << 768 << 12 << 12 << qint64(86'567'656);
        QTest::newRow("ViT-Base/32") << 32 << 768 << 12 << 12 << qint64(88'224'232);
        QTest::newRow("ViT-Large/16") << 16 << 1024 << 24 << 16 << qint64(304'326'632);
        QTest::newRow("ViT-Huge/14") << 14 << 1280 << 32 << 16 << qint64(632'045'800);
    }

    void parameterCounts()
    {
        QFETCH(int, patch);
        QFETCH(int, width);
        QFETCH(int, depth);
        QFETCH(int, heads);
        QFETCH(qint64, parameters);
        const ModelSpec spec = makeVitSpec({224, 3, patch, width, depth, heads, 4 * std::int64_t(width), 1000});
        QCOMPARE(qint64(spec.parameterCount()), parameters);
    }

    void countsEverything()
    {
        ModelSpec spec = makeVitSpec({32, 3, 8, 48, 2, 3, 96, 10});
        const std::int64_t plain = spec.parameterCount();
        spec.preNorm = true;
        QCOMPARE(spec.parameterCount(), plain + 2 * 48);
        spec.registerTokens = 4; // with a position each
        QCOMPARE(spec.parameterCount(), plain + 2 * 48 + 2 * 4 * 48);
        spec.blocks[0].qkv.bias = false;
        QCOMPARE(spec.parameterCount(), plain + 2 * 48 + 2 * 4 * 48 - 3 * 48);
    }

    void names()
    {
        const ModelSpec spec = fullSpec();
        std::vector<std::string> names;
        for (const LinearSpec *linear : spec.linears())
            names.push_back(linear->name);
        const std::vector<std::string> expected{"patch_embed",
                                                "blocks.0.attn.qkv",
                                                "blocks.0.attn.proj",
                                                "blocks.0.mlp.fc1",
                                                "blocks.0.mlp.fc2",
                                                "blocks.1.attn.qkv",
                                                "blocks.1.attn.proj",
                                                "blocks.1.mlp.fc1",
                                                "blocks.1.mlp.fc2",
                                                "pre_logits",
                                                "head"};
        QVERIFY(names == expected);
        QCOMPARE(layerName(3, "mlp.fc1"), std::string("blocks.3.mlp.fc1"));
        for (const std::string &name : names)
            QCOMPARE(spec.linear(name).name, name);
        QVERIFY(failure([&] { spec.linear("blocks.2.mlp.fc1"); }).find("blocks.2.mlp.fc1") != std::string::npos);
    }

    void linearsCanBeChanged()
    {
        ModelSpec spec = fullSpec();
        for (LinearSpec *linear : spec.linears())
            linear->format = NumberFormat::Int8;
        QVERIFY(spec.blocks[1].proj.format == NumberFormat::Int8);
        QVERIFY(spec.head.format == NumberFormat::Int8);
    }

    void tokens()
    {
        ModelSpec spec = makeVitSpec({224, 3, 16, 192, 12, 3, 768, 1000});
        QCOMPARE(spec.patches(), std::int64_t(196));
        QCOMPARE(spec.tokens(), std::int64_t(197));
        spec.registerTokens = 4;
        spec.classToken = false;
        QCOMPARE(spec.tokens(), std::int64_t(200));
        spec.imageWidth = 160;
        QCOMPARE(spec.patches(), std::int64_t(140));
        spec.patchSize = 0;
        QCOMPARE(spec.patches(), std::int64_t(0));
    }

    void badShapes()
    {
        QVERIFY(!failure([] { makeVitSpec({.width = 193}); }).empty()); // not divisible by 3 heads
        QVERIFY(!failure([] { makeVitSpec({.depth = 0}); }).empty());
        QVERIFY(!failure([] { makeVitSpec({.depth = 2'000'000'000}); }).empty());
        QVERIFY(!failure([] { makeVitSpec({.heads = 0}); }).empty());
        QVERIFY(!failure([] { makeVitSpec({.classes = 0}); }).empty());
        QVERIFY(!failure([] { makeVitSpec({.imageSize = 225}); }).empty());
        QVERIFY(!failure([] { makeVitSpec({.mlpWidth = -1}); }).empty());
        QVERIFY(!failure([] { makeVitSpec({.patchSize = 0}); }).empty());
    }

    void sound()
    {
        validate(fullSpec());
        ModelSpec spec = fullSpec();
        spec.preprocessing = {}; // nobody said yet
        spec.classNames.clear();
        spec.patchSize = 32; // one patch
        spec.patchEmbed.inFeatures = 3 * 32 * 32;
        spec.blocks[0].fc1.outFeatures = spec.blocks[0].fc2.inFeatures = 1;
        spec.blocks[0].fc1.groupSize = 7; // not INT4: does not matter
        QCOMPARE(failure([&] { validate(spec); }), std::string());
    }

    void contradictions_data()
    {
        QTest::addColumn<Change>("change");
        const auto row = [](const char *name, Change change) {
            QTest::newRow(name) << change;
        };
        row("image of 0", [](ModelSpec &spec) { spec.imageHeight = 0; });
        row("image too wide", [](ModelSpec &spec) { spec.imageWidth = 8192; });
        row("two channels", [](ModelSpec &spec) { spec.channels = 2; });
        row("patch of 0", [](ModelSpec &spec) { spec.patchSize = 0; });
        row("patch negative", [](ModelSpec &spec) { spec.patchSize = -8; });
        row("patch does not divide", [](ModelSpec &spec) { spec.patchSize = 7; });
        row("patch larger than image", [](ModelSpec &spec) { spec.patchSize = 64; });
        row("too many patches", [](ModelSpec &spec) {
            spec.imageHeight = spec.imageWidth = 4096;
            spec.patchSize = 1;
            spec.patchEmbed.inFeatures = 3;
            spec.preprocessing = {};
        });
        row("width of 0", [](ModelSpec &spec) { spec.width = 0; });
        row("width too large", [](ModelSpec &spec) { spec.width = std::int64_t(1) << 62; });
        row("other width", [](ModelSpec &spec) { spec.width = 64; });
        row("no heads", [](ModelSpec &spec) { spec.heads = 0; });
        row("heads do not fit qkv", [](ModelSpec &spec) { spec.heads = 4; });
        row("heads overflow", [](ModelSpec &spec) { spec.headDim = std::numeric_limits<std::int64_t>::max(); });
        row("negative registers", [](ModelSpec &spec) { spec.registerTokens = -1; });
        row("no blocks", [](ModelSpec &spec) { spec.blocks.clear(); });
        row("too deep", [](ModelSpec &spec) { spec.blocks.resize(513); });
        row("no classes", [](ModelSpec &spec) { spec.head.outFeatures = 0; });
        row("too many classes", [](ModelSpec &spec) { spec.head.outFeatures = 1'000'001; });
        row("eps of 0", [](ModelSpec &spec) { spec.layerNormEps = 0; });
        row("eps too large", [](ModelSpec &spec) { spec.layerNormEps = 0.1; });
        row("eps NaN", [](ModelSpec &spec) { spec.layerNormEps = std::numeric_limits<double>::quiet_NaN(); });
        row("pools a missing token", [](ModelSpec &spec) {
            spec.classToken = false;
            spec.pooling = Pooling::ClassToken;
        });
        row("patch_embed inputs", [](ModelSpec &spec) { spec.patchEmbed.inFeatures = 48; });
        row("patch_embed name", [](ModelSpec &spec) { spec.patchEmbed.name = "patch"; });
        row("blocks swapped", [](ModelSpec &spec) { std::swap(spec.blocks[0], spec.blocks[1]); });
        row("proj", [](ModelSpec &spec) { spec.blocks[1].proj.inFeatures = 47; });
        row("heads pruned to no step", [](ModelSpec &spec) { spec.blocks[1].qkv.outFeatures -= 2 * spec.heads; });
        row("heads without queries",
            [](ModelSpec &spec) { spec.blocks[1].qkv.outFeatures = spec.blocks[1].proj.inFeatures; });
        row("more values than a head has", [](ModelSpec &spec) {
            spec.blocks[1].qkv.outFeatures += 8 * spec.heads;
            spec.blocks[1].proj.inFeatures += 8 * spec.heads;
        });
        row("fc1", [](ModelSpec &spec) { spec.blocks[1].fc1.inFeatures = 47; });
        row("fc1 and fc2 differ", [](ModelSpec &spec) { spec.blocks[1].fc2.inFeatures = 95; });
        row("MLP of 0", [](ModelSpec &spec) {
            spec.blocks[0].fc1.outFeatures = 0;
            spec.blocks[0].fc2.inFeatures = 0;
        });
        row("MLP too wide", [](ModelSpec &spec) {
            spec.blocks[0].fc1.outFeatures = 65537;
            spec.blocks[0].fc2.inFeatures = 65537;
        });
        row("INT4 group", [](ModelSpec &spec) { spec.blocks[1].fc2.groupSize = 48; });
        row("INT4 group of 0", [](ModelSpec &spec) { spec.blocks[1].fc2.groupSize = 0; });
        row("two pre_logits", [](ModelSpec &spec) { spec.preLogits.push_back(spec.preLogits.front()); });
        row("pre_logits name", [](ModelSpec &spec) { spec.preLogits.front().name = "head"; });
        row("head inputs", [](ModelSpec &spec) { spec.head.inFeatures = 48; });
        row("crop differs", [](ModelSpec &spec) { spec.preprocessing.cropHeight = 31; });
        row("resize negative", [](ModelSpec &spec) { spec.preprocessing.resizeShorter = -1; });
        row("std of 0", [](ModelSpec &spec) { spec.preprocessing.std[1] = 0; });
        row("mean NaN", [](ModelSpec &spec) { spec.preprocessing.mean[2] = std::numeric_limits<double>::quiet_NaN(); });
        row("class names", [](ModelSpec &spec) { spec.classNames.pop_back(); });
    }

    void contradictions()
    {
        QFETCH(Change, change);
        ModelSpec spec = fullSpec();
        change(spec);
        const std::string sentence = failure([&] { validate(spec); });
        QVERIFY2(sentence.starts_with("model: "), sentence.c_str());
    }

    void tooManyParameters()
    {
        // Each size is allowed; together they are 24 * (4 * 16384^2 + 2 * 16384 * 65536) parameters.
        QVERIFY(failure([] {
                    makeVitSpec({224, 3, 16, 16384, 24, 128, 65536, 1000});
                }).find("parameters") != std::string::npos);
    }

    void json()
    {
        verifyRoundTrip(ModelSpec());
        verifyRoundTrip(fullSpec());
        verifyRoundTrip(fullSpec().blocks[1].fc2);
        verifyRoundTrip(makeVitSpec({}));
    }

    void badFields_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char *pointer, const char *bad, const char *field) {
            QTest::newRow((std::string(pointer) + " " + bad).c_str())
                << QByteArray(pointer) << QByteArray(bad) << QByteArray(field);
        };
        for (const char *key :
             {"name",      "naming",    "imageHeight",   "imageWidth",   "channels",       "patchSize",
              "width",     "heads",     "headDim",       "classToken",   "registerTokens", "preNorm",
              "pooling",   "normPlace", "activation",    "layerNormEps", "patchEmbed",     "blocks",
              "preLogits", "head",      "preprocessing", "classNames"}) {
            row(pointerTo(key).c_str(), "remove", key);
            row(pointerTo(key).c_str(), "null", key);
        }
        row("/imageHeight", "1e300", "imageHeight");
        row("/imageWidth", "99999999999999999999", "imageWidth");
        row("/patchSize", "0", "patchSize");
        row("/width", "-1", "width");
        row("/layerNormEps", "0", "layerNormEps");
        row("/layerNormEps", "\"1e-6\"", "layerNormEps");
        row("/pooling", "\"max\"", "pooling");
        row("/activation", "\"relu\"", "activation");
        row("/normPlace", "7", "normPlace");
        row("/blocks", "{}", "blocks");
        row("/blocks/1", "[]", "blocks[1]");
        row("/blocks/1/fc2/format", "\"int3\"", "blocks[1].fc2.format");
        row("/blocks/1/fc2/groupSize", "0", "blocks[1].fc2.groupSize");
        row("/blocks/0/qkv", "remove", "blocks[0].qkv");
        row("/blocks/0/qkv/bias", "0", "blocks[0].qkv.bias");
        row("/blocks/0/fc1/outFeatures", "4611686018427387904", "blocks[0].fc1.outFeatures");
        row("/preLogits/0/inFeatures", "-1", "preLogits[0].inFeatures");
        row("/head/name", "5", "head.name");
        row("/preprocessing/std/1", "0", "preprocessing.std[1]");
        row("/classNames/3", "3", "classNames[3]");
    }

    void badFields()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, bad);
        QFETCH(QByteArray, field);
        verifyBadField<ModelSpec>(fullSpec(), pointer.toStdString(), bad.toStdString(), field.toStdString());
    }
};

QTEST_APPLESS_MAIN(TestModelSpec)
#include "tst_modelspec.moc"
