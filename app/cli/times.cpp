#include "cli/command.h"

#include "cli/slowedits.h"
#include "cli/terminalprogress.h"
#include "engine/tune/modeltimes.h"
#include "plan/modelspec.h"
#include "report/texttable.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

namespace {

void addShape(TextTable &table, const std::string &shape, const LayerTimes::ByFormat &times)
{
    std::vector<std::string> cells{shape};
    for (const NumberFormat format : allNumberFormats()) {
        const auto found = times.find(format);
        if (found == times.end()) {
            cells.push_back("-");
            continue;
        }
        const EditSpeed speed{found->second, times.at(NumberFormat::Fp32)};
        cells.push_back(timeText(found->second) + (format == NumberFormat::Fp32 || speed.pays() ? "" : " ~"));
    }
    table.addRow(std::move(cells));
}

// Blocks of one shape were timed once: a row for each shape that differs from the block's before.
std::string describe(const LayerTimes &times)
{
    std::vector<std::string> head{"layer"};
    for (const NumberFormat format : allNumberFormats())
        head.emplace_back(toString(format));
    TextTable table(head);
    for (const auto &[layer, formats] : times.layers) {
        if (!layer.starts_with("blocks."))
            addShape(table, layer, formats);
    }
    for (std::size_t i = 0; i < times.mlps.size(); ++i) {
        const std::string block = "blocks." + std::to_string(i) + ".";
        if (i < times.attentions.size() && (i == 0 || times.attentions[i] != times.attentions[i - 1])) {
            const LayerTimes::Attention &attention = times.attentions[i];
            for (const auto &[width, formats] : attention.qkv)
                addShape(table, block + "attn.qkv, " + std::to_string(width) + " outputs", formats);
            for (const auto &[width, formats] : attention.proj)
                addShape(table, block + "attn.proj, " + std::to_string(width) + " inputs", formats);
        }
        if (i < times.linearMlps.size() && (i == 0 || times.linearMlps[i] != times.linearMlps[i - 1]))
            addShape(table, block + "mlp, a linear layer in its place", times.linearMlps[i]);
        if (i > 0 && times.mlps[i] == times.mlps[i - 1])
            continue;
        for (const auto &[width, mlp] : times.mlps[i]) {
            addShape(table, block + "mlp.fc1, " + std::to_string(width) + " outputs", mlp.fc1);
            addShape(table, block + "mlp.fc2, " + std::to_string(width) + " inputs", mlp.fc2);
        }
    }
    return table.text() + "milliseconds, median (2.5 % to 97.5 % of the repeats); ~: not faster here than FP32\n" +
           timesConditions(times) + "; the whole FP32 model takes " + timeText(times.fp32Milliseconds) + " ms\n";
}

} // namespace

void addTimes(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("times", "How long each layer takes here in every format; measured once");
    auto options = std::make_shared<TimesOptions>();
    auto output = std::make_shared<Output>();
    addModel(*verb, options->model);
    verb->add_option("--batch", options->batch, "Images a batch")->check(CLI::Range(1, 4096));
    verb->add_flag("--again", options->again, "Measure anew what is known, e.g. because the machine was busy then");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            LayerTimes times;
            {
                TerminalProgress progress;
                times = measureModelTimes(*options, progress);
            }
            report(*output, times, describe(times));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
