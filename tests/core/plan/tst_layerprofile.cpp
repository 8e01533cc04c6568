#include "jsonchecks.h"

#include "plan/layerprofile.h"

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

ActivationProfile profile()
{
    const ModelSpec spec = makeVitSpec({32, 3, 8, 48, 2, 3, 96, 10});
    ActivationProfile value;
    value.model = "small";
    value.batch = 2;
    value.images = 64;
    value.target = {2, true, false, "AVX2"};
    value.schedule = makeSchedule(spec, ScheduleKind::Tight, 2, value.target);
    value.timeline = makeTimeline(value.schedule);
    value.measuredPeakBytes = value.timeline.peakBytes();
    value.eagerPeakBytes = makeTimeline(makeSchedule(spec, ScheduleKind::Eager, 2, value.target)).peakBytes();
    value.operations = {{"blocks.0.mlp", "mlp_block", 0, 1, 2, 3, 4, 0.5}, {"classify", "classify", -1, 5, 6, 7, 8, 1}};
    // 0.1f and 1/3 are no decimal fractions of few digits: the round trip must be exact.
    value.layers = {{"head",
                     -1,
                     NumberFormat::Bf16,
                     NumberFormat::Fp32,
                     10,
                     3,
                     80,
                     1920,
                     960,
                     0.25,
                     {0.1f, 1.0f / 3, 0},
                     {1, 2.5f, 3e38f},
                     {0.5, 2, 0.125, 1e-7, 1.0 / 3},
                     {}}};
    value.layers.front().inputHistogram.add(0.75F);
    return value;
}

} // namespace

class TestLayerProfile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(profile());
        verifyRoundTrip(profile().layers.front());
        verifyRoundTrip(LayerProfile());
    }

    void earlierFilesHaveLess()
    {
        nlohmann::json json = profile();
        QVERIFY(json["layers"][0].erase("inputHistogram") == 1);
        QCOMPARE(json.get<ActivationProfile>().layers.front().inputHistogram.total(), std::int64_t(0));
        QVERIFY(json["layers"][0].erase("castRisk") == 1);
        QVERIFY(json.get<ActivationProfile>().layers.front().castRisk == CastRisk());
    }

    void badFields()
    {
        const nlohmann::json json = profile();
        for (const char *key : {"model", "batch", "images", "target", "schedule", "timeline", "measuredPeakBytes",
                                "eagerPeakBytes", "operations", "layers"})
            verifyBadField<ActivationProfile>(json, pointerTo(key), "remove", key);
        verifyBadField<ActivationProfile>(json, "/batch", "0", "batch");
        verifyBadField<ActivationProfile>(json, "/layers/0/format", "\"fp8\"", "layers[0].format");
        verifyBadField<ActivationProfile>(json, "/layers/0/inputMaxAbs/1", "-1", "layers[0].inputMaxAbs[1]");
        verifyBadField<ActivationProfile>(json, "/layers/0/inputMeanAbs/2", "1e39", "layers[0].inputMeanAbs[2]");
        verifyBadField<ActivationProfile>(json, "/layers/0/inputMeanAbs", "{}", "layers[0].inputMeanAbs");
        verifyBadField<ActivationProfile>(json, "/operations/1/milliseconds", "null", "operations[1].milliseconds");
        verifyBadField<ActivationProfile>(json, "/operations/0/block", "-2", "operations[0].block");
    }

    // Whatever is wrong inside them, reading ends in an Error that says in which.
    void badParts()
    {
        for (const char *pointer : {"/schedule/kind", "/schedule/tensors", "/timeline/moments"}) {
            nlohmann::json json = profile();
            json[nlohmann::json::json_pointer(pointer)] = 7;
            const std::string sentence = failure([&] { json.get<ActivationProfile>(); });
            const std::string part = std::string(pointer).substr(1, 8);
            QVERIFY2(sentence.find("field \"" + part) != std::string::npos, sentence.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestLayerProfile)
#include "tst_layerprofile.moc"
