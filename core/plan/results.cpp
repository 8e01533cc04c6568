#include "plan/results.h"

#include "plan/jsonfields.h"
#include "plan/verboptions.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace edgeflex {

namespace {

using Verification = ExportResult::Verification;

constexpr std::array<std::string_view, 4> verificationNames{"not_asked", "verified", "differs", "not_verified"};

Verification verificationFromString(std::string_view word)
{
    const auto found = std::find(verificationNames.begin(), verificationNames.end(), word);
    if (found == verificationNames.end())
        throw Error("\"" + std::string(word) +
                    "\" is not a verification; known are not_asked, verified, differs and not_verified");
    return static_cast<Verification>(found - verificationNames.begin());
}

} // namespace

void to_json(nlohmann::json &json, const ModelSummary &value)
{
    json = {{"spec", value.spec},
            {"identity", value.identity},
            {"parameters", value.parameters},
            {"fileBytes", value.fileBytes},
            {"weightsBytes", value.weightsBytes},
            {"macsPerImage", value.macsPerImage},
            {"peakBytesBatch1", value.peakBytesBatch1},
            {"provenance", value.provenance}};
}

void from_json(const nlohmann::json &json, ModelSummary &value)
{
    const JsonFields fields(json, "model summary");
    fields.readObject("spec", value.spec);
    fields.read("identity", value.identity);
    fields.read("parameters", value.parameters);
    fields.read("fileBytes", value.fileBytes);
    fields.read("weightsBytes", value.weightsBytes);
    fields.read("macsPerImage", value.macsPerImage);
    fields.read("peakBytesBatch1", value.peakBytesBatch1);
    fields.read("provenance", value.provenance);
}

void to_json(nlohmann::json &json, const DataSummary &value)
{
    json = {{"path", value.path},
            {"images", value.images},
            {"classes", value.classes},
            {"searchImages", value.searchImages}};
}

void from_json(const nlohmann::json &json, DataSummary &value)
{
    const JsonFields fields(json, "data summary");
    fields.read("path", value.path);
    fields.read("images", value.images);
    fields.read("classes", value.classes);
    fields.read("searchImages", value.searchImages);
}

void to_json(nlohmann::json &json, const SensitivityResult &value)
{
    json = {{"sensitivity", value.sensitivity}, {"calibrationImages", value.calibrationImages}};
}

void from_json(const nlohmann::json &json, SensitivityResult &value)
{
    const JsonFields fields(json, "sensitivity result");
    fields.readObject("sensitivity", value.sensitivity);
    fields.read("calibrationImages", value.calibrationImages);
}

std::string calibrationViews(int crops, bool flips)
{
    if (crops == 0)
        return flips ? " and their mirror images" : "";
    return " and " + std::to_string(crops) + " random crop" + (crops == 1 ? "" : "s") + " of each" +
           (flips ? ", and the mirror images of all these" : "");
}

void to_json(nlohmann::json &json, const CompressResult &value)
{
    json = {{"out", value.out},
            {"plan", value.plan},
            {"spec", value.spec},
            {"calibrationImages", value.calibrationImages},
            {"flips", value.flips},
            {"crops", value.crops},
            {"weightsBytes", value.weightsBytes},
            {"baselineWeightsBytes", value.baselineWeightsBytes},
            {"folderBytes", value.folderBytes},
            {"layerError", value.layerError}};
}

void from_json(const nlohmann::json &json, CompressResult &value)
{
    const JsonFields fields(json, "compress result");
    fields.read("out", value.out);
    fields.readObject("plan", value.plan);
    fields.readObject("spec", value.spec);
    fields.read("calibrationImages", value.calibrationImages);
    fields.read("flips", value.flips);
    fields.read("crops", value.crops, {0, mostCrops});
    fields.read("weightsBytes", value.weightsBytes);
    fields.read("baselineWeightsBytes", value.baselineWeightsBytes);
    fields.read("folderBytes", value.folderBytes);
    fields.readObjectMap("layerError", value.layerError);
}

void to_json(nlohmann::json &json, const TuneStep &value)
{
    json = {{"reason", value.reason},
            {"weightsBytes", value.weightsBytes},
            {"peakBytes", value.peakBytes},
            {"predictedKl", value.predictedKl},
            {"measuredKl", value.measuredKl},
            {"evidence", value.evidence},
            {"latencyRatio", value.latencyRatio}};
}

void from_json(const nlohmann::json &json, TuneStep &value)
{
    const JsonFields fields(json, "tune step");
    fields.read("reason", value.reason);
    fields.read("weightsBytes", value.weightsBytes);
    fields.read("peakBytes", value.peakBytes);
    fields.read("predictedKl", value.predictedKl);
    fields.read("measuredKl", value.measuredKl);
    fields.readObject("evidence", value.evidence);
    fields.read("latencyRatio", value.latencyRatio, zeroOrMore);
}

void to_json(nlohmann::json &json, const TuneResult &value)
{
    json = {{"met", value.met},
            {"verdict", value.verdict},
            {"compressed", value.compressed},
            {"searchImages", value.searchImages},
            {"searchHeldOut", value.searchHeldOut},
            {"steps", value.steps},
            {"front", value.front}};
}

void from_json(const nlohmann::json &json, TuneResult &value)
{
    const JsonFields fields(json, "tune result");
    fields.read("met", value.met);
    fields.read("verdict", value.verdict);
    fields.readObject("compressed", value.compressed);
    fields.read("searchImages", value.searchImages);
    fields.read("searchHeldOut", value.searchHeldOut);
    fields.readObjects("steps", value.steps);
    fields.readObject("front", value.front);
}

void to_json(nlohmann::json &json, const ImageAnswer &value)
{
    json = {{"label", value.label}, {"answer", value.answer}, {"confidence", value.confidence}};
}

void from_json(const nlohmann::json &json, ImageAnswer &value)
{
    const JsonFields fields(json, "answer");
    fields.read("label", value.label, countRange);
    fields.read("answer", value.answer, countRange);
    fields.read("confidence", value.confidence, zeroToOne);
}

void to_json(nlohmann::json &json, const PicturesResult &value)
{
    json = {{"pictures", value.pictures}};
}

void from_json(const nlohmann::json &json, PicturesResult &value)
{
    const JsonFields fields(json, "pictures");
    fields.readObjects("pictures", value.pictures);
}

void to_json(nlohmann::json &json, const ExportResult &value)
{
    json = {{"out", value.out},
            {"bytes", value.bytes},
            {"verification", verificationNames.at(static_cast<std::size_t>(value.verification))},
            {"verificationNote", value.verificationNote},
            {"maxLogitDifference", value.maxLogitDifference},
            {"top1Agreement", value.top1Agreement},
            {"verifiedImages", value.verifiedImages}};
}

void from_json(const nlohmann::json &json, ExportResult &value)
{
    const JsonFields fields(json, "export result");
    fields.read("out", value.out);
    fields.read("bytes", value.bytes);
    fields.readWord("verification", value.verification, verificationFromString);
    fields.read("verificationNote", value.verificationNote);
    fields.read("maxLogitDifference", value.maxLogitDifference, zeroOrMore);
    fields.read("top1Agreement", value.top1Agreement, zeroToOne);
    fields.read("verifiedImages", value.verifiedImages);
}

void to_json(nlohmann::json &json, const TrainDemoResult &value)
{
    json = {{"out", value.out},
            {"spec", value.spec},
            {"parameters", value.parameters},
            {"epochs", value.epochs},
            {"trainingImages", value.trainingImages},
            {"loss", value.loss},
            {"heldOut", value.heldOut},
            {"seconds", value.seconds}};
}

void from_json(const nlohmann::json &json, TrainDemoResult &value)
{
    const JsonFields fields(json, "train-demo result");
    fields.read("out", value.out);
    fields.readObject("spec", value.spec);
    fields.read("parameters", value.parameters);
    fields.read("epochs", value.epochs, {0, 1'000'000});
    fields.read("trainingImages", value.trainingImages);
    fields.read("loss", value.loss, zeroOrMore);
    fields.readObject("heldOut", value.heldOut);
    fields.read("seconds", value.seconds, zeroOrMore);
}

} // namespace edgeflex
