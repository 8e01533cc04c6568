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
};

QTEST_MAIN(tst_PlanDifference)
#include "tst_plandifference.moc"
