#include "engine/evaluate/measure.h"

#include "engine/evaluate/accuracy.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "reference/naivevit.h"
#include "reference/smallworld.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

class TestMeasure : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    MeasureOptions m_options;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        test::writeSmallModel(root + "/model");
        test::writeSmallModel(root + "/other", 6);
        test::writeSmallImages(root + "/images", 37);
        m_options.model.path = root + "/model";
        m_options.data = root + "/images";
        m_options.repeats = 3;
        m_options.batch = 2;
        m_options.engineExecutable = EDGEFLEX_BINARY_DIR "/bin/edgeflex";
    }

    void figuresAreThose()
    {
        MeasureOptions options = m_options;
        options.baseline = m_options.model;
        options.baseline->path = m_folder.path().toStdString() + "/other";
        NoProgress progress;
        const Measurement result = measureModel(options, progress);
        QCOMPARE(result.images, std::int64_t(37));
        QCOMPARE(result.conditions.images, std::int64_t(37));

        // The same answers from the plain double-precision pass.
        const VitModel model = openModel(options.model);
        const VitModel other = openModel(*options.baseline);
        std::int64_t agree = 0;
        std::int64_t correct = 0;
        QFile pixelFile(QString::fromStdString(options.data + "/set-images-idx3-ubyte"));
        QVERIFY(pixelFile.open(QIODevice::ReadOnly));
        const QByteArray bytes = pixelFile.readAll();
        QFile labelFile(QString::fromStdString(options.data + "/set-labels-idx1-ubyte"));
        QVERIFY(labelFile.open(QIODevice::ReadOnly));
        const QByteArray labels = labelFile.readAll();
        for (int i = 0; i < 37; ++i) {
            std::vector<float> pixels;
            for (int p = 0; p < 144; ++p)
                pixels.push_back(
                    (static_cast<float>(static_cast<unsigned char>(bytes[16 + 144 * i + p])) / 255.0F - 0.5F) / 0.25F);
            const auto top = [&](const VitModel &vit) {
                const std::vector<double> logits = reference::naiveLogits(vit, pixels);
                return std::max_element(logits.begin(), logits.end()) - logits.begin();
            };
            agree += top(model) == top(other);
            correct += top(model) == labels[8 + i];
        }
        QCOMPARE(result.top1.correct, correct);
        QVERIFY(result.againstBaseline.has_value());
        QCOMPARE(result.againstBaseline->agreement, static_cast<double>(agree) / 37);
        QVERIFY(result.againstBaseline->klMean > 0);
        QCOMPARE(result.againstBaseline->weightsRatio, 1.0);
        QCOMPARE(result.againstBaseline->peakRatio, 1.0);
        QCOMPARE(result.weightsBytes, weightBytes(model.spec));
        QCOMPARE(result.peakMemory.allocatorBytes,
                 makeTimeline(makeSchedule(model.spec, ScheduleKind::Tight, 2, result.conditions.target)).peakBytes());
        QVERIFY(result.latency && result.latency->medianMs > 0);
        QVERIFY(result.peakMemory.processBytes > 0);
        QVERIFY(result.peakMemory.idleProcessBytes > 1'000'000);
        QVERIFY(!result.conditions.machine.empty());
        QVERIFY(!result.conditions.oneDnnVersion.empty());
        QCOMPARE(nlohmann::json(result).get<Measurement>(), result);
    }

    void itsOwnBaselineDiffersInNothing()
    {
        MeasureOptions options = m_options;
        options.baseline = m_options.model;
        options.processMemory = false;
        NoProgress progress;
        const Measurement result = measureModel(options, progress);
        QCOMPARE(result.againstBaseline->agreement, 1.0);
        QVERIFY(result.againstBaseline->klMean < 1e-9);
        QCOMPARE(result.againstBaseline->drop.points, 0.0);
        QCOMPARE(result.againstBaseline->drop.mcnemarP, 1.0);
        QCOMPARE(result.peakMemory.processBytes, std::int64_t(-1)); // not measured
    }

    void whatIsNotMeasuredIsAbsent()
    {
        MeasureOptions options = m_options;
        options.repeats = 0;
        options.images = 5;
        options.processMemory = false;
        NoProgress progress;
        const Measurement result = measureModel(options, progress);
        QCOMPARE(result.images, std::int64_t(5));
        QVERIFY(!result.latency);
        QVERIFY(!result.againstBaseline);
    }

    void refusesWithASentence()
    {
        NoProgress progress;
        MeasureOptions options = m_options;
        options.job.memoryLimitBytes = 1000;
        QVERIFY_EXCEPTION_THROWN(measureModel(options, progress), Error);
        options = m_options;
        options.batch = -1;
        QVERIFY_EXCEPTION_THROWN(measureModel(options, progress), Error);
        options = m_options;
        options.engineExecutable = m_folder.path().toStdString() + "/no-such-program";
        QVERIFY_EXCEPTION_THROWN(measureModel(options, progress), Error);
        options = m_options;
        options.baseline = m_options.model;
        options.baseline->mean = std::vector<double>{0.1}; // sees other pixels
        QVERIFY_EXCEPTION_THROWN(measureModel(options, progress), Error);
    }
};

QTEST_APPLESS_MAIN(TestMeasure)
#include "tst_measure.moc"
