#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/tune/validatepredictor.h"
#include "report/reporttext.h"
#include "report/texttable.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

namespace {

std::string rankText(const std::optional<double> &rank)
{
    return rank ? fixed(*rank, 3) : "-";
}

std::string describe(const PredictorValidation &result)
{
    TextTable table({"points lost", "plans", "error", "rank", "live error", "live rank", "error by KL", "rank by KL",
                     "of measuring", "perfect rank"});
    for (const PredictionError &each : result.errors)
        table.addRow({fixed(each.low, 0) + " to " + fixed(each.high, 0), std::to_string(each.plans),
                      fixed(each.superposedError, 2), rankText(each.superposedRank), fixed(each.liveError, 2),
                      rankText(each.liveRank), fixed(each.additiveError, 2), rankText(each.additiveRank),
                      fixed(each.measuringError, 2), rankText(each.perfectRank)});
    return table.text() + "\n" + counted(static_cast<std::int64_t>(result.plans.size()), "plan") + " of seed " +
           std::to_string(result.seed) + (result.removal ? ", some without heads or halves of blocks" : "") +
           ", predicted from " + counted(result.searchImages, "search image") +
           ", measured on " + counted(result.images, "image") + " of " + result.dataset +
           "; error: mean absolute, points; rank: Spearman's correlation; live: with what the plans before turned out "
           "to be; of measuring: the drops' own standard error, and the rank that a perfect predictor would have for "
           "it\n";
}

} // namespace

void addValidatePredictor(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("validate-predictor", "Judge predictions on random plans that are measured");
    auto options = std::make_shared<ValidatePredictorOptions>();
    auto output = std::make_shared<Output>();
    addModel(*verb, options->model);
    verb->add_option("--calibration", options->calibration, "Images to calibrate on")->required();
    verb->add_option("--search", options->search, "Images that predictions come of (default: one in five of those)");
    verb->add_option("--data", options->data, "Labelled images that judge, others than those")->required();
    verb->add_option("--plans", options->plans, "Plans, a third for each range of drops")->check(CLI::Range(1, 10000));
    verb->add_option("--seed", options->seed, "Of the plans");
    verb->add_flag("--removal", options->removal,
                   "Plans also remove whole heads, and put linear layers in the place of attention and MLPs");
    verb->add_option("--images", options->images, "Calibration images at most")->check(CLI::PositiveNumber);
    addFlips(*verb, options->flips);
    verb->add_option("--search-images", options->searchImages, "Search images at most")->check(CLI::PositiveNumber);
    verb->add_option("--data-images", options->dataImages, "Images that judge at most (0: all)")
        ->check(CLI::NonNegativeNumber);
    verb->add_option("--sensitivity", options->sensitivity,
                     "Where to read what predictions come of, or to keep it for the next time")
        ->type_name("FILE");
    verb->add_option("--measured", options->measured,
                     "Predict the plans of this result (a --json of this verb) anew; none is measured")
        ->type_name("FILE");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            PredictorValidation result;
            {
                TerminalProgress progress;
                result = validatePredictor(*options, progress);
            }
            report(*output, result, describe(result));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
