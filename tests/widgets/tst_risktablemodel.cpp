#include "widgets/risktablemodel.h"

#include "app/studio/fakeworld.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace edgeflex;

class tst_RiskTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void saysWhatIsAtRisk()
    {
        ActivationProfile profile = fake::profile(makeVitSpec({}), ScheduleKind::Tight, 1);
        profile.layers[1].castRisk = {};
        profile.layers[1].castRisk.overflow = 0.4;
        profile.layers[1].castRisk.bf16Error = 1e-5;
        profile.layers[2].castRisk.overflow = 0.01;
        profile.layers[3].castRisk = {};
        RiskTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setProfile(&profile);
        QCOMPARE(model.rowCount(), static_cast<int>(profile.layers.size()));
        const auto cell = [&](int row, RiskTableModel::Column column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(cell(1, RiskTableModel::Overflow), QString("40.0\u00a0%"));
        QCOMPARE(model.index(1, RiskTableModel::Overflow).data(RiskTableModel::LevelRole).toInt(),
                 static_cast<int>(RiskLevel::Red));
        QCOMPARE(cell(1, RiskTableModel::SafeHalf), QString("BF16"));
        QCOMPARE(model.index(2, RiskTableModel::Overflow).data(RiskTableModel::LevelRole).toInt(),
                 static_cast<int>(RiskLevel::Green));
        // A profile of an earlier version says nothing of them.
        QCOMPARE(cell(3, RiskTableModel::Overflow), QString(QChar(0x2013)));
        QVERIFY(!model.index(3, RiskTableModel::Overflow).data(RiskTableModel::LevelRole).isValid());
        model.setProfile(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(tst_RiskTableModel)
#include "tst_risktablemodel.moc"
