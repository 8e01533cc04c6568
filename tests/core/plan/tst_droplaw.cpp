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

    void manyMeasuredDropsBendTheLaw()
    {
        const DropLaw law{20, 0.8, 0.1};
        const DropLaw truth{45, 1, 0.1};
        std::vector<MeasuredDrop> measured;
        for (double kl = 0.005; kl < 0.5; kl *= 1.1)
            measured.push_back({kl, truth.points(kl), 0.1});
        const DropLaw bent = bentLaw(law, measured);
        QVERIFY(std::abs(bent.exponent - truth.exponent) < 0.05);
        for (const double kl : {0.01, 0.05, 0.3})
            QVERIFY(std::abs(bent.points(kl) / truth.points(kl) - 1) < 0.06);
        QCOMPARE(bent.relativeError, law.relativeError);
    }

    void fewMeasuredDropsBendItALittle()
    {
        const DropLaw law{20, 0.8, 0.1};
        QVERIFY(bentLaw(law, {}) == law);
        QVERIFY(bentLaw({}, {}) == DropLaw());
        const double kl = 0.1;
        const double before = law.points(kl);
        double last = before;
        std::vector<MeasuredDrop> measured;
        for (int count = 0; count < 4; ++count) { // each loses twice as much
            measured.push_back({kl, 2 * before, 0.3});
            const double now = bentLaw(law, measured).points(kl);
            QVERIFY(now > last && now < 2 * before);
            last = now;
        }
        const DropLaw uncertain = bentLaw(law, std::vector<MeasuredDrop>{{kl, 2 * before, 10}});
        QVERIFY(uncertain.points(kl) < 1.05 * before);
    }

    // Where the exponent can bend no further, the factor does all of it.
    void itBendsAtTheBoundsOfTheExponentToo()
    {
        for (const DropLaw &law : {DropLaw{20, 0.5, 0.1}, DropLaw{40, 1.5, 0.1}}) {
            for (const double kl : {0.02, 0.2}) {
                const std::vector<MeasuredDrop> measured(40, {kl, law.points(kl) / 4, 0.01});
                const double ratio = bentLaw(law, measured).points(kl) / law.points(kl);
                QVERIFY2(std::abs(ratio - 0.25) < 0.05, std::to_string(ratio).c_str());
            }
        }
    }

    // Drops of few images, some of which are gains, and of models that are destroyed.
    void noMeasuredDropBreaksIt()
    {
        const DropLaw law{20, 0.8, 0.1};
        for (const double points : {-100.0, -1.0, 0.0, 90.0}) {
            for (const double kl : {1e-7, 0.01, 1.0}) {
                const std::vector<MeasuredDrop> measured(50, {kl, points, 0.0});
                const DropLaw bent = bentLaw(law, measured);
                QVERIFY(bent.points(0.05) > 0 && bent.points(0.05) < 1e6);
                QVERIFY(bent.exponent >= 0.5 && bent.exponent <= 1.5);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestDropLaw)
#include "tst_droplaw.moc"
