#include "plansamples.h"

#include "plan/editspeed.h"

#include <QTest>

using namespace edgeflex;
using namespace edgeflex::test;

// sampleTimes(): BF16 takes 0.75 of FP32, INT8 0.5, FP16 1.25 and INT4 1.5.
class TestEditSpeed : public QObject
{
    Q_OBJECT

    const ModelSpec m_spec = sampleSpec();

    CompressionPlan plan(const std::string &layer, NumberFormat format) const
    {
        CompressionPlan result = identityPlan(m_spec);
        result.formats[layer] = format;
        return result;
    }

private Q_SLOTS:
    void formats()
    {
        LayerTimes times = sampleTimes();
        times.layers["head"][NumberFormat::Int4] = Spread{0.375, 0.3, 0.5};
        const ModelSpec planned = plannedSpec(m_spec, plan("head", NumberFormat::Int4));
        const auto speed = formatSpeed(times, planned, planned.head);
        QVERIFY(speed && !speed->pays() && !speed->interpolated);
        QVERIFY(speed->edited == TimeSpread(Spread{0.375, 0.3, 0.5}));
        QVERIFY(speed->original == TimeSpread(0.25));
        const ModelSpec faster = plannedSpec(m_spec, plan("head", NumberFormat::Int8));
        QVERIFY(formatSpeed(times, faster, faster.head)->pays());
        QVERIFY(!formatSpeed(times, m_spec, m_spec.head)); // FP32 is what it is compared with
        times.layers["head"].erase(NumberFormat::Int8);
        QVERIFY(!formatSpeed(times, faster, faster.head));
    }

    void withinWhatTimingRepeatsToIsNoGain()
    {
        LayerTimes times = sampleTimes();
        const ModelSpec planned = plannedSpec(m_spec, plan("head", NumberFormat::Int8));
        times.layers["head"][NumberFormat::Int8] = 0.249;
        QVERIFY(!formatSpeed(times, planned, planned.head)->pays());
        times.layers["head"][NumberFormat::Int8] = 0.24;
        QVERIFY(formatSpeed(times, planned, planned.head)->pays());
    }

    void widths()
    {
        LayerTimes times = sampleTimes();
        BlockSpec pruned = m_spec.blocks[1];
        QVERIFY(!mlpSpeed(times, 1, m_spec.blocks[1], pruned));
        pruned.fc1.outFeatures = pruned.fc2.inFeatures = 64;
        auto speed = mlpSpeed(times, 1, m_spec.blocks[1], pruned);
        QVERIFY(speed && speed->pays() && !speed->interpolated);
        QCOMPARE(speed->edited.median, 0.64 + 0.8);
        QCOMPARE(speed->original.median, 0.96 + 1.2);
        pruned.fc1.outFeatures = pruned.fc2.inFeatures = 72; // between two that were measured
        speed = mlpSpeed(times, 1, m_spec.blocks[1], pruned);
        QVERIFY(speed->interpolated);
        QVERIFY(std::abs(speed->edited.median - (0.72 + 0.9)) < 1e-12);
        // A machine on which that width fills its registers badly.
        times.mlps[1][64] = times.mlps[1][96];
        pruned.fc1.outFeatures = pruned.fc2.inFeatures = 64;
        QVERIFY(!mlpSpeed(times, 1, m_spec.blocks[1], pruned)->pays());
    }

    void heads()
    {
        LayerTimes times = sampleTimes();
        CompressionPlan plan = identityPlan(m_spec);
        plan.blocks[0].qkKeep = plan.blocks[0].voKeep = 0.5;
        plan.formats["blocks.0.attn.qkv"] = NumberFormat::Int8;
        const ModelSpec planned = plannedSpec(m_spec, plan);
        const auto speed = attentionSpeed(times, 0, m_spec.blocks[0], planned.blocks[0]);
        QVERIFY(speed && speed->pays());
        QCOMPARE(speed->edited.median, 0.5 * 0.6 + 0.3);
        QCOMPARE(speed->original.median, 0.5 * 1 + 0.5);
        QVERIFY(!attentionSpeed(times, 1, m_spec.blocks[1], planned.blocks[1]));
        times.attentions.clear();
        QVERIFY(!attentionSpeed(times, 0, m_spec.blocks[0], planned.blocks[0]));
    }

    void namesAllThatDoNotPay()
    {
        LayerTimes times = sampleTimes();
        times.mlps[0][48] = times.mlps[0][96];
        CompressionPlan plan = identityPlan(m_spec);
        plan.formats["patch_embed"] = NumberFormat::Fp16;
        plan.formats["blocks.1.mlp.fc2"] = NumberFormat::Int4;
        plan.formats["head"] = NumberFormat::Int8;
        plan.blocks[0].mlpKeep = 0.5;
        const auto slow = editsThatDoNotPay(times, m_spec, plannedSpec(m_spec, plan));
        QCOMPARE(slow.size(), std::size_t(3));
        QCOMPARE(slow[0].edit, std::string("patch_embed in fp16"));
        QCOMPARE(slow[1].edit, std::string("blocks.0.mlp with 48 of 96 channels"));
        QCOMPARE(slow[2].edit, std::string("blocks.1.mlp.fc2 in int4"));
        QVERIFY(editsThatDoNotPay(times, m_spec, m_spec).empty());
    }
};

QTEST_APPLESS_MAIN(TestEditSpeed)
#include "tst_editspeed.moc"
