#include "engine/compress/pruning.h"
#include "engine/compress/refit.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::vector<std::int64_t> everyOther(std::int64_t width)
{
    std::vector<std::int64_t> kept;
    for (std::int64_t j = 0; j < width; j += 2)
        kept.push_back(j);
    return kept;
}

// Least squares of targets [T, D] on inputs [T, P] by Gauss-Jordan elimination of the normal equations.
std::vector<double> leastSquares(const std::vector<double> &inputs, const std::vector<double> &targets,
                                 std::size_t tokens, std::size_t p, std::size_t d)
{
    std::vector<double> system(p * (p + d), 0.0); // [A^T A | A^T B]
    for (std::size_t t = 0; t < tokens; ++t)
        for (std::size_t i = 0; i < p; ++i) {
            for (std::size_t j = 0; j < p; ++j)
                system[i * (p + d) + j] += inputs[t * p + i] * inputs[t * p + j];
            for (std::size_t j = 0; j < d; ++j)
                system[i * (p + d) + p + j] += inputs[t * p + i] * targets[t * d + j];
        }
    for (std::size_t pivot = 0; pivot < p; ++pivot) {
        std::size_t best = pivot;
        for (std::size_t i = pivot; i < p; ++i)
            if (std::fabs(system[i * (p + d) + pivot]) > std::fabs(system[best * (p + d) + pivot]))
                best = i;
        for (std::size_t j = 0; j < p + d; ++j)
            std::swap(system[pivot * (p + d) + j], system[best * (p + d) + j]);
        for (std::size_t i = 0; i < p; ++i) {
            if (i == pivot)
                continue;
            const double factor = system[i * (p + d) + pivot] / system[pivot * (p + d) + pivot];
            for (std::size_t j = 0; j < p + d; ++j)
                system[i * (p + d) + j] -= factor * system[pivot * (p + d) + j];
        }
    }
    std::vector<double> solution(p * d);
    for (std::size_t i = 0; i < p; ++i)
        for (std::size_t j = 0; j < d; ++j)
            solution[i * d + j] = system[i * (p + d) + p + j] / system[i * (p + d) + i];
    return solution; // [P, D]
}

constexpr std::int64_t width = 24;
constexpr std::int64_t outputs = 8;

} // namespace

class TestRefit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsLeastSquaresForVanishingRidge_data()
    {
        QTest::addColumn<bool>("bias");
        QTest::newRow("centred") << true;
        QTest::newRow("uncentred, without bias") << false;
    }

    void equalsLeastSquaresForVanishingRidge()
    {
        QFETCH(bool, bias);
        const Tokens tokens = makeTokens(200, width, 1, 2.0);
        const LinearWeights fc2 = randomLinear(outputs, width, 2, bias);
        const std::vector<std::int64_t> kept = everyOther(width);
        const RefitResult result = refitInputs(fc2, statisticsOf(tokens), kept, {{}, 1e-13});
        const std::size_t p = kept.size() + (bias ? 1 : 0);
        std::vector<double> inputs;
        for (std::int64_t t = 0; t < tokens.count; ++t) {
            for (const std::int64_t k : kept)
                inputs.push_back(tokens.row(t)[k]);
            if (bias)
                inputs.push_back(1);
        }
        const std::vector<double> expected = leastSquares(inputs, replay(fc2, tokens), 200, p, outputs);
        for (std::size_t d = 0; d < outputs; ++d) {
            for (std::size_t k = 0; k < kept.size(); ++k)
                QVERIFY(std::fabs(result.weights.values.floats()[d * kept.size() + k] - expected[k * outputs + d]) <
                        1e-5);
            if (bias)
                QVERIFY(std::fabs(result.weights.bias.floats()[d] - expected[kept.size() * outputs + d]) < 1e-5);
        }
    }

    void correctionMovesTheTarget_data() { equalsLeastSquaresForVanishingRidge_data(); }

    // A share of the gap is added to what the layer shall give.
    void correctionMovesTheTarget()
    {
        QFETCH(bool, bias);
        const Tokens tokens = makeTokens(200, width, 1, 2.0);
        const LinearWeights fc2 = randomLinear(outputs, width, 2, bias);
        const std::vector<std::int64_t> kept = everyOther(width);
        const std::vector<float> gaps = normals(200 * outputs, 3, 0.5F);
        OutputGap gap;
        gap.fit.tokens = 200;
        gap.fit.mean.assign(outputs, 0.0);
        gap.fit.cross.assign(width * outputs, 0.0);
        std::vector<double> targets = replay(fc2, tokens);
        for (std::size_t t = 0; t < 200; ++t)
            for (std::size_t d = 0; d < outputs; ++d) {
                const double value = gaps[t * outputs + d];
                gap.fit.mean[d] += value / 200;
                gap.fit.square += value * value / 200;
                for (std::size_t k = 0; k < width; ++k)
                    gap.fit.cross[k * outputs + d] += value * tokens.row(std::int64_t(t))[k] / 200;
                targets[t * outputs + d] += 0.5 * value;
            }
        const RefitResult result = refitInputs(fc2, statisticsOf(tokens), kept, {{}, 1e-13, &gap, 0.5});
        const std::size_t p = kept.size() + (bias ? 1 : 0);
        std::vector<double> inputs;
        for (std::int64_t t = 0; t < tokens.count; ++t) {
            for (const std::int64_t k : kept)
                inputs.push_back(tokens.row(t)[k]);
            if (bias)
                inputs.push_back(1);
        }
        const std::vector<double> expected = leastSquares(inputs, targets, 200, p, outputs);
        for (std::size_t d = 0; d < outputs; ++d) {
            for (std::size_t k = 0; k < kept.size(); ++k)
                QVERIFY(std::fabs(result.weights.values.floats()[d * kept.size() + k] - expected[k * outputs + d]) <
                        1e-5);
            if (bias)
                QVERIFY(std::fabs(result.weights.bias.floats()[d] - expected[kept.size() * outputs + d]) < 1e-5);
        }
        // The error is that against the target.
        const double variance =
            bias ? outputVariance(targets, 200) : meanSquaredDistance(targets, std::vector<double>(200 * outputs), 200);
        const double error = meanSquaredDistance(targets, replay(result.weights, tokens, kept), 200) / variance;
        QVERIFY(std::fabs(result.error.refit - error) < 1e-6 * error);
        QVERIFY(refitInputs(fc2, statisticsOf(tokens), kept, {{}, 1e-13, &gap, 0.0}).error ==
                refitInputs(fc2, statisticsOf(tokens), kept, {{}, 1e-13}).error);
    }

    // The errors come from moments alone; replaying the tokens gives the same.
    void errorsEqualAReplay()
    {
        const Tokens fit = makeTokens(300, width, 3, 1.0);
        const Tokens validation = makeTokens(100, width, 4, 1.0);
        // Weights, bias and inputs are FP32; so that FP32 rounding of the result does not show, judge the errors
        // that rounding cannot touch and the result at FP32's precision.
        const LinearWeights fc2 = randomLinear(outputs, width, 5);
        const std::vector<std::int64_t> kept = everyOther(width);
        const RefitResult result = refitInputs(fc2, statisticsOf(fit, validation), kept);
        Tokens all = fit;
        all.count += validation.count;
        all.values.insert(all.values.end(), validation.values.begin(), validation.values.end());
        const std::vector<double> y = replay(fc2, all);
        const double variance = outputVariance(y, all.count);
        const double plain = meanSquaredDistance(y, replay(keepInputs(fc2, kept), all, kept), all.count) / variance;
        QVERIFY(std::fabs(result.error.plain - plain) < 1e-9 * plain);
        const double refit = meanSquaredDistance(y, replay(result.weights, all, kept), all.count) / variance;
        QVERIFY(std::fabs(result.error.refit - refit) < 1e-6 * refit);
        QVERIFY(result.rho.has_value());
        QVERIFY(result.heldOut.has_value());
        const std::vector<double> held = replay(fc2, validation);
        const double heldPlain =
            meanSquaredDistance(held, replay(keepInputs(fc2, kept), validation, kept), validation.count) /
            outputVariance(held, validation.count);
        QVERIFY(std::fabs(result.heldOut->plain - heldPlain) < 1e-9 * heldPlain);
    }

    void everyStepLowersTheError()
    {
        const Tokens tokens = makeTokens(600, width, 6, 2.0);
        const LinearWeights fc2 = randomLinear(outputs, width, 7);
        const RefitResult centred = refitInputs(fc2, statisticsOf(tokens), everyOther(width), {{}, 1e-6});
        QVERIFY(centred.error.biasOnly < 0.8 * centred.error.plain);
        QVERIFY(centred.error.refit < 0.5 * centred.error.biasOnly);
        // The same layer without a bias to absorb the mean is refitted on the uncentred Gram matrix, and worse.
        LinearWeights noBias = fc2;
        noBias.bias = Tensor();
        noBias.spec.bias = false;
        const RefitResult uncentred = refitInputs(noBias, statisticsOf(tokens), everyOther(width), {{}, 1e-6});
        const std::vector<double> y = replay(noBias, tokens);
        const auto kept = everyOther(width);
        const double errorUncentred = meanSquaredDistance(y, replay(uncentred.weights, tokens, kept), tokens.count);
        const double errorCentred =
            meanSquaredDistance(replay(fc2, tokens), replay(centred.weights, tokens, kept), tokens.count);
        QVERIFY(errorCentred < 0.95 * errorUncentred);
    }

    void removedCopiesAreRecovered()
    {
        // Odd channels repeat their even neighbours: half the width carries everything.
        Tokens tokens = makeTokens(300, width, 8);
        for (std::int64_t t = 0; t < tokens.count; ++t)
            for (std::int64_t k = 1; k < width; k += 2)
                tokens.values[static_cast<std::size_t>(t * width + k)] = 3 * tokens.row(t)[k - 1] + 1;
        const RefitResult result =
            refitInputs(randomLinear(outputs, width, 9), statisticsOf(tokens), everyOther(width), {{}, 1e-9});
        QVERIFY(result.error.plain > 0.1);
        QVERIFY(result.error.refit < 1e-9);
    }

    void fullWidthAndDeadChannelsChangeNothing()
    {
        Tokens tokens = makeTokens(100, width, 10);
        for (std::int64_t t = 0; t < tokens.count; ++t)
            for (std::int64_t k = 1; k < width; k += 2)
                tokens.values[static_cast<std::size_t>(t * width + k)] = 0;
        const LinearWeights fc2 = randomLinear(outputs, width, 11);
        std::vector<std::int64_t> everything(width);
        std::iota(everything.begin(), everything.end(), 0);
        const RefitResult full = refitInputs(fc2, statisticsOf(tokens), everything);
        QVERIFY(full.weights.values.sameBytes(fc2.values));
        QVERIFY(full.error == RefitError());
        const RefitResult dead = refitInputs(fc2, statisticsOf(tokens, tokens), everyOther(width));
        QVERIFY(dead.weights.values.sameBytes(keepInputs(fc2, everyOther(width)).values));
        QVERIFY(dead.weights.bias.sameBytes(fc2.bias));
        QVERIFY(dead.error == RefitError());
    }

    void validationChoosesTheRidge()
    {
        // Fewer tokens than channels: the least ridge fits noise, and held-out tokens tell.
        const Tokens few = makeTokens(14, width, 12);
        const Tokens validation = makeTokens(400, width, 13);
        const LinearWeights fc2 = randomLinear(outputs, width, 14);
        const LinearStatistics statistics = statisticsOf(few, validation);
        const std::vector<double> rhos{1e-6, 1e-4, 1e-2, 1e-1};
        const RefitResult chosen = refitInputs(fc2, statistics, everyOther(width), {rhos, 1e-2});
        for (const double rho : rhos) {
            const RefitResult fixed = refitInputs(fc2, statistics, everyOther(width), {{rho}, 1e-2});
            QVERIFY(chosen.heldOut->refit <= fixed.heldOut->refit);
        }
        QVERIFY(chosen.rho.has_value() && *chosen.rho > 1e-6);
    }

    void unrelatedChannelsChangeOnlyTheBias()
    {
        // Independent noise on few tokens: what correlation there is does not hold on others.
        const Tokens fit{16, 12, normals(16 * 12, 15)};
        const Tokens validation{4000, 12, normals(4000 * 12, 16)};
        const LinearWeights fc2 = randomLinear(outputs, 12, 17);
        const RefitResult result =
            refitInputs(fc2, statisticsOf(fit, validation), everyOther(12), {{1e-6, 1e-4}, 1e-2});
        QVERIFY(!result.rho.has_value());
        QVERIFY(result.weights.values.sameBytes(keepInputs(fc2, everyOther(12)).values));
        QCOMPARE(result.error.refit, result.error.biasOnly);
    }

    void degenerateStatisticsStayFinite_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<float>("scale");
        QTest::addColumn<float>("offset");
        QTest::newRow("one token") << 1 << 1.0f << 0.0f;
        QTest::newRow("two tokens") << 2 << 1.0f << 0.0f;
        QTest::newRow("constant channels") << 50 << 0.0f << 3.0f;
        QTest::newRow("all zero") << 50 << 0.0f << 0.0f;
        QTest::newRow("huge") << 50 << 1e15f << 0.0f;
        QTest::newRow("tiny") << 50 << 1e-20f << 0.0f;
        QTest::newRow("mean far above variation") << 50 << 1e-3f << 1e4f;
    }

    void degenerateStatisticsStayFinite()
    {
        QFETCH(int, tokens);
        QFETCH(float, scale);
        QFETCH(float, offset);
        const auto make = [&](unsigned seed) {
            Tokens made = makeTokens(tokens, width, seed);
            for (float &value : made.values)
                value = value * scale + offset;
            return made;
        };
        const LinearWeights fc2 = randomLinear(outputs, width, 18);
        for (const LinearStatistics &statistics : {statisticsOf(make(19)), statisticsOf(make(20), make(21))}) {
            const RefitResult result = refitInputs(fc2, statistics, everyOther(width));
            QVERIFY(allFinite(result.weights.values));
            QVERIFY(allFinite(result.weights.bias));
            for (const double error : {result.error.plain, result.error.biasOnly, result.error.refit})
                QVERIFY(std::isfinite(error) && error >= 0);
        }
    }

    void constantChannelsMoveIntoTheBias()
    {
        const Tokens constant{3, 4, {1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4}};
        const LinearWeights fc2 = linearOf(1, 4, {1, 1, 1, 1}, {0});
        const RefitResult result = refitInputs(fc2, statisticsOf(constant), {0, 2});
        QCOMPARE(result.weights.bias.floats()[0], 6.0f);
        QCOMPARE(result.error.plain, 1.0);
        QVERIFY(result.error.refit < 1e-20 || result.error.refit == 1.0);
        QVERIFY(!result.rho.has_value());
    }

    void badInputIsRefused()
    {
        const LinearWeights fc2 = randomLinear(outputs, width, 22);
        const LinearStatistics statistics = statisticsOf(makeTokens(40, width, 23));
        QVERIFY_EXCEPTION_THROWN(refitInputs(fc2, statistics, {}), Error);
        QVERIFY_EXCEPTION_THROWN(refitInputs(fc2, statistics, {0, width}), Error);
        LinearStatistics noGram = statistics;
        noGram.fit.gram.clear();
        QVERIFY_EXCEPTION_THROWN(refitInputs(fc2, noGram, {0, 1}), Error);
        QVERIFY_EXCEPTION_THROWN(refitInputs(fc2, {}, {0, 1}), Error);
        LinearStatistics notFinite = statistics;
        notFinite.fit.gram[5] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY_EXCEPTION_THROWN(refitInputs(fc2, notFinite, {0, 1}), Error);
        LinearStatistics otherWidth = statistics;
        otherWidth.features = width - 1;
        QVERIFY_EXCEPTION_THROWN(refitInputs(fc2, otherWidth, {0, 1}), Error);
        LinearStatistics beyond = statistics;
        for (double &value : beyond.fit.mean)
            value = 1e60;
        for (double &value : beyond.fit.gram)
            value = 1e120;
        QVERIFY_EXCEPTION_THROWN(refitInputs(fc2, beyond, {0, 1}), Error);
    }
};

QTEST_APPLESS_MAIN(TestRefit)
#include "tst_refit.moc"
