#include "cli/command.h"

#include "plan/error.h"
#include "plan/quantity.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>

namespace edgeflex::cli {

namespace {

std::vector<double> numbers(const std::string &text, const std::string &option)
{
    std::vector<double> values;
    std::stringstream stream(text);
    std::string word;
    while (std::getline(stream, word, ',')) {
        std::size_t used = 0;
        try {
            values.push_back(std::stod(word, &used));
        } catch (const std::exception &) {
            used = 0;
        }
        if (used == 0 || used != word.size())
            throw CLI::ValidationError(option, "\"" + text + "\" is not a list of numbers such as 0.5,0.5,0.5");
    }
    if (values.size() != 1 && values.size() != 3)
        throw CLI::ValidationError(option, "give one value or three, not " + std::to_string(values.size()));
    return values;
}

void addNumbers(CLI::App &verb, const std::string &name, std::optional<std::vector<double>> &values,
                const std::string &help)
{
    verb.add_option_function<std::string>(
            name, [&values, name](const std::string &text) { values = numbers(text, name); }, help)
        ->type_name("A,B,C");
}

} // namespace

void addOutput(CLI::App &verb, Output &output)
{
    verb.add_option("--json", output.json, "Write the result as JSON to this file (- for standard output)")
        ->type_name("FILE");
}

void addJob(CLI::App &verb, JobOptions &job)
{
    verb.add_option("--threads", job.threads, "Threads to use (0: one per core)")->check(CLI::Range(0, 1024));
    verb.add_option_function<std::string>(
            "--memory-limit", [&job](const std::string &text) { job.memoryLimitBytes = bytesFromString(text); },
            "Refuse the job when it would take more memory (default: what the machine has free)")
        ->type_name("SIZE");
}

void addModel(CLI::App &verb, ModelSource &model)
{
    verb.add_option("MODEL", model.path, "Checkpoint folder or file, original or tuned")->required();
    addModelFacts(verb, model);
}

void addModelFacts(CLI::App &verb, ModelSource &model)
{
    verb.add_option("--heads", model.heads, "Attention heads, where a bare state dict does not say");
    addNumbers(verb, "--mean", model.mean, "Mean that pixels in 0..1 are normalised with, per channel");
    addNumbers(verb, "--std", model.std, "Standard deviation that pixels are normalised with, per channel");
    verb.add_option("--resize", model.resize, "Pixels of the shorter side before the crop");
    verb.add_option("--crop", model.crop, "Pixels of the centre crop: the model's input size");
    verb.add_option_function<std::string>(
            "--interpolation",
            [&model](const std::string &word) { model.interpolation = interpolationFromString(word); },
            "nearest, bilinear or bicubic")
        ->type_name("NAME");
}

void addFlips(CLI::App &verb, std::optional<bool> &flips)
{
    verb.add_flag_function(
        "--flips,!--no-flips", [&flips](std::int64_t count) { flips = count > 0; },
        "Calibrate on every image's mirror image too (default: for models of colour images)");
}

void addBytes(CLI::App &verb, const std::string &name, std::optional<std::int64_t> &bytes, const std::string &help)
{
    verb.add_option_function<std::string>(
            name, [&bytes](const std::string &text) { bytes = bytesFromString(text); }, help)
        ->type_name("SIZE");
}

void report(const Output &output, const nlohmann::json &json, const std::string &text)
{
    if (output.json == "-") {
        std::cout << json.dump(2) << std::endl;
        return;
    }
    if (!output.json.empty()) {
        std::ofstream file(output.json);
        file << json.dump(2) << '\n';
        if (!file.flush())
            throw Error("cannot write " + output.json + "; choose a folder that exists and is writable");
    }
    std::cout << text << std::flush;
}

} // namespace edgeflex::cli
