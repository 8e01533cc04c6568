#include "jsonchecks.h"

#include "plan/verboptions.h"

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

ModelSource source()
{
    return {"models/tiny",          3, std::vector<double>{0.5, 0.4, 0.3}, std::vector<double>{0.25}, 248, 224,
            Interpolation::Bilinear};
}

template<class Options>
void verifyDefaults()
{
    Options options = nlohmann::json::object().get<Options>();
    QVERIFY(options == Options());
    verifyRoundTrip(options);
    const nlohmann::json typo{{"outt", 1}};
    QVERIFY(failure([&] { typo.get<Options>(); }).find("field \"outt\" is not known") != std::string::npos);
    for (const nlohmann::json &bad : {nlohmann::json(), nlohmann::json::array(), nlohmann::json("x")})
        QVERIFY(failure([&] { bad.get<Options>(); }).find("must be a JSON object") != std::string::npos);
}

} // namespace

class TestVerbOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults()
    {
        verifyDefaults<ModelSource>();
        verifyDefaults<InspectOptions>();
        verifyDefaults<ProfileOptions>();
        verifyDefaults<PlanOptions>();
        verifyDefaults<CompressOptions>();
        verifyDefaults<TuneOptions>();
        verifyDefaults<TimesOptions>();
        verifyDefaults<SensitivityOptions>();
        verifyDefaults<DataOptions>();
        verifyDefaults<AnswerOptions>();
        verifyDefaults<PicturesOptions>();
        verifyDefaults<MeasureOptions>();
        verifyDefaults<ExportOptions>();
        verifyDefaults<SynthesizeOptions>();
    }

    void roundTrips()
    {
        const JobOptions job{4, 1 << 30};
        verifyRoundTrip(source());
        verifyRoundTrip(InspectOptions{source()});
        verifyRoundTrip(ProfileOptions{source(), "calibration", 5, 3, ScheduleKind::Eager, job});
        verifyRoundTrip(PlanOptions{source(),
                                    0.7,
                                    0.75,
                                    true,
                                    NumberFormat::Int8,
                                    "profile.json",
                                    128,
                                    false,
                                    {false, true, false, true},
                                    ImportanceScore::Flap,
                                    0.25,
                                    6,
                                    "calibration",
                                    "search",
                                    5,
                                    true,
                                    6,
                                    "cache",
                                    job});
        verifyRoundTrip(CompressOptions{source(), "calibration", 5, 3, "plan.json", "out", job, true, 2});
        verifyRoundTrip(
            TuneOptions{source(), "calibration", "search", 5, 6, 7, 5'700'000, 20'000'000, 0.3, 0.0,
                        Pins{{{"head", NumberFormat::Fp16}}, {{"blocks.0.mlp", 64}}, {{"blocks.0.attn.qk", 8}}, {}},
                        "out", job, true});
        verifyRoundTrip(TimesOptions{source(), 3, 32, true, "cache", job});
        verifyRoundTrip(SensitivityOptions{source(), "calibration", "search", 5, 6, true, job, false});
        verifyRoundTrip(DataOptions{"images"});
        AnswerOptions answer;
        answer.draft.data = "data";
        answer.image = 17;
        verifyRoundTrip(answer);
        verifyRoundTrip(PicturesOptions{source(), "data", "0123", 900, {3, 899}});
        const CompressionPlan plan = identityPlan(makeVitSpec({32, 3, 8, 48, 2, 3, 96, 10}));
        verifyRoundTrip(
            DraftOptions{source(), "calibration", 5, plan, "data", 6, 7, 8, ScheduleKind::Eager, "cache", job, true});
        verifyRoundTrip(DraftOptions());
        verifyRoundTrip(MeasureOptions{source(), "data", ModelSource{"base", {}, {}, {}, {}, {}, {}}, 900, 8, 0,
                                       ScheduleKind::Eager, false, "edgeflex", job});
        verifyRoundTrip(ExportOptions{source(), ExportFormat::Onnx, "out.onnx", true, "data", 5, job});
        verifyRoundTrip(SynthesizeOptions{"vit-huge", 10, std::numeric_limits<std::uint64_t>::max(), "out"});
    }

    void missingFieldsKeepTheirDefaults()
    {
        const auto options =
            parseJson(R"({"model": {"path": "m"}, "job": {"threads": 2}, "images": 7})", "x").get<ProfileOptions>();
        QCOMPARE(options.model.path, std::string("m"));
        QVERIFY(!options.model.heads);
        QCOMPARE(options.job.threads, 2);
        QCOMPARE(options.job.memoryLimitBytes, std::int64_t(0));
        QCOMPARE(options.images, std::int64_t(7));
        QCOMPARE(options.batch, ProfileOptions().batch);
    }

    void nullIsNotGiven()
    {
        const auto options =
            parseJson(R"({"maxWeightsBytes": null, "model": {"heads": null}})", "x").get<TuneOptions>();
        QVERIFY(options == TuneOptions());
    }

    void badFields()
    {
        const TuneOptions tune{
            source(), "c", "s", 5, 6, 7, 1, 2, 0.3, 1.0, {{{"head", NumberFormat::Fp16}}, {}, {}, {}}, "out", {}, {}};
        verifyBadField<TuneOptions>(tune, "/flips", "1", "flips");
        verifyBadField<TuneOptions>(tune, "/pins/formats/head", "\"int7\"", "pins.formats[\"head\"]");
        verifyBadField<TuneOptions>(tune, "/model/path", "7", "model.path");
        verifyBadField<TuneOptions>(tune, "/model/heads", "0", "model.heads");
        verifyBadField<TuneOptions>(tune, "/model/mean", "[0.5, 0.5]", "model.mean");
        verifyBadField<TuneOptions>(tune, "/model/mean", "0.5", "model.mean");
        verifyBadField<TuneOptions>(tune, "/model/std", "[0]", "model.std[0]");
        verifyBadField<TuneOptions>(tune, "/model/crop", "-224", "model.crop");
        verifyBadField<TuneOptions>(tune, "/model/resize", "1.5", "model.resize");
        verifyBadField<TuneOptions>(tune, "/model/interpolation", "\"cubic\"", "model.interpolation");
        verifyBadField<TuneOptions>(tune, "/model/head", "3", "model.head");
        verifyBadField<TuneOptions>(tune, "/model", "null", "model");
        verifyBadField<TuneOptions>(tune, "/images", "0", "images");
        verifyBadField<TuneOptions>(tune, "/searchImages", "-4", "searchImages");
        verifyBadField<TuneOptions>(tune, "/batch", "0", "batch");
        verifyBadField<TuneOptions>(tune, "/batch", "1000000000", "batch");
        verifyBadField<TuneOptions>(tune, "/maxWeightsBytes", "-1", "maxWeightsBytes");
        verifyBadField<TuneOptions>(tune, "/maxPeakBytes", "\"20MB\"", "maxPeakBytes");
        verifyBadField<TuneOptions>(tune, "/maxLatencyRatio", "0", "maxLatencyRatio");
        verifyBadField<TuneOptions>(tune, "/maxDropPoints", "101", "maxDropPoints");
        verifyBadField<TuneOptions>(tune, "/job/threads", "-1", "job.threads");
        verifyBadField<TuneOptions>(tune, "/job/memoryLimitBytes", "-1", "job.memoryLimitBytes");
        verifyBadField<TuneOptions>(tune, "/job/thread", "1", "job.thread");
        verifyBadField<ProfileOptions>(ProfileOptions(), "/schedule", "\"lazy\"", "schedule");
        verifyBadField<PlanOptions>(PlanOptions(), "/mlpKeep", "0", "mlpKeep");
        verifyBadField<PlanOptions>(PlanOptions(), "/attentionKeep", "1.5", "attentionKeep");
        verifyBadField<PlanOptions>(PlanOptions(), "/uniform", "1", "uniform");
        verifyBadField<PlanOptions>(PlanOptions(), "/format", "\"int3\"", "format");
        verifyBadField<PlanOptions>(PlanOptions(), "/score", "\"magnitude\"", "score");
        verifyBadField<PlanOptions>(PlanOptions(), "/correction", "1.5", "correction");
        verifyBadField<PlanOptions>(PlanOptions(), "/searchImages", "0", "searchImages");
        verifyBadField<CompressOptions>(CompressOptions(), "/plan", "{}", "plan");
        verifyBadField<CompressOptions>(CompressOptions(), "/crops", "65", "crops");
        verifyBadField<SensitivityOptions>(SensitivityOptions(), "/images", "0", "images");
        verifyBadField<SensitivityOptions>(SensitivityOptions(), "/searchImages", "-1", "searchImages");
        verifyBadField<TimesOptions>(TimesOptions(), "/batch", "0", "batch");
        verifyBadField<TimesOptions>(TimesOptions(), "/again", "1", "again");
        verifyBadField<SensitivityOptions>(SensitivityOptions(), "/job/threads", "-1", "job.threads");
        verifyBadField<DraftOptions>(DraftOptions(), "/images", "0", "images");
        verifyBadField<DraftOptions>(DraftOptions(), "/dataImages", "-1", "dataImages");
        verifyBadField<DraftOptions>(DraftOptions(), "/batch", "0", "batch");
        verifyBadField<DraftOptions>(DraftOptions(), "/repeats", "-1", "repeats");
        verifyBadField<DraftOptions>(DraftOptions(), "/schedule", "\"lazy\"", "schedule");
        verifyBadField<DraftOptions>(DraftOptions(), "/plan/score", "\"x\"", "plan.score");
        verifyBadField<DraftOptions>(DraftOptions(), "/plan", "\"plan.json\"", "plan");
        verifyBadField<DraftOptions>(DraftOptions(), "/cache", "\"x\"", "cache");
        verifyBadField<DataOptions>(DataOptions(), "/path", "null", "path");
        verifyBadField<AnswerOptions>(AnswerOptions(), "/image", "-1", "image");
        verifyBadField<AnswerOptions>(AnswerOptions(), "/draft/batch", "0", "draft.batch");
        verifyBadField<PicturesOptions>(PicturesOptions(), "/images", "[3, 0.5]", "images[1]");
        verifyBadField<PicturesOptions>(PicturesOptions(), "/images", "7", "images");
        PicturesOptions many;
        many.images.resize(mostPictures + 1);
        verifyBadField<PicturesOptions>(many, "/data", "\"data\"", "images");
        verifyBadField<MeasureOptions>(MeasureOptions(), "/repeats", "-1", "repeats");
        verifyBadField<MeasureOptions>(MeasureOptions(), "/baseline", "\"m\"", "baseline");
        verifyBadField<ExportOptions>(ExportOptions(), "/to", "\"tflite\"", "to");
        verifyBadField<ExportOptions>(ExportOptions(), "/verify", "null", "verify");
        verifyBadField<SynthesizeOptions>(SynthesizeOptions(), "/classes", "0", "classes");
        verifyBadField<SynthesizeOptions>(SynthesizeOptions(), "/seed", "-1", "seed");
    }

    void draftsWithoutAPlanKeepTheEmptyOne()
    {
        const auto options = nlohmann::json::object().get<DraftOptions>();
        QVERIFY(options == DraftOptions());
        QVERIFY(failure([] {
                    nlohmann::json{{"plans", 1}}.get<DraftOptions>();
                }).find("\"plans\" is not known") != std::string::npos);
    }

    void exportFormats()
    {
        for (const ExportFormat each : {ExportFormat::Safetensors, ExportFormat::Onnx})
            QVERIFY(exportFormatFromString(toString(each)) == each);
        QVERIFY(!failure([] { exportFormatFromString("ONNX "); }).empty());
    }
};

QTEST_APPLESS_MAIN(TestVerbOptions)
#include "tst_verboptions.moc"
