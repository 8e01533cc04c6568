#include "engine/tune/tuner.h"

#include "engine/kernels/linear.h"
#include "engine/model/vitmodel.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "reference/notes.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace edgeflex;

class TestTuner : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    TuneOptions m_options;
    std::int64_t m_fp32Bytes = 0;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_fp32Bytes = weightBytes(test::writeSmallModel(root + "/model").spec);
        test::writeSmallImages(root + "/images", 80);
        m_options.model.path = root + "/model";
        m_options.calibration = root + "/images";
        m_options.out = root + "/tuned";
        m_options.job.threads = 2;
    }

    void weightsBudgetIsNeverExceeded_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.9, 0.5, 0.4, 0.33})
            QTest::addRow("%g", share) << share;
    }
    void weightsBudgetIsNeverExceeded()
    {
        QFETCH(double, share);
        TuneOptions options = m_options;
        options.maxWeightsBytes = static_cast<std::int64_t>(share * static_cast<double>(m_fp32Bytes));
        test::Notes progress;
        const TuneResult result = tuneModel(options, progress);
        QVERIFY2(result.met, result.verdict.c_str());
        const VitModel tuned = openModel({options.out, {}, {}, {}, {}, {}, {}});
        QVERIFY(weightBytes(tuned.spec) <= *options.maxWeightsBytes);
        QCOMPARE(weightBytes(tuned.spec), result.compressed.weightsBytes);
        QVERIFY(result.searchHeldOut);
        QVERIFY(QString::fromStdString(progress.text).contains("kept for searching"));
        QVERIFY(result.searchImages + result.compressed.calibrationImages == 80);
    }

    void peakBudgetCountsActivations()
    {
        TuneOptions options = m_options;
        options.batch = 4;
        options.maxPeakBytes = m_fp32Bytes / 2 + 20'000;
        NoProgress progress;
        const TuneResult result = tuneModel(options, progress);
        QVERIFY2(result.met, result.verdict.c_str());
        const VitModel tuned = openModel({options.out, {}, {}, {}, {}, {}, {}});
        const std::int64_t peak =
            makeTimeline(makeSchedule(tuned.spec, ScheduleKind::Tight, 4, detectTarget(2))).peakBytes();
        QVERIFY(peak <= *options.maxPeakBytes);
        QVERIFY(std::any_of(result.steps.begin(), result.steps.end(),
                            [&](const TuneStep &step) { return step.peakBytes == peak; }));
    }

    void impossibleBudgetSaysWhatIsNearest()
    {
        TuneOptions options = m_options;
        options.maxWeightsBytes = 2000;
        NoProgress progress;
        const TuneResult result = tuneModel(options, progress);
        QVERIFY(!result.met);
        QVERIFY2(QString::fromStdString(result.verdict).startsWith("not met: weights of "), result.verdict.c_str());
        QVERIFY(QString::fromStdString(result.verdict).contains("nearest: weights "));
        QVERIFY(result.compressed.weightsBytes < m_fp32Bytes / 3); // it is near
    }

    // What is asked of the latency cannot be had: what memory there is holds all the same.
    void memoryBudgetsHoldWhateverTheLatency()
    {
        TuneOptions options = m_options;
        options.maxWeightsBytes = m_fp32Bytes / 4;
        options.maxLatencyRatio = 0.001;
        NoProgress progress;
        const TuneResult result = tuneModel(options, progress);
        QVERIFY(!result.met);
        QVERIFY(result.compressed.weightsBytes <= *options.maxWeightsBytes);
        QVERIFY2(QString::fromStdString(result.verdict).contains("latency exceeds"), result.verdict.c_str());
    }

    void dropBudgetSeeksTheSmallest()
    {
        TuneOptions options = m_options;
        options.maxDropPoints = 100; // anything goes
        NoProgress progress;
        const TuneResult anything = tuneModel(options, progress);
        QVERIFY(anything.met);
        options.maxDropPoints = 0;
        const TuneResult nothing = tuneModel(options, progress);
        QVERIFY(anything.compressed.weightsBytes <= nothing.compressed.weightsBytes);
        QVERIFY(anything.compressed.weightsBytes < m_fp32Bytes / 3);
        for (const TuneStep &step : anything.steps)
            QVERIFY(anything.compressed.weightsBytes <= step.weightsBytes);
    }

    void pinnedLayersStay()
    {
        TuneOptions options = m_options;
        options.maxWeightsBytes = m_fp32Bytes / 2;
        addPin(options.pins, "head=fp16");
        addPin(options.pins, "blocks.0.attn.qkv=int4");
        addPin(options.pins, "blocks.1.mlp=48");
        NoProgress progress;
        const TuneResult result = tuneModel(options, progress);
        QVERIFY2(result.met, result.verdict.c_str());
        const ModelSpec &spec = result.compressed.spec;
        QVERIFY(spec.head.format == NumberFormat::Fp16);
        QVERIFY(spec.blocks[0].qkv.format == NumberFormat::Int4);
        QCOMPARE(spec.blocks[1].mlpWidth(), std::int64_t(48));
        QVERIFY(result.front.byWeights.size() > 3 && result.front.byLatency.size() > 1);
        for (const ParetoPoint &point : result.front.byWeights)
            QVERIFY(point.plan.format("head") == NumberFormat::Fp16);
        addPin(options.pins, "blocks.1.mlp=50");
        QVERIFY_EXCEPTION_THROWN(tuneModel(options, progress), Error);
    }

    void allBudgetsTogether()
    {
        TuneOptions options = m_options;
        options.maxWeightsBytes = m_fp32Bytes / 2;
        options.maxPeakBytes = m_fp32Bytes;
        options.maxLatencyRatio = 100;
        options.maxDropPoints = 100;
        NoProgress progress;
        const TuneResult result = tuneModel(options, progress);
        QVERIFY2(result.met, result.verdict.c_str());
        QVERIFY(result.compressed.weightsBytes <= m_fp32Bytes / 2);
        QVERIFY(result.steps.front().latencyRatio > 0);
    }

    void separateSearchImages()
    {
        TuneOptions options = m_options;
        options.search = test::writeSmallImages(m_folder.path().toStdString() + "/search", 30, 77);
        options.maxWeightsBytes = m_fp32Bytes / 2;
        NoProgress progress;
        const TuneResult result = tuneModel(options, progress);
        QVERIFY(!result.searchHeldOut);
        QCOMPARE(result.searchImages, std::int64_t(30));
        QCOMPARE(result.compressed.calibrationImages, std::int64_t(80));
    }

    void senselessBudgetsAreRefused()
    {
        NoProgress progress;
        QVERIFY_EXCEPTION_THROWN(tuneModel(m_options, progress), Error);
        TuneOptions options = m_options;
        options.maxLatencyRatio = 0;
        QVERIFY_EXCEPTION_THROWN(tuneModel(options, progress), Error);
        options = m_options;
        options.maxDropPoints = -1;
        QVERIFY_EXCEPTION_THROWN(tuneModel(options, progress), Error);
        options = m_options;
        options.maxWeightsBytes = 100'000;
        options.job.memoryLimitBytes = 1000;
        QVERIFY_EXCEPTION_THROWN(tuneModel(options, progress), Error);
    }
};

QTEST_APPLESS_MAIN(TestTuner)
#include "tst_tuner.moc"
