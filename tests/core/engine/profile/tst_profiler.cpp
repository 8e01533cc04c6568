#include "engine/profile/profiler.h"

#include "plan/error.h"
#include "plan/linearlayout.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace edgeflex;

class TestProfiler : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    ProfileOptions m_options;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        test::writeSmallModel(root + "/model");
        test::writeSmallImages(root + "/images", 20);
        m_options.model.path = root + "/model";
        m_options.calibration = root + "/images";
        m_options.job.threads = 2;
    }

    void measuresWhatItPredicts_data()
    {
        QTest::addColumn<int>("batch");
        QTest::addColumn<bool>("eager");
        for (const int batch : {1, 4, 9}) {
            QTest::addRow("tight, batch %d", batch) << batch << false;
            QTest::addRow("eager, batch %d", batch) << batch << true;
        }
    }
    void measuresWhatItPredicts()
    {
        QFETCH(int, batch);
        QFETCH(bool, eager);
        ProfileOptions options = m_options;
        options.batch = batch;
        options.schedule = eager ? ScheduleKind::Eager : ScheduleKind::Tight;
        NoProgress progress;
        const ActivationProfile profile = profileModel(options, progress);
        QCOMPARE(profile.images, std::int64_t(20));
        QCOMPARE(profile.measuredPeakBytes, profile.timeline.peakBytes());
        QCOMPARE(profile.operations.size(), profile.schedule.operations.size());
        if (eager)
            QCOMPARE(profile.eagerPeakBytes, profile.timeline.peakBytes());
        QCOMPARE(profile.layers.size(), std::size_t(10));
        for (const LayerProfile &layer : profile.layers) {
            QVERIFY(layer.milliseconds > 0);
            QVERIFY(layer.castRisk.fp16Error > 0 && layer.castRisk.fp16Error < layer.castRisk.bf16Error);
            QCOMPARE(layer.inputMeanAbs.size(), static_cast<std::size_t>(layer.inFeatures));
            QVERIFY(layer.inputHistogram.total() > 0 && layer.inputHistogram.total() % layer.inFeatures == 0);
            for (std::size_t c = 0; c < layer.inputMeanAbs.size(); ++c)
                QVERIFY(layer.inputMeanAbs[c] >= 0 && layer.inputMeanAbs[c] <= layer.inputMaxAbs[c]);
        }
        // 9 patches and a class token.
        QCOMPARE(profile.layers[1].outputBytes, std::int64_t(4) * batch * 10 * 96);
        QCOMPARE(profile.layers[1].macs, std::int64_t(batch) * 10 * 96 * 32);
        QCOMPARE(profile.layers.front().macs, std::int64_t(batch) * 9 * 16 * 32);
        QCOMPARE(profile.layers.back().macs, std::int64_t(batch) * 32 * 10);
    }

    void refusesWhatCannotBe()
    {
        NoProgress progress;
        ProfileOptions options = m_options;
        options.batch = 21;
        QVERIFY_EXCEPTION_THROWN(profileModel(options, progress), Error);
        options.batch = 0;
        QVERIFY_EXCEPTION_THROWN(profileModel(options, progress), Error);
        options = m_options;
        options.job.memoryLimitBytes = 1000;
        QVERIFY_EXCEPTION_THROWN(profileModel(options, progress), Error);
        options = m_options;
        options.calibration += "/nowhere";
        QVERIFY_EXCEPTION_THROWN(profileModel(options, progress), Error);
    }
};

QTEST_APPLESS_MAIN(TestProfiler)
#include "tst_profiler.moc"
