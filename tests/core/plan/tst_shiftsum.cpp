#include "plan/shiftsum.h"

#include <QTest>

#include <cmath>

using namespace edgeflex;

namespace {

// 200 images of class 0 in ten classes, that FP32 gets right with a margin of 0.1, 0.2 ... 20.
std::vector<float> sampleLogits()
{
    std::vector<float> logits(200 * 10, 0.0F);
    for (std::size_t image = 0; image < 200; ++image)
        logits[image * 10] = 0.1F * static_cast<float>(image + 1);
    return logits;
}

const LogitTracker &tracker()
{
    static const LogitTracker value(sampleLogits(), std::vector<int>(200, 0), 10);
    return value;
}

LogitShift labelMoved(float by)
{
    std::vector<float> logits = sampleLogits();
    for (std::size_t image = 0; image < 200; ++image)
        logits[image * 10] += by;
    return tracker().shift(logits);
}

} // namespace

class TestShiftSum : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void confidenceIsThatOfTheLabels()
    {
        const LogitShifts shifts = tracker().unchanged();
        const std::vector<float> confidence = calibratedConfidence(shifts);
        QCOMPARE(confidence.size(), shifts.logits.size());
        for (std::size_t image = 0; image < 200; ++image) {
            double sum = 0;
            for (int slot = 0; slot < LogitShifts::slots; ++slot)
                sum += confidence[image * LogitShifts::slots + static_cast<std::size_t>(slot)];
            QVERIFY(std::abs(sum - 1) < 1e-5);
        }
        // All are right: the surer the better, so the temperature is the least there is, and doubt is left at the end.
        QVERIFY(confidence[199 * LogitShifts::slots] > 0.999F);
        QVERIFY(confidence[0] > 0.1F && confidence[0] < 0.2F); // e^0.32 to 9
    }

    void klIsExact()
    {
        const LogitShifts shifts = tracker().unchanged();
        ShiftSum sum(shifts);
        QCOMPARE(sum.kl(), 0.0);
        sum.add(labelMoved(-1), 1);
        double expected = 0;
        for (int image = 1; image <= 200; ++image) {
            const double p = std::exp(0.1 * image) / (std::exp(0.1 * image) + 9);
            const double q = std::exp(0.1 * image - 1) / (std::exp(0.1 * image - 1) + 9);
            expected += (p * std::log(p / q) + (1 - p) * std::log((1 - p) / (1 - q))) / 200;
        }
        QVERIFY(std::abs(sum.kl() - expected) < 1e-4 * expected);
        sum.add(labelMoved(1), 1); // and back
        QVERIFY(sum.kl() < 1e-6);
    }

    void scaledToAKl()
    {
        const LogitShifts shifts = tracker().unchanged();
        ShiftSum sum(shifts);
        sum.scaleTo(0.1); // nothing to scale
        QCOMPARE(sum.kl(), 0.0);
        sum.add(labelMoved(-1), 1);
        for (const double wanted : {0.3, 0.01, 0.1}) {
            sum.scaleTo(wanted);
            QVERIFY(std::abs(sum.kl() - wanted) < 0.01 * wanted);
        }
    }

    void dropGrowsWithTheShift()
    {
        const LogitShifts shifts = tracker().unchanged();
        const std::vector<float> confidence = calibratedConfidence(shifts);
        QVERIFY(std::abs(ShiftSum(shifts).drop(confidence).first) < 1e-3);
        double before = 0;
        for (const float by : {-0.5F, -1.0F, -2.0F, -4.0F}) {
            ShiftSum sum(shifts);
            sum.add(labelMoved(by), 1);
            const auto [points, error] = sum.drop(confidence);
            QVERIFY(points > before);
            QVERIFY(error > 0 && error < 2 * points);
            before = points;
        }
        QVERIFY(before < 100);
    }
};

QTEST_APPLESS_MAIN(TestShiftSum)
#include "tst_shiftsum.moc"
