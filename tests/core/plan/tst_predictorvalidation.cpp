#include "jsonchecks.h"

#include "plan/error.h"
#include "plan/predictorvalidation.h"

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

PredictedPlan predicted(double superposed, double additive, std::int64_t lost)
{
    PredictedPlan plan;
    plan.superposedPoints = superposed;
    plan.additivePoints = additive;
    plan.measured = pairedDrop(lost, 0, 1000);
    return plan;
}

} // namespace

class TestPredictorValidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorsByRange()
    {
        const std::vector<PredictionError> errors =
            predictionErrors({predicted(1.5, 0, 10), predicted(0, 4, 20), // 1 and 2 points
                              predicted(3, 3, 30), predicted(6, 2, 40), predicted(5, 1, 50), predicted(99, 99, 300)});
        QCOMPARE(errors.size(), std::size_t(4));
        QCOMPARE(errors[0].plans, std::int64_t(2));
        QCOMPARE(errors[0].superposedError, (0.5 + 2) / 2);
        QCOMPARE(errors[0].additiveError, (1.0 + 2) / 2);
        QVERIFY(!errors[0].superposedRank);
        QVERIFY(errors[0].measuringError > 0.2 && errors[0].measuringError < 0.6); // sqrt(10..20) / 10 points
        QCOMPARE(errors[1].plans, std::int64_t(3));
        QCOMPARE(errors[1].superposedError, 2.0 / 3);
        QVERIFY(std::abs(*errors[1].superposedRank - 0.5) < 1e-12);
        QVERIFY(std::abs(*errors[1].additiveRank + 1) < 1e-12);
        QCOMPARE(errors[2].plans, std::int64_t(0)); // 30 points are beyond the last
        QCOMPARE(errors[2].superposedError, 0.0);
        QCOMPARE(errors[3].low, 2.0); // all but the first range
        QCOMPARE(errors[3].high, 20.0);
        QCOMPARE(errors[3].plans, std::int64_t(3));
        QVERIFY(errors[3].superposedRank == errors[1].superposedRank);
    }

    // Whoever knows the true drops is as far from perfect as they are close to each other for the images that judge.
    void aPerfectPredictorIsRankedByMeasuring()
    {
        const auto rankOf = [](std::int64_t step, std::int64_t images) {
            std::vector<PredictedPlan> plans;
            for (int i = 0; i < 12; ++i) {
                plans.emplace_back();
                plans.back().measured = pairedDrop(images * 22 / 1000 + i * step, 0, images);
            }
            return *predictionErrors(plans)[1].perfectRank;
        };
        const double few = rankOf(2, 1000); // 0.2 points apart, measured to 0.5
        const double many = rankOf(200, 100000);
        QVERIFY2(few > 0.5 && few < 0.9, qPrintable(QString::number(few)));
        QVERIFY2(many > 0.98 && many <= 1, qPrintable(QString::number(many)));
        QVERIFY(predictionErrors(std::vector<PredictedPlan>(12))[3].perfectRank == std::nullopt);
    }

    void json()
    {
        PredictorValidation value;
        value.plans = {predicted(1.5, 0, 10)};
        value.errors = predictionErrors(value.plans);
        const nlohmann::json json = value;
        QCOMPARE(json["plans"][0]["superposedPoints"].get<double>(), 1.5);
        QVERIFY(json["plans"][0]["plan"].get<CompressionPlan>() == value.plans[0].plan);
        QCOMPARE(json["errors"].size(), std::size_t(4));
        QVERIFY(!json["errors"][0].contains("superposedRank"));
        QVERIFY(json.get<PredictorValidation>() == value);
        nlohmann::json broken = json;
        broken["plans"][0].erase("measured");
        QVERIFY_EXCEPTION_THROWN(broken.get<PredictorValidation>(), Error);
    }
};

QTEST_APPLESS_MAIN(TestPredictorValidation)
#include "tst_predictorvalidation.moc"
