#include "plansamples.h"

#include "plan/error.h"
#include "plan/keepallocation.h"

#include <QTest>

#include <vector>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// A model of four blocks of 64 channels.
ModelSpec spec()
{
    VitShape shape;
    shape.width = 16;
    shape.heads = 2;
    shape.depth = 4;
    shape.mlpWidth = 64;
    shape.imageSize = 8;
    shape.patchSize = 4;
    shape.classes = 4;
    return makeVitSpec(shape);
}

// 50 images of class 0 with a margin of 4. Pruning blocks 0 and 2 moves the label's logit down, pruning block 1 moves
// it up and pruning block 3 does not move it: 0.1 a channel. The KL of one alone is the same for 0, 1 and 2.
Sensitivity sensitivity()
{
    Sensitivity value;
    value.images = 50;
    std::vector<float> logits(50 * 4, 0.0F);
    for (std::size_t image = 0; image < 50; ++image)
        logits[image * 4] = 4;
    const LogitTracker tracker(logits, std::vector<int>(50, 0), 4);
    value.shifts = tracker.unchanged();
    const double way[] = {-1, 1, -1, 0};
    for (const double sign : way) {
        std::map<std::int64_t, double> losses{{64, 0.0}};
        LogitShifts::ByWidth shifts;
        for (const std::int64_t width : {16, 32, 48}) {
            std::vector<float> changed = logits;
            for (std::size_t image = 0; image < 50; ++image)
                changed[image * 4] += static_cast<float>(sign * 0.1 * static_cast<double>(64 - width));
            shifts[width] = tracker.shift(changed);
            losses[width] = sign == 0 ? 10 : static_cast<double>(64 - width);
        }
        value.mlpWidths.push_back(losses);
        value.shifts.mlpWidths.push_back(shifts);
    }
    value.qkDims = value.voDims = std::vector<std::map<std::int64_t, double>>(4, {{4, 1.0}, {8, 0.0}});
    value.qkDims[0][4] = 0.1;
    value.voDims[3][4] = 0.2;
    return value;
}

double kept(const CompressionPlan &plan)
{
    double sum = 0;
    for (const BlockPlan &block : plan.blocks)
        sum += block.mlpKeep;
    return sum / static_cast<double>(plan.blocks.size());
}

} // namespace

class TestKeepAllocation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // One by one block 3 is no better than others; together it is free, and 1 makes up for what 0 or 2 lose.
    void usesWhatChangesDoTogether()
    {
        Predictor predictor(spec(), sampleTarget(), ScheduleKind::Tight, 1);
        predictor.setSensitivity(sensitivity());
        CompressionPlan plan = identityPlan(spec());
        plan.formats["head"] = NumberFormat::Int4; // was not measured, and stays
        allocateMlpKeeps(predictor, sensitivity(), 0.75, plan, neverCancelled);
        QVERIFY(kept(plan) <= 0.75);
        CompressionPlan pruningAlone = plan;
        pruningAlone.formats.clear();
        QVERIFY(predictor.predict(pruningAlone).kl.value() < 1e-4);
        QVERIFY(plan.formats.at("head") == NumberFormat::Int4);

        Sensitivity sums = sensitivity();
        sums.shifts = {};
        predictor.setSensitivity(sums);
        CompressionPlan additive = identityPlan(spec());
        allocateMlpKeeps(predictor, sums, 0.75, additive, neverCancelled);
        QVERIFY(kept(additive) <= 0.75);
        predictor.setSensitivity(sensitivity());
        QVERIFY(predictor.predict(additive).kl.value() >= predictor.predict(pruningAlone).kl.value());
    }

    void attentionGivesWhereItCostsLeast()
    {
        Sensitivity sums = sensitivity();
        sums.shifts = {};
        Predictor predictor(spec(), sampleTarget(), ScheduleKind::Tight, 1);
        predictor.setSensitivity(sums);
        CompressionPlan plan = identityPlan(spec());
        allocateAttentionKeeps(predictor, sums, 0.875, plan, neverCancelled);
        for (std::size_t i = 0; i < 4; ++i) {
            QCOMPARE(plan.blocks[i].qkKeep, i == 0 ? 0.5 : 1.0);
            QCOMPARE(plan.blocks[i].voKeep, i == 3 ? 0.5 : 1.0);
        }
    }

    void refusesWhatWasNotMeasured()
    {
        Predictor predictor(spec(), sampleTarget(), ScheduleKind::Tight, 1);
        predictor.setSensitivity(sensitivity());
        CompressionPlan plan = identityPlan(spec());
        try {
            allocateMlpKeeps(predictor, sensitivity(), 0.1, plan, neverCancelled);
            QFAIL("accepted");
        } catch (const Error &error) {
            QVERIFY(QString(error.what()).contains("so few channels"));
        }
        QVERIFY(plan == identityPlan(spec()));
    }
};

QTEST_APPLESS_MAIN(TestKeepAllocation)
#include "tst_keepallocation.moc"
