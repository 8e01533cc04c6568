#include "engine/bench/benchmarker.h"

#include "core/engine/model/smallcheckpoint.h"
#include "engine/bench/plainvariant.h"
#include "engine/io/safetensors.h"
#include "engine/kernels/linear.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "reference/smallworld.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

namespace {

std::string refusal(const BenchOptions &options)
{
    NoProgress progress;
    try {
        benchmark(options, progress);
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

} // namespace

class TestBenchmarker : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    BenchOptions m_options;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        test::writeSmallModel(root + "/model");
        m_options.models = {root + "/model"};
        m_options.rounds = 3;
        m_options.memoryImages = 4;
        m_options.engineExecutable = EDGEFLEX_BINARY_DIR "/bin/edgeflex";
        m_options.job.threads = 1;
    }

    // Every contender in every round, and memory that is the schedule's.
    void timesAndWeighs()
    {
        BenchOptions options = m_options;
        options.batches = {1, 2};
        options.plans = {{NumberFormat::Fp32}, {NumberFormat::Int8}, {NumberFormat::Int4, 0.5}};
        options.peers = false;
        NoProgress progress;
        const Benchmark result = benchmark(options, progress);
        QCOMPARE(result.conditions.repeats, 3);
        QVERIFY(result.notes.empty());
        QCOMPARE(result.tables.size(), std::size_t(2));
        ModelSource source;
        source.path = m_options.models[0];
        const VitModel model = openModel(source);
        const ExecutionTarget target = detectTarget(1);
        for (std::size_t t = 0; t < 2; ++t) {
            const BenchmarkTable &table = result.tables[t];
            QCOMPARE(table.batch, options.batches[t]);
            QVERIFY(table.time(int8ProductsName));
            QCOMPARE(table.times.size(), std::size_t(4));
            for (const BenchmarkTime &time : table.times) {
                QCOMPARE(time.milliseconds.size(), std::size_t(3));
                QVERIFY(*std::min_element(time.milliseconds.begin(), time.milliseconds.end()) > 0);
            }
            QCOMPARE(table.memory.size(), std::size_t(4)); // FP32 eager too
            QVERIFY(table.memory[1].schedule == ScheduleKind::Eager);
            for (const BenchmarkMemory &memory : table.memory) {
                const std::size_t plan = &memory == &table.memory[0]   ? 0
                                         : &memory == &table.memory[1] ? 0
                                         : &memory == &table.memory[2] ? 1
                                                                       : 2;
                const ModelSpec spec = plannedSpec(model.spec, options.plans[plan]);
                QCOMPARE(memory.name, describe(options.plans[plan]));
                QCOMPARE(memory.images, std::int64_t(4));
                QCOMPARE(memory.weightsBytes, weightBytes(spec));
                QCOMPARE(memory.weightsAfterBytes, memory.weightsBytes);
                QCOMPARE(memory.allocatorBytes,
                         makeTimeline(makeSchedule(spec, memory.schedule, table.batch, target)).peakBytes());
                QVERIFY(memory.startMilliseconds > 0);
            }
        }
    }

    void aTunedModelStandsBesideItsOriginal()
    {
        NoProgress progress;
        ModelSource source;
        source.path = m_options.models[0];
        VitModel tuned = plainVariant(openModel(source), {NumberFormat::Int8, 0.5});
        tuned.provenance = {{"made from", source.path}};
        BenchOptions options = m_options;
        options.models = {m_folder.path().toStdString() + "/tuned"};
        options.peers = options.memory = false;
        saveModel(tuned, options.models[0]);
        const Benchmark result = benchmark(options, progress);
        QCOMPARE(result.tables.at(0).times.size(), std::size_t(2));
        QCOMPARE(result.tables[0].times[0].name, "FP32");
        QCOMPARE(result.tables[0].times[1].name, "tuned");
        QVERIFY(result.tables[0].memory.empty());

        tuned.provenance = {{"made from", "/nowhere/model"}};
        saveModel(tuned, options.models[0]);
        const std::string sentence = refusal(options);
        QVERIFY2(sentence.find("/nowhere/model") != std::string::npos, sentence.c_str());
        QVERIFY2(sentence.find("--original") != std::string::npos, sentence.c_str());
        options.original = source.path;
        QCOMPARE(refusal(options), "");
    }

    // What a state dict does not say about itself goes to the processes that weigh it, too.
    void aBareStateDictIsHelped()
    {
        const std::string folder = m_folder.path().toStdString() + "/bare";
        QVERIFY(QDir().mkpath(QString::fromStdString(folder)));
        writeSafetensors(folder + "/model.safetensors", test::timmTensors(), {});
        BenchOptions options = m_options;
        options.models = {folder};
        options.plans = {{NumberFormat::Fp32}, {NumberFormat::Int8}};
        options.peers = false;
        options.rounds = 1;
        QVERIFY2(refusal(options).find("heads") != std::string::npos, refusal(options).c_str());
        options.facts.heads = 2;
        QCOMPARE(refusal(options), "");
        NoProgress progress;
        const Benchmark result = benchmark(options, progress);
        QCOMPARE(result.tables.at(0).times.at(0).name, "FP32");
        QCOMPARE(result.tables.at(0).memory.size(), std::size_t(3)); // FP32 in both schedules
    }

    // What is not there is said, not fatal.
    void missingPeersAreNoted()
    {
        const QByteArray onnx = qgetenv("EDGEFLEX_ONNXRUNTIME");
        const QByteArray openVino = qgetenv("EDGEFLEX_OPENVINO");
        qputenv("EDGEFLEX_ONNXRUNTIME", "/nowhere/libonnxruntime.so");
        qputenv("EDGEFLEX_OPENVINO", "/nowhere/libopenvino_c.so");
        BenchOptions options = m_options;
        options.plans = {{NumberFormat::Fp32}};
        options.memory = false;
        NoProgress progress;
        const Benchmark result = benchmark(options, progress);
        onnx.isNull() ? qunsetenv("EDGEFLEX_ONNXRUNTIME") : qputenv("EDGEFLEX_ONNXRUNTIME", onnx);
        openVino.isNull() ? qunsetenv("EDGEFLEX_OPENVINO") : qputenv("EDGEFLEX_OPENVINO", openVino);
        QCOMPARE(result.notes.size(), std::size_t(2));
        QCOMPARE(result.tables.at(0).times.size(), std::size_t(1));
    }

    void badOptionsAreRefused()
    {
        BenchOptions options = m_options;
        options.models.clear();
        QVERIFY(!refusal(options).empty());
        options = m_options;
        options.plans.clear();
        QVERIFY(!refusal(options).empty());
        options = m_options;
        options.models.push_back(options.models[0]);
        options.onnxInt8 = "some.onnx";
        QVERIFY(refusal(options).find("--onnx-int8") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestBenchmarker)
#include "tst_benchmarker.moc"
