#include "engine/compress/planner.h"

#include "plan/error.h"
#include "plan/layerprofile.h"
#include "reference/randomvit.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <utility>

using namespace edgeflex;

class TestPlanner : public QObject
{
    Q_OBJECT

    VitModel m_model;
    QTemporaryDir m_folder;

    static std::int64_t keptChannels(const VitModel &model, const CompressionPlan &plan)
    {
        std::int64_t kept = 0;
        for (const BlockSpec &block : plannedSpec(model.spec, plan).blocks)
            kept += block.mlpWidth();
        return kept;
    }

private Q_SLOTS:
    void initTestCase()
    {
        VitShape shape;
        shape.imageSize = 8;
        shape.patchSize = 4;
        shape.width = 16;
        shape.depth = 3;
        shape.heads = 1;
        shape.mlpWidth = 160;
        shape.classes = 4;
        m_model = reference::randomVit(makeVitSpec(shape), 3);
        // Half of the last block's channels do nothing.
        for (std::int64_t j = 0; j < 80; ++j)
            std::fill_n(m_model.weights.blocks[2].fc1.values.floats() + j * 16, 16, 0.0F);
    }

    void keepsTheAverage_data()
    {
        QTest::addColumn<double>("keep");
        QTest::addColumn<bool>("uniform");
        for (const double keep : {0.3, 0.55, 0.7, 0.95}) {
            QTest::addRow("%g uniform", keep) << keep << true;
            QTest::addRow("%g solved", keep) << keep << false;
        }
    }
    void keepsTheAverage()
    {
        QFETCH(double, keep);
        QFETCH(bool, uniform);
        PlanOptions options;
        options.mlpKeep = keep;
        options.uniform = uniform;
        const CompressionPlan plan = makePlan(m_model, options);
        const std::int64_t kept = keptChannels(m_model, plan);
        QVERIFY(double(kept) <= keep * 480); // at least 1 - keep is removed
        // And not much more, but for the 80 idle channels when they are free to go.
        QVERIFY(double(kept) > (uniform ? keep * 480 : std::min(keep * 480, 400.0)) - 3 * 16);
        if (uniform)
            QVERIFY(plan.blocks[0] == plan.blocks[1] && plan.blocks[1] == plan.blocks[2]);
    }

    void whatIsNamedBecomesLinear()
    {
        PlanOptions options;
        options.mlpKeep = 0.5;
        options.linearMlp = {1};
        options.linearAttention = {0, 1};
        const ModelSpec planned = plannedSpec(m_model.spec, makePlan(m_model, options));
        QVERIFY(planned.blocks[1].mlpIsLinear() && planned.blocks[1].attentionIsLinear());
        QVERIFY(planned.blocks[0].attentionIsLinear() && !planned.blocks[2].attentionIsLinear());
        QVERIFY(planned.blocks[0].mlpWidth() + planned.blocks[2].mlpWidth() <= 160); // half of the others'
        options.uniform = true;
        QCOMPARE(plannedSpec(m_model.spec, makePlan(m_model, options)).blocks[0].mlpWidth(), std::int64_t(80));
        options.linearMlp = {3};
        QVERIFY_EXCEPTION_THROWN(makePlan(m_model, options), Error);
        options.linearMlp = {};
        options.headKeep = 0;
        QVERIFY_EXCEPTION_THROWN(makePlan(m_model, options), Error);
    }

    void idleChannelsGoFirst()
    {
        PlanOptions options;
        options.mlpKeep = 0.84;
        const CompressionPlan plan = makePlan(m_model, options);
        QVERIFY(plan.blocks[2].mlpKeep <= 0.5);
        QVERIFY(plan.blocks[0].mlpKeep > 0.9);
    }

    void headsKeepTheSameEverywhere()
    {
        PlanOptions options;
        options.attentionKeep = 0.5;
        const ModelSpec planned = plannedSpec(m_model.spec, makePlan(m_model, options));
        for (const BlockSpec &block : planned.blocks) {
            const std::int64_t dim = keptHeadDim(planned.headDim, planned.headDim, 0.5);
            QCOMPARE(planned.qkDim(block), dim);
            QCOMPARE(planned.voDim(block), dim);
        }
    }

    void formatsNameEveryLayer()
    {
        PlanOptions options;
        options.format = NumberFormat::Int8;
        const CompressionPlan plan = makePlan(m_model, options);
        QCOMPARE(plan.formats.size(), m_model.spec.linears().size());
        QVERIFY(plan.format("blocks.1.attn.qkv") == NumberFormat::Int8);
        for (const auto &[layer, format] : makePlan(m_model, {}).formats)
            QVERIFY2(format == NumberFormat::Fp32, layer.c_str());
    }

    void settingsAreTaken()
    {
        PlanOptions options;
        options.int4GroupSize = 128;
        options.awq = false;
        options.rounding.gptq = false;
        const CompressionPlan plan = makePlan(m_model, options);
        QCOMPARE(plan.int4GroupSize, 128);
        QVERIFY(!plan.awq);
        QVERIFY(plan.rounding == options.rounding);
        options.int4GroupSize = 48;
        QVERIFY_EXCEPTION_THROWN(makePlan(m_model, options), Error);
    }

    void halvesFollowTheProfile()
    {
        ActivationProfile profile;
        profile.schedule = makeSchedule(m_model.spec, ScheduleKind::Tight, 1, {});
        profile.timeline = makeTimeline(profile.schedule);
        for (const LinearSpec *linear : std::as_const(m_model.spec).linears()) {
            LayerProfile layer;
            layer.name = linear->name;
            layer.castRisk = {.overflow = layer.name == "head" ? 0.5 : 0.01, .fp16Error = 1e-7, .bf16Error = 1e-5};
            profile.layers.push_back(layer);
        }
        const std::string path = m_folder.path().toStdString() + "/profile.json";
        const auto write = [&] {
            std::ofstream(path) << nlohmann::json(profile).dump();
        };
        write();
        PlanOptions options;
        options.halfByProfile = path;
        const CompressionPlan plan = makePlan(m_model, options);
        QVERIFY(plan.format("head") == NumberFormat::Bf16);
        QVERIFY(plan.format("blocks.1.attn.qkv") == NumberFormat::Fp16);

        profile.layers.front().castRisk = {}; // as of an earlier version
        write();
        QVERIFY_EXCEPTION_THROWN(makePlan(m_model, options), Error);
        profile.layers.front().name = "stem";
        write();
        QVERIFY_EXCEPTION_THROWN(makePlan(m_model, options), Error);
    }

    void senselessSharesAreRefused()
    {
        for (const double keep : {0.0, -1.0, 1.5, std::nan("")}) {
            PlanOptions options;
            options.mlpKeep = keep;
            QVERIFY_EXCEPTION_THROWN(makePlan(m_model, options), Error);
            options.mlpKeep = 1;
            options.attentionKeep = keep;
            QVERIFY_EXCEPTION_THROWN(makePlan(m_model, options), Error);
        }
    }
};

QTEST_APPLESS_MAIN(TestPlanner)
#include "tst_planner.moc"
