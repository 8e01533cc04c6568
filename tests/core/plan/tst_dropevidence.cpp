#include "jsonchecks.h"

#include "plan/dropevidence.h"

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

DropEvidence evidence(std::int64_t onlyBaseline, std::int64_t onlyVariant, std::int64_t images,
                      const std::vector<double> &costs, int comparisons = 1)
{
    DropEvidence value;
    value.images = images;
    value.agreement = 1 - static_cast<double>(costs.size()) / static_cast<double>(images);
    value.drop = pairedDrop(onlyBaseline, onlyVariant, images, comparisons);
    value.expected = expectedDrop(costs, 0.01, images, comparisons);
    value.comparisons = comparisons;
    return value;
}

} // namespace

class TestDropEvidence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Of many images the labels decide: 1.645 * sqrt(20) / 2000 = 0.37 points.
    void manyImagesAreJudgedByTheBound()
    {
        const DropEvidence same = evidence(10, 10, 2000, std::vector<double>(20, 0.9)); // whatever confidence says
        QVERIFY(same.boundCanHold(1));
        QVERIFY(same.within(1));
        QVERIFY(same.within(0.5));
        QVERIFY(!same.boundCanHold(0.3));
        QCOMPARE(same.mayBeLost(1), same.drop.upperBound);
        QCOMPARE(same.mayBeLost(0.3), same.expected.upperBound);
        // 0.8 points were lost, but as much as 1.2 may be.
        const DropEvidence worse = evidence(24, 8, 2000, std::vector<double>(32, 0.001));
        QVERIFY(worse.drop.points < 1 && worse.drop.upperBound > 1);
        QVERIFY(!worse.within(1));
        QVERIFY(worse.within(1.5));
    }

    // Of 100 images the bound of a model that changes a single answer is beyond a point already.
    void fewImagesAreJudgedByConfidence()
    {
        QVERIFY(!evidence(1, 0, 100, {0.02}).boundCanHold(1));
        QVERIFY(evidence(1, 0, 100, {0.02}).within(1));
        QVERIFY(!evidence(1, 0, 100, {0.9}).within(1));                       // it was sure of that answer
        QVERIFY(!evidence(2, 0, 100, {0.02, 0.02}).within(1));                // two points were lost
        QVERIFY(!evidence(0, 2, 100, std::vector<double>(9, 0.3)).within(1)); // luck with the labels
    }

    // Who tries eight models and keeps the best must be surer of each.
    void manyTriesAskForMore()
    {
        const std::vector<double> costs(20, 0.2);
        QVERIFY(evidence(13, 7, 2000, costs).within(0.8));
        QVERIFY(!evidence(13, 7, 2000, costs, 8).within(0.8));
        QVERIFY(evidence(13, 7, 2000, costs, 8).within(1.1));
        QVERIFY(evidence(5, 5, 800, std::vector<double>(10, 0.01)).boundCanHold(0.8));
        QVERIFY(!evidence(5, 5, 800, std::vector<double>(10, 0.01), 8).boundCanHold(0.8));
    }

    void theSameAnswersLoseNothing()
    {
        QVERIFY(evidence(0, 0, 10, {}).within(0));
        QCOMPARE(evidence(0, 0, 10, {}).mayBeLost(0), 0.0);
        QVERIFY(!DropEvidence().within(1)); // of no image nothing is known
        QVERIFY(!evidence(0, 0, 10, {0.1}).within(0));
    }

    void json()
    {
        verifyRoundTrip(evidence(24, 8, 2000, std::vector<double>(40, 0.125), 8));
        verifyRoundTrip(DropEvidence());
        const nlohmann::json json = evidence(1, 0, 100, {0.02});
        for (const char *key : {"images", "agreement", "drop", "expected", "comparisons"})
            verifyBadField<DropEvidence>(json, pointerTo(key), "remove", key);
        verifyBadField<DropEvidence>(json, "/expected/upperBound", "101", "expected.upperBound");
        verifyBadField<DropEvidence>(json, "/comparisons", "0", "comparisons");
    }
};

QTEST_APPLESS_MAIN(TestDropEvidence)
#include "tst_dropevidence.moc"
