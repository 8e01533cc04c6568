#include "engine/compress/folds.h"
#include "engine/kernels/attention.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "syntheticlayer.h"

#include <QTest>

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::vector<double> someShift(std::int64_t count, unsigned seed)
{
    const std::vector<float> values = normals(count, seed);
    return {values.begin(), values.end()};
}

NormWeights someNorm(std::int64_t width)
{
    NormWeights norm{Tensor::fromFloats({width}, normals(width, 40)), Tensor::fromFloats({width}, normals(width, 41))};
    return norm;
}

std::vector<double> minus(std::vector<double> x, const std::vector<double> &shift)
{
    for (std::size_t k = 0; k < x.size(); ++k)
        x[k] -= shift[k];
    return x;
}

void verifyNear(const std::vector<double> &a, const std::vector<double> &b, double tolerance)
{
    QCOMPARE(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i)
        QVERIFY2(std::fabs(a[i] - b[i]) <= tolerance * (1 + std::fabs(b[i])), QByteArray::number(a[i] - b[i]));
}

// What attention makes of the outputs of qkv for `tokens`.
std::vector<float> attended(const LinearWeights &qkv, const Tokens &tokens, int heads)
{
    std::vector<float> outputs;
    for (std::int64_t t = 0; t < tokens.count; ++t) {
        const std::vector<double> x(tokens.row(t), tokens.row(t) + tokens.features);
        for (const double y : outputOf(qkv, x))
            outputs.push_back(static_cast<float>(y));
    }
    const std::int64_t width = qkv.spec.outFeatures / 3;
    std::vector<float> result(static_cast<std::size_t>(tokens.count * width));
    const AttentionShape shape{tokens.count, heads, width / heads, width / heads, width / heads};
    std::vector<std::byte> scratch(
        static_cast<std::size_t>(attentionScratchBytes(shape.tokens, shape.qkDim, shape.voDim, 1)));
    attention(shape, outputs.data(), result.data(), 1, scratch.data());
    return result;
}

} // namespace

class TestFolds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void normFoldsIntoTheLayer()
    {
        const LinearWeights linear = randomLinear(7, 20, 1);
        const NormWeights norm = someNorm(20);
        const std::vector<double> x = someShift(20, 2);
        std::vector<double> behind = x;
        for (std::size_t k = 0; k < x.size(); ++k)
            behind[k] = x[k] * norm.gamma.floats()[k] + norm.beta.floats()[k];
        verifyNear(outputOf(withNorm(linear, norm), x), outputOf(linear, behind), 1e-6);
    }

    void shiftsAreMadeUpFor()
    {
        const LinearWeights linear = randomLinear(7, 20, 3);
        const std::vector<double> shift = someShift(20, 4);
        const std::vector<double> x = someShift(20, 5);
        verifyNear(outputOf(takingShift(linear, shift), minus(x, shift)), outputOf(linear, x), 1e-6);

        const NormWeights norm = someNorm(20);
        const NormWeights without = withoutShift(norm, shift);
        QVERIFY(without.gamma.sameBytes(norm.gamma));
        for (std::size_t k = 0; k < shift.size(); ++k)
            QVERIFY(std::fabs(without.beta.floats()[k] + shift[k] - norm.beta.floats()[k]) < 1e-6);
    }

    // Through attention itself.
    void valuesPassAttentionAndKeyBiasesDoNotMatter()
    {
        const Tokens tokens = makeTokens(9, 12, 6);
        const LinearWeights qkv = randomLinear(36, 12, 7);
        const std::vector<double> shift = someShift(12, 8);
        const std::vector<float> before = attended(qkv, tokens, 3);
        const std::vector<float> without = attended(valuesWithoutShift(qkv, shift), tokens, 3);
        const std::vector<float> noKeyBias = attended(withoutKeyBias(qkv, 12), tokens, 3);
        for (std::size_t i = 0; i < before.size(); ++i) {
            QVERIFY(std::fabs(without[i] + shift[i % 12] - before[i]) < 1e-4);
            QVERIFY(std::fabs(noKeyBias[i] - before[i]) < 1e-4);
        }
    }

    void statisticsAreThoseOfShiftedTokens()
    {
        const Tokens tokens = makeTokens(200, 16, 9);
        const Tokens others = makeTokens(60, 16, 10);
        LinearStatistics statistics = statisticsOf(tokens, others);
        const std::vector<double> shift = someShift(16, 11);
        Tokens moved = tokens;
        Tokens movedOthers = others;
        for (Tokens *which : {&moved, &movedOthers})
            for (std::size_t i = 0; i < which->values.size(); ++i)
                which->values[i] -= static_cast<float>(shift[i % 16]);
        const LinearStatistics expected = statisticsOf(moved, movedOthers);
        const LinearStatistics made = shifted(statistics, shift);
        verifyNear(made.fit.mean, expected.fit.mean, 1e-6);
        verifyNear(made.fit.gram, expected.fit.gram, 1e-5);
        verifyNear(made.validation.gram, expected.validation.gram, 1e-5);
        QCOMPARE(made.tokens, statistics.tokens);
        QCOMPARE(made.maxAbs.size(), std::size_t(16));
    }

    void nothingSharedIsWritten()
    {
        const LinearWeights qkv = randomLinear(36, 12, 12);
        const Tensor bias = qkv.bias.clone();
        const Tensor values = qkv.values.clone();
        const std::vector<double> shift(12, 1.0);
        withoutKeyBias(qkv, 12);
        takingShift(qkv, shift);
        valuesWithoutShift(qkv, shift);
        withNorm(qkv, someNorm(12));
        QVERIFY(qkv.bias.sameBytes(bias));
        QVERIFY(qkv.values.sameBytes(values));
    }

    void refusesWhatDoesNotFit()
    {
        const LinearWeights qkv = randomLinear(36, 12, 13);
        LinearWeights noBias = qkv;
        noBias.bias = {};
        noBias.spec.bias = false;
        const std::vector<double> shift(12, 1.0);
        QVERIFY_EXCEPTION_THROWN(takingShift(noBias, shift), Error);
        QVERIFY_EXCEPTION_THROWN(valuesWithoutShift(noBias, shift), Error);
        QVERIFY_EXCEPTION_THROWN(withoutKeyBias(noBias, 12), Error);
        QVERIFY_EXCEPTION_THROWN(withoutKeyBias(qkv, 0), Error);
        QVERIFY_EXCEPTION_THROWN(withoutKeyBias(qkv, 18), Error); // leaves no values
        QVERIFY_EXCEPTION_THROWN(valuesWithoutShift(qkv, std::vector<double>(11)), Error);
        QVERIFY_EXCEPTION_THROWN(valuesWithoutShift(qkv, std::vector<double>(36)), Error);
        QVERIFY_EXCEPTION_THROWN(takingShift(qkv, std::vector<double>(11)), Error);
        QVERIFY_EXCEPTION_THROWN(withoutShift(someNorm(12), std::vector<double>(11)), Error);
        QVERIFY_EXCEPTION_THROWN(withNorm(qkv, someNorm(11)), Error);
        QVERIFY_EXCEPTION_THROWN(shifted(statisticsOf(makeTokens(9, 12, 14)), std::vector<double>(11)), Error);
    }
};

QTEST_APPLESS_MAIN(TestFolds)
#include "tst_folds.moc"
