#include "engine/tune/layertiming.h"

#include "engine/tune/sensitivity.h"
#include "plan/compressionplan.h"
#include "reference/cancelling.h"
#include "reference/smallworld.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

class TestLayerTiming : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;

private Q_SLOTS:
    void initTestCase() { m_model = test::writeSmallModel(m_folder.path().toStdString() + "/model"); }

    void timesEveryLayerInEveryFormat()
    {
        NoProgress progress;
        const Transformer fp32(m_model, detectTarget(1), progress);
        const CompressionPlan settings = identityPlan(m_model.spec);
        LatencyCache cache(m_folder.path().toStdString() + "/times", "A processor", "spinning", fp32.target());
        const LayerTimes times = measureLayerTimes(fp32, settings, 3, cache, progress);
        QCOMPARE(times.batch, 3);
        QCOMPARE(times.target, fp32.target());
        QVERIFY(times.fp32Milliseconds > 0);
        QCOMPARE(times.mlps.size(), std::size_t(2));
        for (const auto &block : times.mlps) {
            QCOMPARE(block.size(), sensitivityWidths(64).size() + 1);
            QVERIFY(block.contains(64) && block.contains(32));
        }
        QCOMPARE(times.attentions.size(), std::size_t(2));
        QVERIFY(times.attentions[0].qkv.contains(96) && times.attentions[0].qkv.contains(48));
        QVERIFY(times.attentions[0].proj.contains(32) && times.attentions[0].proj.contains(16));
        // Any plan within the widths measured has a time.
        for (const NumberFormat format : allNumberFormats()) {
            CompressionPlan plan = identityPlan(m_model.spec);
            for (auto &[layer, its] : plan.formats)
                its = format;
            plan.blocks[1].mlpKeep = 0.5;
            plan.blocks[0].qkKeep = plan.blocks[1].voKeep = 0.5;
            QVERIFY(times.milliseconds(plannedSpec(m_model.spec, plan)) > 0);
        }
        QVERIFY(times.milliseconds(m_model.spec) > 0);
        QCOMPARE(times.machine, std::string("A processor"));
        QCOMPARE(nlohmann::json(times).get<LayerTimes>(), times);
        // One shape is timed once.
        QCOMPARE(times.layers.at("blocks.0.attn.qkv"), times.layers.at("blocks.1.attn.qkv"));
    }

    void widths()
    {
        QCOMPARE(sensitivityWidths(64), (std::vector<std::int64_t>{48, 32, 16}));
        QCOMPARE(sensitivityWidths(3072), (std::vector<std::int64_t>{2560, 2112, 1536, 896}));
        QVERIFY(sensitivityWidths(16).empty());
    }

    void cancelStops()
    {
        NoProgress quiet;
        const Transformer fp32(m_model, detectTarget(1), quiet);
        test::Cancelling progress(60);
        LatencyCache cache(m_folder.path().toStdString() + "/cancelled", "A processor", "spinning", fp32.target());
        QVERIFY_EXCEPTION_THROWN(measureLayerTimes(fp32, identityPlan(m_model.spec), 1, cache, progress), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestLayerTiming)
#include "tst_layertiming.moc"
