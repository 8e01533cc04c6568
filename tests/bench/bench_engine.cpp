#include "engine/model/synthesize.h"
#include "engine/model/transformer.h"
#include "reference/randomvit.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

// Latency of whole passes at batch 1 and of their operations, with random weights, every format in turn:
//     bench_engine [ARCHITECTURE [PASSES [THREADS [FORMAT]]]]
// e.g. vit-base 30 2 int8; 0 threads are one a core. The formats alternate, so that what else the machine does strikes
// all of them alike.

using namespace edgeflex;

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double quantile(std::vector<double> values, double at)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(at * static_cast<double>(values.size() - 1) + 0.5)];
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
    void print(int passes) const
    {
        std::printf("    linears %.3f", m_linears / passes);
        for (const auto &[kind, milliseconds] : m_kinds)
            std::printf(", %s %.3f", kind.c_str(), milliseconds / passes);
        std::printf(" ms\n");
    }

private:
    const Schedule &m_schedule;
    double m_linears = 0;
    std::map<std::string, double> m_kinds;
};

struct Contender
{
    NumberFormat format;
    Transformer transformer;
    Schedule schedule;
    ExecutionMemory memory;
    std::vector<double> milliseconds;
};

} // namespace

int main(int argc, char **argv)
{
    SynthesizeOptions options;
    options.architecture = argc > 1 ? argv[1] : "vit-base";
    const int passes = argc > 2 ? std::atoi(argv[2]) : 20;
    const ExecutionTarget target = detectTarget(argc > 3 ? std::atoi(argv[3]) : 0);
    const ModelSpec fp32 = synthesizedSpec(options);
    const std::vector<float> pixels = reference::randomPixels(fp32, 1, 1);
    std::vector<float> logits(static_cast<std::size_t>(fp32.classes()));
    std::vector<Contender> contenders;
    for (const NumberFormat format : allNumberFormats()) {
        if (argc > 4 && toString(format) != argv[4])
            continue;
        ModelSpec spec = fp32;
        for (LinearSpec *linear : spec.linears()) {
            linear->format = format;
            linear->groupSize = 64;
        }
        NoProgress progress;
        Transformer transformer(reference::randomStoredVit(spec, 1), target, progress);
        Schedule schedule = transformer.schedule(ScheduleKind::Tight, 1);
        ExecutionMemory memory(schedule);
        contenders.push_back({format, std::move(transformer), std::move(schedule), std::move(memory), {}});
    }
    const auto pass = [&](Contender &contender, ExecutionObserver *observer) {
        contender.transformer.run(contender.schedule, contender.memory, pixels.data(), logits.data(), neverCancelled,
                                  observer);
    };
    for (int i = -2; i < passes; ++i) {
        for (Contender &contender : contenders) {
            pass(contender, nullptr); // brings the weights back to the caches
            const Clock::time_point start = Clock::now();
            pass(contender, nullptr);
            if (i >= 0)
                contender.milliseconds.push_back(millisecondsSince(start));
        }
    }
    std::printf("%s, batch 1, %d threads, %s\n", options.architecture.c_str(), target.threads,
                target.instructionSet.c_str());
    if (contenders.empty()) {
        std::fprintf(stderr, "\"%s\" is not a number format\n", argv[4]);
        return 2;
    }
    const double reference = quantile(contenders.front().milliseconds, 0.5);
    for (Contender &contender : contenders) {
        const double median = quantile(contender.milliseconds, 0.5);
        std::printf("%-5s %8.3f ms (10%% %.3f, 90%% %.3f), FP32 / this %.2f; %s\n", toString(contender.format).data(),
                    median, quantile(contender.milliseconds, 0.1), quantile(contender.milliseconds, 0.9),
                    reference / median, contender.transformer.linear(1).implementation().c_str());
        Stopwatch stopwatch(contender.schedule);
        const int observed = std::max(passes / 4, 1);
        for (int i = 0; i < observed; ++i)
            pass(contender, &stopwatch);
        stopwatch.print(observed);
    }
    return 0;
}
