#include "engine/evaluate/preprocessinglint.h"

#include "engine/data/dataset.h"
#include "engine/evaluate/accuracy.h"
#include "engine/model/transformer.h"
#include "plan/error.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

class tst_LintPreprocessing : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    PreprocessingLintOptions m_options;

    // Labels the images with what the model says when they are prepared as in `truth`.
    static void labelAs(const std::string &folder, const ModelSource &model, const Preprocessing &truth)
    {
        VitModel opened = openModel(model);
        opened.spec.preprocessing = truth;
        NoProgress progress;
        const Transformer transformer(opened, detectTarget(1), progress);
        const auto dataset = openDataset(folder);
        const BatchReader reader(*dataset, spreadIndices(dataset->size(), 0), opened.spec, 1);
        std::fstream labels(folder + "/set-labels-idx1-ubyte", std::ios::binary | std::ios::in | std::ios::out);
        labels.seekp(8);
        std::vector<float> pixels;
        std::vector<int> ignored;
        std::vector<float> logits(static_cast<std::size_t>(opened.spec.classes()));
        for (std::int64_t i = 0; i < reader.batches(); ++i) {
            reader.read(i, pixels, ignored);
            transformer.run(transformer.schedule(ScheduleKind::Tight, 1), pixels.data(), logits.data(), progress);
            labels.put(static_cast<char>(topClass(logits.data(), opened.spec.classes())));
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        test::writeSmallModel(root + "/model");
        m_options.model.path = root + "/model";
        m_options.calibration = test::writeSmallImages(root + "/calibration", 300, 9);
        m_options.search = test::writeSmallImages(root + "/search", 120, 10);
        m_options.threads = 1;
    }

    // Images that are labelled by one way of preparing them are judged best by that way.
    void findsTheTruth()
    {
        const VitModel model = openModel(m_options.model);
        Preprocessing truth = model.spec.preprocessing;
        labelAs(m_options.search, m_options.model, truth);
        NoProgress progress;
        PreprocessingLintResult lint = lintPreprocessing(m_options, progress);
        QCOMPARE(lint.images, std::int64_t(120));
        QCOMPARE(lint.trials.front().top1.correct, std::int64_t(120));
        QVERIFY(!lint.better());

        truth.mean = {0, 0, 0};
        truth.std = {1, 1, 1};
        labelAs(m_options.search, m_options.model, truth);
        lint = lintPreprocessing(m_options, progress);
        QVERIFY(lint.better());
        const PreprocessingTrial &better = lint.trials[*lint.better()];
        QVERIFY(better.preprocessing.mean == truth.mean && better.preprocessing.std == truth.std);
        QCOMPARE(better.top1.correct, std::int64_t(120));
    }

    void splitsWhereNoSearchImagesAreGiven()
    {
        PreprocessingLintOptions options = m_options;
        options.search.clear();
        options.searchImages = 30;
        NoProgress progress;
        const PreprocessingLintResult lint = lintPreprocessing(options, progress);
        QVERIFY(lint.images > 10 && lint.images <= 30);
    }

    void isCancelled()
    {
        class Stopped : public NoProgress
        {
        public:
            void step(std::int64_t done) override
            {
                if (done > 0)
                    throw Cancelled();
            }
        };
        Stopped progress;
        QVERIFY_EXCEPTION_THROWN(lintPreprocessing(m_options, progress), Cancelled);
    }
};

QTEST_APPLESS_MAIN(tst_LintPreprocessing)
#include "tst_lintpreprocessing.moc"
