#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/latencytable.h"

#include <QTest>

using namespace edgeflex;
using namespace edgeflex::test;

class TestLatencyTable : public QObject
{
    Q_OBJECT

    static LatencyTable sample()
    {
        LatencyTable table;
        table.machine = "A processor";
        table.target = sampleTarget();
        table.edgeflexVersion = "1.0";
        table.products[{NumberFormat::Int4, 96, 48, 17, 64, true}] = Spread{0.5, 0.4, 0.7};
        table.products[{NumberFormat::Int4, 96, 48, 17, 32, true}] = 0.6;
        table.products[{NumberFormat::Fp32, 96, 48, 17, 0, false}] = 1.0;
        table.passes["a shape"] = Spread{10, 9, 12};
        return table;
    }

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(sample());
        verifyRoundTrip(LatencyTable());
    }

    void conditions()
    {
        const LatencyTable table = sample();
        LatencyTable other = sample();
        other.products.clear();
        QVERIFY(table.sameConditions(other));
        other.machine = "Another";
        QVERIFY(!table.sameConditions(other));
        other = sample();
        other.target.threads = 1;
        QVERIFY(!table.sameConditions(other));
        other = sample();
        other.edgeflexVersion = "1.1";
        QVERIFY(!table.sameConditions(other));
    }

    void badFields()
    {
        const nlohmann::json json = sample();
        for (const char *key : {"formatVersion", "machine", "target", "edgeflexVersion", "products", "passes"})
            verifyBadField<LatencyTable>(json, pointerTo(key), "remove", key);
        verifyBadField<LatencyTable>(json, "/formatVersion", "2", "formatVersion");
        verifyBadField<LatencyTable>(json, "/products/0/format", "\"int3\"", "products[0].format");
        verifyBadField<LatencyTable>(json, "/products/1/rows", "0", "products[1].rows");
        verifyBadField<LatencyTable>(json, "/products/1/inputs", "-4", "products[1].inputs");
        verifyBadField<LatencyTable>(json, "/products/2/milliseconds/low", "9", "products[2].milliseconds.low");
        verifyBadField<LatencyTable>(json, "/products/2/groupSize", "0", "products[2].groupSize");
        verifyBadField<LatencyTable>(json, "/passes/a shape/median", "-1", "passes[\"a shape\"].median");
        nlohmann::json twice = json;
        twice["products"].push_back(twice["products"][0]);
        QVERIFY(failure([&] { twice.get<LatencyTable>(); }).find("products[3]") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestLatencyTable)
#include "tst_latencytable.moc"
