#include "widgets/budgetbox.h"

#include "widgets/budgetmeter.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

class tst_BudgetBox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void emptyIsNone()
    {
        OptionalNumber box(0.5, 100, 0.5, 2);
        box.setSuffix(" MB");
        QVERIFY(!box.number());
        box.setNumber(8);
        QCOMPARE(box.text(), QString("8 MB"));
        box.show();
        box.selectAll();
        QTest::keyClick(&box, Qt::Key_Delete);
        QTest::keyClick(&box, Qt::Key_Return);
        QVERIFY(!box.number());
        box.selectAll();
        QTest::keyClicks(&box, "2.25");
        QTest::keyClick(&box, Qt::Key_Return);
        QCOMPARE(box.number(), std::optional(2.25));
        box.setNumber(std::nullopt);
        box.stepBy(1);
        QCOMPARE(box.number(), std::optional(0.5));
        box.stepBy(-1);
        QVERIFY(!box.number());
    }

    void zeroPointsAreABudget()
    {
        OptionalNumber box(0, 100, 0.1, 2);
        box.setNumber(0);
        QCOMPARE(box.number(), std::optional(0.0));
        box.stepBy(-1);
        QVERIFY(!box.number());
    }

    // What is not measured does not look as if it were.
    void predictedFiguresAreToldApart()
    {
        BudgetBox box;
        box.resize(500, 80);
        BudgetFigures figures;
        figures.weightsBytes = figures.originalWeightsBytes = 1'000'000;
        figures.peakBytes = figures.originalPeakBytes = 2'000'000;
        figures.latencyRatio = 0.6;
        figures.dropPoints = 0.5;
        figures.dropErrorPoints = 0.3;
        const auto meter = [&](const QString &name) {
            for (BudgetMeter *each : box.findChildren<BudgetMeter *>()) {
                if (each->accessibleName() == name)
                    return each;
            }
            return static_cast<BudgetMeter *>(nullptr);
        };
        BudgetMeter *drop = meter("Accuracy lost by the plan");
        BudgetMeter *latency = meter("Latency of the plan");
        box.setFigures(figures);
        QCOMPARE(drop->accessibleDescription(), QString("0.5\u00a0±\u00a00.3"));
        const QImage measured = drop->grab().toImage();
        figures.dropPredicted = figures.latencyPredicted = true;
        box.setFigures(figures);
        QCOMPARE(drop->accessibleDescription(), QString("≈\u00a00.5\u00a0±\u00a00.3 (predicted)"));
        QCOMPARE(latency->accessibleDescription(), QString("≈\u00a060.0\u00a0% (predicted)"));
        // Hollow: fewer pixels of the bar's colour.
        const auto inked = [](const QImage &image) {
            int count = 0;
            for (int y = 0; y < image.height() / 2; ++y) {
                for (int x = 0; x < image.width(); ++x)
                    count += image.pixelColor(x, y).hsvSaturation() > 100;
            }
            return count;
        };
        const QImage predicted = drop->grab().toImage();
        QVERIFY2(inked(predicted) > 0 && inked(predicted) < inked(measured) * 2 / 3,
                 qPrintable(QString("%1 of %2").arg(inked(predicted)).arg(inked(measured))));
        QVERIFY(!meter("Weights of the plan")->accessibleDescription().contains("predicted"));
    }

    void readsAndWritesBudgets()
    {
        BudgetBox box;
        QSignalSpy edited(&box, &BudgetBox::budgetsEdited);
        Budgets budgets;
        budgets.maxWeightsBytes = 5'700'000;
        budgets.maxPeakBytes = 20'000'000;
        budgets.maxLatencyRatio = 0.3;
        budgets.maxDropPoints = 0;
        box.setBudgets(budgets);
        QVERIFY(box.budgets() == budgets);
        QCOMPARE(edited.size(), 0); // only what the user does is news
        box.setBudgets({});
        QVERIFY(!box.budgets().any());
    }

    void metersShowWhereThePlanStands()
    {
        BudgetMeter meter("Weights");
        meter.setValue(8, 20, "8 MB");
        QVERIFY(!meter.isExceeded()); // no budget
        meter.setBudget(7.5);
        QVERIFY(meter.isExceeded());
        QVERIFY(meter.accessibleDescription().contains("over budget"));
        meter.setValue(7, 20, "7 MB");
        QVERIFY(!meter.isExceeded());
        QCOMPARE(meter.accessibleDescription(), QString("7 MB"));
    }

    void solvesOnlyWhatIsAsked()
    {
        BudgetBox box;
        QSignalSpy asked(&box, &BudgetBox::solveAsked);
        box.setSolvable(true, {});
        QVERIFY(!box.solveButton()->isEnabled());
        Budgets budgets;
        budgets.maxWeightsBytes = 5'700'000;
        box.setBudgets(budgets);
        QVERIFY(box.solveButton()->isEnabled());
        QTest::mouseClick(box.solveButton(), Qt::LeftButton);
        QCOMPARE(asked.size(), 1);
        // A number is enough while it is typed, and counts when the button is pressed.
        box.setBudgets({});
        QVERIFY(!box.solveButton()->isEnabled());
        QSignalSpy edited(&box, &BudgetBox::budgetsEdited);
        auto *weights = box.findChildren<OptionalNumber *>().first();
        weights->selectAll();
        QTest::keyClicks(weights, "6");
        QVERIFY(!box.budgets().any());
        QVERIFY(box.solveButton()->isEnabled());
        QTest::mouseClick(box.solveButton(), Qt::LeftButton);
        QCOMPARE(asked.size(), 2);
        QCOMPARE(edited.size(), 1);
        QCOMPARE(box.budgets().maxWeightsBytes, std::optional<std::int64_t>(6'000'000));
        weights->selectAll();
        QTest::keyClick(weights, Qt::Key_Delete);
        QVERIFY(!box.solveButton()->isEnabled());
        weights->setNumber(6);
        box.setSolvable(false, "Choose images");
        QVERIFY(!box.solveButton()->isEnabled());
        QCOMPARE(box.solveButton()->toolTip(), QString("Choose images"));
    }
};

QTEST_MAIN(tst_BudgetBox)
#include "tst_budgetbox.moc"
