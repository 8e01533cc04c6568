#include "jsonchecks.h"

#include "plan/timespread.h"

#include <QTest>

using namespace edgeflex;
using namespace edgeflex::test;

class TestTimeSpread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFigureHasNoSpread()
    {
        const TimeSpread time = 2.5;
        QVERIFY(!time.hasSpread());
        QCOMPARE(jsonText(nlohmann::json(time)), std::string("2.5"));
        verifyRoundTrip(time);
    }

    void repeatsHave()
    {
        const TimeSpread time = Spread{2, 1.5, 4};
        QVERIFY(time.hasSpread());
        verifyRoundTrip(time);
        QVERIFY(time + TimeSpread(1) == TimeSpread(Spread{3, 2.5, 5}));
        QVERIFY(0.5 * time == TimeSpread(Spread{1, 0.75, 2}));
    }

    void badFields()
    {
        const nlohmann::json json = TimeSpread(Spread{2, 1.5, 4});
        for (const char *key : {"median", "low", "high"})
            verifyBadField<TimeSpread>(json, pointerTo(key), "remove", key);
        verifyBadField<TimeSpread>(json, "/low", "2.5", "low");
        verifyBadField<TimeSpread>(json, "/high", "1.9", "high");
        verifyBadField<TimeSpread>(json, "/median", "-1", "median");
        QVERIFY(!failure([] { nlohmann::json(-1.0).get<TimeSpread>(); }).empty());
        QVERIFY(!failure([] { nlohmann::json("fast").get<TimeSpread>(); }).empty());
    }
};

QTEST_APPLESS_MAIN(TestTimeSpread)
#include "tst_timespread.moc"
