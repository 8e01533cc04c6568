#include "plan/verboptions.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

namespace {

constexpr IntegerRange someImages{1, countRange.high};
constexpr IntegerRange batchRange{1, 16384};
constexpr IntegerRange pixels{1, 65536};

constexpr auto keepsDefault = JsonFields::Missing::KeepsDefault;

template<class T>
void writeOptional(nlohmann::json &json, const char *key, const std::optional<T> &value)
{
    if (value)
        json[key] = *value;
}

template<class T, class... Range>
void readOptional(const JsonFields &fields, std::string_view key, std::optional<T> &value, Range... range)
{
    if (!fields.has(key))
        return;
    T entry{};
    fields.read(key, entry, range...);
    value = std::move(entry);
}

void readPerChannel(const JsonFields &fields, std::string_view key, std::optional<std::vector<double>> &value,
                    NumberRange range)
{
    readOptional(fields, key, value, range);
    if (value && value->size() != 1 && value->size() != 3)
        fields.fail(std::string(key), "must have one or three numbers");
}

} // namespace

static void to_json(nlohmann::json &json, const JobOptions &value)
{
    json = {{"threads", value.threads}, {"memoryLimitBytes", value.memoryLimitBytes}};
}

static void from_json(const nlohmann::json &json, JobOptions &value)
{
    const JsonFields fields(json, "job options", keepsDefault);
    fields.read("threads", value.threads, {0, 4096});
    fields.read("memoryLimitBytes", value.memoryLimitBytes);
    fields.refuseUnknown();
}

std::string_view toString(ExportFormat format)
{
    return format == ExportFormat::Safetensors ? "safetensors" : "onnx";
}

ExportFormat exportFormatFromString(std::string_view word)
{
    if (word == "safetensors")
        return ExportFormat::Safetensors;
    if (word == "onnx")
        return ExportFormat::Onnx;
    throw Error("\"" + std::string(word) + "\" is not a format to export to; use safetensors or onnx");
}

void to_json(nlohmann::json &json, const ModelSource &value)
{
    json = {{"path", value.path}};
    writeOptional(json, "heads", value.heads);
    writeOptional(json, "mean", value.mean);
    writeOptional(json, "std", value.std);
    writeOptional(json, "resize", value.resize);
    writeOptional(json, "crop", value.crop);
    if (value.interpolation)
        json["interpolation"] = toString(*value.interpolation);
}

void from_json(const nlohmann::json &json, ModelSource &value)
{
    const JsonFields fields(json, "model source", keepsDefault);
    fields.read("path", value.path);
    readOptional(fields, "heads", value.heads, IntegerRange{1, 1024});
    readPerChannel(fields, "mean", value.mean, anyNumber);
    readPerChannel(fields, "std", value.std, aboveZero);
    readOptional(fields, "resize", value.resize, pixels);
    readOptional(fields, "crop", value.crop, pixels);
    if (fields.has("interpolation"))
        fields.readWord("interpolation", value.interpolation.emplace(), interpolationFromString);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const InspectOptions &value)
{
    json = {{"model", value.model}};
}

void from_json(const nlohmann::json &json, InspectOptions &value)
{
    const JsonFields fields(json, "inspect options", keepsDefault);
    fields.readObject("model", value.model);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const ProfileOptions &value)
{
    json = {{"model", value.model}, {"calibration", value.calibration},     {"images", value.images},
            {"batch", value.batch}, {"schedule", toString(value.schedule)}, {"job", value.job}};
}

void from_json(const nlohmann::json &json, ProfileOptions &value)
{
    const JsonFields fields(json, "profile options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("calibration", value.calibration);
    fields.read("images", value.images, someImages);
    fields.read("batch", value.batch, batchRange);
    fields.readWord("schedule", value.schedule, scheduleKindFromString);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const PlanOptions &value)
{
    json = {{"model", value.model},
            {"mlpKeep", value.mlpKeep},
            {"attentionKeep", value.attentionKeep},
            {"headKeep", value.headKeep},
            {"linearAttention", value.linearAttention},
            {"linearMlp", value.linearMlp},
            {"uniform", value.uniform},
            {"format", toString(value.format)},
            {"halfByProfile", value.halfByProfile},
            {"int4GroupSize", value.int4GroupSize},
            {"awq", value.awq},
            {"score", toString(value.score)},
            {"correction", value.correction},
            {"fitPasses", value.fitPasses},
            {"calibration", value.calibration},
            {"search", value.search},
            {"images", value.images},
            {"searchImages", value.searchImages},
            {"cacheFolder", value.cacheFolder},
            {"job", value.job}};
    addRoundingStages(json, value.rounding);
    writeOptional(json, "flips", value.flips);
}

void from_json(const nlohmann::json &json, PlanOptions &value)
{
    const JsonFields fields(json, "plan options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("mlpKeep", value.mlpKeep, {0, 1, true});
    fields.read("attentionKeep", value.attentionKeep, {0, 1, true});
    fields.read("headKeep", value.headKeep, {0, 1, true});
    fields.read("linearAttention", value.linearAttention);
    fields.read("linearMlp", value.linearMlp);
    fields.read("uniform", value.uniform);
    fields.readWord("format", value.format, numberFormatFromString);
    fields.read("halfByProfile", value.halfByProfile);
    fields.read("int4GroupSize", value.int4GroupSize, {32, 128});
    fields.read("awq", value.awq);
    readRoundingStages(fields, value.rounding);
    fields.readWord("score", value.score, importanceScoreFromString);
    fields.read("correction", value.correction, {0, 1});
    fields.read("fitPasses", value.fitPasses, {0, CompressionPlan::mostFitPasses});
    fields.read("calibration", value.calibration);
    fields.read("search", value.search);
    fields.read("images", value.images, someImages);
    readOptional(fields, "flips", value.flips);
    fields.read("searchImages", value.searchImages, someImages);
    fields.read("cacheFolder", value.cacheFolder);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const CompressOptions &value)
{
    json = {{"model", value.model},   {"calibration", value.calibration},
            {"images", value.images}, {"batch", value.batch},
            {"plan", value.plan},     {"out", value.out},
            {"crops", value.crops},   {"job", value.job}};
    writeOptional(json, "flips", value.flips);
}

void from_json(const nlohmann::json &json, CompressOptions &value)
{
    const JsonFields fields(json, "compress options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("calibration", value.calibration);
    fields.read("images", value.images, someImages);
    readOptional(fields, "flips", value.flips);
    fields.read("crops", value.crops, {0, mostCrops});
    fields.read("batch", value.batch, batchRange);
    fields.read("plan", value.plan);
    fields.read("out", value.out);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const TuneOptions &value)
{
    json = {{"model", value.model},
            {"calibration", value.calibration},
            {"search", value.search},
            {"images", value.images},
            {"searchImages", value.searchImages},
            {"batch", value.batch},
            {"pins", value.pins},
            {"out", value.out},
            {"job", value.job}};
    writeOptional(json, "maxWeightsBytes", value.maxWeightsBytes);
    writeOptional(json, "maxPeakBytes", value.maxPeakBytes);
    writeOptional(json, "maxLatencyRatio", value.maxLatencyRatio);
    writeOptional(json, "maxDropPoints", value.maxDropPoints);
    writeOptional(json, "flips", value.flips);
}

void from_json(const nlohmann::json &json, TuneOptions &value)
{
    const JsonFields fields(json, "tune options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("calibration", value.calibration);
    fields.read("search", value.search);
    fields.read("images", value.images, someImages);
    readOptional(fields, "flips", value.flips);
    fields.read("searchImages", value.searchImages);
    fields.read("batch", value.batch, batchRange);
    readOptional(fields, "maxWeightsBytes", value.maxWeightsBytes, countRange);
    readOptional(fields, "maxPeakBytes", value.maxPeakBytes, countRange);
    readOptional(fields, "maxLatencyRatio", value.maxLatencyRatio, aboveZero);
    readOptional(fields, "maxDropPoints", value.maxDropPoints, NumberRange{0, 100});
    fields.readObject("pins", value.pins);
    fields.read("out", value.out);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const TimesOptions &value)
{
    json = {{"model", value.model},
            {"batch", value.batch},
            {"int4GroupSize", value.int4GroupSize},
            {"again", value.again},
            {"cacheFolder", value.cacheFolder},
            {"job", value.job}};
}

void from_json(const nlohmann::json &json, TimesOptions &value)
{
    const JsonFields fields(json, "times options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("batch", value.batch, batchRange);
    fields.read("int4GroupSize", value.int4GroupSize, {32, 128});
    fields.read("again", value.again);
    fields.read("cacheFolder", value.cacheFolder);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const SensitivityOptions &value)
{
    json = {{"model", value.model},   {"calibration", value.calibration},   {"search", value.search},
            {"images", value.images}, {"searchImages", value.searchImages}, {"estimate", value.estimate},
            {"job", value.job}};
    writeOptional(json, "flips", value.flips);
}

void from_json(const nlohmann::json &json, SensitivityOptions &value)
{
    const JsonFields fields(json, "sensitivity options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("calibration", value.calibration);
    fields.read("search", value.search);
    fields.read("images", value.images, someImages);
    readOptional(fields, "flips", value.flips);
    fields.read("searchImages", value.searchImages);
    fields.read("estimate", value.estimate);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const DraftOptions &value)
{
    json = {{"model", value.model},
            {"calibration", value.calibration},
            {"images", value.images},
            {"plan", value.plan},
            {"data", value.data},
            {"dataImages", value.dataImages},
            {"batch", value.batch},
            {"repeats", value.repeats},
            {"schedule", toString(value.schedule)},
            {"cacheFolder", value.cacheFolder},
            {"job", value.job}};
    writeOptional(json, "flips", value.flips);
}

void from_json(const nlohmann::json &json, DraftOptions &value)
{
    const JsonFields fields(json, "draft options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("calibration", value.calibration);
    fields.read("images", value.images, someImages);
    readOptional(fields, "flips", value.flips);
    fields.readObject("plan", value.plan);
    fields.read("data", value.data);
    fields.read("dataImages", value.dataImages);
    fields.read("batch", value.batch, batchRange);
    fields.read("repeats", value.repeats, {0, 1'000'000});
    fields.readWord("schedule", value.schedule, scheduleKindFromString);
    fields.read("cacheFolder", value.cacheFolder);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const AnswerOptions &value)
{
    json = {{"draft", value.draft}, {"image", value.image}};
}

void from_json(const nlohmann::json &json, AnswerOptions &value)
{
    const JsonFields fields(json, "answer options", keepsDefault);
    fields.readObject("draft", value.draft);
    fields.read("image", value.image);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const PicturesOptions &value)
{
    json = {{"model", value.model},
            {"data", value.data},
            {"identity", value.identity},
            {"judged", value.judged},
            {"images", value.images}};
}

void from_json(const nlohmann::json &json, PicturesOptions &value)
{
    const JsonFields fields(json, "pictures options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("data", value.data);
    fields.read("identity", value.identity);
    fields.read("judged", value.judged);
    fields.read("images", value.images);
    if (value.images.size() > mostPictures)
        fields.fail("images", "must be " + std::to_string(mostPictures) + " at most");
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const DataOptions &value)
{
    json = {{"path", value.path}};
}

void from_json(const nlohmann::json &json, DataOptions &value)
{
    const JsonFields fields(json, "data options", keepsDefault);
    fields.read("path", value.path);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const MeasureOptions &value)
{
    json = {{"model", value.model},
            {"data", value.data},
            {"images", value.images},
            {"batch", value.batch},
            {"repeats", value.repeats},
            {"schedule", toString(value.schedule)},
            {"processMemory", value.processMemory},
            {"engineExecutable", value.engineExecutable},
            {"job", value.job}};
    writeOptional(json, "baseline", value.baseline);
}

void from_json(const nlohmann::json &json, MeasureOptions &value)
{
    const JsonFields fields(json, "measure options", keepsDefault);
    fields.readObject("model", value.model);
    fields.read("data", value.data);
    if (fields.has("baseline"))
        fields.readObject("baseline", value.baseline.emplace());
    fields.read("images", value.images);
    fields.read("batch", value.batch, batchRange);
    fields.read("repeats", value.repeats, {0, 1'000'000});
    fields.readWord("schedule", value.schedule, scheduleKindFromString);
    fields.read("processMemory", value.processMemory);
    fields.read("engineExecutable", value.engineExecutable);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const ExportOptions &value)
{
    json = {{"model", value.model}, {"to", toString(value.to)}, {"out", value.out}, {"verify", value.verify},
            {"data", value.data},   {"images", value.images},   {"job", value.job}};
}

void from_json(const nlohmann::json &json, ExportOptions &value)
{
    const JsonFields fields(json, "export options", keepsDefault);
    fields.readObject("model", value.model);
    fields.readWord("to", value.to, exportFormatFromString);
    fields.read("out", value.out);
    fields.read("verify", value.verify);
    fields.read("data", value.data);
    fields.read("images", value.images, someImages);
    fields.readObject("job", value.job);
    fields.refuseUnknown();
}

void to_json(nlohmann::json &json, const SynthesizeOptions &value)
{
    json = {{"architecture", value.architecture}, {"classes", value.classes}, {"seed", value.seed}, {"out", value.out}};
}

void from_json(const nlohmann::json &json, SynthesizeOptions &value)
{
    const JsonFields fields(json, "synthesize options", keepsDefault);
    fields.read("architecture", value.architecture);
    fields.read("classes", value.classes, {1, 1'000'000});
    fields.read("seed", value.seed);
    fields.read("out", value.out);
    fields.refuseUnknown();
}

} // namespace edgeflex
