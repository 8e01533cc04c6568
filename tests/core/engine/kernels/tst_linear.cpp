#include "engine/kernels/linear.h"

#include "engine/tensor/hostallocator.h"
#include "kerneltesting.h"

#include <QTest>

#include <omp.h>

#include <limits>
#include <thread>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

struct Shape
{
    std::int64_t rows, n, k;
};

std::vector<Shape> shapes()
{
    std::vector<Shape> result{{1, 1, 1},     {1, 3, 17},   {2, 130, 31}, {5, 4, 192},   {3, 257, 64}, {33, 128, 65},
                              {1, 129, 200}, {40, 40, 40}, {3, 33, 770}, {300, 40, 16}, {2, 5, 385}};
    Random random(1);
    for (int i = 0; i < 25; ++i)
        result.push_back({random.integer(1, 40), random.integer(1, 150), random.integer(1, 150)});
    return result;
}

void forEachFormat()
{
    QTest::addColumn<int>("format");
    for (const NumberFormat format : allNumberFormats())
        QTest::newRow(toString(format).data()) << static_cast<int>(format);
}

} // namespace

class TestLinear : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsDefinition_data() { forEachFormat(); }
    void equalsDefinition();
    void oddGroups();
    void stepsEqualForward_data() { forEachFormat(); }
    void stepsEqualForward();
    void widestInstructionsExecute();
    void allocatesAsPredicted_data() { forEachFormat(); }
    void allocatesAsPredicted();
    void noRows_data() { forEachFormat(); }
    void noRows();
    void refusesNotFinite_data();
    void refusesNotFinite();
    void severalThreadsMayRun_data() { forEachFormat(); }
    void severalThreadsMayRun();
    void threadsChangeNothing_data() { forEachFormat(); }
    void threadsChangeNothing();
    void leavesTheCallersThreadCount();
    void bfloat16Products();
    void detectsTarget();
};

void TestLinear::equalsDefinition()
{
    QFETCH(int, format);
    Random random(2);
    for (const Shape &shape : shapes()) {
        for (const bool bias : {false, true}) {
            for (const bool inputScale : {false, true}) {
                const LinearSpec spec =
                    layerSpec(static_cast<NumberFormat>(format), shape.n, shape.k, bias, inputScale, 32);
                const LinearWeights weights = randomWeights(spec, random);
                const std::vector<float> x = random.normals(shape.rows * shape.k);
                const std::vector<double> expected = slowForward(weights, x, shape.rows);
                for (const SimdKernels *set : availableKernels()) {
                    std::vector<float> y(static_cast<std::size_t>(shape.rows * shape.n),
                                         std::numeric_limits<float>::quiet_NaN());
                    const auto linear = makeLinear(weights, plainTarget(2), *set);
                    QCOMPARE(linear->spec(), spec);
                    linear->forward(x.data(), shape.rows, y.data());
                    const double error = relativeError(y.data(), expected);
                    QVERIFY2(error < 1e-6, qPrintable(QString("%1, %2 x %3 x %4: %5")
                                                          .arg(set->name)
                                                          .arg(shape.rows)
                                                          .arg(shape.n)
                                                          .arg(shape.k)
                                                          .arg(error)));
                }
            }
        }
    }
}

void TestLinear::oddGroups()
{
    Random random(3);
    for (const int groupSize : {1, 2, 3, 5, 7, 33, 1000}) {
        const LinearWeights weights =
            randomWeights(layerSpec(NumberFormat::Int4, 9, 77, true, false, groupSize), random);
        const std::vector<float> x = random.normals(3 * 77);
        std::vector<float> y(3 * 9);
        makeLinear(weights, plainTarget(1))->forward(x.data(), 3, y.data());
        QVERIFY(relativeError(y.data(), slowForward(weights, x, 3)) < 1e-6);
    }
}

// Prepared rows, strides, residuals and activations against plain forward passes.
void TestLinear::stepsEqualForward()
{
    QFETCH(int, format);
    Random random(11);
    for (const ExecutionTarget &target : {plainTarget(2), detectTarget(2)}) {
        for (const bool inputScale : {false, true}) {
            constexpr std::int64_t rows = 29;
            constexpr std::int64_t n = 77;
            constexpr std::int64_t k = 401;
            const LinearSpec spec = layerSpec(static_cast<NumberFormat>(format), n, k, true, inputScale, 32);
            const auto linear = makeLinear(randomWeights(spec, random), target);
            const std::vector<float> x = random.normals(rows * k);
            std::vector<float> expected(rows * n);
            linear->forward(x.data(), rows, expected.data());

            HostBuffer memory(static_cast<std::size_t>(inputBytes(spec, rows, target)));
            HostBuffer work(static_cast<std::size_t>(workBytes(spec, target)));
            const LinearInput input = linear->inputIn(memory.as<std::byte>(), rows);
            for (std::int64_t row = 0; row < rows; ++row)
                linear->prepare(x.data() + row * k, row, input);
            constexpr std::int64_t stride = n + 5;
            std::vector<float> y(rows * stride, 1.0F);
            LinearOutput output{y.data(), stride, true};
            linear->multiply(input, output, work.as<std::byte>());
            std::vector<float> activated(rows * stride);
            output = {activated.data(), stride, false, Activation::GeluTanh};
            linear->multiply(input, output, work.as<std::byte>());
            std::vector<double> sums;
            std::vector<double> gelus;
            for (std::int64_t row = 0; row < rows; ++row) {
                std::vector<float> values(expected.begin() + row * n, expected.begin() + (row + 1) * n);
                for (const float value : values)
                    sums.push_back(1.0 + value);
                portableKernels().geluTanh(values.data(), n);
                gelus.insert(gelus.end(), values.begin(), values.end());
                std::copy_n(y.begin() + row * stride, n, y.begin() + row * n);
                std::copy_n(activated.begin() + row * stride, n, activated.begin() + row * n);
            }
            QVERIFY(relativeError(y.data(), sums) < 1e-6);
            QVERIFY(relativeError(activated.data(), gelus) < 1e-6);
        }
    }
}

// Products that fell back to a reference implementation would be right and slow.
void TestLinear::widestInstructionsExecute()
{
    Random random(12);
    const ExecutionTarget target = detectTarget(2);
    QCOMPARE(target.instructionSet, std::string(availableKernels().front()->name));
    for (const NumberFormat format : allNumberFormats()) {
        const auto linear = makeLinear(randomWeights(layerSpec(format, 4, 8), random), target);
        QVERIFY2(linear->implementation().ends_with(target.instructionSet), linear->implementation().c_str());
    }
#ifdef __x86_64__
    QCOMPARE(target.instructionSet == "portable", !__builtin_cpu_supports("avx2"));
    QCOMPARE(target.int8DotProduct, static_cast<bool>(__builtin_cpu_supports("avx512vnni")));
#endif
}

void TestLinear::allocatesAsPredicted()
{
    QFETCH(int, format);
    Random random(4);
    for (const Shape &shape : {Shape{7, 192, 64}, Shape{3, 130, 33}, Shape{1, 1, 1}}) {
        for (const bool inputScale : {false, true}) {
            const LinearSpec spec =
                layerSpec(static_cast<NumberFormat>(format), shape.n, shape.k, !inputScale, inputScale, 32);
            const LinearWeights weights = randomWeights(spec, random);
            const ExecutionTarget target = plainTarget(2);
            const std::vector<float> x = random.normals(shape.rows * shape.k);
            std::vector<float> y(static_cast<std::size_t>(shape.rows * shape.n));

            const std::int64_t before = hostallocator::liveBytes();
            hostallocator::resetPeak();
            const auto linear = makeLinear(weights, target);
            QCOMPARE(hostallocator::liveBytes() - before, weightBytes(spec));
            QCOMPARE(hostallocator::peakBytes(), hostallocator::liveBytes());

            const std::int64_t loaded = hostallocator::liveBytes();
            hostallocator::resetPeak();
            linear->forward(x.data(), shape.rows, y.data());
            QCOMPARE(hostallocator::peakBytes() - loaded, scratchBytes(spec, shape.rows, target));
            QCOMPARE(hostallocator::liveBytes(), loaded);
        }
    }
}

void TestLinear::noRows()
{
    QFETCH(int, format);
    Random random(5);
    const auto linear =
        makeLinear(randomWeights(layerSpec(static_cast<NumberFormat>(format), 4, 5), random), plainTarget(1));
    float untouched = 7;
    linear->forward(&untouched, 0, &untouched);
    QCOMPARE(untouched, 7.0F);
}

void TestLinear::refusesNotFinite_data()
{
    QTest::addColumn<int>("format");
    QTest::addColumn<QString>("array");
    for (const NumberFormat format : {NumberFormat::Fp32, NumberFormat::Fp16, NumberFormat::Bf16})
        QTest::addRow("%s weights", toString(format).data()) << static_cast<int>(format) << "weights";
    for (const NumberFormat format : {NumberFormat::Int8, NumberFormat::Int4})
        QTest::addRow("%s scales", toString(format).data()) << static_cast<int>(format) << "scales";
    for (const NumberFormat format : allNumberFormats()) {
        QTest::addRow("%s biases", toString(format).data()) << static_cast<int>(format) << "biases";
        QTest::addRow("%s input scales", toString(format).data()) << static_cast<int>(format) << "input scales";
    }
}

void TestLinear::refusesNotFinite()
{
    QFETCH(int, format);
    QFETCH(QString, array);
    Random random(6);
    for (const bool nan : {false, true}) {
        const LinearSpec spec = layerSpec(static_cast<NumberFormat>(format), 300, 301, true, true);
        LinearWeights weights = randomWeights(spec, random);
        Tensor &spoiled = array == "weights"  ? weights.values
                          : array == "scales" ? weights.scales
                          : array == "biases" ? weights.bias
                                              : weights.inputScale;
        const float bad = nan ? std::numeric_limits<float>::quiet_NaN() : -std::numeric_limits<float>::infinity();
        const std::int64_t last = spoiled.elements() - 1;
        if (spoiled.dtype() == DType::F32)
            spoiled.floats()[last] = bad;
        else
            spoiled.as<std::uint16_t>()[last] = spoiled.dtype() == DType::F16 ? floatToHalf(bad) : floatToBfloat16(bad);
        const std::int64_t before = hostallocator::liveBytes();
        QCOMPARE(errorOf([&] { makeLinear(weights, plainTarget(2)); }),
                 "layer \"blocks.3.mlp.fc1\" holds NaN or infinite " + array.toStdString() +
                     "; re-export the checkpoint");
        QCOMPARE(hostallocator::liveBytes(), before);
    }
}

void TestLinear::severalThreadsMayRun()
{
    QFETCH(int, format);
    Random random(7);
    const LinearWeights weights =
        randomWeights(layerSpec(static_cast<NumberFormat>(format), 130, 96, true, true), random);
    const auto linear = makeLinear(weights, plainTarget(2));
    const std::vector<float> x = random.normals(33 * 96);
    std::vector<float> expected(33 * 130);
    linear->forward(x.data(), 33, expected.data());
    std::vector<std::vector<float>> results(2, std::vector<float>(expected.size()));
    std::vector<std::thread> threads;
    for (std::vector<float> &result : results)
        threads.emplace_back([&] {
            for (int round = 0; round < 10; ++round)
                linear->forward(x.data(), 33, result.data());
        });
    for (std::thread &thread : threads)
        thread.join();
    for (const std::vector<float> &result : results)
        QCOMPARE(result, expected);
}

void TestLinear::threadsChangeNothing()
{
    QFETCH(int, format);
    Random random(8);
    const LinearWeights weights = randomWeights(layerSpec(static_cast<NumberFormat>(format), 300, 96), random);
    const std::vector<float> x = random.normals(150 * 96);
    std::vector<float> one(150 * 300);
    std::vector<float> three(one.size());
    makeLinear(weights, plainTarget(1))->forward(x.data(), 150, one.data());
    makeLinear(weights, plainTarget(3))->forward(x.data(), 150, three.data());
    QVERIFY(relativeError(three.data(), {one.begin(), one.end()}) < 1e-6);
}

void TestLinear::leavesTheCallersThreadCount()
{
    Random random(9);
    const std::vector<float> x = random.normals(8);
    std::vector<float> y(4);
    omp_set_num_threads(5);
    for (const NumberFormat format : allNumberFormats())
        makeLinear(randomWeights(layerSpec(format, 4, 8), random), plainTarget(2))->forward(x.data(), 1, y.data());
    QCOMPARE(omp_get_max_threads(), 5);
}

// BF16 and INT4 against the definition with rows and, of INT4, weights that are rounded as the products are.
void TestLinear::bfloat16Products()
{
    const ExecutionTarget target = detectTarget(2);
    if (!target.bf16Compute)
        QSKIP("this CPU has no BF16 products");
    const auto rounded = [](float value) {
        return bfloat16ToFloat(floatToBfloat16(value));
    };
    Random random(10);
    for (const NumberFormat format : {NumberFormat::Bf16, NumberFormat::Int4}) {
        for (const Shape &shape : {Shape{17, 65, 130}, Shape{1, 31, 1}, Shape{300, 40, 63}, Shape{5, 97, 1601}}) {
            for (const int groupSize : {7, 32, 64}) {
                const LinearSpec spec = layerSpec(format, static_cast<int>(shape.n), static_cast<int>(shape.k), true,
                                                  groupSize == 7, groupSize);
                const LinearWeights weights = randomWeights(spec, random);
                std::vector<float> x = random.normals(shape.rows * shape.k);
                std::vector<float> y(static_cast<std::size_t>(shape.rows * shape.n));
                const auto linear = makeLinear(weights, target);
                hostallocator::resetPeak();
                const std::int64_t before = hostallocator::liveBytes();
                linear->forward(x.data(), shape.rows, y.data());
                QCOMPARE(hostallocator::peakBytes() - before, scratchBytes(spec, shape.rows, target));

                LinearWeights plain;
                plain.spec = layerSpec(NumberFormat::Fp32, spec.outFeatures, spec.inFeatures, true);
                plain.values = weights.dequantized();
                plain.bias = weights.bias;
                std::transform(plain.values.floats(), plain.values.floats() + plain.values.elements(),
                               plain.values.floats(), rounded);
                for (std::int64_t i = 0; i < shape.rows * shape.k; ++i) {
                    float &value = x[static_cast<std::size_t>(i)];
                    value = rounded(spec.inputScale ? value * weights.inputScale.floats()[i % shape.k] : value);
                }
                QVERIFY(relativeError(y.data(), slowForward(plain, x, shape.rows)) < 1e-6);
            }
        }
    }
}

void TestLinear::detectsTarget()
{
    QCOMPARE(detectTarget(3).threads, 3);
    QVERIFY(detectTarget(0).threads >= 1);
    QVERIFY(!detectTarget(1).instructionSet.empty());
    QVERIFY(!errorOf([] { detectTarget(-1); }).empty());
}

QTEST_APPLESS_MAIN(TestLinear)
#include "tst_linear.moc"
