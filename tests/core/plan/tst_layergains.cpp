#include "plan/layergains.h"

#include "plan/error.h"
#include "plansamples.h"

#include <QTest>

using namespace edgeflex;
using namespace edgeflex::test;

class TestLayerGains : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The sample's FP16 is slower than FP32, its INT8 twice as fast.
    void changedLayersAlone()
    {
        const ModelSpec spec = sampleSpec();
        QVERIFY(layerGains(sampleTimes(), spec, spec).empty());
        ModelSpec planned = spec;
        planned.blocks[0].qkv.format = NumberFormat::Int8;
        planned.blocks[1].proj.format = NumberFormat::Fp16;
        planned.blocks[1].fc1.outFeatures = planned.blocks[1].fc2.inFeatures = 48; // of 96
        const std::vector<LayerGain> gains = layerGains(sampleTimes(), spec, planned);
        QCOMPARE(gains.size(), std::size_t(4));
        QVERIFY((gains[0] == LayerGain{"blocks.0.attn.qkv", 1, 0.5}));
        QVERIFY(gains[0].pays());
        QVERIFY((gains[1] == LayerGain{"blocks.1.attn.proj", 0.5, 0.625}));
        QVERIFY(!gains[1].pays());
        QCOMPARE(gains[2].layer, "blocks.1.mlp.fc1");
        QCOMPARE(gains[3].layer, "blocks.1.mlp.fc2");
        QCOMPARE(gains[3].beforeMilliseconds, 1.2);
        QCOMPARE(gains[3].afterMilliseconds, 0.6);
    }

    void withinTimingErrorNothingPays() { QVERIFY(!(LayerGain{"a", 1, 0.99}).pays()); }

    void otherModelsAreRefused()
    {
        ModelSpec other = sampleSpec();
        other.blocks.pop_back();
        bool refused = false;
        try {
            layerGains(sampleTimes(), sampleSpec(), other);
        } catch (const Error &) {
            refused = true;
        }
        QVERIFY(refused);
    }
};

QTEST_APPLESS_MAIN(TestLayerGains)
#include "tst_layergains.moc"
