#include "engine/kernels/elementwise.h"

#include "engine/kernels/simdkernels.h"
#include "kerneltesting.h"

#include <QTest>

#include <omp.h>

using namespace edgeflex;
using namespace edgeflex::test;

// The row kernels have their own test; here: that blocks and threads cover everything once.
class TestElementwise : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { omp_set_num_threads(3); }
    void activatesEveryValueOnce_data();
    void activatesEveryValueOnce();
    void tanhOfEveryValue();
    void adds();
    void normalizesEveryRow();
    void softmaxOfEveryRow();
};

void TestElementwise::activatesEveryValueOnce_data()
{
    QTest::addColumn<int>("activation");
    QTest::addColumn<std::int64_t>("count");
    for (const std::int64_t count : {0, 1, 4095, 4096, 4097, 50001}) {
        QTest::addRow("gelu %d", static_cast<int>(count)) << static_cast<int>(Activation::Gelu) << count;
        QTest::addRow("tanh %d", static_cast<int>(count)) << static_cast<int>(Activation::GeluTanh) << count;
        QTest::addRow("quick %d", static_cast<int>(count)) << static_cast<int>(Activation::QuickGelu) << count;
    }
}

void TestElementwise::activatesEveryValueOnce()
{
    QFETCH(int, activation);
    QFETCH(std::int64_t, count);
    Random random(1);
    std::vector<float> x = random.normals(count, 3);
    const std::vector<float> before = x;
    activate(x.data(), count, static_cast<Activation>(activation));
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double value = before[i];
        double expected = value / (1 + std::exp(-1.702 * value));
        if (activation == static_cast<int>(Activation::Gelu))
            expected = 0.5 * value * std::erfc(-value / std::sqrt(2.0));
        else if (activation == static_cast<int>(Activation::GeluTanh))
            expected = 0.5 * value * (1 + std::tanh(std::sqrt(2 / M_PI) * (value + 0.044715 * std::pow(value, 3))));
        QVERIFY(std::abs(x[i] - expected) < 2e-6);
    }
}

void TestElementwise::tanhOfEveryValue()
{
    Random random(2);
    std::vector<float> x = random.normals(40001);
    const std::vector<float> before = x;
    tanhInPlace(x.data(), 40001);
    for (std::size_t i = 0; i < x.size(); ++i)
        QVERIFY(std::abs(x[i] - std::tanh(static_cast<double>(before[i]))) < 2e-7);
}

void TestElementwise::adds()
{
    Random random(3);
    for (const int count : {0, 1, 40001}) {
        std::vector<float> x = random.normals(count);
        const std::vector<float> before = x;
        const std::vector<float> y = random.normals(count);
        add(x.data(), y.data(), count);
        for (std::size_t i = 0; i < x.size(); ++i)
            QCOMPARE(x[i], before[i] + y[i]);
    }
}

void TestElementwise::normalizesEveryRow()
{
    Random random(4);
    constexpr int rows = 301;
    constexpr int columns = 129;
    const std::vector<float> x = random.normals(rows * columns);
    const std::vector<float> ones(columns, 1.0F);
    const std::vector<float> zeros(columns, 0.0F);
    std::vector<float> y(x.size());
    layerNorm(x.data(), rows, columns, ones.data(), zeros.data(), 1e-6F, y.data());
    for (int row = 0; row < rows; ++row) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < columns; ++i) {
            const double value = y[static_cast<std::size_t>(row * columns + i)];
            sum += value / columns;
            squares += value * value / columns;
        }
        QVERIFY(std::abs(sum) < 1e-6);
        QVERIFY(std::abs(squares - 1) < 1e-5);
    }
}

void TestElementwise::softmaxOfEveryRow()
{
    Random random(5);
    constexpr int rows = 301;
    constexpr int columns = 129;
    std::vector<float> x = random.normals(rows * columns);
    std::vector<float> y(x.size());
    softmax(x.data(), rows, columns, y.data());
    for (int row = 0; row < rows; ++row) {
        double sum = 0;
        for (int i = 0; i < columns; ++i)
            sum += y[static_cast<std::size_t>(row * columns + i)];
        QVERIFY(std::abs(sum - 1) < 1e-5);
    }
    softmax(x.data(), rows, columns, x.data());
    QCOMPARE(x, y);
}

QTEST_APPLESS_MAIN(TestElementwise)
#include "tst_elementwise.moc"
