#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/sensitivity.h"

#include <stdexcept>

using namespace edgeflex;
using namespace edgeflex::test;

class TestSensitivity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(sampleSensitivity());
        verifyRoundTrip(Sensitivity());
    }

    void badFields()
    {
        const nlohmann::json json = sampleSensitivity();
        for (const char *key : {"images", "formats", "mlpWidths"})
            verifyBadField<Sensitivity>(json, pointerTo(key), "remove", key);
        verifyBadField<Sensitivity>(json, "/images", "-1", "images");
        verifyBadField<Sensitivity>(json, "/formats/head/int8", "\"much\"", "formats[\"head\"].int8");
        verifyBadField<Sensitivity>(json, "/formats/head/int8", "-0.1", "formats[\"head\"].int8");
        verifyBadField<Sensitivity>(json, "/formats/head/int3", "0.1", "formats[\"head\"].int3");
        verifyBadField<Sensitivity>(json, "/formats/head", "[]", "formats[\"head\"]");
        verifyBadField<Sensitivity>(json, "/mlpWidths/1/widths/0/width", "0", "mlpWidths[1].widths[0].width");
        verifyBadField<Sensitivity>(json, "/mlpWidths/1/widths/0/kl", "remove", "mlpWidths[1].widths[0].kl");
        verifyBadField<Sensitivity>(json, "/mlpWidths/1/widths/0/kl", "-1", "mlpWidths[1].widths[0].kl");
        verifyBadField<Sensitivity>(json, "/mlpWidths/0/widths", "[]", "mlpWidths[0].widths");
        verifyBadField<Sensitivity>(json, "/mlpWidths/0", "7", "mlpWidths[0]");
        verifyBadField<Sensitivity>(json, "/qkDims/1/widths/0/kl", "-1", "qkDims[1].widths[0].kl");
        verifyBadField<Sensitivity>(json, "/voDims/0/widths", "[]", "voDims[0].widths");
        verifyBadField<Sensitivity>(json, "/linearMlpPairs/0/kl", "remove", "linearMlpPairs[0].kl");
        verifyBadField<Sensitivity>(json, "/linearMlpPairs/0/first", "-1", "linearMlpPairs[0].first");
        verifyBadField<Sensitivity>(json, "/linearMlpPairs/0/second", "0", "linearMlpPairs[0].second");
        verifyBadField<Sensitivity>(json, "/linearAttentionPairs/0/second", "2", "linearAttentionPairs");
    }

    void formats()
    {
        const Sensitivity value = sampleSensitivity();
        QVERIFY(value.measured("head", NumberFormat::Int4));
        QVERIFY(value.measured("head", NumberFormat::Fp32));
        QVERIFY(!value.measured("no such layer", NumberFormat::Int4));
        QVERIFY(value.measured("no such layer", NumberFormat::Fp32)); // what is not touched costs nothing
        QCOMPARE(value.formatLoss("head", NumberFormat::Fp32), 0.0);
        QCOMPARE(value.formatLoss("patch_embed", NumberFormat::Int8), 0.001);
        QVERIFY_EXCEPTION_THROWN(value.formatLoss("no such layer", NumberFormat::Int8), std::out_of_range);
    }

    void widthsBetween()
    {
        const Sensitivity value = sampleSensitivity();
        QCOMPARE(value.widthLoss(0, 96), 0.0);
        QCOMPARE(value.widthLoss(0, 64), 0.01);
        QCOMPARE(value.widthLoss(0, 72), 0.006);
        QCOMPARE(value.widthLoss(0, 16), 0.03); // below the least: that of the least
        QCOMPARE(value.widthLoss(0, 200), 0.0); // above the greatest: that of the greatest
        QVERIFY_EXCEPTION_THROWN(value.widthLoss(2, 64), std::out_of_range);
        QCOMPARE(value.qkLoss(0, 16), 0.0);
        QCOMPARE(value.qkLoss(1, 8), 0.001);
        QCOMPARE(value.voLoss(1, 12), 0.0025);
        QVERIFY_EXCEPTION_THROWN(value.voLoss(2, 8), std::out_of_range);
    }

    void shiftsGoWithTheLosses()
    {
        Sensitivity value = sampleSensitivity();
        const std::vector<float> logits{3, 1, 2, 0, 5, 4};
        const LogitTracker tracker(logits, std::vector<int>{0, 2}, 3);
        value.shifts = tracker.unchanged();
        value.shifts.formats["head"][NumberFormat::Int8] = tracker.shift({2, 1, 2, 0, 5, 4.5F});
        value.shifts.mlpWidths.resize(2);
        value.shifts.mlpWidths[0][48] = tracker.shift({2, 1, 2, 1, 5, 4});
        value.shifts.qkDims.resize(value.qkDims.size());
        value.shifts.voDims.resize(value.voDims.size());
        value.shifts.headCounts.resize(2);
        value.shifts.headCounts[1][1] = tracker.shift({2, 1, 3, 1, 5, 4});
        value.shifts.linearAttentions.assign(2, tracker.shift({2, 2, 2, 1, 5, 4}));
        value.shifts.linearMlps.assign(2, tracker.shift({1, 1, 2, 1, 6, 4}));
        for (LinearPair *pair : {&value.linearAttentionPairs[0], &value.linearMlpPairs[0]})
            pair->shift = tracker.shift({3, 1, 2, 0, 5, 3});
        verifyRoundTrip(value);
        value.linearMlpPairs[0].shift.codes.pop_back();
        verifyBadField<Sensitivity>(value, "/images", "64", "linearMlpPairs"); // of other images
        value.linearMlpPairs.clear();
        value.shifts.mlpWidths.pop_back();
        verifyBadField<Sensitivity>(value, "/images", "64", "shifts"); // of another number of blocks
    }

    void olderFilesSayNothingOfAttention()
    {
        nlohmann::json json = sampleSensitivity();
        json.erase("qkDims");
        json.erase("voDims");
        json.erase("headCounts");
        json.erase("linearAttentions");
        json.erase("linearMlps");
        json.erase("linearAttentionPairs");
        json.erase("linearMlpPairs");
        const auto value = json.get<Sensitivity>();
        QVERIFY(value.qkDims.empty() && value.voDims.empty());
        QCOMPARE(value.mlpWidths, sampleSensitivity().mlpWidths);
        QVERIFY_EXCEPTION_THROWN(value.qkLoss(0, 16), std::out_of_range);
        QVERIFY(value.headCounts.empty() && value.linearAttentions.empty() && value.linearMlps.empty());
    }

    void pairsAreOfHalvesThatBecomeLinear()
    {
        const ModelSpec spec = sampleSpec();
        const Sensitivity value = sampleSensitivity();
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[0].headKeep = 0;
        const ModelSpec one = plannedSpec(spec, plan);
        QVERIFY(value.attentionPairs(spec, one).empty());
        plan.blocks[1].headKeep = 0;
        const ModelSpec both = plannedSpec(spec, plan);
        const std::vector<PairShare> attentions = value.attentionPairs(spec, both);
        QCOMPARE(attentions.size(), std::size_t(1));
        QCOMPARE(attentions[0].pair, &value.linearAttentionPairs[0]);
        QCOMPARE(attentions[0].share, 1.0);
        QVERIFY(value.mlpPairs(spec, both).empty());
        QVERIFY(value.attentionPairs(one, both).empty()); // the first was linear before
        plan.blocks[0].mlpKeep = plan.blocks[1].mlpKeep = 0;
        const std::vector<PairShare> mlps = value.mlpPairs(spec, plannedSpec(spec, plan));
        QCOMPARE(mlps.size(), std::size_t(1));
        QCOMPARE(mlps[0].pair, &value.linearMlpPairs[0]);
    }

    void fewerHeadsTakePartByWhatTheyCost()
    {
        const ModelSpec spec = sampleSpec();
        const Sensitivity value = sampleSensitivity();
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[0].headKeep = 0;
        plan.blocks[1].headKeep = 0.67; // costs 0.004, a linear layer 0.02
        const auto shareOf = [&] {
            const auto pairs = value.attentionPairs(spec, plannedSpec(spec, plan));
            return pairs.empty() ? 0 : pairs[0].share;
        };
        QCOMPARE(shareOf(), 0.5 * std::sqrt(0.004 / 0.02));
        plan.blocks[1].voKeep = plan.blocks[1].qkKeep = 0.5; // of no consequence
        QCOMPARE(shareOf(), 0.5 * std::sqrt(0.004 / 0.02));
        plan.blocks[0].headKeep = 1; // as it was
        QCOMPARE(shareOf(), 0.0);
        plan.blocks[0].mlpKeep = plan.blocks[1].mlpKeep = 0.5;
        QVERIFY(value.mlpPairs(spec, plannedSpec(spec, plan)).empty());
    }

    void eachPairStandsOnce()
    {
        Sensitivity value = sampleSensitivity();
        value.linearMlpPairs.push_back(value.linearMlpPairs[0]);
        verifyBadField<Sensitivity>(value, "/images", "64", "linearMlpPairs");
        value = sampleSensitivity();
        verifyBadField<Sensitivity>(value, "/linearMlpPairs/0/kl", "1e300", "linearMlpPairs[0].kl");
    }

    void olderOnesLackPairs()
    {
        Sensitivity value = sampleSensitivity();
        QVERIFY(value.isComplete());
        value.linearMlpPairs.clear();
        QVERIFY(!value.isComplete());
        value.linearMlps.resize(1); // a model of one block has none
        QVERIFY(value.isComplete());
    }

    void lossOfHalves()
    {
        const ModelSpec spec = sampleSpec(); // 3 heads of 16, MLPs of 96
        Sensitivity value = sampleSensitivity();
        BlockPlan plan;
        const auto attention = [&] {
            return value.attentionLoss(spec, 1, plannedBlock(spec, spec.blocks[1], plan));
        };
        const auto mlp = [&] {
            return value.mlpLoss(spec, 1, plannedBlock(spec, spec.blocks[1], plan));
        };
        QCOMPARE(attention(), 0.0);
        QCOMPARE(mlp(), 0.0);
        plan = {0.5, 0.5, 0.5, 0.67};
        QCOMPARE(attention(), 0.001 + 0.005 + 0.004);
        QCOMPARE(mlp(), 0.004);
        plan = {0, 0.5, 1, 0};
        QCOMPARE(attention(), 0.02);
        QCOMPARE(mlp(), 0.012);
        value.linearAttentions.clear();
        value.linearMlps.clear();
        QVERIFY(!attention() && !mlp());
        plan = {1, 1, 1, 0.4};
        value.headCounts.clear();
        QVERIFY(!attention());
        QCOMPARE(mlp(), 0.0);
    }
};

QTEST_APPLESS_MAIN(TestSensitivity)
#include "tst_sensitivity.moc"
