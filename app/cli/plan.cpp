#include "cli/command.h"

#include "cli/slowedits.h"
#include "cli/terminalprogress.h"
#include "engine/model/inspect.h"
#include "engine/tune/modelplanner.h"
#include "engine/tune/modeltimes.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <memory>

namespace edgeflex::cli {

namespace {

// What of the plan is not worth doing for its speed on this machine. Of a model that is compressed already nothing is
// said: its layers were never timed in FP32.
std::string slowEdits(const PlanOptions &options, const CompressionPlan &plan, Progress &progress)
{
    InspectOptions inspect;
    inspect.model = options.model;
    const ModelSpec spec = inspectModel(inspect).spec;
    const auto linears = spec.linears();
    const bool original =
        std::ranges::all_of(linears, [](const LinearSpec *linear) { return linear->format == NumberFormat::Fp32; });
    const ModelSpec planned = plannedSpec(spec, plan);
    if (!original || planned == spec)
        return {};
    TimesOptions times;
    times.model = options.model;
    times.int4GroupSize = plan.int4GroupSize;
    times.job = options.job;
    try {
        return slowEditsText(measureModelTimes(times, progress), spec, planned);
    } catch (const Error &error) { // the plan is worth more than this
        return std::string("what would not be faster here is not known: ") + error.what() + "\n";
    }
}

} // namespace

void addPlan(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("plan", "Write a compression plan as JSON on standard output");
    auto options = std::make_shared<PlanOptions>();
    auto output = std::make_shared<Output>();
    auto judged = std::make_shared<bool>(true);
    addModel(*verb, options->model);
    verb->add_option("--mlp-keep", options->mlpKeep, "Share of MLP channels kept, on average over the blocks");
    verb->add_option("--attention-keep", options->attentionKeep,
                     "Share of the heads' dimensions kept, on average over the blocks");
    verb->add_option("--head-keep", options->headKeep, "Share of the heads kept, the same in every block");
    verb->add_option("--linear-attention", options->linearAttention,
                     "Blocks, by number, in which a linear layer takes the place of attention, e.g. 3,5")
        ->delimiter(',')
        ->type_name("BLOCKS");
    verb->add_option("--linear-mlp", options->linearMlp,
                     "Blocks in which a linear layer takes the place of the MLP; in one that both name, of all of it")
        ->delimiter(',')
        ->type_name("BLOCKS");
    verb->add_flag("--uniform", options->uniform, "The same share in every block");
    verb->add_option_function<std::string>(
            "--score", [=](const std::string &word) { options->score = importanceScoreFromString(word); },
            "What decides which channels go: obs (default), flap, wanda or mean_activation")
        ->type_name("NAME");
    verb->add_option("--correction", options->correction,
                     "Share, 0 to 1, of what earlier blocks changed that the refit of pruned layers makes up for");
    verb->add_option("--fit-passes", options->fitPasses,
                     "Passes over the calibration tokens that fit both layers of a pruned MLP to what it did (0: only "
                     "the second, in closed form)");
    verb->add_option("--calibration", options->calibration,
                     "Images that tell which blocks can spare most (default: by the weights alone)");
    verb->add_option("--search", options->search, "Images to judge by (default: one calibration image in five)");
    verb->add_option("--images", options->images, "Calibration images at most")->check(CLI::PositiveNumber);
    addFlips(*verb, options->flips);
    verb->add_option("--search-images", options->searchImages, "Search images at most")->check(CLI::PositiveNumber);
    verb->add_option_function<std::string>(
            "--format", [=](const std::string &word) { options->format = numberFormatFromString(word); },
            "fp32, fp16, bf16, int8 or int4 for every linear layer")
        ->type_name("NAME");
    verb->add_option("--half", options->halfByProfile,
                     "Every layer FP16 or BF16, whichever is safe by what profile --json wrote")
        ->type_name("FILE");
    verb->add_option("--group-size", options->int4GroupSize, "Inputs that share an INT4 scale: 32, 64 or 128")
        ->check(CLI::IsMember({32, 64, 128}));
    const auto leaveOut = [&](const std::string &name, bool &stage, const std::string &what) {
        verb->add_flag_callback(
            name, [&stage] { stage = false; }, what);
    };
    leaveOut("--no-awq", options->awq, "Without activation-aware scales");
    leaveOut("--no-shift", options->rounding.shift, "Without centring what INT8 layers are given");
    leaveOut("--no-clip", options->rounding.clip,
             "Without shrinking the ranges of weights where that lowers the error");
    leaveOut("--no-gptq", options->rounding.gptq, "Round weights to the nearest point, not by GPTQ");
    leaveOut("--no-bias-correction", options->rounding.biasCorrection,
             "Without making up for the mean error in biases");
    verb->add_flag("!--no-times", *judged,
                   "Without saying what would not be faster here, for which layers are timed where they never were");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            CompressionPlan plan;
            std::string slow;
            {
                TerminalProgress progress;
                plan = planModel(*options, progress);
                if (*judged)
                    slow = slowEdits(*options, plan, progress);
            }
            std::cerr << slow;
            report(*output, plan, jsonText(plan, 2) + "\n");
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
