#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "plan/predictor.h"
#include "plan/shiftsum.h"

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

Predictor predictor(ScheduleKind schedule = ScheduleKind::Tight, int batch = 1)
{
    Predictor value(sampleSpec(), sampleTarget(), schedule, batch);
    value.setSensitivity(sampleSensitivity());
    value.setTimes(sampleTimes());
    return value;
}

CompressionPlan planOf(double keep, NumberFormat format)
{
    CompressionPlan plan = identityPlan(sampleSpec());
    for (BlockPlan &block : plan.blocks)
        block.mlpKeep = keep;
    for (auto &[layer, its] : plan.formats)
        its = format;
    return plan;
}

// 100 images of class 0 that FP32 gets right, 90 of them with a margin of 5 and 10 with 0.5. INT8 takes 1 off the
// label's logit in the head, INT4 gives it back in blocks.1.attn.qkv, and pruning block 0 to 48 channels takes 2 off.
Sensitivity withShifts()
{
    Sensitivity value = sampleSensitivity();
    std::vector<float> logits(100 * 10, 0.0F);
    for (std::size_t image = 0; image < 100; ++image)
        logits[image * 10] = image < 90 ? 5.0F : 0.5F;
    const LogitTracker tracker(logits, std::vector<int>(100, 0), 10);
    const auto moved = [&](float by) {
        std::vector<float> changed = logits;
        for (std::size_t image = 0; image < 100; ++image)
            changed[image * 10] += by;
        return tracker.shift(changed);
    };
    value.shifts = tracker.unchanged();
    value.shifts.formats["head"][NumberFormat::Int8] = moved(-1);
    value.shifts.formats["blocks.1.attn.qkv"][NumberFormat::Int4] = moved(1);
    value.shifts.mlpWidths = {{{48, moved(-2)}}, {}};
    return value;
}

CompressionPlan planWith(bool head, bool qkv, std::int64_t width = 96)
{
    CompressionPlan plan = identityPlan(sampleSpec());
    if (head)
        plan.formats["head"] = NumberFormat::Int8;
    if (qkv)
        plan.formats["blocks.1.attn.qkv"] = NumberFormat::Int4;
    plan.blocks[0].mlpKeep = static_cast<double>(width) / 96;
    return plan;
}

} // namespace

class TestPredictor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesAreExact()
    {
        for (const ScheduleKind kind : {ScheduleKind::Tight, ScheduleKind::Eager})
            for (const int batch : {1, 8})
                for (const double keep : {1.0, 0.7, 0.3})
                    for (const NumberFormat format : allNumberFormats()) {
                        const CompressionPlan plan = planOf(keep, format);
                        const ModelSpec planned = plannedSpec(sampleSpec(), plan);
                        const Prediction prediction = predictor(kind, batch).predict(plan);
                        QCOMPARE(prediction.weightsBytes, weightBytes(planned));
                        QCOMPARE(prediction.peakBytes,
                                 makeTimeline(makeSchedule(planned, kind, batch, sampleTarget())).peakBytes());
                    }
    }

    void theBaselineLosesNothing()
    {
        Predictor value = predictor();
        const Prediction prediction = value.predict(identityPlan(sampleSpec()));
        QCOMPARE(prediction.latencyRatio, std::optional<double>(1.0));
        QVERIFY(std::abs(*prediction.milliseconds - 10) < 1e-12);
        QCOMPARE(prediction.kl, std::optional<double>(0.0));
        QCOMPARE(prediction.dropPoints, std::optional<double>(0.0));
        value.setVariants({sampleBaseline(), sampleVariant(1)});
        QCOMPARE(value.predict(identityPlan(sampleSpec())).dropPoints, std::optional<double>(0.0));
    }

    void levels()
    {
        const CompressionPlan plan = sampleVariant(1).plan;
        Predictor value(sampleSpec(), sampleTarget(), ScheduleKind::Tight, 1);
        Prediction prediction = value.predict(plan);
        QVERIFY(prediction.level == Prediction::Level::None);
        QVERIFY(!prediction.kl && !prediction.dropPoints && !prediction.milliseconds && !prediction.latencyRatio);
        value.setVariants({sampleVariant(1)}); // without a sensitivity they say nothing of other plans
        QVERIFY(value.predict(plan).level == Prediction::Level::None);
        value.setVariants({});
        value.setSensitivity(sampleSensitivity());
        prediction = value.predict(plan);
        QVERIFY(prediction.level == Prediction::Level::Additive);
        QVERIFY(*prediction.dropPoints > 0 && prediction.dropErrorPoints > 0);
        Sensitivity estimate = sampleSensitivity();
        estimate.estimated = true;
        value.setSensitivity(estimate);
        const Prediction rough = value.predict(plan);
        QVERIFY(rough.level == Prediction::Level::Estimated);
        QCOMPARE(rough.dropPoints, prediction.dropPoints);
        QVERIFY(rough.dropErrorPoints > 3 * prediction.dropErrorPoints);
        value.setSensitivity(sampleSensitivity());
        value.setVariants({sampleBaseline()}); // the baseline calibrates nothing
        QVERIFY(value.predict(plan).level == Prediction::Level::Additive);
        value.setVariants({sampleBaseline(), sampleVariant(1)});
        QVERIFY(value.predict(plan).level == Prediction::Level::Calibrated);
        value.setSensitivity({});
        QVERIFY(value.predict(plan).level == Prediction::Level::None);
    }

    void whatIsMeasuredIsPredicted()
    {
        Predictor value = predictor();
        Variant other = sampleVariant(2);
        other.plan = planOf(0.5, NumberFormat::Int4);
        other.measurement = sampleMeasurement(200, 5);
        value.setVariants({sampleBaseline(), sampleVariant(1), other});
        for (const Variant &variant : {sampleVariant(1), other}) {
            const Prediction prediction = value.predict(variant.plan);
            const PairedDrop &drop = variant.measurement.againstBaseline->drop;
            QVERIFY(std::abs(*prediction.dropPoints - drop.points) < 1e-9);
            QVERIFY(std::abs(prediction.dropErrorPoints - (drop.high - drop.low) / 2) < 1e-9);
        }
    }

    void measurementsPullTheirNeighbours()
    {
        Predictor value = predictor();
        const CompressionPlan plan = planOf(0.7, NumberFormat::Int8);
        const double before = *value.predict(plan).dropPoints;
        Variant worse = sampleVariant(1);
        worse.measurement = sampleMeasurement(300, 0);
        value.setVariants({worse});
        QVERIFY(*value.predict(plan).dropPoints > before);
    }

    void monotone()
    {
        const Predictor value = predictor();
        // Less of the MLPs: fewer bytes, less time, more loss.
        Prediction before = value.predict(planOf(1, NumberFormat::Fp32));
        for (const double keep : {0.9, 0.7, 0.5}) {
            const Prediction now = value.predict(planOf(keep, NumberFormat::Fp32));
            QVERIFY(now.weightsBytes < before.weightsBytes);
            QVERIFY(now.peakBytes < before.peakBytes);
            QVERIFY(*now.milliseconds < *before.milliseconds);
            QVERIFY(*now.latencyRatio < *before.latencyRatio);
            QVERIFY(*now.kl > *before.kl);
            QVERIFY(*now.dropPoints > *before.dropPoints);
            before = now;
        }
        // Fewer bits.
        before = value.predict(planOf(1, NumberFormat::Fp32));
        for (const NumberFormat format : {NumberFormat::Fp16, NumberFormat::Int8, NumberFormat::Int4}) {
            const Prediction now = value.predict(planOf(1, format));
            QVERIFY(now.weightsBytes < before.weightsBytes);
            QVERIFY(*now.kl > *before.kl);
            before = now;
        }
        QVERIFY(*before.dropPoints <= 100);
    }

    void headsCountToo()
    {
        const Predictor value = predictor();
        const CompressionPlan whole = planOf(1, NumberFormat::Fp32);
        CompressionPlan plan = whole;
        plan.blocks[0].qkKeep = 0.5;
        plan.blocks[1].voKeep = 0.5;
        const Prediction before = value.predict(whole);
        const Prediction now = value.predict(plan);
        QCOMPARE(*now.kl, 0.003 + 0.005);
        QVERIFY(now.weightsBytes < before.weightsBytes);
        QVERIFY(now.peakBytes < before.peakBytes);
        QVERIFY(*now.milliseconds < *before.milliseconds);
    }

    void whatWasNotMeasuredIsNotPredicted()
    {
        Predictor value = predictor();
        const CompressionPlan plan = planOf(1, NumberFormat::Int8);
        Sensitivity sensitivity = sampleSensitivity();
        sensitivity.formats.at("head").erase(NumberFormat::Int8);
        value.setSensitivity(sensitivity);
        QVERIFY(value.predict(plan).level == Prediction::Level::None);
        QVERIFY(value.predict(plan).latencyRatio.has_value());
        // Of older sessions: attention is whole or not predicted.
        sensitivity = sampleSensitivity();
        sensitivity.qkDims.clear();
        sensitivity.voDims.clear();
        value.setSensitivity(sensitivity);
        QVERIFY(value.predict(plan).level == Prediction::Level::Additive);
        CompressionPlan heads = plan;
        heads.blocks[1].voKeep = 0.5;
        QVERIFY(value.predict(heads).level == Prediction::Level::None);
        // Likewise whole heads and linear halves.
        heads = plan;
        heads.blocks[1].headKeep = 0;
        heads.blocks[0].mlpKeep = 0;
        value.setSensitivity(sampleSensitivity());
        QVERIFY(value.predict(heads).level == Prediction::Level::Additive);
        sensitivity = sampleSensitivity();
        sensitivity.linearMlps.clear();
        value.setSensitivity(sensitivity);
        QVERIFY(value.predict(heads).level == Prediction::Level::None);
        sensitivity = sampleSensitivity();
        sensitivity.mlpWidths.pop_back(); // another model's
        value.setSensitivity(sensitivity);
        QVERIFY(value.predict(plan).level == Prediction::Level::None);

        LayerTimes times = sampleTimes();
        times.layers.at("head").erase(NumberFormat::Int8);
        value.setTimes(times);
        QVERIFY(!value.predict(plan).milliseconds && !value.predict(plan).latencyRatio);
        times = sampleTimes();
        times.batch = 8; // another batch's
        value.setTimes(times);
        QVERIFY(!value.predict(plan).milliseconds);
    }

    void shiftsAddUpImageByImage()
    {
        Predictor value = predictor();
        value.setSensitivity(withShifts());
        const Prediction head = value.predict(planWith(true, false));
        QVERIFY(head.level == Prediction::Level::Superposed);
        QVERIFY(*head.kl > 0);
        const std::optional<DropLaw> law = fitDropLaw(withShifts().shifts);
        QVERIFY(law && std::abs(*head.dropPoints - law->points(*head.kl)) < 1e-9);
        QVERIFY2(*head.dropPoints > 0.3 && *head.dropPoints < 4, std::to_string(*head.dropPoints).c_str());
        QVERIFY(head.dropErrorPoints > 0.3 && head.dropErrorPoints < 10);
        // What cancels is not lost, though each alone has its KL.
        const Prediction both = value.predict(planWith(true, true));
        QVERIFY(*both.kl < 1e-6);
        QVERIFY(*both.dropPoints < *head.dropPoints / 2);
        // What adds up loses more.
        const Prediction more = value.predict(planWith(true, false, 48));
        QVERIFY(*more.kl > *head.kl);
        QVERIFY(*more.dropPoints > *head.dropPoints);
        QCOMPARE(value.predict(identityPlan(sampleSpec())).dropPoints, std::optional<double>(0.0));
    }

    void linearHalvesCostWhatWasMeasured()
    {
        Predictor value = predictor();
        const CompressionPlan whole = identityPlan(sampleSpec());
        CompressionPlan plan = whole;
        plan.blocks[0].mlpKeep = 0;
        plan.blocks[1].headKeep = 0;
        plan.blocks[1].qkKeep = 0.5; // of no consequence any more
        plan.blocks[0].headKeep = 0.67;
        value.setSensitivity(sampleSensitivity());
        const double together = 0.5 * std::sqrt(0.006 / 0.09) * 0.05;
        QVERIFY(std::abs(*value.predict(plan).kl - (0.3 + 0.02 + 0.006 + together)) < 1e-12);
        value.setTimes(sampleTimes());
        const Prediction prediction = value.predict(plan);
        QVERIFY(*prediction.milliseconds < *value.predict(whole).milliseconds);
        QVERIFY(prediction.weightsBytes < value.predict(whole).weightsBytes);
        QVERIFY(prediction.peakBytes < value.predict(whole).peakBytes);

        // A plan that was measured says nothing of one that costs as much by another cut of the same block.
        Variant measured = sampleVariant(1);
        measured.plan = whole;
        measured.plan.blocks[0].headKeep = 0.67;
        measured.measurement = sampleMeasurement(200, 0);
        CompressionPlan other = whole;
        other.blocks[0].qkKeep = 0.5;
        const double before = *value.predict(other).dropPoints;
        value.setVariants({measured});
        QVERIFY(*value.predict(measured.plan).dropPoints > 20);
        QVERIFY(*value.predict(other).dropPoints < 10 + before);
        value.setVariants({});

        // By shifts, where there are some of every choice.
        Sensitivity shifted = withShifts();
        const LogitShift shift = shifted.shifts.mlpWidths[0].at(48);
        shifted.shifts.linearMlps = {shift, shift};
        shifted.linearMlps = {0.3, 0.3};
        value.setSensitivity(shifted);
        plan = whole;
        plan.blocks[0].mlpKeep = 0;
        const Prediction linear = value.predict(plan);
        QVERIFY(linear.level == Prediction::Level::Superposed && *linear.kl > 0);
        plan.blocks[1].headKeep = 0;
        QVERIFY(value.predict(plan).level != Prediction::Level::Superposed);
    }

    // Two linear halves cost what was measured of both, whether more or less than each alone.
    void pairsOfLinearHalvesCostWhatWasMeasured()
    {
        Predictor value = predictor();
        Sensitivity sensitivity = sampleSensitivity();
        value.setSensitivity(sensitivity);
        CompressionPlan attentions = identityPlan(sampleSpec());
        for (BlockPlan &block : attentions.blocks)
            block.headKeep = 0;
        QVERIFY(std::abs(*value.predict(attentions).kl - (0.09 + 0.02 + 0.05)) < 1e-12);
        CompressionPlan mlps = identityPlan(sampleSpec());
        for (BlockPlan &block : mlps.blocks)
            block.mlpKeep = 0;
        QVERIFY(std::abs(*value.predict(mlps).kl - (0.3 + 0.012 - 0.01)) < 1e-12);
        sensitivity.linearMlpPairs[0].kl = -0.2; // together no less than the worse of them
        value.setSensitivity(sensitivity);
        QVERIFY(std::abs(*value.predict(mlps).kl - 0.3) < 1e-12);

        // By shifts: a pair that moves nothing beyond the two, and one that moves as much again.
        Sensitivity shifted = withShifts();
        LogitShift shift = shifted.shifts.mlpWidths[0].at(48);
        shifted.shifts.linearMlps = {shift, shift};
        shifted.linearMlps = {0.1, 0.1};
        const auto klWith = [&](const LogitShift &beyond) {
            shifted.linearMlpPairs = {{0, 1, 0, beyond}};
            value.setSensitivity(shifted);
            const Prediction prediction = value.predict(mlps);
            return prediction.level == Prediction::Level::Superposed ? *prediction.kl : 0;
        };
        const double again = klWith(shift);
        shift.step = 0;
        const double nothing = klWith(shift);
        QVERIFY(nothing > 0 && again > 1.2 * nothing);
    }

    // Any two linear MLPs do what each does alone: so do three, though pairs take back more than there is.
    void manyHalvesThatDoTheSameCostAsMuchAsOne()
    {
        const ModelSpec spec = makeVitSpec({32, 3, 8, 48, 3, 3, 96, 10});
        Sensitivity known;
        known.images = 2;
        const std::vector<float> logits{3, 1, 2, 0, 5, 4};
        const LogitTracker tracker(logits, std::vector<int>{0, 2}, 3);
        known.shifts = tracker.unchanged();
        const LogitShift shift = tracker.shift({2, 1, 2, 0, 5, 4.5F});
        LogitShift back = shift;
        back.step = -shift.step;
        ShiftSum sum(known.shifts);
        sum.add(shift, 1);
        const double kl = sum.kl();
        known.mlpWidths.assign(3, {{96, 0.0}});
        known.shifts.mlpWidths.resize(3);
        known.linearMlps.assign(3, kl);
        known.shifts.linearMlps.assign(3, shift);
        known.linearMlpPairs = {{0, 1, -kl, back}, {0, 2, -kl, back}, {1, 2, -kl, back}};
        known.shifts.formats["head"][NumberFormat::Int8] = shift; // for the law of points
        Predictor value(spec, sampleTarget(), ScheduleKind::Tight, 1);
        value.setSensitivity(known);
        CompressionPlan plan = identityPlan(spec);
        for (BlockPlan &block : plan.blocks) {
            block.mlpKeep = 0;
            const Prediction prediction = value.predict(plan);
            QVERIFY(prediction.level == Prediction::Level::Superposed);
            QVERIFY2(std::abs(*prediction.kl / kl - 1) < 1e-3, std::to_string(*prediction.kl / kl).c_str());
        }
    }

    // Where variants lose more than the law of points says, so will others, and no more than that.
    void variantsCorrectTheLaw()
    {
        Predictor value = predictor();
        value.setSensitivity(withShifts());
        const CompressionPlan far = planWith(false, false, 48);
        const double before = *value.predict(far).dropPoints;
        Variant measured = sampleVariant(1);
        measured.plan = planWith(true, false);
        measured.measurement = sampleMeasurement(400, 0); // 4 points
        const double ratio =
            measured.measurement.againstBaseline->drop.points / *value.predict(measured.plan).dropPoints;
        QVERIFY(ratio > 2);
        value.setVariants({measured});
        const double after = *value.predict(far).dropPoints;
        QVERIFY(after > before && after < ratio * before);
    }

    // Between the whole width and a measured one the shift grows as the square root of the loss.
    void shiftsOfOtherWidthsAreInterpolated()
    {
        Predictor value = predictor();
        value.setSensitivity(withShifts());
        double before = 0;
        for (const std::int64_t width : {80, 64, 48, 32}) {
            const Prediction prediction = value.predict(planWith(false, false, width));
            QVERIFY(*prediction.kl >= before * (1 - 1e-6));
            before = *prediction.kl;
        }
        // 64 channels lose a third of what 48 do, so the label moves by 2 sqrt(1/3): as the KL of that.
        const double expected = *value.predict(planWith(false, false, 64)).kl;
        const auto klOf = [](double margin, double moved) {
            const auto p = std::exp(margin) / (std::exp(margin) + 9);
            const auto q = std::exp(margin + moved) / (std::exp(margin + moved) + 9);
            return p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q));
        };
        const double moved = -2 * std::sqrt(0.01 / 0.03);
        const double superposed = 0.9 * klOf(5, moved) + 0.1 * klOf(0.5, moved);
        QVERIFY(std::abs(expected - std::sqrt(superposed * 0.01)) < 1e-3 * expected);
    }

    // The KL expected lies between that of the shifts added up and the sum of KLs, at the geometric mean; and the
    // logits that points come of are as far off as that says.
    void klIsBetweenThatOfTheShiftsAndTheSum()
    {
        Sensitivity sensitivity = withShifts();
        Predictor value = predictor();
        value.setSensitivity(sensitivity);
        const CompressionPlan plan = planWith(true, false);
        const Prediction before = value.predict(plan);
        sensitivity.formats.at("head").at(NumberFormat::Int8) *= 16;
        value.setSensitivity(sensitivity);
        const Prediction after = value.predict(plan);
        QVERIFY(std::abs(*after.kl / *before.kl - 4) < 1e-6);
        QVERIFY(*after.dropPoints > *before.dropPoints);
    }

    void withoutAShiftKlsAreAdded()
    {
        Predictor value = predictor();
        value.setSensitivity(withShifts());
        CompressionPlan plan = planWith(true, true);
        plan.formats["patch_embed"] = NumberFormat::Int8; // has none
        QVERIFY(value.predict(plan).level == Prediction::Level::Additive);
        plan = planWith(true, true);
        plan.blocks[1].mlpKeep = 0.5;
        QVERIFY(value.predict(plan).level == Prediction::Level::Additive);
    }

    void plansOfOtherModelsAreRefused()
    {
        CompressionPlan plan = identityPlan(sampleSpec());
        plan.blocks.pop_back();
        QVERIFY(failure([&] { predictor().predict(plan); }).starts_with("plan: it has 1 blocks"));
    }
};

QTEST_APPLESS_MAIN(TestPredictor)
#include "tst_predictor.moc"
