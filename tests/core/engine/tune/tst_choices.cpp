#include "engine/tune/choices.h"

#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace edgeflex;

namespace {

const std::vector<NumberFormat> formats{NumberFormat::Fp32, NumberFormat::Fp16, NumberFormat::Int8, NumberFormat::Int4};

// A ViT-Tiny whose layers differ in what they bear.
ModelSpec tinySpec()
{
    return makeVitSpec({});
}

Sensitivity madeUp(const ModelSpec &spec)
{
    Sensitivity value;
    value.images = 64;
    int number = 0;
    for (const LinearSpec *linear : spec.linears()) {
        const double each = 1e-4 * (1 + 5 * std::abs(std::sin(++number)));
        value.formats[linear->name] = {
            {NumberFormat::Fp16, each / 1000}, {NumberFormat::Int8, each}, {NumberFormat::Int4, each * 20}};
    }
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        std::map<std::int64_t, double> &widths = value.mlpWidths.emplace_back();
        const std::int64_t whole = spec.blocks[i].mlpWidth();
        for (std::int64_t width = whole; width >= whole / 4; width -= mlpWidthStep(whole)) {
            const double removed = 1 - static_cast<double>(width) / static_cast<double>(whole);
            widths[width] = removed * removed * (0.05 + 0.02 * static_cast<double>(i));
        }
    }
    return value;
}

LayerTimes madeUpTimes(const ModelSpec &spec)
{
    LayerTimes times;
    times.fp32Milliseconds = 20;
    const auto of = [](const LinearSpec &linear, std::int64_t width) {
        const double fp32 =
            1e-6 * static_cast<double>(linear.inFeatures * linear.outFeatures) * static_cast<double>(width) / 768;
        return LayerTimes::ByFormat{{NumberFormat::Fp32, fp32},
                                    {NumberFormat::Fp16, fp32 * 1.1},
                                    {NumberFormat::Int8, fp32 * 0.4},
                                    {NumberFormat::Int4, fp32 * 0.6}};
    };
    for (const LinearSpec *linear : spec.linears())
        times.layers[linear->name] = of(*linear, 768);
    for (const BlockSpec &block : spec.blocks) {
        auto &widths = times.mlps.emplace_back();
        for (const std::int64_t width : {192, 768})
            widths[width] = {of(block.fc1, width), of(block.fc2, width)};
    }
    return times;
}

} // namespace

class TestChoices : public QObject
{
    Q_OBJECT

    const ModelSpec m_spec = tinySpec();
    const CompressionPlan m_settings = identityPlan(m_spec);
    const Sensitivity m_sensitivity = madeUp(m_spec);
    const LayerTimes m_times = madeUpTimes(m_spec);
    const Pins m_none;

    Choices choices(const Pins &pins) const
    {
        return Choices(m_spec, m_settings, formats, pins, m_sensitivity, &m_times);
    }

private Q_SLOTS:
    // Of every budget at most 3 % are left, none is exceeded, and what the plan takes is exact.
    void budgetsAreUsedAndNeverExceeded()
    {
        const Choices all = choices(m_none);
        const std::int64_t most = weightBytes(m_spec);
        for (std::int64_t bytes = all.leastBytes(); bytes < most; bytes += most / 13) {
            const Choices::Solution solution = all.solve({bytes, std::nullopt});
            QVERIFY(solution.allocation.feasible);
            const std::int64_t taken = weightBytes(plannedSpec(m_spec, solution.plan));
            QCOMPARE(taken, solution.allocation.bytes);
            QVERIFY(taken <= bytes);
            QVERIFY2(bytes - taken <= bytes * 3 / 100, std::to_string(bytes).c_str());
        }
        QVERIFY(!all.solve({all.leastBytes() - 1, std::nullopt}).allocation.feasible);
    }

    // Against the schedule itself, and no worse than the best of the plans that only save weights.
    void peakBudgetsNarrowWhatIsLiveAtThePeak()
    {
        LayerTimes times = m_times;
        times.batch = 8;
        const auto peakOf = [&](const CompressionPlan &plan) {
            const ModelSpec planned = plannedSpec(m_spec, plan);
            return makeTimeline(makeSchedule(planned, ScheduleKind::Tight, times.batch, times.target)).peakBytes();
        };
        const Choices all(m_spec, m_settings, formats, m_none, m_sensitivity, &times);
        const std::int64_t most = peakOf(m_settings);
        for (const double share : {0.9, 0.7, 0.5, 0.4}) {
            const auto peak = static_cast<std::int64_t>(share * static_cast<double>(most));
            const Choices::Solution solution = all.solve({std::nullopt, std::nullopt, peak});
            QVERIFY(solution.allocation.feasible);
            const std::int64_t taken = peakOf(solution.plan);
            QVERIFY(taken <= peak);
            QVERIFY2(peak - taken <= peak * 3 / 100, std::to_string(share).c_str());
            // The most weights whose solution fits.
            std::int64_t low = all.leastBytes();
            std::int64_t high = weightBytes(m_spec);
            double loss = -1;
            for (int i = 0; i < 30; ++i) {
                const std::int64_t middle = low + (high - low) / 2;
                const Choices::Solution byWeights = all.solve({middle, std::nullopt});
                const bool fits = peakOf(byWeights.plan) <= peak;
                (fits ? low : high) = middle;
                if (fits)
                    loss = byWeights.allocation.loss;
            }
            QVERIFY(loss < 0 || solution.allocation.loss <= 1.01 * loss); // but for the bins' width
        }
        QVERIFY(!all.solve({std::nullopt, std::nullopt, most / 20}).allocation.feasible);
    }

    void pinsStay()
    {
        Pins pins;
        pins.formats["head"] = NumberFormat::Fp16;
        pins.formats["blocks.3.mlp.fc1"] = NumberFormat::Int4;
        pins.mlpWidths["blocks.3.mlp"] = 400;
        pins.mlpWidths["blocks.4.mlp"] = 768;
        const Choices some = choices(pins);
        for (const double share : {0.9, 0.5, 0.25, 0.18}) {
            const auto bytes = static_cast<std::int64_t>(share * static_cast<double>(weightBytes(m_spec)));
            const ModelSpec planned = plannedSpec(m_spec, some.solve({bytes, std::nullopt}).plan);
            QVERIFY(planned.head.format == NumberFormat::Fp16);
            QVERIFY(planned.blocks[3].fc1.format == NumberFormat::Int4);
            QCOMPARE(planned.blocks[3].mlpWidth(), std::int64_t(400));
            QCOMPARE(planned.blocks[4].mlpWidth(), std::int64_t(768));
        }
        for (const ParetoPoint &point : some.front().byWeights)
            QCOMPARE(plannedSpec(m_spec, point.plan).blocks[3].mlpWidth(), std::int64_t(400));
        QVERIFY(some.leastBytes() > choices(m_none).leastBytes());
    }

    void pinsThatDoNotFitAreRefused()
    {
        Pins pins;
        pins.formats["tail"] = NumberFormat::Fp16;
        QVERIFY_EXCEPTION_THROWN(choices(pins), Error);
        pins = {};
        pins.mlpWidths["blocks.3.mlp"] = 401;
        QVERIFY_EXCEPTION_THROWN(choices(pins), Error);
        pins = {};
        pins.formats["head"] = NumberFormat::Bf16; // was not measured
        QVERIFY_EXCEPTION_THROWN(choices(pins), Error);
    }

    void frontsRunFromTheLeastToNoLoss()
    {
        const ParetoFront front = choices(m_none).front();
        QVERIFY(front.byWeights.size() > 60);
        QCOMPARE(front.byWeights.front().weightsBytes, choices(m_none).leastBytes());
        QCOMPARE(front.byWeights.back().kl, 0.0);
        QCOMPARE(front.byWeights.back().weightsBytes, weightBytes(m_spec));
        for (std::size_t i = 0; i < front.byWeights.size(); ++i) {
            const ParetoPoint &point = front.byWeights[i];
            QCOMPARE(weightBytes(plannedSpec(m_spec, point.plan)), point.weightsBytes);
            if (i > 0)
                QVERIFY(point.weightsBytes > front.byWeights[i - 1].weightsBytes &&
                        point.kl < front.byWeights[i - 1].kl);
        }
        QVERIFY(front.byLatency.size() > 20);
        for (std::size_t i = 1; i < front.byLatency.size(); ++i)
            QVERIFY(*front.byLatency[i].milliseconds > *front.byLatency[i - 1].milliseconds &&
                    front.byLatency[i].kl < front.byLatency[i - 1].kl);
        QVERIFY(std::abs(*front.byLatency.back().milliseconds - 20) < 1e-9 || front.byLatency.back().kl == 0);
        QVERIFY(Choices(m_spec, m_settings, formats, m_none, m_sensitivity, nullptr).front().byLatency.empty());
    }

    // Heads go, and halves become linear, where that is the least loss for the bytes.
    void heavyCutsAreChosenWhereTheyPay()
    {
        Sensitivity known = m_sensitivity;
        known.qkDims = known.voDims = std::vector<std::map<std::int64_t, double>>(12, {{64, 0.0}, {32, 0.5}});
        known.headCounts.assign(12, {{3, 0.0}, {2, 0.4}, {1, 0.8}});
        known.linearAttentions.assign(12, 1.0);
        known.linearMlps.assign(12, 1.0);
        known.linearMlps[7] = 1e-5;
        known.linearAttentions[5] = 1e-5;
        known.headCounts[2] = {{3, 0.0}, {2, 1e-5}, {1, 0.8}};
        LayerTimes times = m_times;
        times.attentions.resize(12);
        for (std::size_t i = 0; i < 12; ++i) {
            const BlockSpec &block = m_spec.blocks[i];
            times.attentions[i].qkv[block.qkv.outFeatures] = times.layers.at(block.qkv.name);
            times.attentions[i].proj[block.proj.inFeatures] = times.layers.at(block.proj.name);
            times.linearMlps.push_back(times.layers.at(block.proj.name));
        }
        const auto bytes = weightBytes(m_spec) / 5;
        const auto solved = [&](const Pins &pins, const LayerTimes &with, const Sensitivity &losses) {
            const Choices all(m_spec, m_settings, formats, pins, losses, &with);
            const Choices::Solution solution = all.solve({bytes, std::nullopt});
            const ModelSpec planned = plannedSpec(m_spec, solution.plan);
            if (weightBytes(planned) != solution.allocation.bytes ||
                std::abs(with.milliseconds(planned) - solution.allocation.milliseconds) > 1e-9)
                return ModelSpec();
            return planned;
        };
        const ModelSpec planned = solved({}, times, known);
        for (std::size_t i = 0; i < 12; ++i) {
            QCOMPARE(planned.blocks.at(i).mlpIsLinear(), i == 7);
            QCOMPARE(planned.blocks[i].attentionIsLinear(), i == 5);
            QCOMPARE(planned.headCount(planned.blocks[i]), i == 5 ? 0 : i == 2 ? 2 : 3);
        }
        // As it is pinned, whatever it costs.
        Pins pins;
        pins.headCounts = {{"blocks.5.attn.heads", 2}, {"blocks.6.attn.heads", 0}};
        pins.mlpWidths = {{"blocks.7.mlp", 768}, {"blocks.8.mlp", 0}};
        const ModelSpec pinned = solved(pins, times, known);
        QCOMPARE(pinned.headCount(pinned.blocks.at(5)), 2);
        QVERIFY(pinned.blocks[6].attentionIsLinear());
        QCOMPARE(pinned.blocks[7].mlpWidth(), std::int64_t(768));
        QVERIFY(pinned.blocks[8].mlpIsLinear());
        // A pinned part is not made to go.
        Pins parts;
        parts.headDims = {{"blocks.5.attn.qk", 64}};
        parts.formats = {{"blocks.7.mlp.fc1", NumberFormat::Int8}, {"blocks.2.attn.qkv", NumberFormat::Int8}};
        known.linearAttentions[2] = 1e-6;
        const ModelSpec kept = solved(parts, times, known);
        QVERIFY(!kept.blocks.at(5).attentionIsLinear() && !kept.blocks[7].mlpIsLinear() &&
                !kept.blocks[2].attentionIsLinear());
        // Not where they were not measured, nor timed.
        const auto isWhole = [](const BlockSpec &block) {
            return !block.mlpIsLinear() && !block.attentionIsLinear() && block.removedHeads == 0;
        };
        for (const ModelSpec &spec : {solved({}, times, m_sensitivity), solved({}, m_times, m_sensitivity)})
            QVERIFY(!spec.blocks.empty() && std::ranges::all_of(spec.blocks, isWhole));
        const ModelSpec untimed = solved({}, m_times, known);
        QVERIFY(!untimed.blocks.empty() && std::ranges::none_of(untimed.blocks, [](const BlockSpec &block) {
            return block.mlpIsLinear() || block.attentionIsLinear();
        }));
        QVERIFY_EXCEPTION_THROWN(Choices(m_spec, m_settings, formats, pins, m_sensitivity, &times), Error);
    }

    // Where a format does less harm for the bytes it saves, nothing is pruned.
    void pruningIsChosenOnlyWhereItBeatsFormats()
    {
        Sensitivity fragile = m_sensitivity;
        for (auto &block : fragile.mlpWidths) {
            for (auto &[width, loss] : block)
                loss *= 1000;
        }
        const Choices all(m_spec, m_settings, formats, m_none, fragile, nullptr);
        const Choices::Solution solution = all.solve({weightBytes(m_spec) / 4, std::nullopt});
        QVERIFY(std::ranges::all_of(solution.plan.blocks, [](const BlockPlan &block) { return block.mlpKeep == 1; }));
        Sensitivity robust = m_sensitivity;
        for (auto &block : robust.mlpWidths) {
            for (auto &[width, loss] : block)
                loss /= 1000;
        }
        const Choices others(m_spec, m_settings, formats, m_none, robust, nullptr);
        const Choices::Solution pruned = others.solve({weightBytes(m_spec) / 4, std::nullopt});
        QVERIFY(std::ranges::any_of(pruned.plan.blocks, [](const BlockPlan &block) { return block.mlpKeep < 1; }));
    }
};

QTEST_APPLESS_MAIN(TestChoices)
#include "tst_choices.moc"
