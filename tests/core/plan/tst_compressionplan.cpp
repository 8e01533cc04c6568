#include "jsonchecks.h"

#include "plan/compressionplan.h"

#include <cmath>
#include <functional>
#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

using Change = std::function<void(CompressionPlan &)>;
Q_DECLARE_METATYPE(Change)

namespace {

ModelSpec tinySpec()
{
    ModelSpec spec = makeVitSpec({});
    spec.name = "tiny";
    return spec;
}

CompressionPlan mixedPlan()
{
    CompressionPlan plan = identityPlan(tinySpec());
    plan.blocks[3].mlpKeep = 0.7;
    plan.blocks[5].qkKeep = 0.75;
    plan.blocks[5].voKeep = 0.6;
    plan.formats["blocks.3.mlp.fc1"] = NumberFormat::Int8;
    plan.formats["blocks.3.mlp.fc2"] = NumberFormat::Int4;
    plan.formats["blocks.4.attn.qkv"] = NumberFormat::Int4;
    plan.score = ImportanceScore::MeanActivation;
    plan.refit = false;
    plan.int4GroupSize = 32;
    plan.rounding.gptq = false;
    return plan;
}

} // namespace

class TestCompressionPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void identity()
    {
        const ModelSpec spec = tinySpec();
        const CompressionPlan plan = identityPlan(spec);
        QCOMPARE(plan.blocks.size(), spec.blocks.size());
        QCOMPARE(plan.model, spec.name);
        for (const LinearSpec *linear : spec.linears())
            QVERIFY(plan.format(linear->name) == NumberFormat::Fp32);
        QVERIFY(plannedSpec(spec, plan) == spec);
    }

    void steps()
    {
        QCOMPARE(mlpWidthStep(1023), std::int64_t(16));
        QCOMPARE(mlpWidthStep(1024), std::int64_t(64));
    }

    void keptWidths_data()
    {
        QTest::addColumn<qint64>("width");
        QTest::addColumn<double>("keep");
        QTest::addColumn<qint64>("kept");
        const auto row = [](std::int64_t width, double keep, std::int64_t kept) {
            QTest::newRow((std::to_string(width) + " * " + std::to_string(keep)).c_str())
                << qint64(width) << keep << qint64(kept);
        };
        row(768, 1, 768);
        row(768, 0.7, 528); // 537.6
        row(768, 0.75, 576);
        row(768, 0.9999, 752);
        row(768, 1e-9, 16);
        row(3072, 0.7, 2112); // 2150.4
        row(5120, 0.7, 3584); // exactly
        row(1280, 0.7, 896);  // exactly, though 0.7 is not a binary fraction
        row(1280, 0.1, 128);
        row(1023, 0.5, 496);
        row(1000, 1, 1000); // not a multiple of the step, but nothing is removed
        row(16, 0.5, 16);   // at least one step
        row(10, 0.5, 10);   // smaller than a step
        row(100, 0.3, 16);  // 30
    }

    void keptWidths()
    {
        QFETCH(qint64, width);
        QFETCH(double, keep);
        QFETCH(qint64, kept);
        QCOMPARE(qint64(keptMlpWidth(width, keep)), kept);
    }

    void keptWidthsRemoveEnough()
    {
        for (std::int64_t width = 32; width <= 6000; width += 37) {
            const std::int64_t step = mlpWidthStep(width);
            for (int percent = 1; percent < 100; ++percent) {
                const double keep = percent / 100.0;
                const std::int64_t kept = keptMlpWidth(width, keep);
                QCOMPARE(kept % step, std::int64_t(0));
                QVERIFY(kept == step || 100 * kept <= percent * width);
                QVERIFY(100 * (kept + step) > percent * width); // and no more than one step too much
            }
        }
    }

    void keptWidthRefusals()
    {
        for (const double keep :
             {-0.5, 1.01, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
            QVERIFY(!failure([&] { keptMlpWidth(768, keep); }).empty());
            QVERIFY(!failure([&] { keptHeads(12, keep); }).empty());
        }
        QVERIFY(!failure([] { keptMlpWidth(0, 0.5); }).empty());
        QCOMPARE(keptMlpWidth(768, 0), std::int64_t(0)); // a linear layer in its place
    }

    void keptHeadCounts()
    {
        QCOMPARE(keptHeads(12, 1), 12);
        QCOMPARE(keptHeads(12, 0.75), 9);
        QCOMPARE(keptHeads(12, 0.74), 8);
        QCOMPARE(keptHeads(12, 0.01), 1);
        QCOMPARE(keptHeads(12, 0), 0); // a linear layer in their place
        for (int heads = 1; heads <= 24; ++heads) {
            for (int kept = 1; kept <= heads; ++kept)
                QCOMPARE(keptHeads(heads, double(kept) / heads), kept);
        }
    }

    void headsAreRemoved()
    {
        const ModelSpec spec = tinySpec();
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[2].headKeep = 0.7; // 2 of 3
        plan.blocks[2].qkKeep = 0.75;
        const ModelSpec planned = plannedSpec(spec, plan);
        validate(planned);
        const BlockSpec &block = planned.blocks[2];
        QCOMPARE(planned.headCount(block), 2);
        QCOMPARE(block.qkv.outFeatures, std::int64_t(2 * (48 + 48 + 64)));
        QCOMPARE(block.proj.inFeatures, std::int64_t(2 * 64));
        QCOMPARE(planned.qkDim(block), std::int64_t(48));
        QCOMPARE(planned.voDim(block), std::int64_t(64));
        QCOMPARE(planned.headCount(planned.blocks[1]), 3);
        // Of what is left, likewise.
        CompressionPlan again = identityPlan(planned);
        again.blocks[2].headKeep = 0.5;
        QCOMPARE(plannedSpec(planned, again).blocks[2].removedHeads, 2);
    }

    void halvesBecomeLinear()
    {
        const ModelSpec spec = tinySpec();
        CompressionPlan plan = mixedPlan();
        plan.blocks[3].mlpKeep = 0; // fc1 is INT8, fc2 is INT4
        plan.blocks[4].headKeep = 0;
        const ModelSpec planned = plannedSpec(spec, plan);
        validate(planned);
        const BlockSpec &third = planned.blocks[3];
        QVERIFY(third.mlpIsLinear() && !third.attentionIsLinear());
        QVERIFY(third.fc1 == absentLinear("blocks.3.mlp.fc1"));
        QCOMPARE(third.fc2.inFeatures, spec.width);
        QVERIFY(third.fc2.format == NumberFormat::Int4 && !third.fc2.inputScale); // folds into the norm
        QCOMPARE(third.mlpWidth(), std::int64_t(0));
        const BlockSpec &fourth = planned.blocks[4];
        QVERIFY(fourth.attentionIsLinear() && fourth.qkv.isAbsent());
        QCOMPARE(fourth.proj.inFeatures, spec.width);
        QCOMPARE(planned.headCount(fourth) + fourth.qkWidth() + fourth.voWidth(), std::int64_t(0));
        QCOMPARE(planned.linears().size(), spec.linears().size()); // absent ones keep their places
        // And stay so, whatever is planned next.
        CompressionPlan again = identityPlan(planned);
        again.blocks[3].mlpKeep = 0.5;
        again.blocks[4].headKeep = 0.5;
        QVERIFY(plannedSpec(planned, again).blocks[3].mlpIsLinear());
        QVERIFY(plannedSpec(planned, again).blocks[4].attentionIsLinear());
    }

    void keptHeadDims()
    {
        QCOMPARE(headDimStep(64), std::int64_t(16));
        QCOMPARE(headDimStep(63), std::int64_t(8));
        QCOMPARE(keptHeadDim(64, 64, 1), std::int64_t(64));
        QCOMPARE(keptHeadDim(64, 64, 0.75), std::int64_t(48));
        QCOMPARE(keptHeadDim(64, 64, 0.74), std::int64_t(32));
        QCOMPARE(keptHeadDim(64, 64, 0.01), std::int64_t(16));
        QCOMPARE(keptHeadDim(48, 64, 0.7), std::int64_t(32)); // pruned before: still in steps of 16
        QCOMPARE(keptHeadDim(80, 80, 0.7), std::int64_t(48));
        QCOMPARE(keptHeadDim(32, 32, 0.8), std::int64_t(24));
        QCOMPARE(keptHeadDim(5, 5, 0.5), std::int64_t(5)); // less than a step
        for (const double keep : {0.0, -0.5, 1.01, std::numeric_limits<double>::quiet_NaN()})
            QVERIFY(!failure([&] { keptHeadDim(64, 64, keep); }).empty());
        QVERIFY(!failure([] { keptHeadDim(0, 64, 0.5); }).empty());
    }

    void planned()
    {
        const ModelSpec spec = tinySpec();
        const ModelSpec result = plannedSpec(spec, mixedPlan());
        validate(result);
        QCOMPARE(result.blocks[3].fc1.outFeatures, std::int64_t(528));
        QCOMPARE(result.blocks[3].fc2.inFeatures, std::int64_t(528));
        QCOMPARE(result.blocks[2].mlpWidth(), std::int64_t(768));
        QVERIFY(result.blocks[3].fc1.format == NumberFormat::Int8);
        QVERIFY(!result.blocks[3].fc1.inputScale);
        QVERIFY(result.blocks[3].fc2.format == NumberFormat::Int4);
        QCOMPARE(result.blocks[3].fc2.groupSize, 32);
        QVERIFY(result.blocks[3].fc2.inputScale);
        QVERIFY(result.blocks[4].qkv.format == NumberFormat::Int4);
        QVERIFY(!result.blocks[4].qkv.inputScale); // folds into the norm
        QVERIFY(!result.blocks[4].fc2.inputScale);
        QVERIFY(result.head == spec.head);
        QCOMPARE(result.qkDim(result.blocks[5]), std::int64_t(48));
        QCOMPARE(result.voDim(result.blocks[5]), std::int64_t(32));
        QCOMPARE(result.blocks[5].qkv.outFeatures, std::int64_t(3 * (48 + 48 + 32)));
        QCOMPARE(result.blocks[5].proj.inFeatures, std::int64_t(3 * 32));
        QCOMPARE(result.headDim, std::int64_t(64)); // which scales the scores still
        QVERIFY(result.blocks[4].proj == spec.blocks[4].proj);
        QVERIFY(result.parameterCount() < spec.parameterCount());
    }

    void withoutAwqNothingIsScaled()
    {
        CompressionPlan plan = mixedPlan();
        plan.awq = false;
        QVERIFY(!plannedSpec(tinySpec(), plan).blocks[3].fc2.inputScale);
    }

    void layersNotNamedAreFp32()
    {
        CompressionPlan plan = mixedPlan();
        plan.formats.erase("head");
        QVERIFY(plannedSpec(tinySpec(), plan).head.format == NumberFormat::Fp32);
    }

    void plansOfTheSameWork_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("same");
        const auto row = [](const char *name, bool same, const Change &change) {
            QTest::newRow(name) << change << same;
        };
        row("a name for people", true, [](CompressionPlan &plan) { plan.model = "other"; });
        row("FP32, said", true, [](CompressionPlan &plan) { plan.formats["head"] = NumberFormat::Fp32; });
        row("the same width", true, [](CompressionPlan &plan) { plan.blocks[3].mlpKeep = 0.699; });
        row("another width", false, [](CompressionPlan &plan) { plan.blocks[3].mlpKeep = 0.5; });
        row("the same heads", true, [](CompressionPlan &plan) { plan.blocks[5].voKeep = 0.5; });
        row("fewer queries", false, [](CompressionPlan &plan) { plan.blocks[5].qkKeep = 0.5; });
        row("more values", false, [](CompressionPlan &plan) { plan.blocks[5].voKeep = 1; });
        row("a head less", false, [](CompressionPlan &plan) { plan.blocks[5].headKeep = 0.67; });
        row("all heads", true, [](CompressionPlan &plan) { plan.blocks[0].headKeep = 0.9999999999; });
        row("no MLP", false, [](CompressionPlan &plan) { plan.blocks[3].mlpKeep = 0; });
        row("another format", false, [](CompressionPlan &plan) { plan.formats["head"] = NumberFormat::Int8; });
        row("other groups", false, [](CompressionPlan &plan) { plan.int4GroupSize = 64; });
        row("another score", false, [](CompressionPlan &plan) { plan.score = ImportanceScore::Flap; });
        row("another stage", false, [](CompressionPlan &plan) { plan.rounding.clip = false; });
        row("a correction", false, [](CompressionPlan &plan) { plan.correction = 0.25; });
        row("a refit", false, [](CompressionPlan &plan) { plan.refit = true; });
        row("a block less", false, [](CompressionPlan &plan) { plan.blocks.pop_back(); });
    }
    void plansOfTheSameWork()
    {
        QFETCH(Change, change);
        QFETCH(bool, same);
        const ModelSpec spec = tinySpec();
        CompressionPlan other = mixedPlan();
        change(other);
        QCOMPARE(sameWork(spec, mixedPlan(), other), same);
        QVERIFY(sameWork(spec, other, other) || other.blocks.size() != spec.blocks.size());
        QCOMPARE(sameWork(spec, other, mixedPlan()), same);
        if (other.blocks.size() == spec.blocks.size() && same) {
            QVERIFY(plannedSpec(spec, mixedPlan()) == plannedSpec(spec, other));
        }
    }

    void whatIsNotThereDoesNotMatter()
    {
        const ModelSpec spec = tinySpec();
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[5].headKeep = 0;
        plan.blocks[5].mlpKeep = 0;
        CompressionPlan other = plan;
        other.blocks[5].qkKeep = 0.5;
        other.formats["blocks.5.attn.qkv"] = NumberFormat::Int8;
        other.formats["blocks.5.mlp.fc1"] = NumberFormat::Int4;
        QVERIFY(sameWork(spec, plan, other));
        other.formats["blocks.5.attn.proj"] = NumberFormat::Int8;
        QVERIFY(!sameWork(spec, plan, other));
    }

    void groupsMatterToInt4Alone()
    {
        CompressionPlan plan = identityPlan(tinySpec());
        CompressionPlan other = plan;
        other.int4GroupSize = 32;
        QVERIFY(sameWork(tinySpec(), plan, other));
    }

    void misfits_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QByteArray>("says");
        const auto row = [](const char *says, Change change) {
            QTest::newRow(says) << change << QByteArray(says);
        };
        row("11 blocks", [](CompressionPlan &plan) { plan.blocks.pop_back(); });
        row("0 blocks", [](CompressionPlan &plan) { plan.blocks.clear(); });
        row("blocks.12.mlp.fc1", [](CompressionPlan &plan) { plan.formats["blocks.12.mlp.fc1"] = NumberFormat::Int8; });
        row("ratios of block 2", [](CompressionPlan &plan) { plan.blocks[2].mlpKeep = -0.1; });
        row("ratios of block 4", [](CompressionPlan &plan) { plan.blocks[4].mlpKeep = std::nan(""); });
        row("ratios of block 5", [](CompressionPlan &plan) { plan.blocks[5].qkKeep = 1.5; });
        row("ratios of block 7", [](CompressionPlan &plan) { plan.blocks[7].headKeep = 1.01; });
        row("ratios of block 6", [](CompressionPlan &plan) { plan.blocks[6].voKeep = 0; });
        row("groups of 48", [](CompressionPlan &plan) { plan.int4GroupSize = 48; });
    }

    void misfits()
    {
        QFETCH(Change, change);
        QFETCH(QByteArray, says);
        CompressionPlan plan = mixedPlan();
        change(plan);
        const std::string sentence = failure([&] { plannedSpec(tinySpec(), plan); });
        QVERIFY2(sentence.find(says.toStdString()) != std::string::npos, sentence.c_str());
    }

    void scores()
    {
        for (const ImportanceScore each :
             {ImportanceScore::MeanActivation, ImportanceScore::Wanda, ImportanceScore::Flap, ImportanceScore::Obs})
            QVERIFY(importanceScoreFromString(toString(each)) == each);
        QVERIFY(!failure([] { importanceScoreFromString("magnitude"); }).empty());
    }

    void json()
    {
        verifyRoundTrip(CompressionPlan());
        verifyRoundTrip(mixedPlan());
    }

    void headsOfOlderFilesHaveOneShare()
    {
        nlohmann::json json = mixedPlan();
        for (nlohmann::json &block : json["blocks"]) {
            block.erase("qkKeep");
            block.erase("voKeep");
            block["attentionKeep"] = 1.0;
        }
        json["blocks"][2]["attentionKeep"] = 0.5;
        const auto plan = json.get<CompressionPlan>();
        QCOMPARE(plan.blocks[2].qkKeep, 0.5);
        QCOMPARE(plan.blocks[2].voKeep, 0.5);
        QCOMPARE(plan.blocks[3].qkKeep, 1.0);
    }

    void stagesOfOlderFilesAreOn()
    {
        nlohmann::json json = mixedPlan();
        for (const char *stage : {"shift", "clip", "gptq", "biasCorrection"})
            QVERIFY(json.erase(stage) == 1);
        QVERIFY(json.get<CompressionPlan>().rounding == RoundingStages());
    }

    void badFields_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char *pointer, const char *bad, const char *field) {
            QTest::newRow((std::string(pointer) + " " + bad).c_str())
                << QByteArray(pointer) << QByteArray(bad) << QByteArray(field);
        };
        for (const char *key : {"model", "blocks", "formats", "score", "refit", "int4GroupSize", "awq"})
            row(pointerTo(key).c_str(), "remove", key);
        row("/blocks", "5", "blocks");
        row("/blocks/3/mlpKeep", "-0.1", "blocks[3].mlpKeep");
        row("/blocks/3/headKeep", "-1", "blocks[3].headKeep");
        row("/blocks/3/mlpKeep", "1.0001", "blocks[3].mlpKeep");
        row("/blocks/3/mlpKeep", "\"0.5\"", "blocks[3].mlpKeep");
        row("/blocks/3/qkKeep", "-1", "blocks[3].qkKeep");
        row("/blocks/3/qkKeep", "remove", "blocks[3].qkKeep");
        row("/blocks/3/voKeep", "0", "blocks[3].voKeep");
        row("/blocks/3/voKeep", "remove", "blocks[3].voKeep");
        row("/blocks/3/attentionKeep", "2", "blocks[3].attentionKeep");
        row("/blocks/3/mlpkeep", "0.5", "blocks[3].mlpkeep");
        row("/formats", "[]", "formats");
        row("/formats/head", "\"int5\"", "formats[\"head\"]");
        row("/formats/head", "8", "formats[\"head\"]");
        row("/score", "\"magnitude\"", "score");
        row("/int4GroupSize", "48", "int4GroupSize");
        row("/int4GroupSize", "256", "int4GroupSize");
        row("/awq", "\"on\"", "awq");
        row("/gptq", "1", "gptq");
        row("/awk", "true", "awk");
    }

    void badFields()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, bad);
        QFETCH(QByteArray, field);
        verifyBadField<CompressionPlan>(mixedPlan(), pointer.toStdString(), bad.toStdString(), field.toStdString());
    }

    void sentence()
    {
        nlohmann::json json = mixedPlan();
        json["blocks"][3]["qkKeep"] = 0;
        QCOMPARE(failure([&] { json.get<CompressionPlan>(); }),
                 std::string("plan: field \"blocks[3].qkKeep\" must be a number in (0, 1]"));
    }
};

QTEST_APPLESS_MAIN(TestCompressionPlan)
#include "tst_compressionplan.moc"
