#include "engine/profile/outputgap.h"

#include "plan/error.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace edgeflex;

namespace {

constexpr int fc2 = 4;
constexpr std::size_t inputs = 24;
constexpr std::size_t outputs = 8;

ModelSpec spec()
{
    VitShape shape;
    shape.width = outputs;
    shape.heads = 2;
    shape.depth = 1;
    shape.mlpWidth = inputs;
    shape.imageSize = 4;
    shape.patchSize = 2;
    shape.classes = 2;
    ModelSpec spec = makeVitSpec(shape);
    spec.pooling = Pooling::MeanOfPatches; // every token counts the same
    return spec;
}

std::vector<float> randomRows(std::size_t rows, std::size_t columns, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.3F, 1.0F);
    std::vector<float> values(rows * columns);
    for (float &value : values)
        value = normal(random);
    return values;
}

} // namespace

class TestOutputGap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPlainSums()
    {
        StatisticsCollector statistics(spec(), {{fc2, StatisticsCollector::Depth::Gram}});
        GapCollector collector(spec(), fc2, statistics);
        GapMoments expected[2];
        for (GapMoments &each : expected) {
            each.mean.assign(outputs, 0.0);
            each.cross.assign(inputs * outputs, 0.0);
        }
        for (std::uint32_t batch = 0; batch < 5; ++batch) {
            const auto a = randomRows(30, inputs, batch);
            const auto reference = randomRows(30, outputs, batch + 10);
            const auto actual = randomRows(30, outputs, batch + 20);
            collector.setValidation(batch == 4);
            collector.linearInput(fc2, a.data(), 20); // in tiles
            collector.linearInput(fc2 - 1, reference.data(), 5);
            collector.linearInput(fc2, a.data() + 20 * inputs, 10);
            collector.compare(reference.data(), actual.data(), 30);
            GapMoments &sums = expected[batch == 4];
            const double share = 1.0 / (batch == 4 ? 30 : 120);
            sums.tokens += 30;
            for (std::size_t r = 0; r < 30; ++r)
                for (std::size_t d = 0; d < outputs; ++d) {
                    const double gap = double(reference[r * outputs + d]) - actual[r * outputs + d];
                    sums.mean[d] += share * gap;
                    sums.square += share * gap * gap;
                    for (std::size_t k = 0; k < inputs; ++k)
                        sums.cross[k * outputs + d] += share * gap * a[r * inputs + k];
                }
        }
        const OutputGap gap = collector.gap();
        for (const auto &[is, should] : {std::pair(&gap.fit, &expected[0]), std::pair(&gap.validation, &expected[1])}) {
            QCOMPARE(is->tokens, should->tokens);
            QVERIFY(std::fabs(is->square - should->square) < 1e-5);
            for (std::size_t d = 0; d < outputs; ++d)
                QVERIFY(std::fabs(is->mean[d] - should->mean[d]) < 1e-6);
            for (std::size_t i = 0; i < should->cross.size(); ++i)
                QVERIFY(std::fabs(is->cross[i] - should->cross[i]) < 1e-5);
        }
        // The statistics saw the same.
        QCOMPARE(statistics.statistics(fc2).fit.tokens, std::int64_t(120));
    }

    void classTokensCountAsInTheStatistics()
    {
        ModelSpec read = spec();
        read.pooling = Pooling::ClassToken;
        StatisticsCollector statistics(read, {{fc2, StatisticsCollector::Depth::Gram}});
        GapCollector collector(read, fc2, statistics);
        const auto a = randomRows(10, inputs, 1); // two images of five tokens
        const auto reference = randomRows(10, outputs, 2);
        const std::vector<float> none(10 * outputs, 0.0F);
        collector.linearInput(fc2, a.data(), 10);
        collector.compare(reference.data(), none.data(), 10);
        const GapMoments gap = collector.gap().fit;
        QCOMPARE(gap.tokens, statistics.statistics(fc2).fit.tokens);
        double mean = 0;
        double cross = 0;
        for (std::size_t r = 0; r < 10; ++r) {
            const double share = (r % 5 == 0 ? 4 : 1) / 16.0;
            mean += share * reference[r * outputs + 3];
            cross += share * reference[r * outputs + 3] * a[r * inputs + 7];
        }
        QVERIFY(std::fabs(gap.mean[3] - mean) < 1e-6);
        QVERIFY(std::fabs(gap.cross[7 * outputs + 3] - cross) < 1e-5);
    }

    void otherTokensAreRefused()
    {
        StatisticsCollector statistics(spec(), {{fc2, StatisticsCollector::Depth::Gram}});
        GapCollector collector(spec(), fc2, statistics);
        const auto rows = randomRows(4, inputs, 1);
        collector.linearInput(fc2, rows.data(), 4);
        QVERIFY_EXCEPTION_THROWN(collector.compare(rows.data(), rows.data(), 3), Error);
    }
};

QTEST_APPLESS_MAIN(TestOutputGap)
#include "tst_outputgap.moc"
