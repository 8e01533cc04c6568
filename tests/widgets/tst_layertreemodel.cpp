#include "widgets/layertreemodel.h"

#include "plan/linearlayout.h"
#include "widgets/quantitytext.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

class tst_LayerTreeModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // What the refit won back stands beside what was pruned, in the layer's row and in its block's.
    void refits()
    {
        LayerTreeModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSpec(makeVitSpec({}), 1);
        QVERIFY(!model.hadRefits());
        QSignalSpy header(&model, &QAbstractItemModel::headerDataChanged);
        model.setRefits({{"blocks.2.mlp.fc2", {0.25, 0.05}}});
        QVERIFY(model.hadRefits());
        QCOMPARE(header.size(), 1);
        const QModelIndex block = model.index(3, 0);
        QCOMPARE(block.siblingAtColumn(LayerTreeModel::Refit).data().toString(), QString("+20.0"));
        const QModelIndex fc2 = model.index(3, LayerTreeModel::Refit, block);
        QCOMPARE(fc2.data().toString(), QString("+20.0"));
        QVERIFY(fc2.data(Qt::ToolTipRole).toString().contains(shareText(0.25)));
        QVERIFY(fc2.data(Qt::ToolTipRole).toString().contains(shareText(0.05)));
        QCOMPARE(model.index(2, LayerTreeModel::Refit).data().toString(), QString());
        // Of several layers of a block, the most.
        model.setRefits({{"blocks.2.mlp.fc2", {0.25, 0.05}}, {"blocks.2.attn.proj", {0.125, 0.1}}});
        QCOMPARE(block.siblingAtColumn(LayerTreeModel::Refit).data().toString(), QString("+20.0"));
        QCOMPARE(model.index(1, LayerTreeModel::Refit, block).data().toString(), QString("+2.5"));
        model.setRefits({}); // a plan that is not measured yet
        QCOMPARE(fc2.data().toString(), QString());
        QVERIFY(model.hadRefits());
    }

    void init() { QLocale::setDefault(QLocale::c()); }

    void isAModel()
    {
        LayerTreeModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const ModelSpec spec = makeVitSpec({});
        model.setSpec(spec, 1);
        QCOMPARE(model.rowCount(), 12 + 2);
        QCOMPARE(model.rowCount(model.index(1, 0)), 4);
        QCOMPARE(model.rowCount(model.index(0, 0)), 0);
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[3].mlpKeep = 0.5;
        model.setPlan(plan);
        model.setTimes(ActivationProfile(), std::nullopt);
        model.clear();
        QCOMPARE(model.rowCount(), 0);
        model.setSpec(spec, 4);
        QCOMPARE(model.rowCount(), 14);
    }

    void saysWhatThePlanMakesOfALayer()
    {
        const ModelSpec spec = makeVitSpec({});
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[3].mlpKeep = 0.5;
        plan.formats["blocks.3.mlp.fc1"] = NumberFormat::Int8;
        const ModelSpec planned = plannedSpec(spec, plan);
        LayerTreeModel model;
        model.setSpec(spec, 2);
        model.setPlan(plan);
        const QModelIndex block = model.index(4, 0); // after the patch embedding and blocks 0 to 2
        QCOMPARE(block.data().toString(), QString("Block 3"));
        QCOMPARE(block.data(LayerTreeModel::BlockRole).toInt(), 3);
        QCOMPARE(block.data(LayerTreeModel::KeepRole).toDouble(), 0.5);
        QCOMPARE(block.data(LayerTreeModel::FormatRole).toInt(), -1); // mixed
        QCOMPARE(block.data(LayerTreeModel::LayersRole).toStringList().size(), 4);
        const BlockSpec &now = planned.blocks[3];
        QCOMPARE(block.data(LayerTreeModel::NowRole).toLongLong(),
                 weightBytes(now.qkv) + weightBytes(now.proj) + weightBytes(now.fc1) + weightBytes(now.fc2));
        const QModelIndex fc1 = model.index(2, LayerTreeModel::Activations, block);
        QCOMPARE(fc1.siblingAtColumn(LayerTreeModel::Layer).data().toString(), QString("mlp.fc1"));
        QCOMPARE(fc1.siblingAtColumn(LayerTreeModel::Format).data().toString(), QString("INT8"));
        QCOMPARE(fc1.data().toString(), QString("605\u00a0kB")); // 2 x 197 x 384 x 4
        QCOMPARE(fc1.siblingAtColumn(LayerTreeModel::Weights).data(LayerTreeModel::BeforeRole).toLongLong(),
                 weightBytes(spec.blocks[3].fc1));
        QCOMPARE(model.index(0, 0, block).data(LayerTreeModel::KeepRole).toDouble(), 1.0); // of the heads' dimensions
        QVERIFY(!model.index(1, 0, block).data(LayerTreeModel::KeepRole).isValid());
        QCOMPARE(model.index(1, 0, block).data(LayerTreeModel::HeadsRole).toInt(), 3);
        QVERIFY(!(model.flags(model.index(0, LayerTreeModel::Keep)) & Qt::ItemIsEditable));
        QVERIFY(model.flags(model.index(0, LayerTreeModel::Format)) & Qt::ItemIsEditable);
    }

    void takesTimesFromWhatIsKnown()
    {
        const ModelSpec spec = makeVitSpec({});
        LayerTreeModel model;
        model.setSpec(spec, 1);
        const QModelIndex head = model.index(13, LayerTreeModel::Time);
        QCOMPARE(head.data().toString(), QString(QChar(0x2013)));
        ActivationProfile profile;
        profile.layers.resize(1);
        profile.layers[0].name = "head";
        profile.layers[0].milliseconds = 0.25;
        model.setTimes(profile, std::nullopt);
        QCOMPARE(head.data().toString(), QString("0.25\u00a0ms"));
        LayerTimes times;
        times.layers["head"][NumberFormat::Fp32] = 0.5;
        times.layers["head"][NumberFormat::Int8] = 0.125;
        model.setTimes(profile, times);
        QCOMPARE(head.data().toString(), QString("0.50\u00a0ms"));
        CompressionPlan plan = identityPlan(spec);
        plan.formats["head"] = NumberFormat::Int8;
        model.setPlan(plan);
        QCOMPARE(head.data().toString(), QString("0.13\u00a0ms"));
    }

    void marksWhatIsNotFasterHere()
    {
        const ModelSpec spec = makeVitSpec({});
        LayerTreeModel model;
        model.setSpec(spec, 1);
        LayerTimes times;
        times.machine = "A processor";
        times.target = {2, true, false, "AVX2"};
        times.layers["head"][NumberFormat::Fp32] = Spread{0.5, 0.4, 0.6};
        times.layers["head"][NumberFormat::Int8] = 0.125;
        times.layers["head"][NumberFormat::Int4] = Spread{0.52, 0.45, 0.7};
        const LayerTimes::ByFormat each{{NumberFormat::Fp32, 1.0}};
        times.mlps.assign(spec.blocks.size(),
                          {{768, {each, each}}, {384, {each, each}}, {192, {{{NumberFormat::Fp32, 0.3}}, each}}});
        model.setTimes(std::nullopt, times);
        const QModelIndex head = model.index(13, LayerTreeModel::Format);
        const QModelIndex keep = model.index(2, LayerTreeModel::Keep);
        QVERIFY(!head.data(LayerTreeModel::SlowerRole).toBool());
        QVERIFY(!keep.data(LayerTreeModel::KeepSlowerRole).toBool());
        CompressionPlan plan = identityPlan(spec);
        plan.formats["head"] = NumberFormat::Int4;
        plan.blocks[1].mlpKeep = 0.5;
        model.setPlan(plan);
        QVERIFY(head.data(LayerTreeModel::SlowerRole).toBool());
        const QString tip = head.data(Qt::ToolTipRole).toString();
        QVERIFY2(tip.contains("INT4 0.52\u00a0ms (0.45\u00a0ms to 0.70\u00a0ms), FP32 0.50\u00a0ms"), qPrintable(tip));
        QVERIFY2(tip.contains("batch 1, 2 threads, AVX2, A processor"), qPrintable(tip));
        QVERIFY(keep.data(LayerTreeModel::KeepSlowerRole).toBool());
        QVERIFY(keep.data(Qt::ToolTipRole).toString().contains("2.00\u00a0ms, whole 2.00\u00a0ms"));
        QVERIFY(!keep.data(Qt::ToolTipRole).toString().contains("nearest measured"));
        plan.blocks[1].mlpKeep = 0.75; // between two widths that take as long
        model.setPlan(plan);
        QVERIFY(keep.data(Qt::ToolTipRole).toString().contains("nearest measured"));
        plan.formats["head"] = NumberFormat::Int8;
        plan.blocks[1].mlpKeep = 0.25;
        model.setPlan(plan);
        QVERIFY(!head.data(LayerTreeModel::SlowerRole).toBool());
        QVERIFY(!keep.data(LayerTreeModel::KeepSlowerRole).toBool());
    }

    void announcesEdits()
    {
        LayerTreeModel model;
        model.setSpec(makeVitSpec({}), 1);
        QSignalSpy keeps(&model, &LayerTreeModel::keepEdited);
        QSignalSpy formats(&model, &LayerTreeModel::formatEdited);
        QVERIFY(model.setData(model.index(2, LayerTreeModel::Keep), 0.75));
        QCOMPARE(keeps.size(), 1);
        QCOMPARE(keeps[0][1].toDouble(), 0.75);
        QVERIFY(!model.setData(model.index(2, LayerTreeModel::Keep), 0.0));
        QVERIFY(!model.setData(model.index(2, LayerTreeModel::Keep), 1.5));
        QVERIFY(!model.setData(model.index(0, LayerTreeModel::Keep), 0.5));
        QVERIFY(model.setData(model.index(0, LayerTreeModel::Format), static_cast<int>(NumberFormat::Int4)));
        QCOMPARE(formats.size(), 1);
        QVERIFY(!model.setData(model.index(0, LayerTreeModel::Format), 17));
        QVERIFY(!model.setData(QModelIndex(), 0.5));
        QCOMPARE(model.index(2, 0).data(LayerTreeModel::KeepRole).toDouble(), 1.0); // not done by itself
    }

    void headsAndLinearHalves()
    {
        LayerTreeModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const ModelSpec spec = makeVitSpec({});
        model.setSpec(spec, 1);
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[3].headKeep = 2.0 / 3;
        plan.blocks[3].qkKeep = plan.blocks[3].voKeep = 0.5;
        plan.blocks[3].mlpKeep = 0;
        model.setPlan(plan);
        const QModelIndex block = model.index(4, 0);
        const auto cell = [&](int row, int column) {
            return model.index(row, column, block).data().toString();
        };
        QCOMPARE(block.data().toString(), QString("Block 3 \u00b7 2/3 heads"));
        QCOMPARE(block.siblingAtColumn(LayerTreeModel::Keep).data().toString(), QString("linear layer"));
        QVERIFY(!block.data(LayerTreeModel::KeepRole).isValid()); // no slider that could be moved by accident
        QCOMPARE(cell(0, LayerTreeModel::Keep), QString("50\u00a0%"));
        QCOMPARE(cell(1, LayerTreeModel::Keep), QString("2 of 3 heads"));
        // fc1 is gone, fc2 stands for the MLP.
        QCOMPARE(cell(2, LayerTreeModel::Format), QString("removed"));
        QCOMPARE(model.index(2, LayerTreeModel::Weights, block).data(LayerTreeModel::NowRole).toLongLong(), 0);
        QVERIFY(!(model.flags(model.index(2, LayerTreeModel::Format, block)) & Qt::ItemIsEditable));
        QVERIFY(!model.setData(model.index(2, LayerTreeModel::Format, block), static_cast<int>(NumberFormat::Int8)));
        QCOMPARE(cell(3, LayerTreeModel::Keep), QString("linear layer"));
        QCOMPARE(block.data(LayerTreeModel::FormatRole).toInt(), static_cast<int>(NumberFormat::Fp32)); // not mixed

        QSignalSpy heads(&model, &LayerTreeModel::headsEdited);
        const QModelIndex proj = model.index(1, LayerTreeModel::Keep, block);
        QCOMPARE(proj.data(LayerTreeModel::HeadCountsRole).value<QList<int>>(), (QList<int>{3, 2, 1, 0}));
        QCOMPARE(proj.data(LayerTreeModel::HeadChoicesRole).toStringList().last(), QString("linear layer"));
        QVERIFY(model.setData(proj, 0));
        QVERIFY(!model.setData(proj, 4));
        QVERIFY(!model.setData(proj, -1));
        QCOMPARE(heads.size(), 1);
        plan.blocks[3].headKeep = 0;
        model.setPlan(plan);
        QCOMPARE(block.data().toString(), QString("Block 3 \u00b7 attn linear"));
        QCOMPARE(cell(0, LayerTreeModel::Format), QString("removed"));
        QVERIFY(!model.index(0, 0, block).data(LayerTreeModel::KeepRole).isValid());
        Sensitivity sensitivity;
        sensitivity.linearAttentions.assign(12, 0.5);
        model.setSensitivity(sensitivity);
        QVERIFY(proj.data(Qt::ToolTipRole).toString().contains("0.5 nats"));
    }

    void headers()
    {
        LayerTreeModel model;
        QStringList names;
        for (int column = 0; column < LayerTreeModel::ColumnCount; ++column)
            names += model.headerData(column, Qt::Horizontal).toString();
        QVERIFY(!names.contains(QString()));
        QCOMPARE(names.removeDuplicates(), 0);
    }
};

QTEST_MAIN(tst_LayerTreeModel)
#include "tst_layertreemodel.moc"
