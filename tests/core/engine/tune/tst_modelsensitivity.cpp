#include "engine/tune/modelsensitivity.h"

#include "engine/compress/compressor.h"
#include "engine/kernels/linear.h"
#include "engine/tune/modeltimes.h"
#include "plan/error.h"
#include "plan/predictor.h"
#include "reference/cancelling.h"
#include "reference/notes.h"
#include "reference/smallworld.h"

#include <nlohmann/json.hpp>

#include <cmath>

#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

class TestModelSensitivity : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    SensitivityOptions m_options;
    VitModel m_model;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_model = test::writeSmallModel(root + "/model");
        m_options.model.path = root + "/model";
        m_options.calibration = test::writeSmallImages(root + "/images", 80);
        m_options.searchImages = 8;
        m_options.job.threads = 1;
    }

    void knowsAllThatThePredictorAsks()
    {
        test::Notes progress;
        const SensitivityResult result = measureModelSensitivity(m_options, progress);
        QVERIFY(QString::fromStdString(progress.text).contains("kept for searching"));
        QCOMPARE(result.sensitivity.images, std::int64_t(8));
        QVERIFY(result.calibrationImages > 8 && result.calibrationImages < 80);
        QCOMPARE(nlohmann::json(result).get<SensitivityResult>(), result);

        Predictor predictor(m_model.spec, detectTarget(1), ScheduleKind::Tight, 2);
        predictor.setSensitivity(result.sensitivity);
        TimesOptions asked;
        asked.model = m_options.model;
        asked.batch = 2;
        asked.cacheFolder = m_folder.path().toStdString() + "/cache";
        asked.job = m_options.job;
        predictor.setTimes(measureModelTimes(asked, progress));
        for (const NumberFormat format : allNumberFormats()) {
            CompressionPlan plan = identityPlan(m_model.spec);
            for (auto &[layer, its] : plan.formats)
                its = format;
            plan.blocks[0].mlpKeep = 0.75;
            plan.blocks[1].qkKeep = plan.blocks[0].voKeep = 0.5;
            const Prediction prediction = predictor.predict(plan);
            QVERIFY(prediction.level == Prediction::Level::Superposed);
            QVERIFY(prediction.latencyRatio && *prediction.latencyRatio > 0);
        }
    }

    // A change alone is predicted to do what it was seen to do.
    void shiftsSayWhatLossesSay()
    {
        NoProgress progress;
        const SensitivityResult result = measureModelSensitivity(m_options, progress);
        Predictor predictor(m_model.spec, detectTarget(1), ScheduleKind::Tight, 2);
        predictor.setSensitivity(result.sensitivity);
        for (const LinearSpec *linear : m_model.spec.linears()) {
            for (const NumberFormat format : {NumberFormat::Int8, NumberFormat::Int4}) {
                CompressionPlan plan = identityPlan(m_model.spec);
                plan.formats[linear->name] = format;
                const double loss = result.sensitivity.formatLoss(linear->name, format);
                const double predicted = *predictor.predict(plan).kl;
                QVERIFY2(std::abs(predicted - loss) < 0.02 * loss + 1e-7, linear->name.c_str());
            }
        }
        const auto single = [&](double BlockPlan::*keep, double share) {
            CompressionPlan plan = identityPlan(m_model.spec);
            plan.blocks[1].*keep = share;
            return *predictor.predict(plan).kl;
        };
        const double width = result.sensitivity.widthLoss(1, 32);
        QVERIFY(std::abs(single(&BlockPlan::mlpKeep, 0.5) - width) < 0.02 * width);
        const double values = result.sensitivity.voLoss(1, 8);
        QVERIFY(std::abs(single(&BlockPlan::voKeep, 0.5) - values) < 0.02 * values);
    }

    void separateSearchImages()
    {
        SensitivityOptions options = m_options;
        options.search = test::writeSmallImages(m_folder.path().toStdString() + "/search", 10, 77);
        NoProgress progress;
        const SensitivityResult result = measureModelSensitivity(options, progress);
        QCOMPARE(result.calibrationImages, std::int64_t(80));
        QCOMPARE(result.sensitivity.images, std::int64_t(8));
    }

    void cancelStops()
    {
        for (const int looks : {3, 30, 100, 300}) {
            test::Cancelling progress(looks);
            QVERIFY_EXCEPTION_THROWN(measureModelSensitivity(m_options, progress), Cancelled);
        }
    }

    void refusesWithASentence()
    {
        NoProgress progress;
        SensitivityOptions options = m_options;
        options.job.memoryLimitBytes = 1000;
        QVERIFY_EXCEPTION_THROWN(measureModelSensitivity(options, progress), Error);
        options = m_options;
        options.calibration = test::writeSmallImages(m_folder.path().toStdString() + "/one", 1);
        QVERIFY_EXCEPTION_THROWN(measureModelSensitivity(options, progress), Error);
    }
};

QTEST_APPLESS_MAIN(TestModelSensitivity)
#include "tst_modelsensitivity.moc"
