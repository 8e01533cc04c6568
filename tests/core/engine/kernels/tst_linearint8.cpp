#include "engine/kernels/linearint8.h"

#include "kerneltesting.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

class TestLinearInt8 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyWayGivesTheSameBits();
    void exactForIntegers();
    void constantRowsAreExact();
    void rowsAreIndependent();
    void spoiledRowsShow();
    void refusesTooManyInputs();
    void saysWhatExecutes();
};

void TestLinearInt8::everyWayGivesTheSameBits()
{
    Random random(1);
    for (int round = 0; round < 60; ++round) {
        const std::int64_t rows = random.integer(1, 40);
        const std::int64_t n = random.integer(1, 200);
        const std::int64_t k = random.integer(1, 200);
        const LinearSpec spec = layerSpec(NumberFormat::Int8, n, k, random.integer(0, 1), random.integer(0, 1));
        const LinearWeights weights = randomWeights(spec, random);
        const std::vector<float> x = random.normals(rows * k);
        std::vector<float> portable(static_cast<std::size_t>(rows * n));
        makeLinear(weights, plainTarget(1), portableKernels())->forward(x.data(), rows, portable.data());
        for (const SimdKernels *set : availableKernels()) {
            std::vector<float> y(portable.size());
            makeLinear(weights, plainTarget(2), *set)->forward(x.data(), rows, y.data());
            QCOMPARE(y, portable);
        }
    }
}

void TestLinearInt8::exactForIntegers()
{
    // Inputs 0 ... 255 have scale 1 and zero point 0, so the product is that of the integers.
    Random random(2);
    constexpr int k = 300;
    LinearWeights weights = randomWeights(layerSpec(NumberFormat::Int8, 3, k, false), random);
    std::fill_n(weights.scales.floats(), 3, 1.0F);
    std::vector<float> x(k, 255.0F);
    for (int i = 0; i < 256; ++i)
        x[static_cast<std::size_t>(i)] = static_cast<float>(i);
    std::vector<float> y(3);
    makeLinear(weights, plainTarget(1))->forward(x.data(), 1, y.data());
    for (int n = 0; n < 3; ++n) {
        int sum = 0;
        for (int i = 0; i < k; ++i)
            sum += static_cast<int>(x[static_cast<std::size_t>(i)]) * weights.values.as<std::int8_t>()[n * k + i];
        QCOMPARE(y[static_cast<std::size_t>(n)], static_cast<float>(sum));
    }
}

void TestLinearInt8::constantRowsAreExact()
{
    Random random(3);
    const LinearWeights weights = randomWeights(layerSpec(NumberFormat::Int8, 5, 40), random);
    const auto linear = makeLinear(weights, plainTarget(1));
    std::vector<float> y(5);
    const std::vector<float> zeros(40, 0.0F);
    linear->forward(zeros.data(), 1, y.data());
    QCOMPARE(y, std::vector<float>(weights.bias.floats(), weights.bias.floats() + 5));
    for (const float value : {-3.0F, 0.7F}) {
        const std::vector<float> x(40, value);
        linear->forward(x.data(), 1, y.data());
        const std::vector<double> w = slowlyDequantized(weights);
        std::vector<double> expected;
        for (std::size_t n = 0; n < 5; ++n) {
            expected.push_back(weights.bias.floats()[n]);
            for (std::size_t i = 0; i < 40; ++i)
                expected.back() += static_cast<double>(value) * w[n * 40 + i];
        }
        QVERIFY(relativeError(y.data(), expected) < 1e-6);
    }
}

void TestLinearInt8::rowsAreIndependent()
{
    Random random(4);
    const auto linear = makeLinear(randomWeights(layerSpec(NumberFormat::Int8, 37, 50), random), plainTarget(2));
    std::vector<float> x = random.normals(9 * 50);
    std::vector<float> together(9 * 37);
    linear->forward(x.data(), 9, together.data());
    for (std::size_t row = 0; row < 9; ++row) {
        std::vector<float> alone(37);
        linear->forward(x.data() + row * 50, 1, alone.data());
        QCOMPARE(alone, std::vector<float>(together.begin() + static_cast<std::ptrdiff_t>(row) * 37,
                                           together.begin() + static_cast<std::ptrdiff_t>(row + 1) * 37));
    }
}

void TestLinearInt8::spoiledRowsShow()
{
    Random random(5);
    const auto linear = makeLinear(randomWeights(layerSpec(NumberFormat::Int8, 6, 20), random), plainTarget(2));
    std::vector<float> x = random.normals(3 * 20);
    x[25] = std::numeric_limits<float>::quiet_NaN();
    std::vector<float> y(3 * 6);
    linear->forward(x.data(), 3, y.data());
    for (std::size_t i = 0; i < y.size(); ++i)
        QCOMPARE(std::isnan(y[i]), i / 6 == 1);
}

void TestLinearInt8::refusesTooManyInputs()
{
    Random random(6);
    const LinearWeights weights = randomWeights(layerSpec(NumberFormat::Int8, 1, 65537), random);
    const std::string sentence = errorOf([&] { makeLinear(weights, plainTarget(1)); });
    QVERIFY2(sentence.find("65537") != std::string::npos, sentence.c_str());
}

void TestLinearInt8::saysWhatExecutes()
{
    Random random(7);
    const LinearWeights weights = randomWeights(layerSpec(NumberFormat::Int8, 2, 3), random);
    QCOMPARE(makeLinear(weights, plainTarget(1), portableKernels())->implementation(), std::string("INT8 portable"));
    for (const SimdKernels *set : availableKernels())
        QCOMPARE(makeLinear(weights, plainTarget(1), *set)->implementation(), std::string("INT8 ") + set->name);
}

QTEST_APPLESS_MAIN(TestLinearInt8)
#include "tst_linearint8.moc"
