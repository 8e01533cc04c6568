#include "widgets/layertablemodel.h"

#include "plan/linearlayout.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace edgeflex;

class tst_LayerTableModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void keepsTheModelContract()
    {
        LayerTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 0);
        model.setSpec(makeVitSpec({}));
        QCOMPARE(model.rowCount(), 12 * 4 + 2);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setSpec(makeVitSpec({.depth = 2}));
        QCOMPARE(reset.size(), 1);
        QCOMPARE(model.rowCount(), 2 * 4 + 2);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!model.data(model.index(0, 0)).isValid());
    }

    void rowsInExecutionOrder()
    {
        LayerTableModel model;
        const ModelSpec spec = makeVitSpec({});
        model.setSpec(spec);
        const std::vector<const LinearSpec *> linears = spec.linears();
        for (int row = 0; row < model.rowCount(); ++row) {
            for (int column = 0; column < model.columnCount(); ++column)
                QCOMPARE(model.index(row, column).data(LayerTableModel::LayerNameRole).toString().toStdString(),
                         linears[static_cast<std::size_t>(row)]->name);
        }
    }

    void figuresOfVitTiny()
    {
        LayerTableModel model;
        ModelSpec spec = makeVitSpec({});
        spec.blocks[3].fc1.format = NumberFormat::Int8;
        model.setSpec(spec);
        const int row = 1 + 3 * 4 + 2; // patch embedding, three blocks, qkv and proj
        const auto cell = [&](LayerTableModel::Column column, int role = Qt::DisplayRole) {
            return model.index(row, column).data(role);
        };
        QCOMPARE(cell(LayerTableModel::Name).toString(), QString("blocks.3.mlp.fc1"));
        QCOMPARE(cell(LayerTableModel::Shape).toString(), QString("768 × 192"));
        QCOMPARE(cell(LayerTableModel::Format).toString(), QString("INT8"));
        QCOMPARE(cell(LayerTableModel::Weights, LayerTableModel::SortRole).toLongLong(),
                 weightBytes(spec.blocks[3].fc1));
        // Known truth: 192 x 192 x 12 weights a block for each of 197 tokens, 2 x 197 x 197 x 192 in attention,
        // 196 patches of 768 x 192, one head of 192 x 1000.
        const double fc1 = 197.0 * 768 * 192;
        const double total = 12 * (197.0 * 192 * 192 * 12 + 2.0 * 197 * 197 * 192) + 196.0 * 768 * 192 + 192.0 * 1000;
        const double share = cell(LayerTableModel::MacsShare, LayerTableModel::SortRole).toDouble();
        QVERIFY(std::abs(share - fc1 / total) < 1e-12);
        QCOMPARE(cell(LayerTableModel::MacsShare).toString(), QString("2.3\u00a0%"));
    }

    void sharesStayBelowTheWhole()
    {
        // Attention's own products are in the total and in no row.
        LayerTableModel model;
        model.setSpec(makeVitSpec({}));
        double sum = 0;
        for (int row = 0; row < model.rowCount(); ++row)
            sum += model.index(row, LayerTableModel::MacsShare).data(LayerTableModel::SortRole).toDouble();
        QVERIFY(sum > 0.8 && sum < 1);
    }

    void headers()
    {
        LayerTableModel model;
        QStringList names;
        for (int column = 0; column < LayerTableModel::ColumnCount; ++column)
            names += model.headerData(column, Qt::Horizontal).toString();
        QVERIFY(!names.contains(QString()));
        QCOMPARE(names.removeDuplicates(), 0);
    }
};

QTEST_MAIN(tst_LayerTableModel)
#include "tst_layertablemodel.moc"
