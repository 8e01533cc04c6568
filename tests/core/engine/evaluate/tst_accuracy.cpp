#include "engine/evaluate/accuracy.h"

#include "plan/error.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace edgeflex;

class TestAccuracy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void klOfKnownDistributions()
    {
        // p = (1/2, 1/4, 1/4), q = (1/4, 1/4, 1/2): KL = ln 2 / 2 - ln 2 / 4.
        const float p[] = {std::log(2.0F) + 100, 100, 100};
        const float q[] = {-5, -5, std::log(2.0F) - 5};
        QVERIFY(std::abs(klDivergence(p, q, 3) - std::log(2.0) / 4) < 1e-6);
        QVERIFY(klDivergence(p, p, 3) < 1e-12);
        const float extreme[] = {1000, -1000, 0};
        QVERIFY(std::isfinite(klDivergence(extreme, p, 3)));
    }

    void ranksWithTies()
    {
        const float logits[] = {1, 3, 3, 0, 2, 2};
        QCOMPARE(topClass(logits, 6), std::int64_t(1));
        QVERIFY(inTop(logits, 6, 1, 1));
        QVERIFY(!inTop(logits, 6, 2, 1)); // ties go to the lower index
        QVERIFY(inTop(logits, 6, 2, 2));
        QVERIFY(inTop(logits, 6, 0, 5));
        QVERIFY(!inTop(logits, 6, 3, 5));
    }

    void countsAgainstABaseline()
    {
        AccuracyCounter counter(2);
        const float zero[] = {1, 0};
        const float one[] = {0, 1};
        counter.add(zero, zero, 0); // both right
        counter.add(one, zero, 0);  // only the baseline
        counter.add(one, zero, 0);  // only the baseline
        counter.add(one, zero, 1);  // only the variant
        counter.add(zero, zero, 1); // both wrong
        QCOMPARE(counter.images(), std::int64_t(5));
        QCOMPARE(counter.top1().correct, std::int64_t(2));
        QCOMPARE(counter.baselineTop1().correct, std::int64_t(3));
        QCOMPARE(counter.top5().correct, std::int64_t(5)); // two classes
        QCOMPARE(counter.agreement(), 0.4);
        QCOMPARE(counter.drop().points, pairedDrop(2, 1, 5).points);
        QVERIFY(std::abs(counter.klMean() - 3 * klDivergence(zero, one, 2) / 5) < 1e-12);
    }

    // The baseline is sure of its answers by 3/4 to 1/4, or by 2/3 to 1/3: what differs costs 1/2, or 1/3.
    void evidenceCostsWhatTheBaselineWasSureOf()
    {
        const float sure[] = {std::log(3.0F), 0};
        const float lessSure[] = {0, std::log(2.0F)};
        const float zero[] = {1, 0};
        const float one[] = {0, 1};
        AccuracyCounter counter(2);
        counter.add(one, sure, 0);
        counter.add(zero, lessSure, 0);
        counter.add(zero, sure, 0);
        counter.add(zero, sure, 1);
        const DropEvidence evidence = counter.evidence();
        QCOMPARE(evidence.images, std::int64_t(4));
        QCOMPARE(evidence.agreement, 0.5);
        QVERIFY(evidence.drop == counter.drop());
        QVERIFY(std::abs(evidence.expected.points - 100 * (0.5 + 1.0 / 3) / 4) < 1e-4);
        AccuracyCounter same(2);
        same.add(zero, sure, 0);
        same.add(one, lessSure, 1);
        // Nothing differs; the next answer to do so would cost a third.
        QVERIFY(std::abs(same.evidence().expected.upperBound - expectedDrop({}, 1.0 / 3, 2).upperBound) < 1e-4);
    }

    void meanKlOverImages()
    {
        const std::vector<float> p{1, 0, 0, 3};
        const std::vector<float> q{0, 1, 0, 3};
        QVERIFY(std::abs(meanKlDivergence(p, q, 2) - klDivergence(p.data(), q.data(), 2) / 2) < 1e-12);
        QCOMPARE(meanKlDivergence({}, {}, 2), 0.0);
    }

    void logitsThatAreNotFiniteHaveNoAccuracy()
    {
        AccuracyCounter counter(2);
        const float bad[] = {0, std::numeric_limits<float>::quiet_NaN()};
        QVERIFY_EXCEPTION_THROWN(counter.add(bad, 0), Error);
    }
};

QTEST_APPLESS_MAIN(TestAccuracy)
#include "tst_accuracy.moc"
