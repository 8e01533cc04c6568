#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/layertimes.h"
#include "plan/linearlayout.h"

#include <cmath>
#include <stdexcept>

using namespace edgeflex;
using namespace edgeflex::test;

class TestLayerTimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(sampleTimes());
        verifyRoundTrip(LayerTimes());
    }

    void readsTimesWithoutSpreadAndWithoutMachine()
    {
        LayerTimes times = sampleTimes();
        times.machine = "A processor";
        times.layers["head"][NumberFormat::Int8] = Spread{0.125, 0.1, 0.2};
        verifyRoundTrip(times);
        nlohmann::json json = times;
        json.erase("machine");
        json["layers"]["head"]["int8"] = 0.125;
        QVERIFY(json.get<LayerTimes>() == sampleTimes());
    }

    void badFields()
    {
        const nlohmann::json json = sampleTimes();
        for (const char *key : {"batch", "target", "fp32Milliseconds", "layers", "mlps"})
            verifyBadField<LayerTimes>(json, pointerTo(key), "remove", key);
        verifyBadField<LayerTimes>(json, "/batch", "0", "batch");
        verifyBadField<LayerTimes>(json, "/target/threads", "0", "target.threads");
        verifyBadField<LayerTimes>(json, "/fp32Milliseconds", "-1", "fp32Milliseconds");
        verifyBadField<LayerTimes>(json, "/layers/head/int8", "-1", "layers[\"head\"].int8");
        verifyBadField<LayerTimes>(json, "/mlps/1/widths/2/fc2/fp32", "\"slow\"", "mlps[1].widths[2].fc2.fp32");
        verifyBadField<LayerTimes>(json, "/mlps/1/widths/2/fc1", "remove", "mlps[1].widths[2].fc1");
        verifyBadField<LayerTimes>(json, "/mlps/1/widths/2/width", "-16", "mlps[1].widths[2].width");
        verifyBadField<LayerTimes>(json, "/mlps/0/widths", "[]", "mlps[0].widths");
        verifyBadField<LayerTimes>(json, "/attentions/1/qkv", "[]", "attentions[1].qkv");
        verifyBadField<LayerTimes>(json, "/attentions/1/proj", "remove", "attentions[1].proj");
        verifyBadField<LayerTimes>(json, "/attentions/0/proj/0/width", "0", "attentions[0].proj[0].width");
        verifyBadField<LayerTimes>(json, "/attentions/0/qkv/1/times/int8", "-1", "attentions[0].qkv[1].times.int8");
    }

    void layersOfAPlan()
    {
        const LayerTimes times = sampleTimes();
        CompressionPlan plan = identityPlan(sampleSpec());
        plan.blocks[1].mlpKeep = 56.0 / 96; // snaps down to 48
        plan.formats["blocks.1.mlp.fc1"] = NumberFormat::Int8;
        const ModelSpec planned = plannedSpec(sampleSpec(), plan);
        QCOMPARE(times.milliseconds(planned, planned.head), 0.25);
        QCOMPARE(times.milliseconds(planned, planned.blocks[1].fc1), 0.24);
        QCOMPARE(times.milliseconds(planned, planned.blocks[1].fc2), 0.6);
        // 72 lies between two measured widths; 16 below all.
        BlockSpec block = sampleSpec().blocks[0];
        block.fc1.outFeatures = block.fc2.inFeatures = 72;
        block.fc2.format = NumberFormat::Int8;
        QCOMPARE(times.mlpMilliseconds(0, block), 0.72 + 0.45);
        block.fc1.outFeatures = block.fc2.inFeatures = 16;
        block.fc2.format = NumberFormat::Fp32;
        QCOMPARE(times.mlpMilliseconds(0, block), 0.48 + 0.6);
        double sum = 0;
        for (const LinearSpec *linear : planned.linears())
            sum += times.milliseconds(planned, *linear);
        QVERIFY(std::abs(times.milliseconds(planned) - sum) < 1e-12);
    }

    void prunedHeadsTakeLess()
    {
        LayerTimes times = sampleTimes();
        CompressionPlan plan = identityPlan(sampleSpec());
        plan.blocks[1].qkKeep = 0.5;
        plan.blocks[1].voKeep = 0.5;
        plan.formats["blocks.1.attn.proj"] = NumberFormat::Int8;
        const ModelSpec planned = plannedSpec(sampleSpec(), plan);
        QCOMPARE(times.milliseconds(planned, planned.blocks[1].qkv), 0.6);
        QCOMPARE(times.milliseconds(planned, planned.blocks[1].proj), 0.15);
        QCOMPARE(times.attentionMilliseconds(1, planned.blocks[1]), 0.75);
        // Values alone: 120 outputs of qkv lie between those measured.
        plan.blocks[1].qkKeep = 1;
        QCOMPARE(times.milliseconds(plannedSpec(sampleSpec(), plan), plannedSpec(sampleSpec(), plan).blocks[1].qkv),
                 0.6 + 0.4 * 48 / 72);
        // Older sessions know whole layers only.
        nlohmann::json json = times;
        json.erase("attentions");
        times = json.get<LayerTimes>();
        QVERIFY(times.attentions.empty());
        QCOMPARE(times.attentionMilliseconds(1, planned.blocks[1]), 1 + 0.25);
        QCOMPARE(times.milliseconds(planned, planned.blocks[1].qkv), 1.0);
    }

    void linearHalvesTakeTheTimeOfOneLayer()
    {
        LayerTimes times = sampleTimes();
        CompressionPlan plan = identityPlan(sampleSpec());
        plan.blocks[0].mlpKeep = 0;
        plan.blocks[1].headKeep = 0;
        plan.formats["blocks.0.mlp.fc2"] = NumberFormat::Int8;
        const ModelSpec planned = plannedSpec(sampleSpec(), plan);
        QCOMPARE(times.milliseconds(planned, planned.blocks[0].fc1), 0.0);
        QCOMPARE(times.milliseconds(planned, planned.blocks[0].fc2), 0.2);
        QCOMPARE(times.mlpMilliseconds(0, planned.blocks[0]), 0.2);
        QCOMPARE(times.milliseconds(planned, planned.blocks[1].qkv), 0.0);
        QCOMPARE(times.attentionMilliseconds(1, planned.blocks[1]), 0.5);
        for (const LinearSpec *linear : planned.linears())
            QVERIFY(times.isMeasured(planned, *linear));
        // Of a head less: two thirds of the outputs.
        plan.blocks[1].headKeep = 0.67;
        const ModelSpec fewer = plannedSpec(sampleSpec(), plan);
        QCOMPARE(fewer.blocks[1].qkv.outFeatures, std::int64_t(96));
        QCOMPARE(times.milliseconds(fewer, fewer.blocks[1].qkv), 0.6 + 0.4 * 24 / 72);
        // Sessions of before they were timed.
        nlohmann::json json = times;
        json.erase("linearMlps");
        times = json.get<LayerTimes>();
        QVERIFY_EXCEPTION_THROWN(times.mlpMilliseconds(0, planned.blocks[0]), std::out_of_range);
        QVERIFY(!times.isMeasured(planned, planned.blocks[0].fc2));
    }

    // What heads take between the two layers: as many as are left, as wide as they are, in the format they attend in.
    void headsTakeTheirTime()
    {
        LayerTimes times = sampleTimes();
        const ModelSpec spec = sampleSpec();
        const double layers = times.attentionMilliseconds(1, spec.blocks[1]);
        times.attentions[1].heads = 3;
        times.attentions[1].head[32] = {{NumberFormat::Fp32, 0.2}, {NumberFormat::Bf16, 0.125}};
        times.attentions[1].head[16] = {{NumberFormat::Fp32, 0.1}, {NumberFormat::Bf16, 0.0625}};
        verifyRoundTrip(times);
        QCOMPARE(times.attentionMilliseconds(1, spec.blocks[1]), layers + 3 * 0.2);
        QCOMPARE(times.milliseconds(spec), sampleTimes().milliseconds(spec) + 3 * 0.2);
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[1].headKeep = 0.67;
        plan.blocks[1].qkKeep = 0.5;
        const BlockSpec fewer = plannedSpec(spec, plan).blocks[1];
        QCOMPARE(times.attentionMilliseconds(1, fewer),
                 sampleTimes().attentionMilliseconds(1, fewer) + 2 * 0.15); // 8 and 16: between 16 and 32
        times.target.bf16Compute = true;
        plan.formats["blocks.1.attn.qkv"] = NumberFormat::Bf16;
        QVERIFY(attendsInBfloat16(plannedSpec(spec, plan).blocks[1], times.target));
        const BlockSpec rounded = plannedSpec(spec, plan).blocks[1];
        LayerTimes without = times;
        without.attentions[1].head.clear();
        QCOMPARE(times.attentionMilliseconds(1, rounded),
                 without.attentionMilliseconds(1, rounded) + 2 * (0.125 + 0.0625) / 2);
        plan.blocks[1].headKeep = 0;
        QCOMPARE(times.attentionMilliseconds(1, plannedSpec(spec, plan).blocks[1]), 0.5);
    }

    void saysWhatIsInterpolated()
    {
        LayerTimes times = sampleTimes();
        times.mlps[0][80].fc1[NumberFormat::Fp32] = Spread{0.8, 0.7, 1.0};
        times.mlps[0][64].fc1[NumberFormat::Fp32] = Spread{0.6, 0.5, 0.8};
        ModelSpec spec = sampleSpec();
        BlockSpec &block = spec.blocks[0];
        block.fc1.outFeatures = block.fc2.inFeatures = 80;
        QVERIFY(times.isMeasured(spec, block.fc1) && times.isMeasured(spec, block.qkv));
        block.fc1.outFeatures = block.fc2.inFeatures = 72;
        QVERIFY(!times.isMeasured(spec, block.fc1) && !times.isMeasured(spec, block.fc2));
        const TimeSpread between = times.time(spec, block.fc1);
        QVERIFY(std::abs(between.median - 0.7) < 1e-12 && std::abs(between.low - 0.6) < 1e-12 &&
                std::abs(between.high - 0.9) < 1e-12);
        block.qkv.outFeatures = 100;
        QVERIFY(!times.isMeasured(spec, block.qkv));
        QVERIFY(times.isMeasured(spec, spec.head));
    }

    void whatWasNotMeasuredThrows()
    {
        LayerTimes times = sampleTimes();
        const ModelSpec spec = sampleSpec();
        times.layers.at("head").erase(NumberFormat::Fp32);
        QVERIFY_EXCEPTION_THROWN(times.milliseconds(spec), std::out_of_range);
        QVERIFY_EXCEPTION_THROWN(times.milliseconds(spec, spec.head), std::out_of_range);
        times.mlps.pop_back();
        QVERIFY_EXCEPTION_THROWN(times.milliseconds(spec, spec.blocks[1].fc1), std::out_of_range);
        QVERIFY_EXCEPTION_THROWN(LayerTimes().mlpMilliseconds(0, spec.blocks[0]), std::out_of_range);
    }
};

QTEST_APPLESS_MAIN(TestLayerTimes)
#include "tst_layertimes.moc"
