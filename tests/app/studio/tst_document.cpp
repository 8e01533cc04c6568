#include "app/studio/document.h"

#include "fakeworld.h"

#include <QSignalSpy>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace edgeflex;

class tst_Document : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void editsAreUndone()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        QVERIFY(!document.isModified());
        document.setMlpKeep({1, 2}, 0.5);
        document.setFormat({"head"}, NumberFormat::Int8);
        QVERIFY(document.isModified());
        QCOMPARE(document.undoStack()->count(), 2);
        QCOMPARE(document.undoStack()->undoText(), QString("INT8 for head"));
        document.undoStack()->undo();
        QVERIFY(document.plan().format("head") == NumberFormat::Fp32);
        document.undoStack()->undo();
        QVERIFY(document.isOriginal());
        document.undoStack()->redo();
        QCOMPARE(document.plan().blocks[2].mlpKeep, 0.5);
        document.setMlpKeep({1, 2}, 0.5); // nothing changes: no step
        QCOMPARE(document.undoStack()->index(), 1);
    }

    void gesturesMerge()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        for (const double keep : {0.9, 0.8, 0.7})
            document.setMlpKeep({1}, keep, 7);
        QCOMPARE(document.undoStack()->count(), 1);
        document.setMlpKeep({1}, 0.6, 8);
        QCOMPARE(document.undoStack()->count(), 2);
        document.setMlpKeep({1}, 0.7, 8); // back to where it began: no step
        QCOMPARE(document.undoStack()->count(), 1);
        document.undoStack()->undo();
        QVERIFY(document.isOriginal());
    }

    void plansOfOtherModelsAreRefused()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        CompressionPlan other;
        other.blocks.resize(3);
        document.setPlan(other, "other");
        QVERIFY(document.isOriginal());
        QCOMPARE(document.undoStack()->count(), 0);
    }

    // What was carried out with other calibration images is not what the plan would be now.
    void otherCalibrationHidesWhatRestedOnIt()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        document.setCalibration("/data/one", {});
        document.setData("/data/val", {});
        const auto measured = [&](const CompressionPlan &plan) {
            Variant variant;
            variant.plan = plan;
            variant.measurement =
                fake::measurement(document.spec(), plan, "/data/val", ScheduleKind::Tight, 1, 900, true);
            return variant;
        };
        Variant original = measured(identityPlan(document.spec()));
        original.measurement.againstBaseline.reset();
        document.addVariant(original);
        document.setMlpKeep({3}, 0.5);
        Variant draft = measured(document.plan());
        draft.calibration = "/data/one";
        const int id = document.addVariant(draft);
        document.setFront({{document.plan(), 1'000'000, {}, 0}});
        QCOMPARE(document.measured()->id, id);
        QSignalSpy changed(&document, &Document::variantsChanged);
        document.setCalibration("/data/two", {});
        QCOMPARE(changed.size(), 1);
        QVERIFY(!document.measured());
        QVERIFY(document.baseline());
        QVERIFY(document.front().empty());
        document.setCalibration("/data/one", {});
        QCOMPARE(document.measured()->id, id);
        // It is known after the session was saved, too.
        QVERIFY(nlohmann::json(*document.measured()).get<Variant>() == *document.measured());
    }

    // A session's figures are of its machine, and a new model's of this one.
    void aSessionsMachineGoesWithIt()
    {
        Document document;
        ExecutionTarget here = fake::target();
        here.threads = 2;
        ExecutionTarget there = here;
        there.threads = 64;
        document.setEngineTarget(here);
        Session session;
        session.summary = fake::vitTiny();
        session.plan = identityPlan(session.summary.spec);
        session.profile = fake::profile(session.summary.spec, ScheduleKind::Tight, 1);
        session.profile->target = there;
        document.setSession(session, {});
        QVERIFY(document.target() == there);
        document.setModel({}, fake::vitTiny());
        QVERIFY(document.target() == here);
        document.setSession(session, {});
        document.close();
        QVERIFY(document.target() == here);
        // The engine may come after the session.
        Document early;
        early.setSession(session, {});
        early.setEngineTarget(here);
        QVERIFY(early.target() == there);
    }

    void predictionsComeOnceAFrame()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        document.setSensitivity(fake::sensitivity(document.spec()));
        document.setTimes(fake::layerTimes(document.spec(), 1));
        QTest::qWait(50);
        QSignalSpy changed(&document, &Document::predictionChanged);
        QSignalSpy moved(&document, &Document::planChanged);
        for (int i = 0; i < 20; ++i)
            document.setMlpKeep({1}, 0.9 - 0.02 * i, 1);
        QCOMPARE(moved.size(), 20);
        QTest::qWait(50);
        QVERIFY(changed.size() >= 1 && changed.size() <= 3);
        QVERIFY(document.prediction());
        QVERIFY(document.prediction()->dropPoints);
        QVERIFY(document.prediction()->latencyRatio);
    }

    void pinsFollowThePlan()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        document.setMlpKeep({2}, 0.5);
        document.setPinned({"blocks.2.mlp.fc1", "head"}, true);
        QVERIFY(document.isPinned("blocks.2.mlp.fc1") && document.isPinned("blocks.2.mlp.fc2"));
        QVERIFY(!document.isPinned("blocks.3.mlp.fc1"));
        const Pins &pins = document.session().pins;
        QCOMPARE(pins.mlpWidths.at(pinnedMlp(2)), std::int64_t(384));
        document.setFormat({"head"}, NumberFormat::Int8);
        document.setMlpKeep({2}, 0.25);
        QVERIFY(pins.formats.at("head") == NumberFormat::Int8);
        QCOMPARE(pins.mlpWidths.at(pinnedMlp(2)), std::int64_t(192));
        document.setPinned({"head"}, false);
        QVERIFY(!document.isPinned("head"));
        document.undoStack()->undo();
        QVERIFY(document.isPinned("head"));
        QVERIFY(pins.formats.at("head") == NumberFormat::Int8);
    }

    void everyConditionIsUndone()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        Budgets budgets;
        budgets.maxWeightsBytes = 1;
        document.setBudgets(budgets);
        document.setBatch(4);
        document.setSchedule(ScheduleKind::Eager);
        QCOMPARE(document.undoStack()->count(), 3);
        while (document.undoStack()->canUndo())
            document.undoStack()->undo();
        QVERIFY(document.session().budgets == Budgets());
        QCOMPARE(document.session().batch, 1);
        QVERIFY(document.session().schedule == ScheduleKind::Tight);
    }

    void findsWhatWasMeasured()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        document.setData("/images", {"/images", 900, 1000, 0});
        const auto add = [&](const CompressionPlan &plan, Quality quality, bool compare) {
            Variant variant;
            variant.plan = plan;
            variant.quality = quality;
            variant.measurement =
                fake::measurement(document.spec(), plan, "/images", ScheduleKind::Tight, 1, 900, compare);
            return document.addVariant(variant);
        };
        QVERIFY(!document.measured());
        const int baseline = add(document.plan(), Quality::Draft, false);
        QCOMPARE(document.measured()->id, baseline);
        document.setMlpKeep({0}, 0.5);
        QVERIFY(!document.measured());
        add(document.plan(), Quality::Draft, true);
        const int final = add(document.plan(), Quality::Final, true);
        add(document.plan(), Quality::Draft, true);
        QCOMPARE(document.measured()->id, final);
        // FP32 that is said and FP32 that is not are the same plan.
        CompressionPlan same = document.plan();
        same.formats.clear();
        QCOMPARE(document.measured(same)->id, final);
        document.setData("/others", {"/others", 10, 1000, 0});
        QVERIFY(!document.measured());
        QCOMPARE(document.session().variants.size(), std::size_t{4});
    }

    void whatIsStreamedBelongsToItsPlan()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        document.setMlpKeep({0}, 0.5);
        document.setSoFar(document.plan(), fake::soFar(document.spec(), document.plan(), 100));
        QVERIFY(document.soFar());
        document.setMlpKeep({0}, 0.75);
        QVERIFY(!document.soFar());
        document.undoStack()->undo();
        QVERIFY(document.soFar());
        document.clearSoFar();
        QVERIFY(!document.soFar());
    }

    void headsAndLinearHalves()
    {
        Document document;
        document.setModel({}, fake::vitTiny());
        document.setHeads({1, 2}, 2);
        QCOMPARE(document.undoStack()->count(), 1);
        QCOMPARE(document.spec().headCount(document.figures().planned.blocks[1]), 2);
        document.setAttentionKeep({1}, 0.5);
        QCOMPARE(document.spec().voDim(document.figures().planned.blocks[1]), std::int64_t(32));
        // Pins follow the plan, also to a linear layer and back.
        document.setPinned({"blocks.1.attn.qkv", "blocks.1.mlp.fc1"}, true);
        QVERIFY(document.isPinned("blocks.1.attn.proj"));
        const Pins &pins = document.session().pins;
        QCOMPARE(pins.headCounts.at(pinnedHeads(1)), std::int64_t(2));
        QCOMPARE(pins.headDims.at(pinnedValues(1)), std::int64_t(32));
        document.setHeads({1}, 0);
        document.setMlpKeep({1}, 0);
        QVERIFY(document.figures().planned.blocks[1].attentionIsLinear());
        QVERIFY(document.figures().planned.blocks[1].mlpIsLinear());
        QCOMPARE(pins.headCounts.at(pinnedHeads(1)), std::int64_t(0));
        QCOMPARE(pins.mlpWidths.at(pinnedMlp(1)), std::int64_t(0));
        requireFits(pins, document.spec());
        // The average is of the MLPs that are left.
        QCOMPARE(document.averageKeep().value(), 1.0);
        document.setAverageKeep(0.5);
        QVERIFY(document.figures().planned.blocks[1].mlpIsLinear());
        QVERIFY(std::abs(document.averageKeep().value() - 0.5) < 0.02);
        document.resetLayers({"blocks.1.attn.proj", "blocks.1.mlp.fc2"}); // all that is left of the halves
        QVERIFY(document.plan().blocks[1] == BlockPlan());
        document.setMlpKeep({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 0);
        QVERIFY(!document.averageKeep());
        while (document.undoStack()->canUndo())
            document.undoStack()->undo();
        QVERIFY(document.isOriginal());
    }
};

QTEST_MAIN(tst_Document)
#include "tst_document.moc"
