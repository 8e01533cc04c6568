#include "engine/profile/mlptokens.h"

#include "engine/profile/statisticscollector.h"
#include "plan/error.h"

#include <QTest>

#include <numeric>

using namespace edgeflex;

namespace {

constexpr int fc1OfBlock1 = 1 + 4 + 2;
constexpr std::int64_t width = 8;
constexpr std::int64_t tokensAnImage = 5;

ModelSpec spec()
{
    VitShape shape;
    shape.width = width;
    shape.heads = 2;
    shape.depth = 2;
    shape.mlpWidth = 24;
    shape.imageSize = 4;
    shape.patchSize = 2;
    shape.classes = 2;
    return makeVitSpec(shape);
}

std::vector<float> rows(std::int64_t count, float first)
{
    std::vector<float> values(static_cast<std::size_t>(count * width));
    std::iota(values.begin(), values.end(), first);
    return values;
}

} // namespace

class TestMlpTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatGoesInAndWhatShouldComeOut()
    {
        MlpTokenCollector collector(spec(), 1, 0.25, true);
        const std::vector<float> inputs = rows(2 * tokensAnImage, 1000);
        const std::vector<float> before = rows(2 * tokensAnImage, 0);
        const std::vector<float> behind(before.size(), 7);
        const std::vector<float> reference(before.size(), 11);
        collector.linearInput(fc1OfBlock1, inputs.data(), 6); // in tiles
        collector.linearInput(fc1OfBlock1 - 4, before.data(), 4);
        collector.linearInput(fc1OfBlock1, inputs.data() + 6 * width, 4);
        collector.add(before.data(), behind.data(), reference.data(), 2 * tokensAnImage);
        collector.setValidation(true);
        collector.linearInput(fc1OfBlock1, before.data(), tokensAnImage);
        collector.add(before.data(), behind.data(), behind.data(), tokensAnImage);

        const MlpTokens fit = collector.takeFit();
        QCOMPARE(fit.count(), 2 * tokensAnImage);
        QCOMPARE(fit.inputs, inputs);
        for (std::size_t i = 0; i < before.size(); ++i)
            QCOMPARE(fit.outputs[i], 7 - before[i] + 0.25F * (11 - 7));
        const auto classToken = static_cast<float>(StatisticsCollector::classTokenWeight(spec()));
        QVERIFY(classToken > 1);
        for (std::size_t t = 0; t < fit.weights.size(); ++t)
            QCOMPARE(fit.weights[t], t % tokensAnImage == 0 ? classToken : 1.0F);

        const MlpTokens held = collector.takeValidation();
        QCOMPARE(held.count(), tokensAnImage);
        for (std::size_t i = 0; i < held.outputs.size(); ++i)
            QCOMPARE(held.outputs[i], 7 - before[i]);
    }

    void classTokensMayCountOnce()
    {
        MlpTokenCollector collector(spec(), 1, 0, false);
        const std::vector<float> values = rows(tokensAnImage, 0);
        collector.linearInput(fc1OfBlock1, values.data(), tokensAnImage);
        collector.add(values.data(), values.data(), values.data(), tokensAnImage);
        QCOMPARE(collector.takeFit().weights, std::vector<float>(tokensAnImage, 1.0F));
    }

    void refusesTokensItDidNotSee()
    {
        MlpTokenCollector collector(spec(), 1, 0, true);
        const std::vector<float> values = rows(tokensAnImage, 0);
        QVERIFY_THROWS_EXCEPTION(Error, collector.add(values.data(), values.data(), values.data(), tokensAnImage));
    }
};

QTEST_APPLESS_MAIN(TestMlpTokens)
#include "tst_mlptokens.moc"
