#include "fakeworld.h"

#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/preprocessinglint.h"
#include "plan/verboptions.h"
#include "protocol/frame.h"
#include "protocol/message.h"
#include "protocol/protocol.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <poll.h>
#include <string>
#include <unistd.h>

// Speaks the protocol without doing any work. What it does wrong is said by its first argument, by the methods of the
// requests it gets, and by environment variables:
//   argument "engine"         behaves
//            "version"        speaks another version of the protocol
//            "refuse"         answers initialize with an error
//            "exit"           ends at once
//   method   "echo"           answers with the parameters
//            "crash"          dies without an answer
//            "garbage"        prints a line that is no frame
//            "hang"           never answers; stops at a cancel
//            "deaf"           never answers and hears no cancel
//            "late"           answers the cancel, then the request all the same
//            "progress"       reports progress and a note, then answers
//            and the verbs, with the figures of fakeworld.h: a path that ends in "missing" is none, one with
//            "images" in it is images, and everything else is a ViT-Tiny
//   FAKE_TICK=5               milliseconds a step of a verb takes
//   FAKE_CRASH=draft:FILE     dies in the middle of that verb, unless FILE is there; makes it
//   FAKE_HANG=draft           never answers that verb; stops at a cancel
//   FAKE_FAIL=profile         answers that verb with an error
//   FAKE_START=500            milliseconds before it listens
using namespace edgeflex;

namespace {

void send(const Message &message)
{
    const std::string bytes = encodeMessage(message);
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    std::fflush(stdout);
}

void sendError(std::int64_t id, ErrorCode code, const std::string &sentence)
{
    send(Response{id, {}, ResponseError{code, sentence}});
}

std::string setting(const char *name)
{
    const char *value = std::getenv(name);
    return value ? value : "";
}

// A verb: stages of steps, something to say at each, and the answer.
struct Stage
{
    std::string name;
    int steps = 1;
    std::function<void(int)> at; // may be empty
};

struct Work
{
    std::int64_t id = 0;
    std::string method;
    std::vector<Stage> stages;
    std::function<nlohmann::json()> answer;
    std::size_t stage = 0;
    int step = 0;
};

std::deque<Request> waiting;
std::optional<Work> work;
std::int64_t hanging = 0; // the request that waits for its cancel
bool answersLate = false;
bool deaf = false;

bool isImages(const std::string &path)
{
    return path.find("images") != std::string::npos;
}

ModelSummary modelAt(const std::string &path)
{
    if (path.ends_with("missing") || isImages(path))
        throw Error("There is no model at '" + std::filesystem::path(path).filename().string() + "'; check the path.");
    return fake::vitTiny(path);
}

DataSummary dataAt(const std::string &path)
{
    if (!isImages(path))
        throw Error("There are no images at '" + std::filesystem::path(path).filename().string() + "'.");
    return {path, path.find("calibration") != std::string::npos ? 1000 : fake::imagesInAll, 1000, 51};
}

void writePlan(const std::string &folder, const CompressionPlan &plan)
{
    std::filesystem::create_directories(folder);
    std::ofstream(folder + "/plan.json") << nlohmann::json(plan);
}

CompressionPlan planAt(const std::string &path, const ModelSpec &spec)
{
    std::error_code ignored;
    const std::string file = std::filesystem::is_directory(path, ignored) ? path + "/plan.json" : path;
    if (!std::filesystem::exists(file, ignored) || !file.ends_with(".json"))
        return identityPlan(spec);
    return readJsonFile(file).get<CompressionPlan>();
}

CompressResult compressed(const ModelSpec &spec, const CompressionPlan &plan, const std::string &out)
{
    CompressResult result;
    result.out = out;
    result.plan = plan;
    result.spec = plannedSpec(spec, plan);
    result.calibrationImages = 205;
    result.weightsBytes = weightBytes(result.spec);
    result.baselineWeightsBytes = weightBytes(spec);
    result.folderBytes = result.weightsBytes;
    return result;
}

// The first plan along a line from large to small that keeps to the budgets.
std::pair<CompressionPlan, bool> search(const ModelSpec &spec, const TuneOptions &options)
{
    CompressionPlan plan = identityPlan(spec);
    const LayerTimes times = fake::layerTimes(spec, options.batch);
    const double others = times.fp32Milliseconds - times.milliseconds(spec);
    for (int step = 0; step < 9; ++step) {
        plan = identityPlan(spec);
        for (std::size_t i = 0; i < plan.blocks.size(); ++i)
            plan.blocks[i].mlpKeep =
                std::clamp(1 - 0.09 * step * (1.4 - fake::weightOf(static_cast<int>(i), 12)), 0.2, 1.0);
        for (const LinearSpec *linear : spec.linears())
            plan.formats[linear->name] = step == 0 ? NumberFormat::Fp16 : NumberFormat::Int8;
        const ModelSpec planned = plannedSpec(spec, plan);
        const double ratio = (others + times.milliseconds(planned)) / times.fp32Milliseconds;
        const bool fits =
            (!options.maxWeightsBytes || weightBytes(planned) <= *options.maxWeightsBytes) &&
            (!options.maxLatencyRatio || ratio <= *options.maxLatencyRatio) &&
            (!options.maxPeakBytes ||
             makeTimeline(makeSchedule(planned, ScheduleKind::Tight, options.batch, fake::target())).peakBytes() <=
                 *options.maxPeakBytes);
        if (fits)
            return {plan, true};
    }
    return {plan, false};
}

Stage judging(std::int64_t id, const ModelSpec &spec, const CompressionPlan &plan, std::int64_t images)
{
    constexpr int steps = 30;
    return {"accuracy", steps, [=](int step) {
                AccuracyParams params{id, fake::soFar(spec, plan, std::max<std::int64_t>(1, images * step / steps))};
                params.accuracy.imagesInAll = images;
                send(Notification{std::string(method::accuracy), params});
            }};
}

// A disc on a gradient, in a frame of its own.
PreparedPicture sendPicture(std::int64_t image)
{
    static std::uint64_t frames = 0;
    constexpr int side = 64;
    const auto i = static_cast<int>(image % 6);
    std::string pixels;
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) {
            const int away = (x - side / 2) * (x - side / 2) + (y - side / 2) * (y - side / 2);
            const bool inside = away < (8 + 4 * i) * (8 + 4 * i);
            pixels += {static_cast<char>(inside ? 40 * i : 3 * x), static_cast<char>(inside ? 90 : 2 * y),
                       static_cast<char>(inside ? 200 : 120)};
        }
    }
    const std::string frame = encodeBinaryFrame(++frames, pixels);
    std::fwrite(frame.data(), 1, frame.size(), stdout);
    std::fflush(stdout);
    return {"picture " + std::to_string(image), fake::labelOf(image), side, side, 3, frames};
}

// Bilinear is better than what is stated, and everything else is worse.
PreprocessingLintResult lint(const ModelSpec &spec, const PreprocessingLintOptions &options)
{
    PreprocessingLintResult result;
    result.images = options.searchImages;
    result.trials.push_back({PreprocessingTrial::Change::Stated, spec.preprocessing, wilson(140, result.images), {}});
    for (PreprocessingTrial &trial : preprocessingAlternatives(spec.preprocessing)) {
        const bool better = trial.preprocessing.interpolation == Interpolation::Bilinear;
        trial.top1 = wilson(better ? 152 : 133, result.images);
        trial.drop = better ? pairedDrop(1, 13, result.images) : pairedDrop(12, 5, result.images);
        result.trials.push_back(trial);
    }
    return result;
}

Work makeWork(const Request &request)
{
    Work next{request.id, request.method, {}, {}, 0, 0};
    const nlohmann::json &params = request.params;
    if (request.method == method::inspect) {
        const auto options = params.get<InspectOptions>();
        next.answer = [options] {
            return modelAt(options.model.path);
        };
    } else if (request.method == method::data) {
        const auto options = params.get<DataOptions>();
        next.answer = [options] {
            return dataAt(options.path);
        };
    } else if (request.method == method::profile) {
        const auto options = params.get<ProfileOptions>();
        next.stages = {{"profiling", 64, {}}};
        next.answer = [options] {
            return fake::profile(modelAt(options.model.path).spec, options.schedule, options.batch);
        };
    } else if (request.method == method::times) {
        const auto options = params.get<TimesOptions>();
        next.stages = {{"layer times", 14, {}}};
        next.answer = [options] {
            return fake::layerTimes(modelAt(options.model.path).spec, options.batch);
        };
    } else if (request.method == method::sensitivity) {
        const auto options = params.get<SensitivityOptions>();
        next.stages = {{"reading images", 20, {}}, {"sensitivity", 14, {}}};
        next.answer = [options] {
            return fake::sensitivity(modelAt(options.model.path).spec);
        };
    } else if (request.method == method::draft) {
        const auto options = params.get<DraftOptions>();
        const ModelSpec spec = modelAt(options.model.path).spec;
        const std::int64_t images = options.dataImages > 0 ? options.dataImages : fake::imagesInAll;
        next.stages = {{"compressing", 12, {}}, judging(request.id, spec, options.plan, images), {"timing", 20, {}}};
        if (plannedSpec(spec, options.plan) == spec) { // the baseline itself
            next.method = "baseline";
            next.stages = {{"accuracy", 30, {}}, {"timing", 20, {}}};
        }
        next.answer = [options, spec, images] {
            return fake::measurement(spec, options.plan, options.data, options.schedule, options.batch, images,
                                     plannedSpec(spec, options.plan) != spec);
        };
    } else if (request.method == method::measure) {
        const auto options = params.get<MeasureOptions>();
        const ModelSpec spec = modelAt(options.model.path).spec;
        const CompressionPlan plan = planAt(options.model.path, spec);
        next.stages = {{"accuracy", 30, {}}, {"timing", 20, {}}};
        if (options.baseline)
            next.stages[0] = judging(request.id, spec, plan, fake::imagesInAll);
        next.answer = [options, spec, plan] {
            return fake::measurement(spec, plan, options.data, options.schedule, options.batch, fake::imagesInAll,
                                     options.baseline.has_value());
        };
    } else if (request.method == method::tune) {
        const auto options = params.get<TuneOptions>();
        next.stages = {{"sensitivity", 14, {}}, {"measuring on the search images", 20, {}}, {"compressing", 12, {}}};
        next.answer = [options] {
            const ModelSpec spec = modelAt(options.model.path).spec;
            const auto [plan, met] = search(spec, options);
            TuneResult result;
            result.met = met;
            result.verdict =
                met ? "All budgets are met." : "The budgets cannot all be met; this is the nearest there is.";
            result.searchImages = 51;
            result.compressed = compressed(spec, plan, options.out);
            for (const double keep : {0.3, 0.5, 0.7, 0.9}) {
                ParetoPoint point{identityPlan(spec), 0, {}, 0};
                for (BlockPlan &block : point.plan.blocks)
                    block.mlpKeep = keep;
                for (const LinearSpec *linear : spec.linears())
                    point.plan.formats[linear->name] = keep < 0.6 ? NumberFormat::Int8 : NumberFormat::Fp16;
                point.weightsBytes = weightBytes(plannedSpec(spec, point.plan));
                result.front.byWeights.push_back(point);
            }
            writePlan(options.out, plan);
            return result;
        };
    } else if (request.method == method::compress) {
        const auto options = params.get<CompressOptions>();
        next.stages = {{"calibrating", 20, {}}, {"compressing", 12, {}}};
        next.answer = [options] {
            const ModelSpec spec = modelAt(options.model.path).spec;
            const CompressionPlan plan = readJsonFile(options.plan).get<CompressionPlan>();
            writePlan(options.out, plan);
            return compressed(spec, plan, options.out);
        };
    } else if (request.method == method::lint) {
        const auto options = params.get<PreprocessingLintOptions>();
        next.stages = {{"preprocessing", 12, {}}};
        next.answer = [options] {
            return lint(modelAt(options.model.path).spec, options);
        };
    } else if (request.method == method::answer) {
        const auto options = params.get<AnswerOptions>();
        next.stages = {{"compressing", 4, {}}};
        next.answer = [options] {
            const ModelSpec spec = modelAt(options.draft.model.path).spec;
            const JudgedAnswers all = fake::judged(spec, options.draft.plan, options.draft.data, fake::imagesInAll);
            const int label = fake::labelOf(options.image);
            return ImageAnswer{label, all.wrongAnswer(options.image).value_or(label), 0.6};
        };
    } else if (request.method == method::pictures) {
        const auto options = params.get<PicturesOptions>();
        next.answer = [options] {
            PicturesResult result;
            for (const std::int64_t image : options.images)
                result.pictures.push_back(sendPicture(image));
            return result;
        };
    } else if (request.method == method::exportModel) {
        const auto options = params.get<ExportOptions>();
        next.stages = {{"writing ONNX", 10, {}}, {"comparing in ONNX Runtime", 10, {}}};
        next.answer = [options] {
            ExportResult result;
            result.out = options.out;
            if (options.to == ExportFormat::Safetensors)
                std::filesystem::create_directories(options.out);
            std::ofstream(options.to == ExportFormat::Safetensors ? options.out + "/model.safetensors" : options.out)
                << planAt(options.model.path, modelAt(options.model.path).spec).formats.size() << '\n';
            result.bytes = 5'700'000;
            result.verification =
                options.verify ? ExportResult::Verification::Verified : ExportResult::Verification::NotAsked;
            result.verifiedImages = 16;
            result.top1Agreement = 1;
            return result;
        };
    } else {
        throw MessageError(ErrorCode::MethodNotFound, "There is no method " + request.method + ".");
    }
    return next;
}

void crashIfAsked(const std::string &verb)
{
    const std::string wanted = setting("FAKE_CRASH");
    if (!wanted.starts_with(verb + ":"))
        return;
    const std::string file = wanted.substr(verb.size() + 1);
    if (!file.empty() && std::filesystem::exists(file))
        return;
    if (!file.empty())
        std::ofstream(file) << "crashed";
    std::raise(SIGKILL); // leaves no core file behind
}

void startNext()
{
    while (!work && hanging == 0 && !waiting.empty()) {
        const Request request = std::move(waiting.front());
        waiting.pop_front();
        if (setting("FAKE_HANG") == request.method) {
            hanging = request.id;
            return;
        }
        try {
            if (setting("FAKE_FAIL") == request.method)
                throw Error("The " + request.method + " failed, as it was told to.");
            work = makeWork(request);
        } catch (const MessageError &error) {
            sendError(request.id, error.code(), error.what());
        } catch (const std::exception &error) {
            sendError(request.id, ErrorCode::RequestFailed, error.what());
        }
    }
}

// One step of what is being done.
void workOn()
{
    if (!work)
        return;
    if (work->stage < work->stages.size()) {
        const Stage &stage = work->stages[work->stage];
        ++work->step;
        send(
            Notification{std::string(method::progress), ProgressParams{work->id, stage.name, work->step, stage.steps}});
        if (stage.at)
            stage.at(work->step);
        if (work->stage + 1 == work->stages.size() && work->step == stage.steps / 2)
            crashIfAsked(work->method);
        if (work->step >= stage.steps) {
            ++work->stage;
            work->step = 0;
        }
        return;
    }
    const Work finished = std::move(*work);
    work.reset();
    try {
        crashIfAsked(finished.method);
        send(Response{finished.id, finished.answer(), {}});
    } catch (const std::exception &error) {
        sendError(finished.id, ErrorCode::RequestFailed, error.what());
    }
}

void handle(const std::string &mode, const Request &request)
{
    if (request.method == method::initialize) {
        InitializeResult result;
        result.engine = "fake";
        result.target = fake::target();
        if (mode == "version")
            result.protocolVersion = protocolVersion + 1;
        if (mode == "refuse")
            sendError(request.id, ErrorCode::RequestFailed, "This machine has no AVX2.");
        else
            send(Response{request.id, result, {}});
    } else if (request.method == method::shutdown) {
        send(Response{request.id, nullptr, {}});
        std::exit(0);
    } else if (request.method == "echo") {
        send(Response{request.id, request.params, {}});
    } else if (request.method == "crash") {
        std::raise(SIGKILL);
    } else if (request.method == "garbage") {
        std::puts("Loading weights ...");
        std::fflush(stdout);
    } else if (request.method == "hang" || request.method == "late") {
        hanging = request.id;
        answersLate = request.method == "late";
    } else if (request.method == "deaf") {
        deaf = true;
    } else if (request.method == "progress") {
        send(Notification{std::string(method::progress), ProgressParams{request.id, "calibrating", 3, 256}});
        send(Notification{std::string(method::note), NoteParams{request.id, "200 images are kept."}});
        send(Response{request.id, true, {}});
    } else {
        waiting.push_back(request);
    }
}

void cancel(std::int64_t id)
{
    const bool queued = std::erase_if(waiting, [id](const Request &request) { return request.id == id; }) > 0;
    if (id != hanging && !queued && !(work && work->id == id))
        return;
    if (work && work->id == id)
        work.reset();
    sendError(id, ErrorCode::RequestCancelled, "Stopped.");
    if (id == hanging && answersLate)
        send(Response{id, "too late", {}});
    if (id == hanging)
        hanging = 0;
}

} // namespace

int main(int argc, char *argv[])
{
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "exit")
        return 3;
    if (const std::string start = setting("FAKE_START"); !start.empty())
        ::usleep(static_cast<useconds_t>(1000 * std::stoi(start)));
    const std::string tickSetting = setting("FAKE_TICK");
    const int tick = tickSetting.empty() ? 1 : std::stoi(tickSetting);
    FrameReader reader;
    char bytes[4096];
    while (true) {
        startNext();
        pollfd input{STDIN_FILENO, POLLIN, 0};
        const int ready = ::poll(&input, 1, work && !deaf ? (work->stages.empty() ? 0 : tick) : -1);
        if (ready == 0) {
            workOn();
            continue;
        }
        const ssize_t count = ::read(STDIN_FILENO, bytes, sizeof bytes);
        if (count <= 0)
            return 0;
        reader.append(std::string_view(bytes, static_cast<std::size_t>(count)));
        while (const auto frame = reader.next()) {
            if (deaf)
                continue;
            const Message message = messageFromJson(frame->body);
            if (const auto *request = std::get_if<Request>(&message))
                handle(mode, *request);
            else
                cancel(std::get<Notification>(message).params.get<CancelParams>().id);
        }
    }
}
