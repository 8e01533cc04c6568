#include "widgets/tensortablemodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace edgeflex;

class tst_TensorTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    // What is listed is what the timeline counts.
    void addsUpToTheTimeline_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("tight") << static_cast<int>(ScheduleKind::Tight);
        QTest::newRow("eager") << static_cast<int>(ScheduleKind::Eager);
    }
    void addsUpToTheTimeline()
    {
        QFETCH(int, kind);
        const Schedule schedule = makeSchedule(makeVitSpec({}), static_cast<ScheduleKind>(kind), 2, ExecutionTarget());
        const MemoryTimeline timeline = makeTimeline(schedule);
        TensorTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (const MemoryMoment &moment : timeline.moments) {
            model.setMoment(schedule, moment.operation);
            double shares = 0;
            double weights = 0;
            for (int row = 0; row < model.rowCount(); ++row) {
                shares += model.index(row, 0).data(TensorTableModel::ShareRole).toDouble();
                if (model.index(row, TensorTableModel::Tensor).data().toString() == "Weights of the model")
                    weights = model.index(row, 0).data(TensorTableModel::ShareRole).toDouble();
            }
            QVERIFY(qAbs(shares - 1) < 1e-9);
            const double all = static_cast<double>(timeline.weightBytes + moment.tensorBytes + moment.scratchBytes);
            QVERIFY(qAbs(weights - static_cast<double>(timeline.weightBytes) / all) < 1e-9);
        }
        model.setMoment(schedule, -1);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(tst_TensorTableModel)
#include "tst_tensortablemodel.moc"
