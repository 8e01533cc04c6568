#include "widgets/effecttablemodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace edgeflex;

class tst_EffectTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void saysWhatAnEditBuysAndCosts()
    {
        EffectTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Prediction now;
        now.weightsBytes = 5'000'000;
        now.peakBytes = 6'000'000;
        now.milliseconds = 2;
        now.dropPoints = 0.5;
        model.setEffects(now, {{"FP32", {}, true, {}}, {"INT8", {}, false, {}}, {"INT4", {}, false, {}}});
        const auto cell = [&](int row, EffectTableModel::Column column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(cell(1, EffectTableModel::Weights), QString(QChar(0x2013))); // not yet known
        Prediction then = now;
        then.weightsBytes = 4'000'000;
        then.milliseconds = 1.5;
        then.dropPoints = 0.75;
        model.setPrediction(1, then);
        QCOMPARE(cell(1, EffectTableModel::Weights), QString(QChar(0x2212)) + "1.00\u00a0MB");
        QCOMPARE(cell(1, EffectTableModel::Peak), QString("0"));
        QCOMPARE(cell(1, EffectTableModel::Latency), QString(QChar(0x2212)) + "0.50\u00a0ms");
        QCOMPARE(cell(1, EffectTableModel::Lost), QString("+0.25"));
        QVERIFY(!model.index(1, 0).data(EffectTableModel::SlowerRole).toBool());
        then.milliseconds = 2.5; // smaller, and slower
        model.setPrediction(2, then);
        QVERIFY(model.index(2, 0).data(EffectTableModel::SlowerRole).toBool());
        QVERIFY(model.index(0, 0).data(EffectTableModel::CurrentRole).toBool());
    }
};

QTEST_MAIN(tst_EffectTableModel)
#include "tst_effecttablemodel.moc"
