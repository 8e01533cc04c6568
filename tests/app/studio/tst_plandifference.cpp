#include "app/studio/plandifference.h"

#include "fakeworld.h"

#include <QTest>

using namespace edgeflex;

class tst_PlanDifference : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void gathersTheSameChanges()
    {
        const ModelSpec spec = makeVitSpec({});
        const CompressionPlan a = identityPlan(spec);
        CompressionPlan b = a;
        QVERIFY(planDifferences(spec, a, b).isEmpty());
        for (const int block : {2, 3, 4, 7})
            b.formats[layerName(block, "mlp.fc1")] = NumberFormat::Int8;
        for (int block = 0; block < 12; ++block)
            b.formats[layerName(block, "attn.qkv")] = NumberFormat::Fp16;
        b.blocks[5].mlpKeep = 0.5;
        b.formats["head"] = NumberFormat::Int4;
        const QList<PlanDifference> found = planDifferences(spec, a, b);
        QCOMPARE(found.size(), 4);
        QCOMPARE(found[0].where, QString("attn.qkv of every block"));
        QCOMPARE(found[0].layers.size(), 12);
        QCOMPARE(found[1].where, QString("mlp.fc1 of blocks 2 to 4, 7"));
        QCOMPARE(found[1].a, QString("FP32"));
        QCOMPARE(found[1].b, QString("INT8"));
        QCOMPARE(found[2].where, QString("MLP kept of block 5"));
        QCOMPARE(found[2].b, QString("50.0\u00a0%"));
        QCOMPARE(found[3].where, QString("head"));
    }

    void saysWhatBecameOfHalves()
    {
        const ModelSpec spec = makeVitSpec({});
        const CompressionPlan a = identityPlan(spec);
        CompressionPlan b = a;
        b.blocks[3].headKeep = 2.0 / 3;
        b.blocks[5].headKeep = 0;
        b.blocks[7].mlpKeep = 0;
        const QList<PlanDifference> found = planDifferences(spec, a, b);
        const auto at = [&](const QString &where) {
            for (const PlanDifference &difference : found) {
                if (difference.where == where)
                    return difference.a + " -> " + difference.b;
            }
            return QString();
        };
        QCOMPARE(at("Heads of block 3"), QString("3 of 3 -> 2 of 3"));
        QCOMPARE(at("Heads of block 5"), QString("3 of 3 -> linear layer"));
        QCOMPARE(at("attn.qkv of block 5"), QString("FP32 -> removed"));
        QCOMPARE(at("MLP kept of block 7"), QString("100.0\u00a0% -> linear layer"));
        QCOMPARE(at("mlp.fc1 of block 7"), QString("FP32 -> removed"));
        QCOMPARE(found.size(), 5);
    }
};

QTEST_MAIN(tst_PlanDifference)
#include "tst_plandifference.moc"
