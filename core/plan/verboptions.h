#pragma once

#include "plan/budgets.h"
#include "plan/compressionplan.h"
#include "plan/pins.h"
#include "plan/preprocessing.h"
#include "plan/schedule.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What each verb can be asked for: one struct a verb, bound by the command line, the engine's protocol and
// the window alike. Paths are as the user gave them.
namespace edgeflex {

// What every job shares.
struct JobOptions
{
    int threads = 0;                   // 0: one per core
    std::int64_t memoryLimitBytes = 0; // refuse jobs estimated above this; 0: what the machine has free

    bool operator==(const JobOptions &) const = default;
};

// A model, and what a bare state dict does not say about itself.
struct ModelSource
{
    std::string path;                        // folder or file, original or tuned
    std::optional<int> heads;                // attention heads
    std::optional<std::vector<double>> mean; // per channel: one or three values
    std::optional<std::vector<double>> std;
    std::optional<int> resize; // pixels of the shorter side, before the crop
    std::optional<int> crop;   // pixels; must be the model's input size
    std::optional<Interpolation> interpolation;

    bool operator==(const ModelSource &) const = default;
};

struct InspectOptions
{
    ModelSource model;
    bool operator==(const InspectOptions &) const = default;
};

struct ProfileOptions
{
    ModelSource model;
    std::string calibration;  // images
    std::int64_t images = 64; // at most this many
    int batch = 1;
    ScheduleKind schedule = ScheduleKind::Tight;
    JobOptions job;
    bool operator==(const ProfileOptions &) const = default;
};

struct PlanOptions
{
    ModelSource model;
    double mlpKeep = 1.0;       // average over the blocks; each block with `uniform`
    double attentionKeep = 1.0; // of the heads' dimensions, of queries and keys and of values; likewise
    bool uniform = false;
    NumberFormat format = NumberFormat::Fp32; // of every linear layer
    std::string halfByProfile;                // path of a profile's JSON: FP16 or BF16, whichever is safe for a layer
    int int4GroupSize = 64;                   // 32, 64 or 128
    bool awq = true;
    RoundingStages rounding;
    ImportanceScore score = ImportanceScore::Obs;
    double correction = CompressionPlan().correction;
    int fitPasses = CompressionPlan().fitPasses;
    // Images that tell which blocks can spare how many channels; empty: by the weights alone.
    std::string calibration;
    std::string search;             // empty: one calibration image in five, by a hash of its name
    std::int64_t images = 256;      // calibration images at most
    std::optional<bool> flips;      // calibrate on mirror images too; absent: where the model takes colour images
    std::int64_t searchImages = 64; // search images at most
    std::string cacheFolder;        // of calibration statistics; empty: the user's cache
    JobOptions job;
    double headKeep = 1.0;                     // of every block's heads
    std::vector<std::int64_t> linearAttention; // blocks in which a linear layer takes the place of attention
    std::vector<std::int64_t> linearMlp;       // or of the MLP; what is kept on average is of the others
    bool operator==(const PlanOptions &) const = default;
};

inline constexpr int mostCrops = 64;

struct CompressOptions
{
    ModelSource model;
    std::string calibration;
    std::int64_t images = 256; // calibration images at most
    int batch = 8;
    std::string plan; // path of the plan's JSON
    std::string out;  // folder to write
    JobOptions job;
    // Calibrate on mirror images too; absent: where the model takes colour images.
    std::optional<bool> flips;
    int crops = 0; // random crops of each image to calibrate on besides, at most mostCrops
    bool operator==(const CompressOptions &) const = default;
};

struct TuneOptions
{
    ModelSource model;
    std::string calibration;
    std::string search;            // empty: one calibration image in five, by a hash of its name
    std::int64_t images = 256;     // calibration images at most
    std::int64_t searchImages = 0; // search images at most; 0: as many as pay, 200 to 2000
    int batch = 1;                 // the peak budget's batch
    std::optional<std::int64_t> maxWeightsBytes;
    std::optional<std::int64_t> maxPeakBytes;
    std::optional<double> maxLatencyRatio; // of FP32's latency, same machine and run
    std::optional<double> maxDropPoints;   // on the search images
    Pins pins;                             // of the plan; the rest is searched
    std::string out;
    JobOptions job;
    // Calibrate on mirror images too; absent: where the model takes colour images.
    std::optional<bool> flips;
    bool operator==(const TuneOptions &) const = default;
};

// How long each layer takes here, in every format.
struct TimesOptions
{
    ModelSource model;
    int batch = 1;
    int int4GroupSize = 64;
    bool again = false;      // measure what is known already, too
    std::string cacheFolder; // of what was measured before; empty: the user's cache
    JobOptions job;
    bool operator==(const TimesOptions &) const = default;
};

// How much each layer and each choice matters.
struct SensitivityOptions
{
    ModelSource model;
    std::string calibration;
    std::string search;            // empty: one calibration image in five, by a hash of its name
    std::int64_t images = 256;     // calibration images at most
    std::int64_t searchImages = 0; // search images at most; 0: as many as pay, 64 to 500
    bool estimate = false;         // quickly, on a few images: see Sensitivity::estimated
    JobOptions job;
    // Calibrate on mirror images too; absent: where the model takes colour images.
    std::optional<bool> flips;
    bool operator==(const SensitivityOptions &) const = default;
};

// Carry out a plan in memory, to draft quality, and measure it against the uncompressed model. Nothing is written but
// the cache of calibration statistics.
struct DraftOptions
{
    ModelSource model;
    std::string calibration;
    std::int64_t images = 256; // calibration images at most
    CompressionPlan plan;
    std::string data;            // images that judge
    std::int64_t dataImages = 0; // 0: all
    int batch = 1;               // of latency and peak memory
    int repeats = 20;            // of timing a model; 0: no latency
    ScheduleKind schedule = ScheduleKind::Tight;
    std::string cacheFolder; // empty: the user's cache
    JobOptions job;
    // Calibrate on mirror images too; absent: where the model takes colour images.
    std::optional<bool> flips;
    bool operator==(const DraftOptions &) const = default;
};

// What a draft answers on one of the images that judge; nothing is measured.
struct AnswerOptions
{
    DraftOptions draft;
    std::int64_t image = 0; // its place in the data set
    bool operator==(const AnswerOptions &) const = default;
};

inline constexpr std::size_t mostPictures = 48;

// Images that were judged, as the model sees them.
struct PicturesOptions
{
    ModelSource model;
    std::string data;
    std::string identity;    // of the images that were judged, as JudgedAnswers has it; empty: of whatever is there
    std::int64_t judged = 0; // how many these were
    std::vector<std::int64_t> images; // places in the data set, at most mostPictures
    bool operator==(const PicturesOptions &) const = default;
};

// Measure a model and what was made of it, and keep all of it for the window and the report.
struct SessionOptions
{
    ModelSource model;
    std::string calibration;
    std::string search;             // empty: one calibration image in five, by a hash of its name
    std::string data;               // images that judge
    std::vector<std::string> tuned; // folders made of the model by tune or compress
    bool recipe = false;            // also the steps of the EdgeFlex recipe, as drafts
    std::int64_t images = 256;      // calibration images at most
    std::int64_t dataImages = 0;    // 0: all
    int batch = 1;                  // of latency and peak memory
    int repeats = 20;               // of timing a model
    ScheduleKind schedule = ScheduleKind::Tight;
    Budgets budgets;              // that the report judges by
    std::string engineExecutable; // as in MeasureOptions
    std::string out;              // folder to write
    JobOptions job;
    // Calibrate on mirror images too; absent: where the model takes colour images.
    std::optional<bool> flips;
    bool operator==(const SessionOptions &) const = default;
};

// What each stage of compression is worth, alone and beside the others. Not part of the protocol.
struct AblateOptions
{
    ModelSource model;
    std::string calibration;
    std::string search;                       // as in TuneOptions; for the allocation of widths
    std::string data;                         // labelled images that judge
    double mlpKeep = 0.75;                    // of the MLP channels, on average
    NumberFormat format = NumberFormat::Int4; // of every layer
    int int4GroupSize = 64;                   // 32, 64 or 128
    std::int64_t images = 256;                // calibration images at most
    std::int64_t searchImages = 0;            // as in SensitivityOptions
    std::int64_t dataImages = 0;              // 0: all
    int crops = 0;                            // random crops of each image, as a stage; 0: no such stage
    JobOptions job;
    bool operator==(const AblateOptions &) const = default;
};

// How far the predictor is off, on random plans. Not part of the protocol.
struct ValidatePredictorOptions
{
    ModelSource model;
    std::string calibration;
    std::string search; // as in TuneOptions; what the predictor knows comes of these
    std::string data;   // labelled images that judge, others than those
    int plans = 60;
    std::uint64_t seed = 1;        // of the plans
    bool removal = false;          // the plans also remove whole heads, and halves of blocks for a linear layer
    std::int64_t images = 256;     // calibration images at most
    std::int64_t searchImages = 0; // as in SensitivityOptions
    std::int64_t dataImages = 0;   // 0: all
    std::string sensitivity;       // file to read what was measured before, or to write it to; empty: neither
    std::string measured;          // a result to predict the plans of anew, in place of measuring some; empty: none
    std::string cacheFolder;       // of calibration statistics; empty: the user's cache
    JobOptions job;
    std::optional<bool> flips; // as in TuneOptions
    bool operator==(const ValidatePredictorOptions &) const = default;
};

struct DataOptions
{
    std::string path;
    bool operator==(const DataOptions &) const = default;
};

struct MeasureOptions
{
    ModelSource model;
    std::string data;
    std::optional<ModelSource> baseline;
    std::int64_t images = 0; // 0: all
    int batch = 1;           // of latency and peak memory
    int repeats = 20;        // of timing a model; 0: no latency
    ScheduleKind schedule = ScheduleKind::Tight;
    bool processMemory = true;    // measure VmHWM in a fresh process
    std::string engineExecutable; // the edgeflex program to start for that; empty: this one
    JobOptions job;
    bool operator==(const MeasureOptions &) const = default;
};

enum class ExportFormat { Safetensors, Onnx };
std::string_view toString(ExportFormat format);
ExportFormat exportFormatFromString(std::string_view word); // throws Error

struct ExportOptions
{
    ModelSource model;
    ExportFormat to = ExportFormat::Safetensors;
    std::string out;     // folder for safetensors, file for ONNX
    bool verify = false; // reload and compare logits
    std::string data;    // images to verify on; empty: seeded noise
    std::int64_t images = 16;
    JobOptions job;
    bool operator==(const ExportOptions &) const = default;
};

struct SynthesizeOptions
{
    std::string architecture; // vit-tiny, vit-small, vit-base, vit-large, vit-huge
    std::int64_t classes = 1000;
    std::uint64_t seed = 0;
    std::string out;
    bool operator==(const SynthesizeOptions &) const = default;
};

// Not part of the protocol: the window never trains.
struct TrainDemoOptions
{
    std::string data; // Fashion-MNIST's folder, of which only the training pair is read, or its images file
    std::string out;  // folder to write, anew after every epoch
    int epochs = 30;
    std::uint64_t seed = 0; // of the first weights, the order of the images and their augmentation
    int batch = 256;        // images a step
    bool resume = false;    // go on from the last whole epoch in `out`
    int patchSize = 4;      // pixels
    std::int64_t width = 192;
    int depth = 6;
    int heads = 6;
    std::int64_t mlpWidth = 768;
    double learningRate = 3e-3;  // the highest, after the warm-up
    double warmUpEpochs = 1;     // of rising learning rate, which then falls along a cosine
    double weightDecay = 0.05;   // of the linear layers' weights alone
    double labelSmoothing = 0.1; // share of the target spread over all classes
    double dropPath = 0.1;       // probability that the last block's branches are left out; earlier ones less
    double cutMix = 0.5;         // probability that a part of an image is another one; none in the last tenth
    double erasing = 0.1;        // probability that a rectangle of an image is noise
    double patches = 0.5;        // share of an image's patches that is looked at; all in the last third
    int shift = 2;               // pixels an image is moved by at most, each way
    double averageDecay = 0.998; // a step, of the average of the weights that is saved
    bool bf16 = true;            // BF16 products where the processor has them; all else is FP32
    JobOptions job;
    bool operator==(const TrainDemoOptions &) const = default;
};

void to_json(nlohmann::json &json, const ModelSource &value);
void from_json(const nlohmann::json &json, ModelSource &value);
void to_json(nlohmann::json &json, const InspectOptions &value);
void from_json(const nlohmann::json &json, InspectOptions &value);
void to_json(nlohmann::json &json, const ProfileOptions &value);
void from_json(const nlohmann::json &json, ProfileOptions &value);
void to_json(nlohmann::json &json, const PlanOptions &value);
void from_json(const nlohmann::json &json, PlanOptions &value);
void to_json(nlohmann::json &json, const CompressOptions &value);
void from_json(const nlohmann::json &json, CompressOptions &value);
void to_json(nlohmann::json &json, const TuneOptions &value);
void from_json(const nlohmann::json &json, TuneOptions &value);
void to_json(nlohmann::json &json, const TimesOptions &value);
void from_json(const nlohmann::json &json, TimesOptions &value);
void to_json(nlohmann::json &json, const SensitivityOptions &value);
void from_json(const nlohmann::json &json, SensitivityOptions &value);
void to_json(nlohmann::json &json, const DraftOptions &value);
void from_json(const nlohmann::json &json, DraftOptions &value);
void to_json(nlohmann::json &json, const AnswerOptions &value);
void from_json(const nlohmann::json &json, AnswerOptions &value);
void to_json(nlohmann::json &json, const PicturesOptions &value);
void from_json(const nlohmann::json &json, PicturesOptions &value);
void to_json(nlohmann::json &json, const DataOptions &value);
void from_json(const nlohmann::json &json, DataOptions &value);
void to_json(nlohmann::json &json, const MeasureOptions &value);
void from_json(const nlohmann::json &json, MeasureOptions &value);
void to_json(nlohmann::json &json, const ExportOptions &value);
void from_json(const nlohmann::json &json, ExportOptions &value);
void to_json(nlohmann::json &json, const SynthesizeOptions &value);
void from_json(const nlohmann::json &json, SynthesizeOptions &value);

} // namespace edgeflex
