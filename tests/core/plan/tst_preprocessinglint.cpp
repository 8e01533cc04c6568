#include "plan/preprocessinglint.h"

#include "plan/error.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace edgeflex;

class tst_PreprocessingLint : public QObject
{
    Q_OBJECT

    static Preprocessing usual()
    {
        Preprocessing preprocessing;
        preprocessing.resizeShorter = 248;
        preprocessing.cropHeight = preprocessing.cropWidth = 224;
        preprocessing.stated = true;
        return preprocessing;
    }

private Q_SLOTS:
    void alternativesChangeOneThing()
    {
        const Preprocessing stated = usual();
        const std::vector<PreprocessingTrial> trials = preprocessingAlternatives(stated);
        QVERIFY(trials.size() >= 6);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            const Preprocessing &changed = trials[i].preprocessing;
            QVERIFY(changed != stated);
            const int changes = (changed.mean != stated.mean || changed.std != stated.std) +
                                (changed.resizeShorter != stated.resizeShorter) +
                                (changed.interpolation != stated.interpolation);
            QCOMPARE(changes, 1);
            QCOMPARE(changed.cropWidth, 224); // the model's own size
            for (std::size_t j = 0; j < i; ++j)
                QVERIFY(trials[j].preprocessing != changed);
        }
    }

    void onlyWhatIsBeyondChanceIsBetter()
    {
        PreprocessingLintResult result;
        QVERIFY(!result.better());
        result.images = 200;
        const auto add = [&](std::int64_t onlyStated, std::int64_t onlyTrial) {
            PreprocessingTrial trial;
            trial.top1 = wilson(150 - onlyStated + onlyTrial, 200);
            trial.drop = pairedDrop(onlyStated, onlyTrial, 200);
            result.trials.push_back(trial);
        };
        add(0, 0); // the stated way
        add(3, 6);
        QVERIFY(!result.better());
        add(9, 1);
        QVERIFY(!result.better()); // worse
        add(1, 15);
        QCOMPARE(result.better(), std::optional<std::size_t>(3));
        add(2, 19);
        QCOMPARE(result.better(), std::optional<std::size_t>(4));
        // What one in twenty does by chance is nothing when twenty are tried.
        PreprocessingLintResult many;
        many.images = 200;
        std::swap(many.trials, result.trials);
        many.trials.resize(1);
        for (int i = 0; i < 20; ++i) {
            PreprocessingTrial trial;
            trial.top1 = wilson(157, 200);
            trial.drop = pairedDrop(1, 8, 200); // p = .04
            many.trials.push_back(trial);
        }
        QVERIFY(!many.better());
    }

    void survivesJson()
    {
        PreprocessingLintOptions options;
        options.model.path = "/model";
        options.calibration = "/images";
        options.searchImages = 50;
        options.threads = 2;
        QVERIFY(nlohmann::json(options).get<PreprocessingLintOptions>() == options);
        PreprocessingLintResult result;
        result.images = 50;
        result.trials.push_back({PreprocessingTrial::Change::Stated, usual(), wilson(40, 50), {}});
        for (PreprocessingTrial trial : preprocessingAlternatives(usual())) {
            trial.top1 = wilson(41, 50);
            trial.drop = pairedDrop(2, 3, 50);
            result.trials.push_back(trial);
        }
        QVERIFY(nlohmann::json(result).get<PreprocessingLintResult>() == result);
        nlohmann::json broken = result;
        broken["trials"][0]["change"] = "magic";
        QVERIFY_EXCEPTION_THROWN(broken.get<PreprocessingLintResult>(), Error);
    }
};

QTEST_APPLESS_MAIN(tst_PreprocessingLint)
#include "tst_preprocessinglint.moc"
