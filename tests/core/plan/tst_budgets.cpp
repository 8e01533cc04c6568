#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/budgets.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestBudgets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(Budgets());
        verifyRoundTrip(Budgets{5'700'000, 20'000'000, 0.3, 1.0});
        QVERIFY(!Budgets().any());
        for (const Budgets &one :
             {Budgets{1, {}, {}, {}}, Budgets{{}, 1, {}, {}}, Budgets{{}, {}, 1.0, {}}, Budgets{{}, {}, {}, 0.0}}) {
            QVERIFY(one.any());
            verifyRoundTrip(one);
        }
        QCOMPARE(nlohmann::json(Budgets()).dump(), std::string("{}"));
    }

    void badFields()
    {
        const nlohmann::json json = Budgets{1, 2, 0.5, 1.0};
        verifyBadField<Budgets>(json, "/maxWeightsBytes", "-1", "maxWeightsBytes");
        verifyBadField<Budgets>(json, "/maxPeakBytes", "\"20MB\"", "maxPeakBytes");
        verifyBadField<Budgets>(json, "/maxLatencyRatio", "0", "maxLatencyRatio");
        verifyBadField<Budgets>(json, "/maxDropPoints", "101", "maxDropPoints");
        verifyBadField<Budgets>(json, "/maxDrop", "1", "maxDrop");
    }

    void judged_data()
    {
        QTest::addColumn<QString>("budgets");
        QTest::addColumn<int>("fits"); // -1: not known
        QTest::newRow("none") << "{}" << 1;
        QTest::newRow("weights kept") << R"({"maxWeightsBytes": 100000})" << 1;
        QTest::newRow("weights exceeded") << R"({"maxWeightsBytes": 99999})" << 0;
        QTest::newRow("peak kept") << R"({"maxPeakBytes": 200000})" << 1;
        QTest::newRow("peak exceeded") << R"({"maxPeakBytes": 199999})" << 0;
        QTest::newRow("latency kept") << R"({"maxLatencyRatio": 0.5})" << 1;
        QTest::newRow("latency exceeded") << R"({"maxLatencyRatio": 0.49})" << 0;
        QTest::newRow("drop kept") << R"({"maxDropPoints": 2.23})" << 1;
        QTest::newRow("drop exceeded") << R"({"maxDropPoints": 2.21})" << 0;
        QTest::newRow("one of two exceeded") << R"({"maxDropPoints": 5, "maxPeakBytes": 1})" << 0;
    }
    void judged()
    {
        QFETCH(QString, budgets);
        QFETCH(int, fits);
        const auto value = parseJson(budgets.toStdString(), "budgets").get<Budgets>();
        const std::optional<bool> verdict = judge(value, sampleMeasurement(30, 10)).fits(value);
        QCOMPARE(verdict ? int(*verdict) : -1, fits);
    }

    void provenIsMoreThanEstimated()
    {
        const Measurement measurement = sampleMeasurement(30, 10);
        const PairedDrop &drop = measurement.againstBaseline->drop;
        const Budgets between{{}, {}, {}, (drop.points + drop.upperBound) / 2};
        const BudgetVerdict verdict = judge(between, measurement);
        QCOMPARE(verdict.drop, std::optional<bool>(true));
        QCOMPARE(verdict.dropProven, std::optional<bool>(false));
        QVERIFY(!verdict.weights && !verdict.peak && !verdict.latency); // no such budgets
    }

    void whatWasNotMeasuredIsNotJudged()
    {
        const Budgets all{1'000'000, 1'000'000, 0.9, 5.0};
        Measurement measurement = sampleMeasurement(30, 10);
        measurement.latency.reset();
        BudgetVerdict verdict = judge(all, measurement);
        QVERIFY(!verdict.latency && verdict.weights && verdict.peak && verdict.drop);
        QVERIFY(!verdict.fits(all));
        measurement.againstBaseline.reset();
        verdict = judge(all, measurement);
        QVERIFY(!verdict.latency && !verdict.drop && !verdict.dropProven);
        QVERIFY(!verdict.fits(all));
        measurement.weightsBytes = 2'000'000; // exceeded, whatever the others would be
        QCOMPARE(judge(all, measurement).fits(all), std::optional<bool>(false));
    }
};

QTEST_APPLESS_MAIN(TestBudgets)
#include "tst_budgets.moc"
