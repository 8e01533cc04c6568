#include "engine/bench/contender.h"

#include "engine/kernels/gemm.h"
#include "engine/kernels/threadscope.h"
#include "engine/model/transformer.h"
#include "plan/statistics.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

namespace edgeflex {

namespace {

constexpr double enoughMs = 10; // shorter passes are repeated: the system takes a processor away for as long
constexpr double longMs = 2000; // such a pass warms itself up
constexpr std::chrono::milliseconds settling{50};

double timed(const std::function<void()> &pass)
{
    const auto start = std::chrono::steady_clock::now();
    pass();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

double medianPass(const std::function<void()> &pass)
{
    std::vector<double> passes;
    double total = 0;
    while (total < enoughMs) {
        passes.push_back(timed(pass));
        total += passes.back();
    }
    return median(passes);
}

// What executes the linear layers, e.g. "INT8 AVX2" or, where formats are mixed, "INT8 AVX2, FP32 AVX2".
std::string implementations(const Transformer &transformer)
{
    std::vector<std::string> names;
    std::string text;
    const auto linears = transformer.spec().linears();
    for (std::size_t i = 0; i < linears.size(); ++i) {
        if (linears[i]->isAbsent())
            continue;
        const std::string name = transformer.linear(static_cast<int>(i)).implementation();
        if (std::find(names.begin(), names.end(), name) != names.end())
            continue;
        names.push_back(name);
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

} // namespace

Contender ourContender(const std::string &name, const VitModel &model, const ExecutionTarget &target, int batch,
                       const std::vector<float> &pixels, Progress &progress)
{
    struct Engine
    {
        Engine(const VitModel &model, const ExecutionTarget &target, int batch, Progress &progress)
            : transformer(model, target, progress),
              schedule(transformer.schedule(ScheduleKind::Tight, batch)),
              memory(schedule),
              logits(static_cast<std::size_t>(batch * model.spec.classes()))
        {
        }
        Transformer transformer;
        Schedule schedule;
        ExecutionMemory memory;
        std::vector<float> logits;
    };
    const auto engine = std::make_shared<Engine>(model, target, batch, progress);
    return {{name, implementations(engine->transformer), true, {}}, [engine, &pixels] {
                engine->transformer.run(engine->schedule, engine->memory, pixels.data(), engine->logits.data(),
                                        neverCancelled);
            }};
}

Contender onnxContender(const std::string &name, const OnnxRuntime &runtime, const std::string &file,
                        const ModelSpec &spec, int threads, int batch, const std::vector<float> &pixels)
{
    const auto session = std::make_shared<OnnxSession>(runtime, file, threads);
    return {{name, "ONNX Runtime " + runtime.version(), false, {}},
            [session, batch, &pixels, channels = spec.channels, height = spec.imageHeight, width = spec.imageWidth] {
                session->run(pixels, batch, channels, height, width);
            }};
}

Contender openVinoContender(const std::string &name, const OpenVino &runtime, const std::string &file,
                            OpenVinoModel::Precision precision, const ModelSpec &spec, int threads, int batch,
                            const std::vector<float> &pixels)
{
    const auto model = std::make_shared<OpenVinoModel>(runtime, file, precision, threads, batch, spec.channels,
                                                       spec.imageHeight, spec.imageWidth);
    return {{name, "OpenVINO " + runtime.version(), false, {}}, [model, &pixels] {
                model->run(pixels);
            }};
}

Contender int8GemmContender(const ModelSpec &spec, int threads, int batch)
{
    struct Layers
    {
        std::vector<Int8Gemm> products;
        std::vector<std::uint8_t> input;
        std::vector<std::int32_t> output;
    };
    const ThreadScope whilePacking(threads);
    const auto layers = std::make_shared<Layers>();
    for (const LinearSpec *linear : spec.linears()) {
        if (linear->isAbsent())
            continue;
        const std::int64_t rows = linear->name == spec.patchEmbed.name ? batch * spec.patches()
                                  : linear->name == spec.head.name     ? batch
                                                                       : batch * spec.tokens();
        const std::vector<std::int8_t> weights(static_cast<std::size_t>(linear->outFeatures * linear->inFeatures), 3);
        layers->products.emplace_back(rows, linear->outFeatures, linear->inFeatures, weights.data());
        layers->input.resize(std::max(layers->input.size(), static_cast<std::size_t>(rows * linear->inFeatures)), 5);
        layers->output.resize(std::max(layers->output.size(), static_cast<std::size_t>(rows * linear->outFeatures)));
    }
    const std::string executedBy = "oneDNN " + oneDnnVersion() + " " + layers->products.front().implementation();
    return {{std::string(int8ProductsName), executedBy, false, {}}, [layers, threads] {
                const ThreadScope scope(threads);
                for (const Int8Gemm &product : layers->products)
                    product.multiply(layers->input.data(), layers->output.data());
            }};
}

void takeTurns(std::vector<Contender> &contenders, int rounds, Progress &progress)
{
    progress.stage("timing", rounds);
    std::vector<bool> isLong(contenders.size(), false);
    for (int round = -1; round < rounds; ++round) {
        for (std::size_t i = 0; i < contenders.size(); ++i) {
            throwIfCancelled(progress);
            std::this_thread::sleep_for(settling);
            if (!isLong[i])
                isLong[i] = timed(contenders[i].pass) > longMs;
            if (round >= 0)
                contenders[i].time.milliseconds.push_back(medianPass(contenders[i].pass));
        }
        if (round >= 0)
            progress.step(round + 1);
    }
}

} // namespace edgeflex
