#include "engine/evaluate/draftmodel.h"

#include "engine/evaluate/measure.h"
#include "engine/evaluate/pictures.h"
#include "engine/kernels/linear.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "reference/cancelling.h"
#include "reference/smallworld.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace edgeflex;

namespace {

class Recording : public NoProgress
{
public:
    void stage(std::string_view name, std::int64_t) override { stages.insert(std::string(name)); }
    void accuracy(const AccuracySoFar &soFar) override { heard.push_back(soFar); }
    std::set<std::string> stages;
    std::vector<AccuracySoFar> heard;
};

// All but what differs from run to run.
std::string timeless(Measurement value)
{
    value.latency.reset();
    value.conditions.dateUtc.clear();
    if (value.againstBaseline) {
        value.againstBaseline->latencyRatio = {};
        value.againstBaseline->baselineLatency.reset();
    }
    return jsonText(value);
}

} // namespace

class TestDraftModel : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    DraftOptions m_options;
    VitModel m_model;

    std::string root(const std::string &name) { return m_folder.path().toStdString() + "/" + name; }

    CompressionPlan all(NumberFormat format) const
    {
        CompressionPlan plan = identityPlan(m_model.spec);
        for (auto &[layer, its] : plan.formats)
            its = format;
        return plan;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_model = test::writeSmallModel(root("model"));
        m_options.model.path = root("model");
        m_options.calibration = test::writeSmallImages(root("calibration"), 60, 3);
        m_options.data = test::writeSmallImages(root("data"), 93);
        m_options.plan = identityPlan(m_model.spec);
        m_options.batch = 2;
        m_options.repeats = 2;
        m_options.cacheFolder = root("cache");
        m_options.job.threads = 1;
    }

    // The uncompressed model's own measurement, as the verb measure has it.
    void identityPlanIsTheBaseline()
    {
        DraftStore store;
        Recording progress;
        const Measurement draft = store.draft(m_options, progress);
        QVERIFY(!draft.againstBaseline);
        QVERIFY(!progress.stages.contains("calibrating") && !progress.stages.contains("compressing"));
        MeasureOptions measure;
        measure.model = m_options.model;
        measure.data = m_options.data;
        measure.batch = m_options.batch;
        measure.repeats = m_options.repeats;
        measure.processMemory = false;
        measure.job = m_options.job;
        NoProgress quiet;
        QCOMPARE(timeless(draft), timeless(measureModel(measure, quiet)));
        QVERIFY(draft.latency.has_value());
        QCOMPARE(timeless(store.draft(m_options, quiet)), timeless(draft));
    }

    void figuresAreThose()
    {
        DraftStore store;
        DraftOptions options = m_options;
        options.plan = all(NumberFormat::Int8);
        options.plan.blocks[1].mlpKeep = 0.5;
        Recording progress;
        const Measurement draft = store.draft(options, progress);
        const ModelSpec planned = plannedSpec(m_model.spec, options.plan);
        QCOMPARE(draft.images, std::int64_t(93));
        QCOMPARE(draft.weightsBytes, weightBytes(planned));
        const ExecutionTarget target = draft.conditions.target;
        const auto peak = [&](const ModelSpec &spec) {
            return makeTimeline(makeSchedule(spec, ScheduleKind::Tight, 2, target)).peakBytes();
        };
        // Only the draft's weights and pass count, whatever else the store holds.
        QCOMPARE(draft.peakMemory.allocatorBytes, peak(planned));
        QCOMPARE(draft.peakMemory.processBytes, std::int64_t(-1));
        QVERIFY(draft.againstBaseline.has_value());
        const BaselineComparison &against = *draft.againstBaseline;
        QCOMPARE(against.weightsRatio,
                 static_cast<double>(weightBytes(planned)) / static_cast<double>(weightBytes(m_model.spec)));
        QCOMPARE(against.peakRatio, static_cast<double>(peak(planned)) / static_cast<double>(peak(m_model.spec)));
        QVERIFY(against.klMean > 0 && against.agreement > 0.5);
        QVERIFY(against.latencyRatio.median > 0);
        NoProgress quiet;
        QCOMPARE(against.baselineTop1, store.draft(m_options, quiet).top1);
        QCOMPARE(nlohmann::json(draft).get<Measurement>(), draft);
        // A store that has everything answers the same as a fresh one.
        const Measurement again = store.draft(options, quiet);
        QCOMPARE(timeless(again), timeless(draft));
        DraftStore fresh;
        QCOMPARE(timeless(fresh.draft(options, quiet)), timeless(draft));
    }

    // Wrong answers lie at their images' places in the data set, and count as the figures have it.
    void answersAreKept()
    {
        DraftStore store;
        NoProgress progress;
        DraftOptions options = m_options;
        options.plan = all(NumberFormat::Int4);
        for (BlockPlan &block : options.plan.blocks)
            block.mlpKeep = block.qkKeep = block.voKeep = 0.25;
        const Measurement draft = store.draft(options, progress);
        const Measurement original = store.draft(m_options, progress);
        QVERIFY(draft.answers && original.answers);
        QCOMPARE(std::int64_t(draft.answers->wrong().size()), draft.top1.total - draft.top1.correct);
        QVERIFY(draft.answers->sameImages(*original.answers));
        QVERIFY(pairedDrop(*original.answers, *draft.answers) == draft.againstBaseline->drop);

        // Asked about one image at a time, the draft says the same.
        const auto dataset = openDataset(options.data);
        AnswerOptions ask{options, 0};
        for (ask.image = 0; ask.image < dataset->size(); ++ask.image) {
            const ImageAnswer answer = store.answer(ask, progress);
            QCOMPARE(answer.label, dataset->label(ask.image));
            QCOMPARE(answer.answer, draft.answers->wrongAnswer(ask.image).value_or(answer.label));
            QVERIFY(answer.confidence > 0.1 && answer.confidence <= 1);
        }
        ask.draft = m_options; // the uncompressed model
        ask.image = 5;
        QCOMPARE(store.answer(ask, progress).answer, original.answers->wrongAnswer(5).value_or(dataset->label(5)));
        for (const std::int64_t none : {std::int64_t(-1), dataset->size()}) {
            ask.image = none;
            QVERIFY_EXCEPTION_THROWN(store.answer(ask, progress), Error);
        }
    }

    // The images that changed, as the model sees them; not those of another day.
    void picturesOfWhatWasJudged()
    {
        DraftStore store;
        NoProgress progress;
        DraftOptions draft = m_options;
        draft.data = test::writeSmallImages(root("pictures"), 30);
        draft.dataImages = 20;
        const Measurement measured = store.draft(draft, progress);
        PicturesOptions options{
            draft.model, draft.data, measured.answers->images(), measured.answers->judged(), {7, 3}};
        const PreparedPictures found = preparePictures(options, progress);
        QCOMPARE(found.images.size(), std::size_t(2));
        QCOMPARE(found.images[0].pixels.size(), std::size_t(144));
        QCOMPARE(found.pictures[1].label, openDataset(draft.data)->label(3));
        options.images = {30};
        QVERIFY_EXCEPTION_THROWN(preparePictures(options, progress), Error);
        options.images = {7};
        QTest::qWait(20); // a tick of the file system's clock
        test::writeSmallImages(root("pictures"), 31);
        QVERIFY_EXCEPTION_THROWN(preparePictures(options, progress), Error);
        options.identity.clear(); // whatever is there
        options.images = {30, 0};
        const PreparedPictures there = preparePictures(options, progress);
        QCOMPARE(there.pictures[0].label, openDataset(draft.data)->label(30));
    }

    void accuracyStreamsIn()
    {
        DraftStore store;
        for (const bool identity : {true, false}) {
            DraftOptions options = m_options;
            options.plan = identity ? options.plan : all(NumberFormat::Int4);
            Recording progress;
            const Measurement result = store.draft(options, progress);
            QVERIFY(progress.heard.size() >= 2); // the first batch and the end
            for (std::size_t i = 0; i < progress.heard.size(); ++i) {
                const AccuracySoFar &soFar = progress.heard[i];
                QCOMPARE(soFar.imagesInAll, std::int64_t(93));
                QCOMPARE(soFar.baselineTop1.total, identity ? std::int64_t(0) : soFar.top1.total);
                if (i > 0)
                    QVERIFY(soFar.top1.total > progress.heard[i - 1].top1.total);
            }
            const AccuracySoFar &first = progress.heard.front();
            const AccuracySoFar &last = progress.heard.back();
            QVERIFY(last.top1.high - last.top1.low < first.top1.high - first.top1.low);
            QCOMPARE(last.top1, result.top1);
            if (!identity) {
                QCOMPARE(last.drop, result.againstBaseline->drop);
                QCOMPARE(last.baselineTop1, result.againstBaseline->baselineTop1);
            }
        }
    }

    void measureStreamsToo()
    {
        MeasureOptions options;
        options.model = m_options.model;
        options.baseline = m_options.model;
        options.data = m_options.data;
        options.repeats = 0;
        options.processMemory = false;
        Recording progress;
        const Measurement result = measureModel(options, progress);
        QVERIFY(progress.heard.size() >= 2);
        QCOMPARE(progress.heard.back().top1, result.top1);
        QCOMPARE(progress.heard.back().drop, result.againstBaseline->drop);
    }

    void onlyWhatIsMissingIsDone()
    {
        DraftOptions options = m_options;
        options.cacheFolder = root("another cache");
        options.plan = all(NumberFormat::Int4);
        DraftStore store;
        Recording first;
        store.draft(options, first);
        QVERIFY(first.stages.contains("calibrating"));
        Recording second;
        options.plan.formats["head"] = NumberFormat::Int8;
        store.draft(options, second);
        QVERIFY(!second.stages.contains("calibrating"));
        Recording third; // the cache outlives the store
        DraftStore().draft(options, third);
        QVERIFY(!third.stages.contains("calibrating"));
    }

    void changedFilesAreSeen()
    {
        const std::string model = root("changing model");
        test::writeSmallModel(model);
        DraftOptions options = m_options;
        options.model.path = model;
        options.plan = all(NumberFormat::Int8);
        options.calibration = test::writeSmallImages(root("changing calibration"), 40, 3);
        options.data = test::writeSmallImages(root("changing data"), 30);
        DraftStore store;
        NoProgress progress;
        const auto verifyAsFresh = [&] {
            DraftStore fresh;
            QCOMPARE(timeless(store.draft(options, progress)), timeless(fresh.draft(options, progress)));
        };
        verifyAsFresh();
        QTest::qWait(20); // a tick of the file system's clock
        test::writeSmallModel(model, 6);
        verifyAsFresh();
        QTest::qWait(20);
        test::writeSmallImages(root("changing data"), 25, 10);
        verifyAsFresh();
        QTest::qWait(20);
        test::writeSmallImages(root("changing calibration"), 40, 4);
        verifyAsFresh();
        options.model.mean = std::vector<double>{0.2};
        verifyAsFresh();
        options.images = 16;
        options.dataImages = 9;
        verifyAsFresh();
    }

    void cancelledDraftsLeaveTheStoreWhole()
    {
        DraftOptions options = m_options;
        options.plan = all(NumberFormat::Int4);
        options.plan.blocks[0].mlpKeep = 0.5;
        NoProgress quiet;
        DraftStore uncut;
        const std::string expected = timeless(uncut.draft(options, quiet));
        options.cacheFolder = root("cut cache");
        DraftStore store;
        int cuts = 0;
        for (int looks = 1; looks < 600; looks += 23) {
            try {
                test::Cancelling progress(looks);
                store.draft(options, progress);
            } catch (const Cancelled &) {
                ++cuts;
            }
        }
        QVERIFY(cuts > 5);
        QCOMPARE(timeless(store.draft(options, quiet)), expected);
    }

    void refusesWithASentence()
    {
        DraftStore store;
        NoProgress progress;
        const auto refused = [&](auto change) {
            DraftOptions options = m_options;
            options.plan = all(NumberFormat::Int8);
            change(options);
            try {
                store.draft(options, progress);
            } catch (const Error &) {
                return true;
            }
            return false;
        };
        QVERIFY(refused([](DraftOptions &options) { options.batch = 0; }));
        QVERIFY(refused([](DraftOptions &options) { options.repeats = -1; }));
        QVERIFY(refused([](DraftOptions &options) { options.plan.blocks.pop_back(); }));
        QVERIFY(refused([](DraftOptions &options) { options.data = "/no/such/data"; }));
        QVERIFY(refused([](DraftOptions &options) { options.calibration = "/no/such/data"; }));
        QVERIFY(refused([](DraftOptions &options) { options.model.path = "/no/such/model"; }));
        QVERIFY(refused([](DraftOptions &options) { options.job.memoryLimitBytes = 1000; }));
        QVERIFY(!refused([](DraftOptions &) {}));
    }
};

QTEST_APPLESS_MAIN(TestDraftModel)
#include "tst_draftmodel.moc"
