#include "jsonchecks.h"

#include "plan/measurement.h"

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

Measurement measured()
{
    Measurement value;
    value.model = "tuned";
    value.images = 900;
    value.top1 = wilson(747, 900);
    value.top5 = wilson(850, 900);
    value.latency = Latency{12.5, 14.25, 1.5625};
    value.weightsBytes = 5'700'000;
    value.peakMemory = {8'000'000, 9'000'000, 150'000'000};
    value.conditions.machine = "EPYC";
    value.conditions.target.threads = 2;
    value.conditions.target.instructionSet = "AVX2";
    value.conditions.threadWaits = "GOMP_SPINCOUNT=10000";
    value.conditions.schedule = ScheduleKind::Eager;
    value.conditions.batch = 8;
    value.conditions.repeats = 20;
    value.conditions.dataset = "imagenet-val-900";
    value.conditions.images = 900;
    value.conditions.edgeflexVersion = "0.1.0";
    value.conditions.oneDnnVersion = "2.6.3";
    value.conditions.libTorchVersion = "1.13.1";
    value.conditions.dateUtc = "2024-05-01T12:00:00Z";
    value.refits = {{"blocks.0.mlp.fc2", {0.25, 0.0625}}};
    value.answers = JudgedAnswers("images of validation", 900, {{3, 1}, {700, 999}});
    value.againstBaseline =
        BaselineComparison{"tiny",           wilson(760, 900),    0.97, 0.0123, pairedDrop(30, 17, 900),
                           {0.5, 0.45, 0.6}, Latency{20, 22, 20}, 0.25, 0.3};
    return value;
}

} // namespace

class TestMeasurement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(measured());
        verifyRoundTrip(measured().conditions);
        verifyRoundTrip(Measurement());
        verifyRoundTrip(AccuracySoFar{wilson(70, 90), wilson(75, 90), pairedDrop(7, 2, 90), 900});
        verifyRoundTrip(AccuracySoFar());
        Measurement value = measured();
        value.peakMemory.processBytes = value.peakMemory.idleProcessBytes = -1;
        value.latency.reset();
        verifyRoundTrip(value);
        value.answers.reset();
        value.refits.clear();
        verifyRoundTrip(value);
        QVERIFY(!nlohmann::json(value).contains("latencyMs") && !nlohmann::json(value).contains("answers"));
    }

    void badAccuracySoFar()
    {
        const nlohmann::json json = AccuracySoFar{wilson(70, 90), wilson(75, 90), pairedDrop(7, 2, 90), 900};
        for (const char *key : {"top1", "baselineTop1", "drop", "imagesInAll"})
            verifyBadField<AccuracySoFar>(json, pointerTo(key), "remove", key);
        verifyBadField<AccuracySoFar>(json, "/top1/correct", "91", "top1.correct");
        verifyBadField<AccuracySoFar>(json, "/drop/mcnemarP", "2", "drop.mcnemarP");
        verifyBadField<AccuracySoFar>(json, "/imagesInAll", "-1", "imagesInAll");
    }

    // As the command line documents them.
    void keys()
    {
        const nlohmann::json json = measured();
        QCOMPARE(json.at("images").get<int>(), 900);
        QCOMPARE(json.at("top1").at("correct").get<int>(), 747);
        QCOMPARE(json.at("top1").at("rate").get<double>(), 0.83);
        QVERIFY(json.at("top1").contains("low") && json.at("top1").contains("high"));
        QVERIFY(json.contains("top5"));
        QCOMPARE(json.at("latencyMs").at("median").get<double>(), 12.5);
        QCOMPARE(json.at("latencyMs").at("p95").get<double>(), 14.25);
        QCOMPARE(json.at("latencyMs").at("perImage").get<double>(), 1.5625);
        QCOMPARE(json.at("weightsBytes").get<int>(), 5'700'000);
        QCOMPARE(json.at("peakMemoryBytes").at("allocator").get<int>(), 8'000'000);
        QCOMPARE(json.at("peakMemoryBytes").at("process").get<int>(), 9'000'000);
        QCOMPARE(json.at("peakMemoryBytes").at("idleProcess").get<int>(), 150'000'000);
        QCOMPARE(json.at("conditions").at("schedule").get<std::string>(), std::string("eager"));
        const nlohmann::json against = json.at("againstBaseline");
        const PairedDrop drop = pairedDrop(30, 17, 900);
        QCOMPARE(against.at("agreement").get<double>(), 0.97);
        QCOMPARE(against.at("baselineLatencyMs").at("median").get<int>(), 20);
        QCOMPARE(against.at("klMean").get<double>(), 0.0123);
        QCOMPARE(against.at("dropPoints").get<double>(), drop.points);
        QCOMPARE(against.at("low").get<double>(), drop.low);
        QCOMPARE(against.at("high").get<double>(), drop.high);
        QCOMPARE(against.at("upperBound").get<double>(), drop.upperBound);
        QCOMPARE(against.at("mcnemarP").get<double>(), drop.mcnemarP);
        QCOMPARE(against.at("latencyRatio").at("median").get<double>(), 0.5);
        QCOMPARE(against.at("weightsRatio").get<double>(), 0.25);
        QCOMPARE(against.at("peakRatio").get<double>(), 0.3);
    }

    void badFields()
    {
        const nlohmann::json json = measured();
        for (const char *key : {"model", "images", "top1", "top5", "weightsBytes", "peakMemoryBytes", "conditions"})
            verifyBadField<Measurement>(json, pointerTo(key), "remove", key);
        verifyBadField<Measurement>(json, "/top1/correct", "901", "top1.correct");
        verifyBadField<Measurement>(json, "/top5/rate", "null", "top5.rate");
        verifyBadField<Measurement>(json, "/latencyMs/p95", "-1", "latencyMs.p95");
        verifyBadField<Measurement>(json, "/peakMemoryBytes/process", "-2", "peakMemoryBytes.process");
        verifyBadField<Measurement>(json, "/peakMemoryBytes/allocator", "1.5", "peakMemoryBytes.allocator");
        verifyBadField<Measurement>(json, "/conditions/batch", "0", "conditions.batch");
        verifyBadField<Measurement>(json, "/conditions/schedule", "\"lazy\"", "conditions.schedule");
        verifyBadField<Measurement>(json, "/conditions/target/threads", "0", "conditions.target.threads");
        verifyBadField<Measurement>(json, "/conditions/dateUtc", "remove", "conditions.dateUtc");
        verifyBadField<Measurement>(json, "/againstBaseline/mcnemarP", "2", "againstBaseline.mcnemarP");
        verifyBadField<Measurement>(json, "/againstBaseline/agreement", "1.1", "againstBaseline.agreement");
        verifyBadField<Measurement>(json, "/againstBaseline/latencyRatio/low", "remove",
                                    "againstBaseline.latencyRatio.low");
        verifyBadField<Measurement>(json, "/againstBaseline", "[]", "againstBaseline");
        verifyBadField<Measurement>(json, "/answers/wrong", "7", "answers.wrong");
        verifyBadField<Measurement>(json, "/refits/blocks.0.mlp.fc2/refit", "-1", "refits[\"blocks.0.mlp.fc2\"].refit");
    }
};

QTEST_APPLESS_MAIN(TestMeasurement)
#include "tst_measurement.moc"
