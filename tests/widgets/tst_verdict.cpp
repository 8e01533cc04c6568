#include "widgets/verdictline.h"

#include <QTest>

using namespace edgeflex;

class tst_Verdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void answersInOneLine()
    {
        Measurement measurement;
        measurement.images = 900;
        measurement.weightsBytes = 5'720'000;
        measurement.latency = Latency{10, 11, 10};
        measurement.againstBaseline.emplace();
        measurement.againstBaseline->latencyRatio = {1 / 3.1, 0.3, 0.34};
        measurement.againstBaseline->drop.points = 0.4;
        measurement.againstBaseline->drop.low = 0.1;
        measurement.againstBaseline->drop.high = 0.7;
        Budgets budgets;
        budgets.maxWeightsBytes = 8'000'000;
        const Verdict verdict = verdictOf(measurement, budgets);
        QCOMPARE(verdictText(verdict), QString("fits 8\u00a0MB: yes \u00b7 3.1\u00d7 faster here \u00b7 loses "
                                               "0.4\u00a0\u00b1\u00a00.3 points (measured on 900 images)"));
        QVERIFY(verdictClauses(verdict)[0].budget == VerdictClause::Budget::Kept);
        VerdictLine line;
        line.setVerdict(verdict);
        QCOMPARE(line.text(), verdictText(verdict));
        QVERIFY(line.accessibleName().contains("fits 8"));
    }

    void budgetsAreJudged()
    {
        Prediction prediction;
        prediction.weightsBytes = 9'000'000;
        prediction.peakBytes = 30'000'000;
        prediction.latencyRatio = 0.5;
        prediction.dropPoints = 2;
        prediction.dropErrorPoints = 1;
        Budgets budgets;
        budgets.maxWeightsBytes = 8'000'000;
        budgets.maxPeakBytes = 40'000'000;
        budgets.maxLatencyRatio = 0.4;
        budgets.maxDropPoints = 1;
        const Verdict verdict = verdictOf(prediction, std::nullopt, budgets);
        QCOMPARE(verdictSource(verdict), QString("predicted"));
        const QList<VerdictClause> clauses = verdictClauses(verdict);
        QCOMPARE(clauses.size(), 4);
        QVERIFY(clauses[0].budget == VerdictClause::Budget::Missed);
        QVERIFY(clauses[1].budget == VerdictClause::Budget::Kept);
        QVERIFY(clauses[2].budget == VerdictClause::Budget::Missed);
        QVERIFY(clauses[2].text.contains("2.5\u00d7 faster"));
        QVERIFY(clauses[3].budget == VerdictClause::Budget::Missed);
    }

    // A loss within the budget is not yet one that is proven to be.
    void lossesAreProven()
    {
        Measurement measurement;
        measurement.images = 900;
        measurement.againstBaseline.emplace();
        Budgets budgets;
        budgets.maxDropPoints = 1;
        const auto judged = [&](std::int64_t onlyBaseline, std::int64_t onlyVariant) {
            measurement.againstBaseline->drop = pairedDrop(onlyBaseline, onlyVariant, 900);
            return verdictClauses(verdictOf(measurement, budgets)).back();
        };
        QVERIFY(judged(1, 1).budget == VerdictClause::Budget::Kept);
        QVERIFY(judged(28, 20).budget == VerdictClause::Budget::Unproven);
        QVERIFY(judged(28, 20).text.endsWith("(at most 1: not proven)"));
        QVERIFY(judged(40, 20).budget == VerdictClause::Budget::Missed);
    }

    void saysHowFarItIs()
    {
        Prediction prediction;
        prediction.latencyRatio = 0.5;
        AccuracySoFar soFar;
        soFar.top1 = wilson(100, 200);
        soFar.imagesInAll = 1900;
        const Verdict verdict = verdictOf(prediction, soFar, {});
        QCOMPARE(verdictSource(verdict), QString("200 of 1900 images"));
        QVERIFY(verdictText(verdict).contains("2.0\u00d7 faster here (predicted)"));
    }

    void nothingIsKnownAtFirst() { QCOMPARE(verdictText({}), QString()); }
};

QTEST_MAIN(tst_Verdict)
#include "tst_verdict.moc"
