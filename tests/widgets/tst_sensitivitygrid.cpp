#include "widgets/sensitivitygrid.h"

#include "app/studio/fakeworld.h"
#include "widgets/sensitivitygridmodel.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

class tst_SensitivityGrid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QLocale::setDefault(QLocale::c());
        m_spec = makeVitSpec({});
        m_plan = identityPlan(m_spec);
    }

    void isAModel()
    {
        SensitivityGridModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSpec(m_spec);
        QCOMPARE(model.rowCount(), 12 + 2);
        model.setKnowledge(fake::sensitivity(m_spec).sensitivity, fake::layerTimes(m_spec, 1));
        m_plan.blocks[3].mlpKeep = 0.5;
        model.setPlan(m_plan);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    // What is only estimated is paler than what is measured, and the legend says so.
    void anEstimateLooksLikeOne()
    {
        SensitivityGridModel model;
        model.setSpec(m_spec);
        Sensitivity sensitivity = fake::sensitivity(m_spec).sensitivity;
        SensitivityGrid grid(&model);
        SensitivityLegend legend(&model);
        grid.resize(900, 500);
        const QModelIndex cell = find(model, 4, SensitivityGridModel::Fc1, NumberFormat::Int4);
        const auto saturation = [&] { // of the cell, beside its sign
            const QRect rect = grid.visualRect(cell);
            return grid.viewport()->grab().toImage().pixelColor(rect.topLeft() + QPoint(3, 3)).hsvSaturation();
        };
        model.setKnowledge(sensitivity, {});
        const int measured = saturation();
        QVERIFY(legend.text().endsWith("nats"));
        sensitivity.estimated = true;
        model.setKnowledge(sensitivity, {});
        QVERIFY(legend.text().endsWith("estimated"));
        QVERIFY2(saturation() < measured, qPrintable(QString("%1, %2").arg(saturation()).arg(measured)));
        QVERIFY(saturation() > 0);
    }

    void saysWhatAChoiceChanges()
    {
        SensitivityGridModel model;
        model.setSpec(m_spec);
        QVERIFY(!model.isKnown());
        model.setKnowledge(fake::sensitivity(m_spec).sensitivity, fake::layerTimes(m_spec, 1));
        const QModelIndex cell = find(model, 4, SensitivityGridModel::Fc1, NumberFormat::Int4);
        QCOMPARE(cell.data(SensitivityGridModel::LossRole).toDouble(),
                 fake::sensitivity(m_spec).sensitivity.formatLoss("blocks.3.mlp.fc1", NumberFormat::Int4));
        QVERIFY(!cell.data(SensitivityGridModel::ChosenRole).toBool());
        m_plan.formats["blocks.3.mlp.fc1"] = NumberFormat::Int4;
        model.setPlan(m_plan);
        QVERIFY(cell.data(SensitivityGridModel::ChosenRole).toBool());
        // The embedding has no fc1.
        QVERIFY(find(model, 0, SensitivityGridModel::Fc1, NumberFormat::Int4)
                    .data(SensitivityGridModel::LayersRole)
                    .toStringList()
                    .isEmpty());
        // The axis spans the losses.
        const auto [least, greatest] = model.range();
        QVERIFY(least > 0 && least < greatest);
        QCOMPARE(model.position(least), 0.0);
        QCOMPARE(model.position(greatest), 1.0);
        QVERIFY(model.position(std::sqrt(least * greatest)) > 0.49 &&
                model.position(std::sqrt(least * greatest)) < 0.51);
    }

    void marksWhatIsNotFaster()
    {
        SensitivityGridModel model;
        model.setSpec(m_spec);
        LayerTimes times = fake::layerTimes(m_spec, 1);
        LayerTimes::ByFormat &qkv = times.attentions[2].qkv.at(m_spec.blocks[2].qkv.outFeatures);
        qkv[NumberFormat::Int4] = 2 * qkv[NumberFormat::Fp32];
        model.setKnowledge(fake::sensitivity(m_spec).sensitivity, times);
        const auto slower = [&](int row, NumberFormat format) {
            return find(model, row, SensitivityGridModel::Qkv, format).data(SensitivityGridModel::SlowerRole).toBool();
        };
        QVERIFY(slower(3, NumberFormat::Int4));
        QVERIFY(!slower(3, NumberFormat::Int8));
        QVERIFY(!slower(4, NumberFormat::Int4));
        const QString tip =
            find(model, 3, SensitivityGridModel::Qkv, NumberFormat::Int4).data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains("Not faster here than FP32\nINT4 ") && tip.contains("A processor"), qPrintable(tip));
    }

    void cellsAreChosenByClicks()
    {
        SensitivityGridModel model;
        SensitivityGrid grid(&model);
        model.setSpec(m_spec);
        model.setKnowledge(fake::sensitivity(m_spec).sensitivity, fake::layerTimes(m_spec, 1));
        grid.resize(600, 420);
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        QSignalSpy formats(&grid, &SensitivityGrid::formatChosen);
        QSignalSpy keeps(&grid, &SensitivityGrid::keepChosen);
        QSignalSpy layers(&grid, &SensitivityGrid::layerChosen);
        const QModelIndex cell = find(model, 4, SensitivityGridModel::Fc1, NumberFormat::Int8);
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.visualRect(cell).center());
        QCOMPARE(formats.size(), 1);
        QCOMPARE(formats[0][0].toStringList(), QStringList{"blocks.3.mlp.fc1"});
        QVERIFY(formats[0][1].value<NumberFormat>() == NumberFormat::Int8);
        QVERIFY(layers.last()[0].toStringList().contains("blocks.3.attn.qkv"));
        m_plan.formats["blocks.3.mlp.fc1"] = NumberFormat::Int8;
        model.setPlan(m_plan);
        QTest::keyClick(&grid, Qt::Key_Space); // takes it back
        QVERIFY(formats.last()[1].value<NumberFormat>() == NumberFormat::Fp32);

        int column = 0;
        while (model.index(2, column).data(SensitivityGridModel::KeepRole) != 0.5)
            ++column;
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.visualRect(model.index(2, column)).center());
        QCOMPARE(keeps.size(), 1);
        QCOMPARE(keeps[0][0].value<QList<int>>(), QList<int>{1});
        QCOMPARE(keeps[0][1].toDouble(), 0.5);
        // The head of a column is for every block.
        QHeaderView *head = grid.horizontalHeader();
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {},
                          {head->sectionViewportPosition(column) + head->sectionSize(column) / 2, head->height() - 8});
        QCOMPARE(keeps.last()[0].value<QList<int>>().size(), 12);
    }

    // Columns of heads and of linear layers are there where that was measured, and are chosen like others.
    void headsAndLinearHalves()
    {
        SensitivityGridModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        SensitivityGrid grid(&model);
        model.setSpec(m_spec);
        Sensitivity sensitivity = fake::sensitivity(m_spec).sensitivity;
        model.setKnowledge(sensitivity, fake::layerTimes(m_spec, 1));
        const int columns = model.columnCount();
        sensitivity.headCounts.clear();
        sensitivity.linearAttentions.clear();
        sensitivity.linearMlps.clear();
        model.setKnowledge(sensitivity, {});
        QCOMPARE(model.columnCount(), columns - 4); // 2 heads or 1 of 3, two linear layers
        model.setKnowledge(fake::sensitivity(m_spec).sensitivity, fake::layerTimes(m_spec, 1));
        sensitivity = fake::sensitivity(m_spec).sensitivity;
        const QModelIndex two = model.index(4, columns - 4);
        const QModelIndex attention = model.index(4, columns - 2);
        const QModelIndex mlp = model.index(4, columns - 1);
        QCOMPARE(two.data(SensitivityGridModel::LossRole).toDouble(), sensitivity.headLoss(3, 2));
        QCOMPARE(attention.data(SensitivityGridModel::LossRole).toDouble(), sensitivity.linearAttentions[3]);
        QCOMPARE(mlp.data(SensitivityGridModel::LossRole).toDouble(), sensitivity.linearMlps[3]);
        grid.resize(800, 420);
        grid.show();
        QVERIFY(QTest::qWaitForWindowExposed(&grid));
        QSignalSpy heads(&grid, &SensitivityGrid::headsChosen);
        QSignalSpy keeps(&grid, &SensitivityGrid::keepChosen);
        for (const QModelIndex &cell : {two, attention, mlp})
            QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.visualRect(cell).center());
        QCOMPARE(heads.size(), 2);
        QCOMPARE(heads[0][1].toInt(), 2);
        QCOMPARE(heads[1][1].toInt(), 0);
        QCOMPARE(keeps.size(), 1);
        QCOMPARE(keeps[0][1].toDouble(), 0.0);
        m_plan.blocks[3].headKeep = 0;
        model.setPlan(m_plan);
        QVERIFY(attention.data(SensitivityGridModel::ChosenRole).toBool());
        QVERIFY(!two.data(SensitivityGridModel::ChosenRole).toBool());
        QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.visualRect(attention).center()); // takes it back
        QCOMPARE(heads.last()[1].toInt(), 3);
    }

    void marksRowsSilently()
    {
        SensitivityGridModel model;
        SensitivityGrid grid(&model);
        model.setSpec(m_spec);
        QSignalSpy layers(&grid, &SensitivityGrid::layerChosen);
        grid.markLayers({"blocks.5.attn.proj", "head"});
        QCOMPARE(grid.selectionModel()->selectedRows().size(), 2);
        QCOMPARE(layers.size(), 0);
    }

private:
    static QModelIndex find(const SensitivityGridModel &model, int row, int part, NumberFormat format)
    {
        for (int column = 0; column < model.columnCount(); ++column) {
            const QModelIndex index = model.index(row, column);
            if (index.data(SensitivityGridModel::PartRole).toInt() == part &&
                index.data(SensitivityGridModel::FormatRole).toInt() == static_cast<int>(format))
                return index;
        }
        return {};
    }

    ModelSpec m_spec;
    CompressionPlan m_plan;
};

QTEST_MAIN(tst_SensitivityGrid)
#include "tst_sensitivitygrid.moc"
