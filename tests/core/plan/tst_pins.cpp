#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/compressionplan.h"
#include "plan/pins.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestPins : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fromText()
    {
        Pins pins;
        QVERIFY(pins.empty());
        addPin(pins, "blocks.0.attn.qkv=fp16");
        addPin(pins, "head=int8");
        addPin(pins, "blocks.1.mlp=64");
        addPin(pins, "blocks.0.attn.qk=8");
        addPin(pins, "blocks.1.attn.heads=0");
        QVERIFY(pins == (Pins{{{"blocks.0.attn.qkv", NumberFormat::Fp16}, {"head", NumberFormat::Int8}},
                              {{"blocks.1.mlp", 64}},
                              {{"blocks.0.attn.qk", 8}},
                              {{"blocks.1.attn.heads", 0}}}));
        addPin(pins, "head=fp32"); // the last counts
        QVERIFY(pins.formats.at("head") == NumberFormat::Fp32);
        for (const char *text : {"head", "=fp32", "head=", "", "blocks.1.mlp=-16", "blocks.1.mlp=99999999", "head=int7",
                                 "blocks.1.mlp=64x"}) {
            QVERIFY2(!failure([&] { addPin(pins, text); }).empty(), text);
        }
    }

    void fitsTheModel()
    {
        const ModelSpec spec = sampleSpec();
        for (const char *text :
             {"head=int8", "blocks.1.mlp.fc2=int4", "blocks.1.mlp=96", "blocks.0.mlp=16", "blocks.1.mlp=0",
              "blocks.0.attn.qk=8", "blocks.1.attn.vo=16", "blocks.0.attn.heads=1", "blocks.0.attn.heads=0"}) {
            Pins pins;
            addPin(pins, text);
            QCOMPARE(failure([&] { requireFits(pins, spec); }), std::string());
        }
        for (const char *text : {"tail=int8", "blocks.2.mlp=16", "blocks.1.mlp=100", "blocks.1.mlp=40",
                                 "blocks.1.attn=16", "blocks.1.attn.vo=12", "blocks.2.attn.qk=8", "blocks.1.attn.vo=0",
                                 "blocks.0.attn.heads=1000", "blocks.2.attn.heads=1"}) {
            Pins pins;
            addPin(pins, text);
            const std::string sentence = failure([&] { requireFits(pins, spec); });
            QVERIFY2(sentence.find(std::string(text).substr(0, 4)) != std::string::npos, text);
        }
    }

    // There is nothing to pin of what a model does not have.
    void absentHalvesCannotBePinned()
    {
        ModelSpec spec = sampleSpec();
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[0] = {0, 1, 1, 0};
        spec = plannedSpec(spec, plan);
        for (const char *text : {"blocks.0.mlp=0", "blocks.0.attn.heads=0", "blocks.0.attn.qk=8"}) {
            Pins pins;
            addPin(pins, text);
            QVERIFY2(!failure([&] { requireFits(pins, spec); }).empty(), text);
        }
    }

    void json()
    {
        verifyRoundTrip(Pins());
        const Pins pins{{{"head", NumberFormat::Int8}},
                        {{"blocks.1.mlp", 64}},
                        {{"blocks.1.attn.vo", 8}},
                        {{"blocks.0.attn.heads", 1}}};
        verifyRoundTrip(pins);
        verifyBadField<Pins>(pins, "/formats/head", "\"int7\"", "formats[\"head\"]");
        verifyBadField<Pins>(pins, "/mlpWidths/blocks.1.mlp", "1.5", "mlpWidths");
        verifyBadField<Pins>(pins, "/mlpWidths/blocks.1.mlp", "-1", "mlpWidths[\"blocks.1.mlp\"]");
    }
};

QTEST_APPLESS_MAIN(TestPins)
#include "tst_pins.moc"
