#include "engine/profile/statisticscollector.h"

#include "plan/error.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace edgeflex;

namespace {

ModelSpec spec()
{
    VitShape shape;
    shape.width = 6;
    shape.heads = 2;
    shape.depth = 1;
    shape.mlpWidth = 70; // more than one column block
    shape.imageSize = 4;
    shape.patchSize = 2;
    shape.classes = 2;
    return makeVitSpec(shape);
}

constexpr int fc2 = 4;

std::vector<float> randomRows(std::int64_t rows, std::int64_t columns, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.3F, 1.0F);
    std::vector<float> values(static_cast<std::size_t>(rows * columns));
    for (float &value : values)
        value = normal(random);
    return values;
}

} // namespace

class TestStatisticsCollector : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPlainSums()
    {
        const std::int64_t features = 70;
        StatisticsCollector collector(spec(), {{fc2, StatisticsCollector::Depth::Gram}});
        std::vector<float> fit;
        std::vector<float> validation;
        // Many small passes, past a flush, and some held out.
        for (std::uint32_t pass = 0; pass < 60; ++pass) {
            const std::vector<float> rows = randomRows(100, features, pass);
            collector.setValidation(pass % 3 == 0);
            collector.linearInput(fc2, rows.data(), 100);
            collector.linearInput(fc2 - 1, rows.data(), 1); // not asked for
            auto &set = pass % 3 == 0 ? validation : fit;
            set.insert(set.end(), rows.begin(), rows.end());
        }
        const LinearStatistics result = collector.statistics(fc2);
        QCOMPARE(result.features, features);
        QCOMPARE(result.tokens, std::int64_t(6000));
        QCOMPARE(result.fit.tokens, std::int64_t(4000));
        QCOMPARE(result.validation.tokens, std::int64_t(2000));
        for (const auto &[moments, rows] : {std::pair{&result.fit, &fit}, std::pair{&result.validation, &validation}}) {
            const auto n = static_cast<std::int64_t>(rows->size()) / features;
            for (const std::int64_t i : {0, 13, 63, 64, 69}) {
                double mean = 0;
                double product = 0;
                for (std::int64_t r = 0; r < n; ++r) {
                    mean += (*rows)[static_cast<std::size_t>(r * features + i)];
                    product += static_cast<double>((*rows)[static_cast<std::size_t>(r * features + i)]) *
                               (*rows)[static_cast<std::size_t>(r * features + 69)];
                }
                QVERIFY(std::abs(moments->mean[static_cast<std::size_t>(i)] - mean / double(n)) < 1e-9);
                QVERIFY(std::abs(moments->gram[static_cast<std::size_t>(i * features + 69)] - product / double(n)) <
                        1e-5);
            }
        }
        double meanAbs = 0;
        double meanSquare = 0;
        float maxAbs = 0;
        fit.insert(fit.end(), validation.begin(), validation.end());
        for (std::size_t r = 0; r < 6000; ++r) {
            const float x = fit[r * 70 + 64];
            meanAbs += std::abs(x) / 6000.0;
            meanSquare += double(x) * x / 6000.0;
            maxAbs = std::max(maxAbs, std::abs(x));
        }
        QVERIFY(std::abs(result.meanAbs[64] - meanAbs) < 1e-5);
        QVERIFY(std::abs(result.meanSquare[64] - meanSquare) < 1e-9);
        QCOMPARE(result.maxAbs[64], maxAbs);
    }

    void channelsAloneTakeNoGram()
    {
        StatisticsCollector collector(spec(), {{fc2, StatisticsCollector::Depth::Channels}});
        const std::vector<float> rows = randomRows(10, 70, 1);
        collector.linearInput(fc2, rows.data(), 10);
        QVERIFY(collector.statistics(fc2).fit.gram.empty());
        QVERIFY(StatisticsCollector::bytes(70, StatisticsCollector::Depth::Gram) >
                StatisticsCollector::bytes(70, StatisticsCollector::Depth::Channels) + 24 * 70 * 70 - 1);
    }

    void unseenAndOverflowingLayersAreNamed()
    {
        StatisticsCollector collector(spec(), {{fc2, StatisticsCollector::Depth::Channels}});
        try {
            collector.statistics(fc2);
            QFAIL("no tokens accepted");
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains("blocks.0.mlp.fc2"), error.what());
        }
        std::vector<float> rows = randomRows(2, 70, 1);
        rows[5] = std::numeric_limits<float>::infinity();
        collector.linearInput(fc2, rows.data(), 2);
        try {
            collector.statistics(fc2);
            QFAIL("infinity accepted");
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains("blocks.0.mlp.fc2"), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TestStatisticsCollector)
#include "tst_statisticscollector.moc"
