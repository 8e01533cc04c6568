#include "engine/kernels/linearweights.h"

#include "kerneltesting.h"

#include <QTest>

#include <cstring>
#include <limits>
#include <stdexcept>

using namespace edgeflex;
using namespace edgeflex::test;

class TestLinearWeights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void dequantizes_data();
    void dequantizes();
    void dequantizesUnalignedFiles();
    void castsToHalves();
    void refusesToOverflow();
    void castsOnlyFp32();
    void checks_data();
    void checks();
};

void TestLinearWeights::dequantizes_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<int>("inFeatures");
    QTest::addColumn<int>("groupSize");
    for (const NumberFormat format : allNumberFormats())
        for (const int k : {1, 2, 7, 64, 65, 200})
            for (const int groupSize : {1, 3, 16, 64, 128})
                if (format == NumberFormat::Int4 || groupSize == 64)
                    QTest::addRow("%s %d by %d", toString(format).data(), k, groupSize)
                        << static_cast<int>(format) << k << groupSize;
}

void TestLinearWeights::dequantizes()
{
    QFETCH(int, format);
    QFETCH(int, inFeatures);
    QFETCH(int, groupSize);
    Random random(1);
    const LinearWeights weights =
        randomWeights(layerSpec(static_cast<NumberFormat>(format), 5, inFeatures, true, true, groupSize), random);
    const Tensor w = weights.dequantized();
    QCOMPARE(w.shape(), (std::vector<std::int64_t>{5, inFeatures}));
    const std::vector<double> expected = slowlyDequantized(weights);
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(w.floats()[i], static_cast<float>(expected[i]));
}

void TestLinearWeights::dequantizesUnalignedFiles()
{
    Random random(2);
    for (const NumberFormat format : allNumberFormats()) {
        LinearWeights weights = randomWeights(layerSpec(format, 3, 70), random);
        const Tensor expected = weights.dequantized();
        std::vector<std::vector<std::byte>> files(5);
        std::size_t next = 0;
        for (Tensor *array : {&weights.values, &weights.scales, &weights.zeroPoints, &weights.bias}) {
            if (array->empty())
                continue;
            std::vector<std::byte> &file = files.at(next++);
            file.resize(array->bytes() + 1);
            std::memcpy(file.data() + 1, array->raw(), array->bytes());
            *array = Tensor::view(array->dtype(), array->shape(), file.data() + 1, nullptr);
        }
        QVERIFY(weights.dequantized().sameBytes(expected));
        const std::vector<float> x = random.normals(70);
        std::vector<float> y(3);
        makeLinear(weights, plainTarget(1))->forward(x.data(), 1, y.data());
        QVERIFY(std::isfinite(y[0]));
        if (format == NumberFormat::Fp32)
            QVERIFY(castWeights(weights, NumberFormat::Bf16).values.dtype() == DType::BF16);
    }
}

void TestLinearWeights::castsToHalves()
{
    Random random(3);
    const LinearWeights weights = randomWeights(layerSpec(NumberFormat::Fp32, 300, 301), random);
    for (const NumberFormat format : {NumberFormat::Fp16, NumberFormat::Bf16, NumberFormat::Fp32}) {
        const LinearWeights cast = castWeights(weights, format);
        QVERIFY(cast.spec.format == format);
        cast.check();
        QVERIFY(cast.bias.sameBytes(weights.bias));
        const Tensor w = cast.dequantized();
        const double step = format == NumberFormat::Fp32 ? 0 : format == NumberFormat::Fp16 ? 1.0 / 2048 : 1.0 / 256;
        for (std::int64_t i = 0; i < w.elements(); ++i) {
            const double value = weights.values.floats()[i];
            QVERIFY(std::abs(w.floats()[i] - value) <= step * std::abs(value) + 3e-8 * (step > 0));
        }
        // What is representable stays exactly.
        LinearWeights again = weights;
        again.values = w;
        QVERIFY(castWeights(again, format).values.sameBytes(cast.values));
    }
}

void TestLinearWeights::refusesToOverflow()
{
    Random random(4);
    LinearWeights weights = randomWeights(layerSpec(NumberFormat::Fp32, 4, 9), random);
    weights.values.floats()[35] = -65504.0F;
    QCOMPARE(castWeights(weights, NumberFormat::Fp16).dequantized().floats()[35], -65504.0F);
    weights.values.floats()[35] = -65520.0F;
    const std::string sentence = errorOf([&] { castWeights(weights, NumberFormat::Fp16); });
    QVERIFY2(sentence.find("\"blocks.3.mlp.fc1\"") != std::string::npos, sentence.c_str());
    QCOMPARE(errorOf([&] { castWeights(weights, NumberFormat::Bf16); }), std::string());
}

void TestLinearWeights::castsOnlyFp32()
{
    Random random(5);
    const LinearWeights weights = randomWeights(layerSpec(NumberFormat::Int8, 4, 9), random);
    QVERIFY_EXCEPTION_THROWN(castWeights(weights, NumberFormat::Fp16), std::logic_error);
    const LinearWeights floats = randomWeights(layerSpec(NumberFormat::Fp32, 4, 9), random);
    QVERIFY_EXCEPTION_THROWN(castWeights(floats, NumberFormat::Int8), std::logic_error);
}

using Spoil = std::function<void(LinearWeights &)>;
Q_DECLARE_METATYPE(Spoil)

void TestLinearWeights::checks_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<Spoil>("spoil");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, NumberFormat format, Spoil spoil, const char *named) {
        QTest::newRow(name) << static_cast<int>(format) << std::move(spoil) << QString(named);
    };
    const auto fp32 = NumberFormat::Fp32;
    const auto int8 = NumberFormat::Int8;
    const auto int4 = NumberFormat::Int4;
    row(
        "no values", fp32, [](auto &w) { w.values = {}; }, "values");
    row(
        "wrong type", fp32,
        [](auto &w) {
            w.values = Tensor::zeros(DType::F16, {6, 20});
        },
        "values");
    row(
        "transposed", fp32,
        [](auto &w) {
            w.values = Tensor::zeros(DType::F32, {20, 6});
        },
        "[20, 6]");
    row(
        "flat", fp32, [](auto &w) { w.values = Tensor::zeros(DType::F32, {120}); }, "[120]");
    row(
        "no bias", fp32, [](auto &w) { w.bias = {}; }, "biases");
    row(
        "long bias", fp32, [](auto &w) { w.bias = Tensor::zeros(DType::F32, {7}); }, "biases");
    row(
        "unknown bias", fp32, [](auto &w) { w.spec.bias = false; }, "biases");
    row(
        "unknown scales", fp32, [](auto &w) { w.scales = Tensor::zeros(DType::F32, {6}); }, "scales");
    row(
        "no input scale", fp32, [](auto &w) { w.spec.inputScale = true; }, "input scales");
    row(
        "unknown input scale", fp32, [](auto &w) { w.inputScale = Tensor::zeros(DType::F32, {20}); }, "input scales");
    row(
        "no outputs", fp32, [](auto &w) { w.spec.outFeatures = 0; }, "outputs");
    row(
        "negative inputs", fp32, [](auto &w) { w.spec.inFeatures = -20; }, "inputs");
    row(
        "int8 without scales", int8, [](auto &w) { w.scales = {}; }, "scales");
    row(
        "int8 half scales", int8, [](auto &w) { w.scales = Tensor::zeros(DType::F16, {6}); }, "scales");
    row(
        "int8 unsigned", int8,
        [](auto &w) {
            w.values = Tensor::zeros(DType::U8, {6, 20});
        },
        "values");
    row(
        "int8 zero points", int8, [](auto &w) { w.zeroPoints = Tensor::zeros(DType::U8, {6}); }, "zero points");
    row(
        "int4 unpacked", int4,
        [](auto &w) {
            w.values = Tensor::zeros(DType::U8, {6, 20});
        },
        "values");
    row(
        "int4 other groups", int4, [](auto &w) { w.spec.groupSize = 4; }, "scales");
    row(
        "int4 no groups", int4, [](auto &w) { w.spec.groupSize = 0; }, "group size");
    row(
        "int4 no zero points", int4, [](auto &w) { w.zeroPoints = {}; }, "zero points");
}

void TestLinearWeights::checks()
{
    QFETCH(int, format);
    QFETCH(Spoil, spoil);
    QFETCH(QString, named);
    Random random(6);
    LinearWeights weights = randomWeights(layerSpec(static_cast<NumberFormat>(format), 6, 20, true, false, 8), random);
    weights.check();
    spoil(weights);
    const std::string sentence = errorOf([&] { weights.check(); });
    QVERIFY2(sentence.find("\"blocks.3.mlp.fc1\"") != std::string::npos, sentence.c_str());
    QVERIFY2(sentence.find(named.toStdString()) != std::string::npos, sentence.c_str());
    QCOMPARE(errorOf([&] { makeLinear(weights, plainTarget(1)); }), sentence);
    QCOMPARE(errorOf([&] { weights.dequantized(); }), sentence);
}

QTEST_APPLESS_MAIN(TestLinearWeights)
#include "tst_linearweights.moc"
