#include "engine/evaluate/latency.h"

#include "reference/randomvit.h"

#include <QTest>

using namespace edgeflex;

class TestLatency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void summaries()
    {
        LatencySamples samples;
        samples.variantMs = {10, 20, 30, 40, 50};
        samples.baselineMs = {20, 40, 60, 80, 25};
        const Latency latency = samples.latency(4);
        QCOMPARE(latency.medianMs, 30.0);
        QCOMPARE(latency.perImageMs, 7.5);
        QCOMPARE(latency.p95Ms, 48.0);
        QCOMPARE(samples.baselineLatency(4).medianMs, 40.0);
        // Ratios pair by pair: 0.5 four times and 2 once.
        const Spread ratio = samples.ratio();
        QCOMPARE(ratio.median, 0.5);
        QCOMPARE(ratio.low, 0.5);
        QVERIFY(ratio.high > 1.5 && ratio.high <= 2);
    }

    void runsInTurn()
    {
        VitShape shape;
        shape.imageSize = 8;
        shape.patchSize = 4;
        shape.width = 16;
        shape.depth = 1;
        shape.heads = 1;
        shape.mlpWidth = 16;
        shape.classes = 3;
        const VitModel model = reference::randomVit(makeVitSpec(shape), 1);
        NoProgress progress;
        const Transformer transformer(model, detectTarget(1), progress);
        const std::vector<float> pixels = reference::randomPixels(model.spec, 2, 1);
        const LatencySamples alone =
            sampleLatency(transformer, nullptr, ScheduleKind::Tight, 2, pixels.data(), 4, progress);
        QCOMPARE(alone.variantMs.size(), std::size_t(4));
        QVERIFY(alone.baselineMs.empty());
        const LatencySamples both =
            sampleLatency(transformer, &transformer, ScheduleKind::Eager, 2, pixels.data(), 3, progress);
        QCOMPARE(both.baselineMs.size(), std::size_t(3));
        for (const double ms : both.variantMs)
            QVERIFY(ms > 0);
    }
};

QTEST_APPLESS_MAIN(TestLatency)
#include "tst_latency.moc"
