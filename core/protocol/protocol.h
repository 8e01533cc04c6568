#pragma once

#include "plan/executiontarget.h"
#include "plan/measurement.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>

// What studio and engine say to each other. The version counts up with every change that an older side
// would misunderstand; the two refuse each other when their versions differ.
//
//   method       parameters           result
//   initialize   InitializeParams     InitializeResult   (the first request)
//   inspect      InspectOptions       ModelSummary
//   data         DataOptions          DataSummary
//   profile      ProfileOptions       ActivationProfile
//   plan         PlanOptions          CompressionPlan
//   compress     CompressOptions      CompressResult
//   times        TimesOptions         LayerTimes
//   sensitivity  SensitivityOptions   SensitivityResult
//   draft        DraftOptions         Measurement
//   answer       AnswerOptions        ImageAnswer
//   pictures     PicturesOptions      PicturesResult, its pictures in binary frames before it
//   tune         TuneOptions          TuneResult
//   measure      MeasureOptions       Measurement
//   lint         PreprocessingLintOptions  PreprocessingLintResult
//   export       ExportOptions        ExportResult
//   synthesize   SynthesizeOptions    ModelSummary
//   shutdown     {}                   null               (the engine ends once it has answered)
//
// Notifications: $/cancel (CancelParams) to the engine, $/progress (ProgressParams), $/note
// (NoteParams) and $/accuracy (AccuracyParams) from it. Jobs run one after the other in the order asked; a cancelled
// one is answered with ErrorCode::RequestCancelled.
namespace edgeflex {

inline constexpr int protocolVersion = 6;

namespace method {
inline constexpr std::string_view initialize = "initialize";
inline constexpr std::string_view inspect = "inspect";
inline constexpr std::string_view data = "data";
inline constexpr std::string_view profile = "profile";
inline constexpr std::string_view plan = "plan";
inline constexpr std::string_view compress = "compress";
inline constexpr std::string_view times = "times";
inline constexpr std::string_view sensitivity = "sensitivity";
inline constexpr std::string_view draft = "draft";
inline constexpr std::string_view answer = "answer";
inline constexpr std::string_view pictures = "pictures";
inline constexpr std::string_view tune = "tune";
inline constexpr std::string_view measure = "measure";
inline constexpr std::string_view lint = "lint";
inline constexpr std::string_view exportModel = "export";
inline constexpr std::string_view synthesize = "synthesize";
inline constexpr std::string_view shutdown = "shutdown";
inline constexpr std::string_view cancel = "$/cancel";
inline constexpr std::string_view progress = "$/progress";
inline constexpr std::string_view note = "$/note";
inline constexpr std::string_view accuracy = "$/accuracy";
} // namespace method

struct InitializeParams
{
    int protocolVersion = edgeflex::protocolVersion;
    std::string client; // for the engine's log, e.g. "edgeflex-studio 0.1.0"

    bool operator==(const InitializeParams &) const = default;
};

struct InitializeResult
{
    int protocolVersion = edgeflex::protocolVersion;
    std::string engine;     // e.g. "edgeflex 0.1.0"
    ExecutionTarget target; // of the machine the engine runs on

    bool operator==(const InitializeResult &) const = default;
};

struct CancelParams
{
    std::int64_t id = 0; // of the request to stop

    bool operator==(const CancelParams &) const = default;
};

// Where the job of a request is (see Progress).
struct ProgressParams
{
    std::int64_t id = 0;
    std::string stage;
    std::int64_t done = 0;
    std::int64_t total = 0; // 0: not known

    bool operator==(const ProgressParams &) const = default;
};

struct NoteParams
{
    std::int64_t id = 0;
    std::string text; // a sentence for the user

    bool operator==(const NoteParams &) const = default;
};

// Of a job that judges images, as they stream in.
struct AccuracyParams
{
    std::int64_t id = 0;
    AccuracySoFar accuracy;

    bool operator==(const AccuracyParams &) const = default;
};

void to_json(nlohmann::json &json, const InitializeParams &value);
void from_json(const nlohmann::json &json, InitializeParams &value);
void to_json(nlohmann::json &json, const InitializeResult &value);
void from_json(const nlohmann::json &json, InitializeResult &value);
void to_json(nlohmann::json &json, const CancelParams &value);
void from_json(const nlohmann::json &json, CancelParams &value);
void to_json(nlohmann::json &json, const ProgressParams &value);
void from_json(const nlohmann::json &json, ProgressParams &value);
void to_json(nlohmann::json &json, const NoteParams &value);
void from_json(const nlohmann::json &json, NoteParams &value);
void to_json(nlohmann::json &json, const AccuracyParams &value);
void from_json(const nlohmann::json &json, AccuracyParams &value);

} // namespace edgeflex
