#include "cli/command.h"

#include "engine/evaluate/peakmemory.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

// Started by `measure` as a process of its own; not in the help.
void addPeakMemory(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("peak-memory", "Measure this process's memory for one batch");
    verb->group("");
    auto model = std::make_shared<ModelSource>();
    auto batch = std::make_shared<int>(1);
    auto batches = std::make_shared<int>(1);
    auto schedule = std::make_shared<ScheduleKind>(ScheduleKind::Tight);
    auto job = std::make_shared<JobOptions>();
    auto output = std::make_shared<Output>();
    addModel(*verb, *model);
    verb->add_option("--batch", *batch)->check(CLI::Range(1, 4096));
    verb->add_option("--batches", *batches)->check(CLI::Range(1, 4096));
    verb->add_option_function<std::string>("--schedule",
                                           [=](const std::string &word) { *schedule = scheduleKindFromString(word); });
    addJob(*verb, *job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            NoProgress progress;
            const ProcessPeak peak = measureThisProcess(*model, *schedule, *batch, *batches, job->threads, progress);
            report(*output, peak, std::to_string(peak.peakBytes) + "\n");
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
