#include "engine/tune/validatepredictor.h"

#include "engine/io/atomicfile.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>

using namespace edgeflex;

class TestValidatePredictor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plansAreMeasuredAndPredictionsKept()
    {
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        test::writeSmallModel(root + "/model");
        ValidatePredictorOptions options;
        options.model.path = root + "/model";
        options.calibration = test::writeSmallImages(root + "/images", 60);
        options.data = test::writeSmallImages(root + "/judge", 40, 77);
        options.plans = 6;
        options.sensitivity = root + "/sensitivity.json";
        options.cacheFolder = root + "/cache";
        options.job.threads = 1;
        NoProgress progress;
        const PredictorValidation result = validatePredictor(options, progress);
        QVERIFY(result.plans.size() >= 2 && result.plans.size() <= 12);
        QCOMPARE(result.images, std::int64_t(40));
        QCOMPARE(result.errors.size(), std::size_t(4));
        for (const PredictedPlan &plan : result.plans)
            QVERIFY(plan.superposedKl > 0 && plan.additiveKl > 0 && plan.measuredKl > 0);

        // What predictions come of is read again, and all is as before.
        QVERIFY(std::filesystem::exists(options.sensitivity));
        const auto written = std::filesystem::last_write_time(options.sensitivity);
        QVERIFY(validatePredictor(options, progress) == result);
        QVERIFY(std::filesystem::last_write_time(options.sensitivity) == written);

        // So are plans that were measured, and only predicted; here as before.
        ValidatePredictorOptions again = options;
        again.measured = root + "/validation.json";
        again.data.clear();
        writeTextFile(again.measured, jsonText(nlohmann::json(result)));
        QVERIFY(validatePredictor(again, progress) == result);
        writeTextFile(again.measured, "{}");
        QVERIFY_EXCEPTION_THROWN(validatePredictor(again, progress), Error);

        options.plans = 0;
        QVERIFY_EXCEPTION_THROWN(validatePredictor(options, progress), Error);
    }
};

QTEST_APPLESS_MAIN(TestValidatePredictor)
#include "tst_validatepredictor.moc"
