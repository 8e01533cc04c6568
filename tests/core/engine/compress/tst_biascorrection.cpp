#include "engine/compress/biascorrection.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

class TestBiasCorrection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void meanOutputBecomesExact()
    {
        const LinearWeights original = linearOf(2, 3, {1, 2, 3, -1, 0, 1}, {10, 20});
        LinearWeights rounded = linearOf(2, 3, {1.5f, 2, 2, -1, 0.25f, 1}, {10, 20});
        const std::vector<double> mean{2, 4, 1};
        correctBias(rounded, original.values, mean);
        QCOMPARE(outputOf(rounded, mean), outputOf(original, mean));
        QCOMPARE(rounded.bias.floats()[0], 10.0f); // -0.5 * 2 + 1 * 1
        QCOMPARE(rounded.bias.floats()[1], 19.0f); // -0.25 * 4
        QCOMPARE(original.bias.floats()[1], 20.0f);
    }

    void sharedBiasIsNotWritten()
    {
        const LinearWeights original = linearOf(1, 1, {1}, {5});
        LinearWeights rounded = linearOf(1, 1, {0}, {0});
        rounded.bias = original.bias;
        correctBias(rounded, original.values, {1});
        QCOMPARE(original.bias.floats()[0], 5.0f);
        QCOMPARE(rounded.bias.floats()[0], 6.0f);
    }

    void layerWithoutBiasStaysWithout()
    {
        const LinearWeights original = linearOf(1, 1, {1});
        LinearWeights rounded = linearOf(1, 1, {0});
        correctBias(rounded, original.values, {1});
        QVERIFY(rounded.bias.empty());
        QVERIFY(!rounded.spec.bias);
    }

    void correctionBeyondFp32IsLeftOut()
    {
        const LinearWeights original = linearOf(1, 1, {1e30f}, {5});
        LinearWeights rounded = linearOf(1, 1, {0}, {5});
        correctBias(rounded, original.values, {1e30});
        QCOMPARE(rounded.bias.floats()[0], 5.0f);
        correctBias(rounded, original.values, {std::numeric_limits<double>::quiet_NaN()});
        QCOMPARE(rounded.bias.floats()[0], 5.0f);
    }

    void wrongSizesAreRefused()
    {
        const LinearWeights original = linearOf(1, 2, {1, 2}, {5});
        LinearWeights rounded = original;
        QVERIFY_EXCEPTION_THROWN(correctBias(rounded, original.values, {1}), Error);
        QVERIFY_EXCEPTION_THROWN(correctBias(rounded, Tensor::fromFloats({1}, {1}), {1, 1}), Error);
    }
};

QTEST_APPLESS_MAIN(TestBiasCorrection)
#include "tst_biascorrection.moc"
