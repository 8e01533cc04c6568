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
    ModelSpec spec = makeVitSpec(shape);
    spec.pooling = Pooling::MeanOfPatches; // every token counts the same
    return spec;
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

    // The answer is read off the class token: it counts as much as the four patches together.
    void classTokensCountMoreWhereTheyAreRead()
    {
        ModelSpec read = spec();
        read.pooling = Pooling::ClassToken;
        QCOMPARE(read.tokens(), std::int64_t(5));
        QCOMPARE(StatisticsCollector::classTokenWeight(read), std::int64_t(4));
        QCOMPARE(StatisticsCollector::classTokenWeight(spec()), std::int64_t(1));
        const std::vector<float> rows = randomRows(15, 70, 3); // three images
        std::vector<float> repeated;
        for (std::size_t r = 0; r < 15; ++r)
            for (int times = r % 5 == 0 ? 4 : 1; times > 0; --times)
                repeated.insert(repeated.end(), rows.begin() + std::ptrdiff_t(r * 70),
                                rows.begin() + std::ptrdiff_t((r + 1) * 70));
        StatisticsCollector weighted(read, {{fc2, StatisticsCollector::Depth::Gram}});
        weighted.linearInput(fc2, rows.data(), 7); // in tiles that do not end where images do
        weighted.linearInput(fc2, rows.data() + 7 * 70, 2);
        weighted.linearInput(fc2, rows.data() + 9 * 70, 6);
        StatisticsCollector plain(spec(), {{fc2, StatisticsCollector::Depth::Gram}});
        plain.linearInput(fc2, repeated.data(), 24);
        const LinearStatistics is = weighted.statistics(fc2);
        const LinearStatistics should = plain.statistics(fc2);
        QCOMPARE(is.tokens, std::int64_t(15));
        QCOMPARE(is.fit.tokens, std::int64_t(24));
        for (std::size_t k = 0; k < 70; ++k) {
            QVERIFY(std::abs(is.fit.mean[k] - should.fit.mean[k]) < 1e-9);
            QVERIFY(std::abs(is.meanAbs[k] - should.meanAbs[k]) < 1e-6F);
            QVERIFY(std::abs(is.meanSquare[k] - should.meanSquare[k]) < 1e-9);
            QCOMPARE(is.maxAbs[k], should.maxAbs[k]);
        }
        for (std::size_t i = 0; i < 70 * 70; ++i)
            QVERIFY(std::abs(is.fit.gram[i] - should.fit.gram[i]) < 1e-5);
        // Apart where they matter as queries only.
        const std::vector<float> inputs = randomRows(15, 6, 4);
        StatisticsCollector apart(read, {{1, StatisticsCollector::Depth::Gram}});
        apart.linearInput(1, inputs.data(), 7);
        apart.setValidation(true);
        apart.linearInput(1, inputs.data() + 7 * 6, 8);
        const LinearStatistics qkv = apart.statistics(1);
        QCOMPARE(qkv.fit.tokens + qkv.validation.tokens, std::int64_t(15));
        QCOMPARE(qkv.classTokens.tokens, std::int64_t(3));
        for (const std::size_t i : {0U, 5U}) {
            double mean = 0;
            double product = 0;
            for (const std::size_t row : {0U, 5U, 10U}) {
                mean += inputs[row * 6 + i] / 3.0;
                product += static_cast<double>(inputs[row * 6 + i]) * inputs[row * 6 + 2] / 3.0;
            }
            QVERIFY(std::abs(qkv.classTokens.mean[i] - mean) < 1e-6);
            QVERIFY(std::abs(qkv.classTokens.gram[i * 6 + 2] - product) < 1e-6);
        }
        StatisticsCollector patches(spec(), {{1, StatisticsCollector::Depth::Gram}}); // which are all that is read
        patches.linearInput(1, inputs.data(), 15);
        QVERIFY(patches.statistics(1).classTokens.gram.empty());
        // Where that is left out they count once.
        StatisticsCollector once(read, {{fc2, StatisticsCollector::Depth::Gram}}, false);
        once.linearInput(fc2, rows.data(), 15);
        QVERIFY(!once.weighsClassTokens());
        QCOMPARE(once.statistics(fc2).fit.tokens, std::int64_t(15));
        // Not where nothing is refitted.
        StatisticsCollector other(read, {{fc2 - 1, StatisticsCollector::Depth::Gram}});
        other.linearInput(fc2 - 1, rows.data(), 15);
        QCOMPARE(other.statistics(fc2 - 1).fit.tokens, std::int64_t(15));
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
