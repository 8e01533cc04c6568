#include "jsonchecks.h"

#include "plan/castrisk.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestCastRisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void levels()
    {
        QVERIFY(overflowLevel({}) == RiskLevel::Green);
        QVERIFY(overflowLevel({.overflow = 0.05}) == RiskLevel::Green);
        QVERIFY(overflowLevel({.overflow = 0.051}) == RiskLevel::Amber);
        QVERIFY(overflowLevel({.overflow = 0.25}) == RiskLevel::Amber);
        QVERIFY(overflowLevel({.overflow = 0.251}) == RiskLevel::Red);
        QVERIFY(overflowLevel({.accumulation = 1.1}) == RiskLevel::Red);
        QCOMPARE(toString(RiskLevel::Amber), std::string_view("amber"));
    }

    void formats()
    {
        QVERIFY(safeHalf({.fp16Error = 1e-7, .bf16Error = 1e-5}) == NumberFormat::Fp16);
        QVERIFY(safeHalf({.overflow = 0.3, .fp16Error = 1e-7, .bf16Error = 1e-5}) == NumberFormat::Bf16);
        QVERIFY(safeHalf({.fp16Error = 1, .bf16Error = 1e-5}) == NumberFormat::Bf16); // underflow
        QVERIFY(safeHalf({.overflow = 2, .fp16Error = 1, .bf16Error = 0.01}) == NumberFormat::Fp32);
        QVERIFY(safeHalf({.fp16Error = 1e-5, .bf16Error = 1e-2}, 1e-6) == NumberFormat::Fp32);
    }

    void roundTrips()
    {
        const CastRisk risk{0.1, 0.2, 1.0 / 3, 1e-9, 1e-5};
        verifyRoundTrip(risk);
        for (const char *key : {"overflow", "accumulation", "underflow", "fp16Error", "bf16Error"})
            verifyBadField<CastRisk>(risk, pointerTo(key), "-1", key);
        verifyBadField<CastRisk>(risk, "/underflow", "1.5", "underflow");
    }
};

QTEST_APPLESS_MAIN(TestCastRisk)
#include "tst_castrisk.moc"
