#include "engine/tune/sessionrecorder.h"

#include "engine/compress/compressor.h"
#include "plan/error.h"
#include "reference/smallworld.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace edgeflex;

class TestSessionRecorder : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    SessionOptions m_options;

    std::string path(const char *name) const { return m_folder.path().toStdString() + "/" + name; }

private Q_SLOTS:
    void initTestCase()
    {
        const VitModel model = test::writeSmallModel(path("model"));
        m_options.model.path = path("model");
        m_options.calibration = test::writeSmallImages(path("calibration"), 40);
        m_options.data = test::writeSmallImages(path("data"), 30, 11);
        m_options.repeats = 2;
        m_options.engineExecutable = EDGEFLEX_BINARY_DIR "/bin/edgeflex";
        m_options.out = path("session");

        CompressionPlan plan = identityPlan(model.spec);
        plan.formats["blocks.0.mlp.fc1"] = NumberFormat::Int8;
        std::ofstream(path("plan.json")) << nlohmann::json(plan).dump();
        CompressOptions compress;
        compress.model = m_options.model;
        compress.calibration = m_options.calibration;
        compress.plan = path("plan.json");
        compress.out = path("tuned");
        NoProgress progress;
        compressModel(compress, progress);
        qputenv("XDG_CACHE_HOME", m_folder.path().toUtf8());
    }

    void keepsWhatWasMeasured()
    {
        SessionOptions options = m_options;
        options.tuned = {path("tuned")};
        options.recipe = true;
        options.budgets.maxDropPoints = 1.5;
        NoProgress progress;
        const Session session = recordSession(options, progress);
        QCOMPARE(openSession(options.out), session);
        QVERIFY(session.profile && session.sensitivity && session.times);
        QCOMPARE(session.budgets, options.budgets);
        QCOMPARE(session.recipe.size(), std::size_t(4));
        QCOMPARE(session.variants.size(), std::size_t(5)); // the original is the recipe's first step
        QVERIFY(session.baseline() == &session.variants.front());
        const Variant &tuned = session.variants.back();
        QCOMPARE(tuned.name, std::string("tuned"));
        QVERIFY(tuned.quality == Quality::Final);
        QCOMPARE(tuned.measurement.images, std::int64_t(30));
        QCOMPARE(session.plan, tuned.plan);
        QVERIFY(session.plan.format("blocks.0.mlp.fc1") == NumberFormat::Int8);
    }

    void searchesOnImagesOfTheirOwn()
    {
        SessionOptions options = m_options;
        options.search = test::writeSmallImages(path("search"), 10, 5);
        options.out = path("searched");
        NoProgress progress;
        const Session session = recordSession(options, progress);
        QCOMPARE(session.search, options.search);
        QCOMPARE(session.sensitivity->images, std::int64_t(10));
    }

    void foldersOfOthersAreRefused()
    {
        SessionOptions options = m_options;
        options.tuned = {path("model")}; // no plan
        options.out = path("other");
        NoProgress progress;
        QVERIFY_EXCEPTION_THROWN(recordSession(options, progress), Error);
        QVERIFY(!QFileInfo::exists(QString::fromStdString(options.out)));
    }
};

QTEST_APPLESS_MAIN(TestSessionRecorder)
#include "tst_sessionrecorder.moc"
