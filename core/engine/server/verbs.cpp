#include "engine/server/verbs.h"

#include "engine/compress/compressor.h"
#include "engine/data/dataset.h"
#include "engine/evaluate/draftmodel.h"
#include "engine/evaluate/measure.h"
#include "engine/evaluate/pictures.h"
#include "engine/evaluate/preprocessinglint.h"
#include "engine/export/exporter.h"
#include "engine/kernels/linear.h"
#include "engine/model/inspect.h"
#include "engine/model/synthesize.h"
#include "engine/profile/profiler.h"
#include "engine/tune/modelplanner.h"
#include "engine/tune/modelsensitivity.h"
#include "engine/tune/modeltimes.h"
#include "engine/tune/tuner.h"
#include "protocol/message.h"
#include "protocol/protocol.h"

#include <functional>
#include <map>

namespace edgeflex {

namespace {

using Verb = std::function<nlohmann::json(const nlohmann::json &, Progress &, const SendBulk &)>;

// A verb whose options are read from the parameters; what is wrong with them is the request's fault.
template<typename Options, typename Function>
Verb bulkVerb(Function function)
{
    return [function](const nlohmann::json &params, Progress &progress, const SendBulk &sendBulk) -> nlohmann::json {
        Options options;
        try {
            options = params.get<Options>();
        } catch (const Error &error) {
            throw MessageError(ErrorCode::InvalidParams, error.what());
        }
        return function(options, progress, sendBulk);
    };
}

// One whose result is all there is.
template<typename Options, typename Function>
Verb verb(Function function)
{
    return bulkVerb<Options>([function](const Options &options, Progress &progress, const SendBulk &) {
        return function(options, progress);
    });
}

nlohmann::json initialize(const InitializeParams &params, Progress &)
{
    if (params.protocolVersion != protocolVersion)
        throw Error("the studio speaks version " + std::to_string(params.protocolVersion) +
                    " of the protocol and the engine version " + std::to_string(protocolVersion) +
                    "; install both from the same release");
    return InitializeResult{protocolVersion, "edgeflex " EDGEFLEX_VERSION, detectTarget(0)};
}

ModelSummary synthesize(const SynthesizeOptions &options, Progress &progress)
{
    synthesizeModel(options, progress);
    InspectOptions written;
    written.model.path = options.out;
    return inspectModel(written);
}

// The pictures go ahead, each in a frame of its own.
PicturesResult pictures(const PicturesOptions &options, Progress &progress, const SendBulk &sendBulk)
{
    PreparedPictures prepared = preparePictures(options, progress);
    for (std::size_t i = 0; i < prepared.images.size(); ++i) {
        const std::vector<std::uint8_t> &pixels = prepared.images[i].pixels;
        prepared.pictures[i].content = sendBulk({reinterpret_cast<const char *>(pixels.data()), pixels.size()});
    }
    return {std::move(prepared.pictures)};
}

const std::map<std::string_view, Verb> &verbs()
{
    static const std::map<std::string_view, Verb> table{
        {method::initialize, verb<InitializeParams>(initialize)},
        {method::inspect,
         verb<InspectOptions>([](const InspectOptions &options, Progress &) { return inspectModel(options); })},
        {method::profile, verb<ProfileOptions>(profileModel)},
        {method::plan, verb<PlanOptions>([](const PlanOptions &options, Progress &progress) {
             return planModel(options, progress);
         })},
        {method::data,
         verb<DataOptions>([](const DataOptions &options, Progress &) { return summariseData(options); })},
        {method::times, verb<TimesOptions>(measureModelTimes)},
        {method::sensitivity, verb<SensitivityOptions>(measureModelSensitivity)},
        {method::draft, verb<DraftOptions>(draftModel)},
        {method::answer, verb<AnswerOptions>(draftAnswer)},
        {method::pictures, bulkVerb<PicturesOptions>(pictures)},
        {method::compress, verb<CompressOptions>(compressModel)},
        {method::tune, verb<TuneOptions>(tuneModel)},
        {method::measure, verb<MeasureOptions>(measureModel)},
        {method::lint, verb<PreprocessingLintOptions>(lintPreprocessing)},
        {method::exportModel, verb<ExportOptions>(exportModel)},
        {method::synthesize, verb<SynthesizeOptions>(synthesize)},
    };
    return table;
}

} // namespace

nlohmann::json runVerb(const std::string &method, const nlohmann::json &params, Progress &progress,
                       const SendBulk &sendBulk)
{
    const auto found = verbs().find(method);
    if (found == verbs().end())
        throw MessageError(ErrorCode::MethodNotFound, "the engine has no method \"" + method + "\"");
    return found->second(params, progress, sendBulk);
}

} // namespace edgeflex
