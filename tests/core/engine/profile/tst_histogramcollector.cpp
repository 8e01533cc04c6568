#include "engine/profile/histogramcollector.h"

#include <QTest>

using namespace edgeflex;

class TestHistogramCollector : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsRowsEvenlySpread()
    {
        const ModelSpec spec = makeVitSpec({32, 3, 8, 48, 2, 3, 96, 10});
        HistogramCollector collector(spec);
        constexpr int qkv = 1;
        const auto features = static_cast<std::size_t>(spec.linears()[qkv]->inFeatures);
        // Three rows are all counted, of 64 rows every fourth.
        std::vector<float> x(3 * features, 1.0F);
        x[0] = -2.5F;
        collector.linearInput(qkv, x.data(), 3);
        QCOMPARE(collector.histogram(qkv).total(), static_cast<std::int64_t>(3 * features));
        x.assign(64 * features, 0.0F);
        for (std::size_t i = 0; i < features; ++i)
            x[60 * features + i] = 4.0F; // the last that is counted
        collector.linearInput(qkv, x.data(), 64);
        const MagnitudeHistogram &histogram = collector.histogram(qkv);
        QCOMPARE(histogram.total(), static_cast<std::int64_t>(19 * features));
        QCOMPARE(histogram.zeros, static_cast<std::int64_t>(15 * features));
        const auto octave = [&](int exponent) {
            return histogram.counts[static_cast<std::size_t>(exponent - MagnitudeHistogram::leastExponent)];
        };
        QCOMPARE(octave(0), static_cast<std::int64_t>(3 * features - 1));
        QCOMPARE(octave(1), std::int64_t(1));
        QCOMPARE(octave(2), static_cast<std::int64_t>(features));
        QCOMPARE(collector.histogram(0).total(), std::int64_t(0));
    }
};

QTEST_APPLESS_MAIN(TestHistogramCollector)
#include "tst_histogramcollector.moc"
