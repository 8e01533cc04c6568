#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/results.h"

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

CompressResult compressed()
{
    const ModelSpec spec = makeVitSpec({32, 3, 8, 48, 2, 3, 96, 10});
    const CompressionPlan plan = identityPlan(spec);
    return {"out", plan, spec, 256,  true,
            2,     1000, 4000, 1200, {{"head", {0.01, 0.001}}, {"blocks.0.mlp.fc2", {0.5, 0.25}}}};
}

TuneResult tuned()
{
    return {true,
            "met",
            compressed(),
            200,
            true,
            {{"all FP32", 4000, 5000, 0, 0, {}, 0},
             {"INT4", 1000, 2000, 0.1, 0.2, {200, 0.98, pairedDrop(3, 1, 200), {0.5, 1.0}}, 0.5}},
            {{{compressed().plan, 1000, {}, 0.5}}, {{compressed().plan, 1000, 2.5, 0.5}}}};
}

ExportResult exported()
{
    return {"out.onnx", 123, ExportResult::Verification::Differs, "ONNX Runtime 1.20", 0.5, 0.75, 16};
}

TrainDemoResult trained()
{
    return {"out", compressed().spec, 1000, 3, 55000, 0.25, wilson(9, 10), 12.5};
}

ModelSummary summary()
{
    return {
        compressed().spec, "0123456789abcdef0123456789abcdef", 1, 2, 3, 4, 5, {{"madeFrom", "tiny"}, {"plan", "{}"}}};
}

} // namespace

class TestResults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(summary());
        verifyRoundTrip(compressed());
        verifyRoundTrip(tuned().steps[1]);
        verifyRoundTrip(tuned());
        verifyRoundTrip(ModelSummary());
        verifyRoundTrip(DataSummary{"images", 1000, 10, 210});
        verifyRoundTrip(DataSummary());
        verifyRoundTrip(SensitivityResult{sampleSensitivity(), 256});
        verifyRoundTrip(SensitivityResult());
        verifyRoundTrip(TuneResult());
        verifyRoundTrip(trained());
        verifyRoundTrip(TrainDemoResult());
        verifyRoundTrip(ImageAnswer{3, 7, 0.625});
        verifyRoundTrip(PicturesResult{{{"n0001.JPEG", 3, 128, 96, 3, 17}, {"n0002.JPEG", 0, 28, 28, 1, 18}}});
        for (const auto each : {ExportResult::Verification::NotAsked, ExportResult::Verification::Verified,
                                ExportResult::Verification::Differs, ExportResult::Verification::NotVerified}) {
            ExportResult value = exported();
            value.verification = each;
            verifyRoundTrip(value);
        }
    }

    void badFields()
    {
        verifyBadField<ModelSummary>(summary(), "/parameters", "-1", "parameters");
        verifyBadField<ModelSummary>(summary(), "/provenance/plan", "1", "provenance[\"plan\"]");
        verifyBadField<ModelSummary>(summary(), "/spec/blocks/1/fc1", "remove", "spec.blocks[1].fc1");
        verifyBadField<ModelSummary>(summary(), "/identity", "remove", "identity");
        const nlohmann::json data = DataSummary{"images", 1000, 10, 210};
        for (const char *key : {"path", "images", "classes", "searchImages"})
            verifyBadField<DataSummary>(data, pointerTo(key), "remove", key);
        verifyBadField<DataSummary>(data, "/classes", "-1", "classes");
        const nlohmann::json sensitivity = SensitivityResult{sampleSensitivity(), 256};
        for (const char *key : {"sensitivity", "calibrationImages"})
            verifyBadField<SensitivityResult>(sensitivity, pointerTo(key), "remove", key);
        verifyBadField<SensitivityResult>(sensitivity, "/sensitivity/formats/head/int8", "-1",
                                          "sensitivity.formats[\"head\"].int8");
        verifyBadField<CompressResult>(compressed(), "/layerError/head/refit", "-1", "layerError[\"head\"].refit");
        verifyBadField<CompressResult>(compressed(), "/layerError", "[]", "layerError");
        verifyBadField<CompressResult>(compressed(), "/plan/score", "\"x\"", "plan.score");
        verifyBadField<CompressResult>(compressed(), "/folderBytes", "remove", "folderBytes");
        verifyBadField<TuneStep>(tuned().steps[1], "/measuredKl", "null", "measuredKl");
        verifyBadField<TuneResult>(tuned(), "/steps/1/evidence/drop/mcnemarP", "2", "steps[1].evidence.drop.mcnemarP");
        verifyBadField<TuneResult>(tuned(), "/compressed/plan/blocks/0/mlpKeep", "2",
                                   "compressed.plan.blocks[0].mlpKeep");
        verifyBadField<TuneResult>(tuned(), "/front/byWeights/0/kl", "-1", "front.byWeights[0].kl");
        verifyBadField<TuneResult>(tuned(), "/front/byLatency/0/milliseconds", "\"2\"",
                                   "front.byLatency[0].milliseconds");
        verifyBadField<TuneResult>(tuned(), "/met", "\"yes\"", "met");
        verifyBadField<ImageAnswer>(ImageAnswer(), "/confidence", "1.5", "confidence");
        verifyBadField<ImageAnswer>(ImageAnswer(), "/label", "-1", "label");
        const PicturesResult pictures{{{"picture", 0, 28, 28, 1, 18}}};
        verifyBadField<PicturesResult>(pictures, "/pictures/0/width", "129", "pictures[0].width");
        verifyBadField<PicturesResult>(pictures, "/pictures/0/channels", "0", "pictures[0].channels");
        verifyBadField<ExportResult>(exported(), "/verification", "\"maybe\"", "verification");
        verifyBadField<ExportResult>(exported(), "/top1Agreement", "1.5", "top1Agreement");
        verifyBadField<ExportResult>(exported(), "/bytes", "1.5", "bytes");
        verifyBadField<TrainDemoResult>(trained(), "/loss", "-1", "loss");
        verifyBadField<TrainDemoResult>(trained(), "/heldOut", "9", "heldOut");
    }
};

QTEST_APPLESS_MAIN(TestResults)
#include "tst_results.moc"
