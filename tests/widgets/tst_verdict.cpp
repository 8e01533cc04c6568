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
        QCOMPARE(verdictClauses(verdict)[0].kept, std::optional(true));
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
        QCOMPARE(clauses[0].kept, std::optional(false));
        QCOMPARE(clauses[1].kept, std::optional(true));
        QCOMPARE(clauses[2].kept, std::optional(false));
        QVERIFY(clauses[2].text.contains("2.5\u00d7 faster"));
        QCOMPARE(clauses[3].kept, std::optional(false));
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
