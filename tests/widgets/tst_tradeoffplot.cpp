#include "widgets/tradeoffplot.h"

#include "plan/compressionplan.h"

#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

namespace {

Variant variant(int id, std::int64_t bytes, double ratio, double points)
{
    Variant made;
    made.id = id;
    made.name = "variant " + std::to_string(id);
    made.measurement.images = 900;
    made.measurement.top1 = wilson(680, 900);
    made.measurement.weightsBytes = bytes;
    made.measurement.peakMemory.allocatorBytes = bytes + 1'000'000;
    made.measurement.latency = Latency{30 * ratio, 31 * ratio, 30 * ratio};
    if (id == 0)
        return made;
    BaselineComparison against;
    against.drop.points = points;
    against.drop.low = points - 0.5;
    against.drop.high = points + 0.5;
    against.latencyRatio = {ratio, ratio, ratio};
    made.measurement.againstBaseline = against;
    return made;
}

} // namespace

class tst_TradeoffPlot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void placesVariants()
    {
        TradeoffPlot plot(TradeoffPlot::Cost::Weights);
        plot.resize(360, 260);
        plot.setVariants({variant(0, 20'000'000, 1, 0), variant(1, 8'000'000, 0.4, 0.7)}, {0, 1});
        QCOMPARE(plot.variantPoint(0), std::optional(QPointF(20, 0)));
        QCOMPARE(plot.variantPoint(1), std::optional(QPointF(8, -0.7)));
        QVERIFY(!plot.variantPoint(7));
        plot.setCost(TradeoffPlot::Cost::Latency);
        QCOMPARE(plot.variantPoint(0), std::optional(QPointF(100, 0)));
        QCOMPARE(plot.variantPoint(1), std::optional(QPointF(40, -0.7)));
        plot.setCost(TradeoffPlot::Cost::Peak);
        QCOMPARE(plot.variantPoint(1), std::optional(QPointF(9, -0.7)));
    }

    void theFrontIsWhatNothingBeats()
    {
        TradeoffPlot plot(TradeoffPlot::Cost::Weights);
        // 3 is dearer than 2 and loses more; 4 is the cheapest.
        plot.setVariants({variant(0, 20'000'000, 1, 0), variant(1, 12'000'000, 0.5, 0.2),
                          variant(2, 8'000'000, 0.4, 0.7), variant(3, 9'000'000, 0.3, 0.9),
                          variant(4, 5'000'000, 0.6, 2)},
                         {});
        QCOMPARE(plot.front(), (std::vector<int>{4, 2, 1, 0}));
        plot.setOver(TradeoffPlot::Cost::Latency); // both are costs now
        QCOMPARE(plot.variantPoint(3), std::optional(QPointF(9, 30)));
        QCOMPARE(plot.front(), (std::vector<int>{4, 2, 3}));
    }

    void aFrameTellsWhatIsInIt()
    {
        TradeoffPlot plot(TradeoffPlot::Cost::Weights);
        plot.resize(500, 360);
        plot.setVariants({variant(0, 20'000'000, 1, 0), variant(1, 8'000'000, 0.4, 0.7)}, {});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.replot();
        QSignalSpy brushed(&plot, &TradeoffPlot::brushed);
        const QPoint at = plot.pixelOf(*plot.variantPoint(1));
        const auto drag = [&] {
            QTest::mousePress(&plot, Qt::LeftButton, {}, at - QPoint(30, 30));
            QTest::mouseMove(&plot, at + QPoint(20, 20));
            QTest::mouseRelease(&plot, Qt::LeftButton, {}, at + QPoint(20, 20));
        };
        drag();
        QCOMPARE(brushed.size(), 0); // only where that is wanted
        plot.setBrushing(true);
        drag();
        QCOMPARE(brushed.size(), 1);
        QCOMPARE(brushed[0][0].value<QList<int>>(), QList<int>{1});
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.axisRect()->rect().topLeft() + QPoint(5, 5));
        QVERIFY(brushed.last()[0].value<QList<int>>().isEmpty());
    }

    void promisesAreClicked()
    {
        TradeoffPlot plot(TradeoffPlot::Cost::Weights);
        plot.resize(500, 360);
        plot.setVariants({variant(0, 20'000'000, 1, 0)}, {});
        plot.setPromises({{5'000'000, 1.5}, {10'000'000, 0.5}});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.replot();
        QSignalSpy clicked(&plot, &TradeoffPlot::promiseClicked);
        QTest::mouseClick(&plot, Qt::LeftButton, {}, plot.pixelOf({10, -0.5}));
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked[0][0].toInt(), 1);
    }

    void thePredictionMoves()
    {
        TradeoffPlot plot(TradeoffPlot::Cost::Weights);
        TradeoffPlot::Current current;
        current.prediction.weightsBytes = 5'000'000;
        plot.setCurrent(current);
        QVERIFY(!plot.currentPoint()); // without an accuracy there is no point
        current.prediction.dropPoints = 1.5;
        current.prediction.dropErrorPoints = 0.5;
        plot.setCurrent(current);
        QCOMPARE(plot.currentPoint(), std::optional(QPointF(5, -1.5)));
        AccuracySoFar soFar;
        soFar.top1 = wilson(70, 100);
        soFar.imagesInAll = 900;
        soFar.drop.points = 2;
        soFar.drop.low = 1;
        soFar.drop.high = 3;
        current.soFar = soFar;
        plot.setCurrent(current);
        QCOMPARE(plot.currentPoint(), std::optional(QPointF(5, -2)));
        current.measuredAs = 3;
        plot.setCurrent(current);
        QVERIFY(!plot.currentPoint());
    }

    void pointingAndClicking()
    {
        TradeoffPlot plot(TradeoffPlot::Cost::Weights);
        plot.resize(360, 260);
        plot.setVariants({variant(0, 20'000'000, 1, 0), variant(1, 8'000'000, 0.4, 0.7)}, {});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.replot();
        QSignalSpy clicked(&plot, &TradeoffPlot::variantClicked);
        QSignalSpy wanted(&plot, &TradeoffPlot::variantActivated);
        const QPoint at = plot.pixelOf(*plot.variantPoint(1));
        QVERIFY(plot.describe(at).contains("variant 1"));
        QVERIFY(plot.describe(at).contains("8.00\u00a0MB"));
        QVERIFY(plot.describe(at).contains("loses 0.7"));
        QCOMPARE(plot.describe(at + QPoint(60, 60)), QString());
        QTest::mouseClick(&plot, Qt::LeftButton, {}, at);
        QCOMPARE(clicked.size(), 1);
        QCOMPARE(clicked[0][0].toInt(), 1);
        QTest::mouseDClick(&plot, Qt::LeftButton, {}, at);
        QCOMPARE(wanted.size(), 1);
    }

    void everythingIsInRange()
    {
        TradeoffPlot plot(TradeoffPlot::Cost::Weights);
        plot.setVariants({variant(0, 20'000'000, 1, 0), variant(1, 4'000'000, 0.4, 30)}, {});
        Budgets budgets;
        budgets.maxWeightsBytes = 45'000'000;
        budgets.maxDropPoints = 40;
        plot.setBudgets(budgets);
        QVERIFY(plot.xAxis->range().contains(45));
        QVERIFY(plot.yAxis->range().contains(-40));
        QVERIFY(plot.yAxis->range().contains(0));
    }
};

QTEST_MAIN(tst_TradeoffPlot)
#include "tst_tradeoffplot.moc"
