#include "engine/export/onnxruntime.h"
#include "engine/export/onnxwriter.h"
#include "engine/model/synthesize.h"
#include "engine/model/transformer.h"
#include "engine/tensor/hostallocator.h"
#include "plan/error.h"
#include "plan/memorytimeline.h"
#include "plan/statistics.h"
#include "reference/randomvit.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

// Latency at batch 1 of a shape in every format, with random weights, beside ONNX Runtime's in FP32 and, where it is
// given a quantized file, INT8. All take turns in every round, and ratios are taken within a round, so that what else
// the machine does strikes all alike. Prints Markdown; --json FILE writes every time.

using namespace edgeflex;

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// Time in linear layers and in each kind of operation.
class Stopwatch : public ExecutionObserver
{
public:
    explicit Stopwatch(const Schedule &schedule) : m_schedule(schedule) {}
    bool needsInputs() const override { return false; }
    void linearInput(int, const float *, std::int64_t) override {}
    void linearDone(int, double milliseconds) override { m_linears += milliseconds; }
    void operationDone(int operation, double milliseconds) override
    {
        m_kinds[std::string(toString(m_schedule.operations[static_cast<std::size_t>(operation)].kind))] += milliseconds;
    }
    std::string text(int passes) const
    {
        std::string result = "linears " + rounded(m_linears / passes);
        for (const auto &[kind, milliseconds] : m_kinds)
            result += ", " + kind + " " + rounded(milliseconds / passes);
        return result + " ms";
    }

private:
    static std::string rounded(double value)
    {
        char text[32];
        std::snprintf(text, sizeof text, "%.3f", value);
        return text;
    }
    const Schedule &m_schedule;
    double m_linears = 0;
    std::map<std::string, double> m_kinds;
};

struct Contender
{
    std::string name;
    std::string implementation;
    std::int64_t peakBytes = -1; // of the counting allocator; -1 where it does not count
    std::function<void()> pass;
    std::function<std::string()> operations;
    std::vector<double> milliseconds = {};
};

Contender ours(const std::string &name, const ModelSpec &spec, const ExecutionTarget &target,
               const std::vector<float> &pixels)
{
    struct Engine
    {
        Transformer transformer;
        Schedule schedule;
        ExecutionMemory memory;
        std::vector<float> logits;
    };
    NoProgress progress;
    Transformer transformer(reference::randomStoredVit(spec, 1), target, progress);
    Schedule schedule = transformer.schedule(ScheduleKind::Tight, 1);
    ExecutionMemory memory(schedule);
    std::vector<float> logits(static_cast<std::size_t>(spec.classes()));
    const auto engine = std::make_shared<Engine>(
        Engine{std::move(transformer), std::move(schedule), std::move(memory), std::move(logits)});
    const auto run = [engine, &pixels](ExecutionObserver *observer) {
        engine->transformer.run(engine->schedule, engine->memory, pixels.data(), engine->logits.data(), neverCancelled,
                                observer);
    };
    return {name, engine->transformer.linear(1).implementation(), makeTimeline(engine->schedule).peakBytes(),
            [run] { run(nullptr); },
            [run, engine] {
                constexpr int passes = 5;
                Stopwatch stopwatch(engine->schedule);
                for (int i = 0; i < passes; ++i)
                    run(&stopwatch);
                return stopwatch.text(passes);
            }};
}

Contender theirs(const std::string &name, const OnnxRuntime &runtime, const std::string &file, const ModelSpec &spec,
                 int threads, const std::vector<float> &pixels)
{
    const auto session = std::make_shared<OnnxSession>(runtime, file, threads);
    return {name, "ONNX Runtime " + runtime.version(), -1,
            [session, &pixels, &spec] { session->run(pixels, 1, spec.channels, spec.imageHeight, spec.imageWidth); },
            [] {
                return std::string();
            }};
}

ModelSpec stored(ModelSpec spec, NumberFormat format)
{
    for (LinearSpec *linear : spec.linears()) {
        linear->format = format;
        linear->groupSize = 64;
    }
    return spec;
}

ModelSpec withHalfTheMlps(ModelSpec spec)
{
    for (BlockSpec &block : spec.blocks)
        block.fc1.outFeatures = block.fc2.inFeatures = block.mlpWidth() / 2;
    return spec;
}

Spread ratios(const std::vector<double> &numerators, const std::vector<double> &denominators)
{
    std::vector<double> values;
    for (std::size_t i = 0; i < numerators.size(); ++i)
        values.push_back(numerators[i] / denominators[i]);
    return spread(values);
}

void print(const std::vector<Contender> &contenders)
{
    const Contender &reference = contenders.front();
    std::printf("| what | ms, median (95 %% of rounds) | times as fast as %s | peak, MB | executed by |\n",
                reference.name.c_str());
    std::printf("|---|---|---|---|---|\n");
    for (const Contender &contender : contenders) {
        const Spread time = spread(contender.milliseconds);
        const Spread ratio = ratios(reference.milliseconds, contender.milliseconds);
        std::printf("| %s | %.3f (%.3f to %.3f) | %.2f (%.2f to %.2f) | %s | %s |\n", contender.name.c_str(),
                    time.median, time.low, time.high, ratio.median, ratio.low, ratio.high,
                    contender.peakBytes < 0 ? "" : std::to_string(contender.peakBytes / 1000000).c_str(),
                    contender.implementation.c_str());
    }
}

int bench(int argc, char **argv)
{
    SynthesizeOptions options;
    int rounds = 20;
    int threads = 0;
    std::string only;
    std::string json;
    std::string onnxInt8;
    bool operations = false;
    CLI::App program("Latency of every format beside ONNX Runtime's");
    program.add_option("architecture", options.architecture, "vit-tiny, vit-small, vit-base, vit-large or vit-huge");
    program.add_option("--rounds", rounds, "Rounds of one pass each")->check(CLI::PositiveNumber);
    program.add_option("--threads", threads, "0: one per core")->check(CLI::NonNegativeNumber);
    program.add_option("--only", only, "Contenders whose name starts so, e.g. INT8");
    program.add_option("--json", json, "File for every time");
    program.add_option("--onnx-int8", onnxInt8, "The shape quantized for ONNX Runtime, e.g. by its quantize_dynamic");
    program.add_flag("--operations", operations, "Where the time goes");
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return program.exit(error);
    }

    const ExecutionTarget target = detectTarget(threads);
    const ModelSpec spec = synthesizedSpec(options);
    const std::vector<float> pixels = reference::randomPixels(spec, 1, 1);
    std::vector<Contender> contenders;
    const auto wanted = [&only](const std::string &name) {
        return name.starts_with(only);
    };
    for (const auto &[name, format] : {std::pair("FP32", NumberFormat::Fp32), std::pair("FP16", NumberFormat::Fp16),
                                       std::pair("BF16", NumberFormat::Bf16), std::pair("INT8", NumberFormat::Int8),
                                       std::pair("INT4", NumberFormat::Int4)})
        if (wanted(name))
            contenders.push_back(ours(name, stored(spec, format), target, pixels));
    if (wanted("INT8, half the MLP"))
        contenders.push_back(
            ours("INT8, half the MLP", withHalfTheMlps(stored(spec, NumberFormat::Int8)), target, pixels));
    const OnnxRuntimeSearch search = findOnnxRuntime();
    if (!search.runtime)
        std::fprintf(stderr, "%s\n", search.reason.c_str());
    const std::string file =
        (std::filesystem::temp_directory_path() / ("bench_engine_" + options.architecture + ".onnx")).string();
    if (search.runtime && wanted("ONNX Runtime FP32")) {
        NoProgress progress;
        writeOnnx(reference::randomVit(spec, 1), file, progress);
        contenders.push_back(theirs("ONNX Runtime FP32", *search.runtime, file, spec, target.threads, pixels));
    }
    if (search.runtime && !onnxInt8.empty() && wanted("ONNX Runtime INT8"))
        contenders.push_back(theirs("ONNX Runtime INT8", *search.runtime, onnxInt8, spec, target.threads, pixels));
    if (contenders.empty())
        throw Error("no contender's name starts with \"" + only + "\"");

    for (int round = -1; round < rounds; ++round) {
        for (Contender &contender : contenders) {
            contender.pass(); // brings the weights back to the caches, and lets others' threads fall asleep
            const Clock::time_point start = Clock::now();
            contender.pass();
            if (round >= 0)
                contender.milliseconds.push_back(millisecondsSince(start));
        }
    }
    std::printf("%s, batch 1, %d threads, %d rounds\n\n", options.architecture.c_str(), target.threads, rounds);
    print(contenders);
    if (operations)
        for (const Contender &contender : contenders)
            std::printf("%s: %s\n", contender.name.c_str(), contender.operations().c_str());
    if (!json.empty()) {
        nlohmann::json result = {{"architecture", options.architecture}, {"threads", target.threads}};
        for (const Contender &contender : contenders)
            result["contenders"].push_back({{"name", contender.name},
                                            {"implementation", contender.implementation},
                                            {"peakBytes", contender.peakBytes},
                                            {"milliseconds", contender.milliseconds}});
        std::ofstream(json) << result.dump(2) << '\n';
    }
    std::filesystem::remove(file);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    try {
        return bench(argc, argv);
    } catch (const Error &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
