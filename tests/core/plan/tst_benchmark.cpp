#include "plan/benchmark.h"

#include "jsonchecks.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestBenchmark : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plansAreWords()
    {
        for (const BenchPlan &plan : defaultBenchPlans())
            QVERIFY(benchPlanFromString(toString(plan)) == plan);
        const BenchPlan plan = benchPlanFromString("int8:attention=0.75:mlp=0.6");
        QVERIFY((plan == BenchPlan{NumberFormat::Int8, 0.6, 0.75}));
        QCOMPARE(describe(plan), "INT8, 40 % of MLPs and 25 % of attention removed");
        QCOMPARE(describe(benchPlanFromString("int4:mlp=0.7")), "INT4, 30 % of MLPs removed");
        QCOMPARE(describe(benchPlanFromString("bf16")), "BF16");
    }

    void badPlansAreRefused_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("named");
        QTest::newRow("no format") << ":mlp=0.5"
                                   << "";
        QTest::newRow("unknown format") << "int7"
                                        << "int7";
        QTest::newRow("unknown part") << "int8:head=0.5"
                                      << "head=0.5";
        QTest::newRow("no share") << "int8:mlp="
                                  << "share";
        QTest::newRow("nothing left") << "int8:mlp=0"
                                      << "share";
        QTest::newRow("more than all") << "int8:mlp=1.5"
                                       << "share";
        QTest::newRow("not a number") << "int8:attention=half"
                                      << "half";
        QTest::newRow("NaN") << "int8:mlp=nan"
                             << "share";
        QTest::newRow("rubbish after it") << "int8:mlp=0.5x"
                                          << "0.5x";
    }
    void badPlansAreRefused()
    {
        QFETCH(QString, words);
        QFETCH(QString, named);
        const std::string sentence = failure([&] { benchPlanFromString(words.toStdString()); });
        QVERIFY(!sentence.empty());
        QVERIFY2(QString::fromStdString(sentence).contains(named), sentence.c_str());
    }

    void plannedShapes()
    {
        const ModelSpec spec = makeVitSpec(VitShape());
        const ModelSpec planned = plannedSpec(spec, {NumberFormat::Int8, 0.6, 0.75});
        validate(planned);
        for (const BlockSpec &block : planned.blocks) {
            QCOMPARE(block.mlpWidth(), std::int64_t(461)); // of 768
            QCOMPARE(planned.qkDim(block), std::int64_t(48));
            QCOMPARE(planned.voDim(block), std::int64_t(48));
        }
        for (const LinearSpec *linear : planned.linears())
            QVERIFY(linear->format == NumberFormat::Int8);
        QVERIFY(plannedSpec(spec, BenchPlan()) == spec);
        validate(plannedSpec(spec, {NumberFormat::Int4, 1e-9, 1e-9})); // something always stays
    }

    void ratiosAreOfRounds()
    {
        BenchmarkTable table;
        table.times = {{"a", "", true, {1, 2, 4}}, {"b", "", false, {2, 8, 12}}, {"c", "", false, {1}}};
        QCOMPARE(table.speedUp(table.times[0], table.times[1]).median, 3.0); // of 2, 4, 3
        QVERIFY(table.time("b") == &table.times[1]);
        QVERIFY(!table.time("d"));
        QVERIFY(!failure([&] { table.speedUp(table.times[0], table.times[2]); }).empty());
    }

    void json()
    {
        Benchmark value;
        value.conditions.machine = "some";
        value.notes = {"a note"};
        value.tables = {{"model",
                         "synthesized",
                         8,
                         {{"INT8", "INT8 AVX2", true, {1.5, 2.5}}, {"OpenVINO FP32", "OpenVINO 1", false, {2, 3}}},
                         {{"INT8", ScheduleKind::Eager, 100, 101, 20, 200, 300, 12.5}}}};
        verifyRoundTrip(value);
        verifyRoundTrip(Benchmark());
        verifyBadField<Benchmark>(value, "/tables/0/times/0/milliseconds", "[-1]",
                                  "tables[0].times[0].milliseconds[0]");
        verifyBadField<Benchmark>(value, "/tables/0/memory/0/schedule", "\"loose\"", "tables[0].memory[0].schedule");
        verifyBadField<Benchmark>(value, "/tables/0/batch", "0", "tables[0].batch");
    }
};

QTEST_APPLESS_MAIN(TestBenchmark)
#include "tst_benchmark.moc"
