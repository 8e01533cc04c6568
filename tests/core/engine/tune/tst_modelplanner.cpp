#include "engine/tune/modelplanner.h"

#include "engine/compress/planner.h"
#include "engine/model/vitmodel.h"
#include "plan/error.h"
#include "reference/cancelling.h"
#include "reference/notes.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace edgeflex;

class TestModelPlanner : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    PlanOptions m_options;

private Q_SLOTS:
    // The second block's fc2 hardly does anything: that block can spare channels.
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        VitModel model = test::writeSmallModel(root + "/start");
        Tensor &fc2 = model.weights.blocks[1].fc2.values;
        fc2 = fc2.clone(); // the file is mapped for reading only
        float *values = fc2.floats();
        std::transform(values, values + fc2.elements(), values, [](float value) { return value * 0.02F; });
        saveModel(model, root + "/model");
        m_options.model.path = root + "/model";
        m_options.calibration = test::writeSmallImages(root + "/images", 60);
        m_options.searchImages = 10;
        m_options.mlpKeep = 0.75;
        m_options.format = NumberFormat::Int8;
        m_options.job.threads = 1;
    }

    void imagesTellWhoCanSpare()
    {
        test::Notes progress;
        const CompressionPlan plan = planModel(m_options, progress);
        QVERIFY(progress.text.find("kept for searching") != std::string::npos);
        QVERIFY(plan.score == ImportanceScore::Obs);
        QVERIFY(plan.blocks[1].mlpKeep < plan.blocks[0].mlpKeep);
        QVERIFY(plan.blocks[0].mlpKeep + plan.blocks[1].mlpKeep <= 2 * 0.75);
        QVERIFY(plan.blocks[0].mlpKeep + plan.blocks[1].mlpKeep > 2 * 0.75 - 16 / 64.0);
        QVERIFY(plan.format("blocks.0.mlp.fc1") == NumberFormat::Int8);
        QCOMPARE(planModel(m_options, progress), plan);
    }

    // The second block's proj hardly does anything: its values go first.
    void imagesTellWhoseHeadsCanSpare()
    {
        NoProgress progress;
        const std::string root = m_folder.path().toStdString();
        VitModel model = openModel(m_options.model);
        Tensor &proj = model.weights.blocks[1].proj.values;
        proj = proj.clone();
        float *values = proj.floats();
        std::transform(values, values + proj.elements(), values, [](float value) { return value * 0.01F; });
        saveModel(model, root + "/heads");
        PlanOptions options = m_options;
        options.model.path = root + "/heads";
        options.mlpKeep = 1;
        options.attentionKeep = 0.75; // two of the four
        const CompressionPlan plan = planModel(options, progress);
        QCOMPARE(plan.blocks[1].qkKeep, 0.5);
        QCOMPARE(plan.blocks[1].voKeep, 0.5);
        QCOMPARE(plan.blocks[0].qkKeep, 1.0);
        QCOMPARE(plan.blocks[0].voKeep, 1.0);
        QCOMPARE(plan.blocks[0].mlpKeep, 1.0);
        options.attentionKeep = 0.2;
        QVERIFY_EXCEPTION_THROWN(planModel(options, progress), Error);
    }

    void withoutImagesWeightsDecide()
    {
        NoProgress progress;
        const VitModel model = openModel(m_options.model);
        PlanOptions options = m_options;
        options.calibration.clear();
        QCOMPARE(planModel(options, progress), makePlan(model, options));
        options = m_options;
        options.uniform = true;
        options.score = ImportanceScore::Flap;
        const CompressionPlan plan = planModel(options, progress);
        QCOMPARE(plan, makePlan(model, options));
        QVERIFY(plan.score == ImportanceScore::Flap);
    }

    void whatWasNotMeasuredIsRefused()
    {
        NoProgress progress;
        PlanOptions options = m_options;
        options.mlpKeep = 0.05;
        QVERIFY_EXCEPTION_THROWN(planModel(options, progress), Error);
        options.mlpKeep = 0;
        QVERIFY_EXCEPTION_THROWN(planModel(options, progress), Error);
        options = m_options;
        options.job.memoryLimitBytes = 1000;
        QVERIFY_EXCEPTION_THROWN(planModel(options, progress), Error);
    }

    void cancelStops()
    {
        test::Cancelling cancelling(20);
        QVERIFY_EXCEPTION_THROWN(planModel(m_options, cancelling), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestModelPlanner)
#include "tst_modelplanner.moc"
