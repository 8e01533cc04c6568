#include "engine/bench/benchmarker.h"

#include "engine/bench/contender.h"
#include "engine/bench/plainvariant.h"
#include "engine/evaluate/measuring.h"
#include "engine/evaluate/peakmemory.h"
#include "engine/export/onnxwriter.h"
#include "engine/kernels/linear.h"
#include "engine/model/memoryguard.h"
#include "plan/error.h"
#include "plan/linearlayout.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

// A folder for what is made on the way; removed with the object.
class ScratchFolder
{
public:
    ScratchFolder()
    {
        std::string path = (fs::temp_directory_path() / "edgeflex-bench-XXXXXX").string();
        if (!::mkdtemp(path.data()))
            throw Error("cannot make a folder in " + fs::temp_directory_path().string() +
                        "; set TMPDIR to a folder that can be written");
        m_path = path;
    }
    ~ScratchFolder()
    {
        std::error_code error;
        fs::remove_all(m_path, error);
    }
    ScratchFolder(const ScratchFolder &) = delete;
    ScratchFolder &operator=(const ScratchFolder &) = delete;
    std::string file(const std::string &name) const { return (m_path / name).string(); }

private:
    fs::path m_path;
};

// A model that was named, with what was said of those that do not say it themselves.
ModelSource sourceAt(const std::string &path, const ModelSource &facts = {})
{
    ModelSource source = facts;
    source.path = path;
    return source;
}

struct Entry
{
    std::string name;
    BenchPlan plan;         // of the original
    ModelSource source;     // of a model as it is; empty path: the plan makes it
    bool wholeInt8 = false; // has oneDNN's products beside it
};

// A model to be measured: an original, or a tuned one with the original it was made from.
struct Subject
{
    VitModel original;
    std::string provenance;
    std::vector<Entry> entries;
};

bool isCompressed(const VitModel &model)
{
    return model.provenance.contains("made from");
}

Subject subjectOf(const std::string &path, const BenchOptions &options)
{
    Subject subject;
    const ModelSource source = sourceAt(path, options.facts);
    VitModel model = openModel(source);
    if (!isCompressed(model)) {
        if (const auto made = model.provenance.find("made"); made != model.provenance.end())
            subject.provenance = made->second.substr(0, made->second.find(':'));
        for (const BenchPlan &plan : options.plans)
            subject.entries.push_back({describe(plan), plan, plan == BenchPlan() ? source : ModelSource(),
                                       plan.format == NumberFormat::Int8 && !plan.prunes()});
        subject.original = std::move(model);
        return subject;
    }
    const std::string original = options.original.empty() ? model.provenance.at("made from") : options.original;
    std::error_code error;
    if (!fs::exists(original, error))
        throw Error(path + " was made from " + original + ", which is not there; name the original with --original");
    const ModelSource madeFrom = sourceAt(original, options.facts);
    subject.original = openModel(madeFrom);
    subject.entries = {{"FP32", {}, madeFrom, false}, {"tuned", {}, sourceAt(path), false}};
    return subject;
}

VitModel modelOf(const Subject &subject, const Entry &entry)
{
    return entry.source.path.empty() ? plainVariant(subject.original, entry.plan) : openModel(entry.source);
}

// Noise: neither time nor memory depends on what is to be seen.
std::vector<float> noise(const ModelSpec &spec, int batch)
{
    std::vector<float> pixels(static_cast<std::size_t>(batch) * static_cast<std::size_t>(spec.channels) *
                              static_cast<std::size_t>(spec.imageHeight) * static_cast<std::size_t>(spec.imageWidth));
    std::uint32_t state = 1;
    for (float &pixel : pixels) {
        state = state * 1664525U + 1013904223U;
        pixel = static_cast<float>(state >> 8) / static_cast<float>(1 << 23) - 1.0F;
    }
    return pixels;
}

// The peers that there are, and the notes on those that are not.
class Peers
{
public:
    Peers(const BenchOptions &options, std::vector<std::string> &notes) : m_options(options), m_notes(notes)
    {
        if (!options.peers)
            return;
        m_onnx = findOnnxRuntime();
        m_openVino = findOpenVino();
        if (!m_onnx.runtime)
            note(m_onnx.reason);
        if (!m_openVino.runtime)
            note(m_openVino.reason);
        if (m_onnx.runtime && options.onnxInt8.empty())
            note("ONNX Runtime's INT8 was not timed: name a quantized file with --onnx-int8");
        if (m_openVino.runtime && options.openvinoInt8.empty())
            note("OpenVINO's INT8 was not timed: name a quantized file with --openvino-int8");
    }

    bool any() const { return m_onnx.runtime || m_openVino.runtime; }

    void add(std::vector<Contender> &contenders, const ModelSpec &spec, const std::string &onnxFile, int threads,
             int batch, const std::vector<float> &pixels)
    {
        const auto attempt = [&](auto make) {
            try {
                Contender contender = make();
                contender.pass();
                contenders.push_back(std::move(contender));
            } catch (const Error &error) {
                note(error.what());
            }
        };
        const auto onnx = [&](const char *name, const std::string &file) {
            attempt([&] { return onnxContender(name, *m_onnx.runtime, file, spec, threads, batch, pixels); });
        };
        const auto openVino = [&](const char *name, const std::string &file, OpenVinoModel::Precision precision) {
            attempt([&] {
                return openVinoContender(name, *m_openVino.runtime, file, precision, spec, threads, batch, pixels);
            });
        };
        if (m_onnx.runtime) {
            onnx("ONNX Runtime FP32", onnxFile);
            if (!m_options.onnxInt8.empty())
                onnx("ONNX Runtime INT8", m_options.onnxInt8);
        }
        if (m_openVino.runtime) {
            openVino("OpenVINO FP32", onnxFile, OpenVinoModel::Precision::Fp32);
            if (!m_options.openvinoInt8.empty())
                openVino("OpenVINO INT8", m_options.openvinoInt8, OpenVinoModel::Precision::Own);
        }
    }

private:
    void note(const std::string &text)
    {
        if (std::find(m_notes.begin(), m_notes.end(), text) == m_notes.end())
            m_notes.push_back(text);
    }

    const BenchOptions &m_options;
    std::vector<std::string> &m_notes;
    OnnxRuntimeSearch m_onnx;
    OpenVinoSearch m_openVino;
};

std::vector<BenchmarkTime> times(const Subject &subject, const BenchOptions &options, const ExecutionTarget &target,
                                 int batch, const std::string &onnxFile, Peers &peers, Progress &progress)
{
    const std::vector<float> pixels = noise(subject.original.spec, batch);
    std::vector<Contender> contenders;
    for (const Entry &entry : subject.entries) {
        throwIfCancelled(progress);
        contenders.push_back(ourContender(entry.name, modelOf(subject, entry), target, batch, pixels, progress));
    }
    if (std::any_of(subject.entries.begin(), subject.entries.end(), [](const Entry &entry) { return entry.wholeInt8; }))
        contenders.push_back(int8GemmContender(subject.original.spec, target.threads, batch));
    if (peers.any())
        peers.add(contenders, subject.original.spec, onnxFile, target.threads, batch, pixels);
    takeTurns(contenders, options.rounds, progress);
    std::vector<BenchmarkTime> result;
    for (Contender &contender : contenders)
        result.push_back(std::move(contender.time));
    return result;
}

BenchmarkMemory memoryOf(const Entry &entry, const ModelSource &source, ScheduleKind schedule, int batch,
                         const BenchOptions &options, const ExecutionTarget &target, const Progress &progress)
{
    const auto batches = static_cast<int>(std::max<std::int64_t>(1, (options.memoryImages + batch - 1) / batch));
    const ProcessPeak peak =
        measureFreshProcess(options.engineExecutable, source, schedule, batch, batches, target.threads, progress);
    return {entry.name,
            schedule,
            peak.weightsBytes,
            peak.weightsAfterBytes,
            static_cast<std::int64_t>(batches) * batch,
            peak.allocatorBytes,
            peak.peakBytes - peak.idleBytes,
            peak.startMilliseconds};
}

void addMemory(BenchmarkTable &table, const Subject &subject, const std::vector<ModelSource> &sources,
               const BenchOptions &options, const ExecutionTarget &target, Progress &progress)
{
    progress.stage("memory at batch " + std::to_string(table.batch), static_cast<std::int64_t>(sources.size()));
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const Entry &entry = subject.entries[i];
        const auto measure = [&](ScheduleKind schedule) {
            return memoryOf(entry, sources[i], schedule, table.batch, options, target, progress);
        };
        table.memory.push_back(measure(ScheduleKind::Tight));
        if (i == 0)
            table.memory.push_back(measure(ScheduleKind::Eager));
        progress.step(static_cast<std::int64_t>(i) + 1);
    }
}

// All contenders' weights at once, other runtimes' taken for two copies each of the FP32 ones.
std::int64_t timingBytes(const Subject &subject, bool peers)
{
    const std::int64_t whole = weightBytes(subject.original.spec);
    std::int64_t bytes = peers ? 4 * whole : 0;
    for (const Entry &entry : subject.entries)
        bytes += weightBytes(plannedSpec(subject.original.spec, entry.plan));
    return bytes + whole; // one is being made
}

} // namespace

Benchmark benchmark(const BenchOptions &options, Progress &progress)
{
    if (options.models.empty())
        throw Error("name a model to measure");
    if (options.models.size() > 1 && !(options.onnxInt8.empty() && options.openvinoInt8.empty()))
        throw Error("--onnx-int8 and --openvino-int8 are of one model: name no other");
    if (options.models.size() > 1 && options.facts != ModelSource())
        throw Error("what --heads, --mean and the like say is of one model: name no other");
    if (options.plans.empty())
        throw Error("name a plan to measure, e.g. int8");
    const ExecutionTarget target = detectTarget(options.job.threads);
    Benchmark result;
    result.conditions = describeConditions(target);
    result.conditions.repeats = options.rounds;
    Peers peers(options, result.notes);
    for (const std::string &path : options.models) {
        const Subject subject = subjectOf(path, options);
        const ScratchFolder scratch;
        if (options.rounds > 0)
            requireMemory(options.job, timingBytes(subject, peers.any()), "timing " + path);
        const std::string onnxFile = scratch.file("model.onnx");
        if (options.rounds > 0 && peers.any())
            writeOnnx(subject.original, onnxFile, progress);
        std::vector<ModelSource> sources;
        for (const Entry &entry : subject.entries) {
            const bool made = entry.source.path.empty();
            sources.push_back(made ? sourceAt(scratch.file(toString(entry.plan))) : entry.source);
            if (options.memory && made)
                saveModel(modelOf(subject, entry), sources.back().path, Packed::Too);
        }
        for (const int batch : options.batches) {
            BenchmarkTable table;
            table.model = path;
            table.provenance = subject.provenance;
            table.batch = batch;
            if (options.rounds > 0)
                table.times = times(subject, options, target, batch, onnxFile, peers, progress);
            if (options.memory)
                addMemory(table, subject, sources, options, target, progress);
            result.tables.push_back(std::move(table));
        }
    }
    return result;
}

} // namespace edgeflex
