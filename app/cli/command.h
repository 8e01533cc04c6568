#pragma once

#include "plan/results.h"
#include "plan/verboptions.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>

namespace edgeflex::cli {

inline constexpr int exitSuccess = 0;
inline constexpr int exitFailure = 1;
inline constexpr int exitUsage = 2;
inline constexpr int exitNotVerified = 3;
inline constexpr int exitCancelled = 130; // as shells report SIGINT

// What the chosen verb does; set by its parser, run after parsing. Returns the exit code.
using Action = std::function<int()>;

// A verb's options that every verb has.
struct Output
{
    std::string json; // file to write the result's JSON to, "-" for standard output; empty: none
};

void addOutput(CLI::App &verb, Output &output);
void addJob(CLI::App &verb, JobOptions &job);
// MODEL and what a bare state dict does not say about itself.
void addModel(CLI::App &verb, ModelSource &model);
// The latter alone.
void addModelFacts(CLI::App &verb, ModelSource &model);
// --flips and --no-flips.
void addFlips(CLI::App &verb, std::optional<bool> &flips);
// A size such as 5.7MB.
void addBytes(CLI::App &verb, const std::string &name, std::optional<std::int64_t> &bytes, const std::string &help);

// Writes the JSON where asked; prints `text` on standard output unless the JSON went there.
void report(const Output &output, const nlohmann::json &json, const std::string &text);

// What compress and tune have made.
std::string describe(const CompressResult &result);

// Each verb adds itself to the program.
void addInspect(CLI::App &program, Action &action);
void addProfile(CLI::App &program, Action &action);
void addTimes(CLI::App &program, Action &action);
void addPlan(CLI::App &program, Action &action);
void addCompress(CLI::App &program, Action &action);
void addTune(CLI::App &program, Action &action);
void addAblate(CLI::App &program, Action &action);
void addBench(CLI::App &program, Action &action);
void addValidatePredictor(CLI::App &program, Action &action);
void addMeasure(CLI::App &program, Action &action);
void addExport(CLI::App &program, Action &action);
void addSession(CLI::App &program, Action &action);
void addReport(CLI::App &program, Action &action);
void addSynthesize(CLI::App &program, Action &action);
void addTrainDemo(CLI::App &program, Action &action);
void addSplitDemo(CLI::App &program, Action &action);
void addEngine(CLI::App &program, Action &action);
void addPeakMemory(CLI::App &program, Action &action);

} // namespace edgeflex::cli
