#pragma once

#include "plan/compressionplan.h"
#include "plan/dropevidence.h"
#include "plan/measurement.h"
#include "plan/modelspec.h"
#include "plan/outputerror.h"
#include "plan/paretofront.h"
#include "plan/preparedpicture.h"
#include "plan/sensitivity.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// What the verbs answer with (profile and measure have files of their own).
namespace edgeflex {

struct ModelSummary
{
    ModelSpec spec;
    std::string identity; // of the stored tensors' content; the same weights have the same
    std::int64_t parameters = 0;
    std::int64_t fileBytes = 0;
    std::int64_t weightsBytes = 0; // in memory for execution
    std::int64_t macsPerImage = 0;
    std::int64_t peakBytesBatch1 = 0;              // predicted, tight schedule
    std::map<std::string, std::string> provenance; // of a tuned model: what it was made from

    bool operator==(const ModelSummary &) const = default;
};

// What a data set is, before any of its images is decoded.
struct DataSummary
{
    std::string path;
    std::int64_t images = 0;
    std::int64_t classes = 0;      // 1 + the greatest label
    std::int64_t searchImages = 0; // that the split by name keeps for searching

    bool operator==(const DataSummary &) const = default;
};

// What the predictor and the solver know of a model's answers.
struct SensitivityResult
{
    Sensitivity sensitivity;
    std::int64_t calibrationImages = 0;

    bool operator==(const SensitivityResult &) const = default;
};

struct CompressResult
{
    std::string out;
    CompressionPlan plan;
    ModelSpec spec; // of the compressed model
    std::int64_t calibrationImages = 0;
    bool flips = false; // and their mirror images
    int crops = 0;      // and so many random crops of each
    std::int64_t weightsBytes = 0;
    std::int64_t baselineWeightsBytes = 0;
    std::int64_t folderBytes = 0; // without model.packed, which may be left away
    LayerErrors layerError;       // of the layers that pruning refitted

    bool operator==(const CompressResult &) const = default;
};

// One state the search looked at: measured on the search images.
struct TuneStep
{
    std::string reason;
    std::int64_t weightsBytes = 0;
    std::int64_t peakBytes = 0;
    double predictedKl = 0;
    double measuredKl = 0;
    DropEvidence evidence;
    double latencyRatio = 0; // 0: not measured

    bool operator==(const TuneStep &) const = default;
};

struct TuneResult
{
    bool met = false;    // all budgets met
    std::string verdict; // one sentence: what was met, or what is nearest
    CompressResult compressed;
    std::int64_t searchImages = 0;
    bool searchHeldOut = false; // true: kept from the calibration images by name hash
    std::vector<TuneStep> steps;
    ParetoFront front; // predicted, with the pins but whatever the budgets

    bool operator==(const TuneResult &) const = default;
};

// Of one image.
struct ImageAnswer
{
    int label = 0;
    int answer = 0;
    double confidence = 0; // softmax of the answer, 0..1

    bool operator==(const ImageAnswer &) const = default;
};

struct PicturesResult
{
    std::vector<PreparedPicture> pictures; // in the order asked

    bool operator==(const PicturesResult &) const = default;
};

struct ExportResult
{
    std::string out;
    std::int64_t bytes = 0;
    enum class Verification { NotAsked, Verified, Differs, NotVerified } verification = Verification::NotAsked;
    std::string verificationNote; // by which client, or why not
    double maxLogitDifference = 0;
    double top1Agreement = 0;
    std::int64_t verifiedImages = 0;

    bool operator==(const ExportResult &) const = default;
};

struct TrainDemoResult
{
    std::string out;
    ModelSpec spec;
    std::int64_t parameters = 0;
    int epochs = 0;
    std::int64_t trainingImages = 0;
    double loss = 0;    // mean cross entropy of the last epoch, on augmented images
    Proportion heldOut; // accuracy of the saved model on images that were not trained on
    double seconds = 0; // of this run; a resumed training took longer

    bool operator==(const TrainDemoResult &) const = default;
};

void to_json(nlohmann::json &json, const ModelSummary &value);
void from_json(const nlohmann::json &json, ModelSummary &value);
void to_json(nlohmann::json &json, const DataSummary &value);
void from_json(const nlohmann::json &json, DataSummary &value);
void to_json(nlohmann::json &json, const SensitivityResult &value);
void from_json(const nlohmann::json &json, SensitivityResult &value);
// " and 2 random crops of each, and the mirror images of all these", say; empty where there is nothing beside the
// images.
std::string calibrationViews(int crops, bool flips);

void to_json(nlohmann::json &json, const CompressResult &value);
void from_json(const nlohmann::json &json, CompressResult &value);
void to_json(nlohmann::json &json, const TuneStep &value);
void from_json(const nlohmann::json &json, TuneStep &value);
void to_json(nlohmann::json &json, const TuneResult &value);
void from_json(const nlohmann::json &json, TuneResult &value);
void to_json(nlohmann::json &json, const ImageAnswer &value);
void from_json(const nlohmann::json &json, ImageAnswer &value);
void to_json(nlohmann::json &json, const PicturesResult &value);
void from_json(const nlohmann::json &json, PicturesResult &value);
void to_json(nlohmann::json &json, const ExportResult &value);
void from_json(const nlohmann::json &json, ExportResult &value);
void to_json(nlohmann::json &json, const TrainDemoResult &value);
void from_json(const nlohmann::json &json, TrainDemoResult &value);

} // namespace edgeflex
