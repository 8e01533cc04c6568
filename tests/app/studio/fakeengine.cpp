#include "plan/memorytimeline.h"
#include "plan/results.h"
#include "protocol/frame.h"
#include "protocol/message.h"
#include "protocol/protocol.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>

// Speaks the protocol without doing any work. What it does wrong is said by its first argument and by the
// methods of the requests it gets:
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
//            "inspect"        ViT-Tiny whatever the path, an error where the path ends in "missing"
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

ModelSummary vitTiny()
{
    ModelSummary summary;
    summary.spec = makeVitSpec({});
    summary.spec.name = "vit_tiny_patch16_224";
    summary.spec.naming = "timm";
    summary.spec.preprocessing.resizeShorter = 248;
    summary.spec.preprocessing.cropHeight = summary.spec.preprocessing.cropWidth = 224;
    summary.spec.preprocessing.stated = true;
    summary.parameters = summary.spec.parameterCount();
    summary.fileBytes = 4 * summary.parameters;
    const Schedule schedule = makeSchedule(summary.spec, ScheduleKind::Tight, 1, ExecutionTarget());
    summary.weightsBytes = schedule.weightBytes;
    for (const Operation &operation : schedule.operations)
        summary.macsPerImage += operation.macs;
    summary.peakBytesBatch1 = makeTimeline(schedule).peakBytes();
    return summary;
}

std::int64_t hanging = 0; // the request that waits for its cancel
bool answersLate = false;
bool deaf = false;

void handle(const std::string &mode, const Request &request)
{
    if (request.method == method::initialize) {
        InitializeResult result;
        result.engine = "fake";
        result.target.threads = 2;
        result.target.instructionSet = "AVX2";
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
        std::raise(SIGKILL); // leaves no core file behind
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
    } else if (request.method == method::inspect) {
        if (request.params["model"]["path"].get<std::string>().ends_with("missing"))
            sendError(request.id, ErrorCode::RequestFailed, "There is no model at 'missing'; check the path.");
        else
            send(Response{request.id, vitTiny(), {}});
    } else {
        sendError(request.id, ErrorCode::MethodNotFound, "There is no method " + request.method + ".");
    }
}

} // namespace

int main(int argc, char *argv[])
{
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "exit")
        return 3;
    FrameReader reader;
    char bytes[4096];
    for (ssize_t count; (count = ::read(STDIN_FILENO, bytes, sizeof bytes)) > 0;) {
        reader.append(std::string_view(bytes, static_cast<std::size_t>(count)));
        while (const auto frame = reader.next()) {
            if (deaf)
                continue;
            const Message message = messageFromJson(frame->body);
            if (const auto *request = std::get_if<Request>(&message)) {
                handle(mode, *request);
            } else if (std::get<Notification>(message).params.get<CancelParams>().id == hanging) {
                sendError(hanging, ErrorCode::RequestCancelled, "Stopped.");
                if (answersLate)
                    send(Response{hanging, "too late", {}});
            }
        }
    }
    return 0;
}
