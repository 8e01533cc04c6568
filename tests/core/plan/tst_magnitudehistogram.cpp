#include "jsonchecks.h"

#include "plan/magnitudehistogram.h"

#include <cmath>
#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

class TestMagnitudeHistogram : public QObject
{
    Q_OBJECT

    static std::int64_t &octave(MagnitudeHistogram &histogram, int exponent)
    {
        return histogram.counts.at(static_cast<std::size_t>(exponent - MagnitudeHistogram::leastExponent));
    }

private Q_SLOTS:
    void countsByOctave()
    {
        MagnitudeHistogram histogram;
        for (const float value : {0.0F, -0.0F, 1.0F, -1.5F, 1.9999F, 2.0F, 0.25F, -0.49F, 65504.0F})
            histogram.add(value);
        QCOMPARE(histogram.zeros, std::int64_t(2));
        QCOMPARE(octave(histogram, 0), std::int64_t(3));
        QCOMPARE(octave(histogram, 1), std::int64_t(1));
        QCOMPARE(octave(histogram, -2), std::int64_t(2));
        QCOMPARE(octave(histogram, 15), std::int64_t(1));
        QCOMPARE(histogram.total(), std::int64_t(9));
    }

    // Every power of two lies in its own octave, and what is a little less in the one before.
    void bordersAreExact()
    {
        for (int exponent = MagnitudeHistogram::leastExponent + 1; exponent < 17; ++exponent) {
            MagnitudeHistogram histogram;
            const float power = std::ldexp(1.0F, exponent);
            histogram.add(power);
            histogram.add(std::nextafter(power, 0.0F));
            QCOMPARE(octave(histogram, exponent), std::int64_t(1));
            QCOMPARE(octave(histogram, exponent - 1), std::int64_t(1));
        }
    }

    void extremesAreNotLost()
    {
        MagnitudeHistogram histogram;
        for (const float value : {1e-30F, std::numeric_limits<float>::denorm_min(), 1e30F,
                                  std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
            histogram.add(value);
        QCOMPARE(histogram.counts.front(), std::int64_t(2));
        QCOMPARE(histogram.counts.back(), std::int64_t(3));
    }

    void sums()
    {
        MagnitudeHistogram a;
        MagnitudeHistogram b;
        for (const float value : {0.0F, 3.0F, 5.0F})
            a.add(value);
        for (const float value : {0.0F, 3.5F})
            b.add(value);
        a.add(b);
        QCOMPARE(a.total(), std::int64_t(5));
        QCOMPARE(a.zeros, std::int64_t(2));
        QCOMPARE(octave(a, 1), std::int64_t(2));
    }

    void roundTrips()
    {
        MagnitudeHistogram histogram;
        verifyRoundTrip(histogram);
        for (const float value : {0.0F, 1e-3F, 7.0F, 8.0F})
            histogram.add(value);
        verifyRoundTrip(histogram);
        verifyBadField<MagnitudeHistogram>(histogram, "/zeros", "-1", "zeros");
        verifyBadField<MagnitudeHistogram>(histogram, "/counts", "[1, 2]", "counts");
        verifyBadField<MagnitudeHistogram>(histogram, "/counts/3", "-1", "counts[3]");
        verifyBadField<MagnitudeHistogram>(histogram, "/counts/3", "9000000000000000", "counts[3]");
        verifyBadField<MagnitudeHistogram>(histogram, "/leastExponent", "-10", "counts");
    }
};

QTEST_APPLESS_MAIN(TestMagnitudeHistogram)
#include "tst_magnitudehistogram.moc"
