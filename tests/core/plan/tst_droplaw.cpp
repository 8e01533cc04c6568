#include "plan/droplaw.h"
#include "plan/shiftsum.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace edgeflex;

namespace {

// 400 images in ten classes, half of which FP32 is sure of, and changes that move every logit at random.
LogitShifts randomShifts(double size)
{
    std::mt19937_64 engine(3);
    const auto uniform = [&] {
        return static_cast<double>(engine() >> 11) * 0x1p-53;
    };
    std::vector<float> logits;
    std::vector<int> labels;
    for (int image = 0; image < 400; ++image) {
        const double margin = image % 2 == 0 ? 8 : 3 * uniform();
        for (int c = 0; c < 10; ++c)
            logits.push_back(static_cast<float>((c == image % 10 ? margin : 0) + 0.1 * uniform()));
        labels.push_back(uniform() < 0.9 ? image % 10 : (image + 1) % 10);
    }
    const LogitTracker tracker(logits, labels, 10);
    const auto change = [&] {
        std::vector<float> moved = logits;
        for (float &value : moved)
            value += static_cast<float>(size * (uniform() - 0.5));
        return tracker.shift(moved);
    };
    LogitShifts shifts = tracker.unchanged();
    for (const char *layer : {"head", "blocks.0.attn.qkv", "blocks.0.mlp.fc1"})
        shifts.formats[layer] = {{NumberFormat::Int8, change()}, {NumberFormat::Int4, change()}};
    shifts.mlpWidths = {{{48, change()}, {32, change()}}};
    return shifts;
}

} // namespace

class TestDropLaw : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void growsWithTheKl()
    {
        const std::optional<DropLaw> law = fitDropLaw(randomShifts(1));
        QVERIFY(law.has_value());
        QCOMPARE(law->points(0), 0.0);
        QVERIFY(law->points(0.01) > 0);
        QVERIFY(law->points(0.1) > law->points(0.05));
        QVERIFY(law->relativeError > 0 && law->relativeError < 2);
        QVERIFY(fitDropLaw(randomShifts(1)) == law);
    }

    // It is the KL that counts, not how large the changes are that were measured.
    void doesNotDependOnTheSizeOfTheShifts()
    {
        const std::optional<DropLaw> small = fitDropLaw(randomShifts(0.25));
        const std::optional<DropLaw> large = fitDropLaw(randomShifts(2));
        QVERIFY(small && large);
        for (const double kl : {0.02, 0.1, 0.5})
            QVERIFY(std::abs(small->points(kl) / large->points(kl) - 1) < 0.05);
    }

    // On what it was not fitted to: all changes of one kind together.
    void saysWhatShiftsSay()
    {
        const LogitShifts shifts = randomShifts(1);
        const std::optional<DropLaw> law = fitDropLaw(shifts);
        QVERIFY(law.has_value());
        ShiftSum sum(shifts);
        for (const auto &[layer, formats] : shifts.formats)
            sum.add(formats.at(NumberFormat::Int4), 1);
        for (const double kl : {0.03, 0.3}) {
            sum.scaleTo(kl);
            const double points = sum.drop(calibratedConfidence(shifts)).first;
            QVERIFY2(std::abs(law->points(kl) / points - 1) < 0.35, std::to_string(points).c_str());
        }
    }

    void nothingMeasuredIsNoLaw()
    {
        LogitShifts shifts = randomShifts(1);
        shifts.formats.clear();
        shifts.mlpWidths.clear();
        QVERIFY(!fitDropLaw(shifts));
        QVERIFY(!fitDropLaw(randomShifts(0)));
    }
};

QTEST_APPLESS_MAIN(TestDropLaw)
#include "tst_droplaw.moc"
