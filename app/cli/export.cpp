#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/export/exporter.h"
#include "plan/quantity.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace edgeflex::cli {

namespace {

std::string describe(const ExportResult &result)
{
    std::string text = result.out + ": " + formatBytes(result.bytes) + "\n";
    char numbers[160] = "";
    if (result.verifiedImages > 0)
        std::snprintf(numbers, sizeof numbers, " on %lld images: logits differ by %.3g at most, same top-1 on %s",
                      static_cast<long long>(result.verifiedImages), result.maxLogitDifference,
                      formatPercent(result.top1Agreement).c_str());
    switch (result.verification) {
    case ExportResult::Verification::NotAsked:
        return text;
    case ExportResult::Verification::Verified:
        return text + "verified" + numbers + " (" + result.verificationNote + ")\n";
    case ExportResult::Verification::Differs:
        return text + "differs" + numbers + " (" + result.verificationNote + ")\n";
    case ExportResult::Verification::NotVerified:
        return text + "not verified: " + result.verificationNote + "\n";
    }
    return text;
}

int exitCode(const ExportResult &result)
{
    switch (result.verification) {
    case ExportResult::Verification::Differs:
        return exitFailure;
    case ExportResult::Verification::NotVerified:
        return exitNotVerified;
    default:
        return exitSuccess;
    }
}

} // namespace

void addExport(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("export", "Write a model for other programs");
    auto options = std::make_shared<ExportOptions>();
    auto output = std::make_shared<Output>();
    addModel(*verb, options->model);
    verb->add_option_function<std::string>(
            "--to", [=](const std::string &word) { options->to = exportFormatFromString(word); },
            "safetensors (a folder) or onnx (a file)")
        ->required()
        ->type_name("FORMAT");
    verb->add_option("--out", options->out, "Folder or file to write")->required();
    verb->add_flag("--verify", options->verify, "Load what was written and compare logits");
    verb->add_option("--data", options->data, "Images to verify on (default: seeded noise)");
    verb->add_option("--images", options->images, "Images to verify on at most")->check(CLI::PositiveNumber);
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            ExportResult result;
            {
                TerminalProgress progress;
                result = exportModel(*options, progress);
            }
            report(*output, result, describe(result));
            return exitCode(result);
        };
    });
}

} // namespace edgeflex::cli
