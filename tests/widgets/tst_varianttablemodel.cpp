#include "widgets/varianttablemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

class tst_VariantTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void showsFigures()
    {
        VariantTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Variant variant;
        variant.id = 4;
        variant.measurement.images = 900;
        variant.measurement.top1 = wilson(675, 900);
        variant.measurement.weightsBytes = 5'720'000;
        variant.measurement.latency = Latency{10, 11, 10};
        variant.measurement.againstBaseline.emplace();
        variant.measurement.againstBaseline->latencyRatio = {0.4, 0.4, 0.4};
        variant.measurement.againstBaseline->drop.points = 0.4;
        variant.measurement.againstBaseline->drop.low = 0.1;
        variant.measurement.againstBaseline->drop.high = 0.7;
        model.setRows({{"Plan 4", variant, false}, {"+ AWQ", {}, true}, {"+ more", {}, false}});
        const auto cell = [&](int row, VariantTableModel::Column column) {
            return model.index(row, column).data().toString();
        };
        QCOMPARE(cell(0, VariantTableModel::Weights), QString("5.72\u00a0MB"));
        QCOMPARE(cell(0, VariantTableModel::Speed), QString("2.50\u00d7"));
        QCOMPARE(cell(0, VariantTableModel::Top1), QString("75.0\u00a0%"));
        QCOMPARE(cell(0, VariantTableModel::Lost), QString("0.4\u00a0\u00b1\u00a00.3"));
        QCOMPARE(model.index(0, 0).data(VariantTableModel::VariantRole).toInt(), 4);
        QCOMPARE(cell(1, VariantTableModel::Lost), QString("measuring\u2026"));
        QCOMPARE(cell(2, VariantTableModel::Lost), QString("waiting"));

        // What arrives in a row that waited resets nothing, so that a selection stays.
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        variant.id = 5;
        model.setRows({{"Plan 4", model.index(0, 0).isValid() ? std::optional(variant) : std::nullopt, false},
                       {"+ AWQ", variant, false},
                       {"+ more", {}, true}});
        QCOMPARE(resets.size(), 1); // another variant under the first name
        model.setRows({{"Plan 4", variant, false}, {"+ AWQ", variant, false}, {"+ more", variant, false}});
        QCOMPARE(resets.size(), 1);
        model.setRows({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_MAIN(tst_VariantTableModel)
#include "tst_varianttablemodel.moc"
