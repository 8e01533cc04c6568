#include "engine/export/exporter.h"

#include "engine/data/dataset.h"
#include "engine/export/onnxruntime.h"
#include "engine/export/onnxwriter.h"
#include "engine/export/verification.h"
#include "engine/kernels/linear.h"
#include "engine/model/memoryguard.h"
#include "engine/model/transformer.h"
#include "engine/model/vitmodel.h"
#include "plan/error.h"
#include "plan/linearlayout.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>
#include <memory>
#include <random>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

using Logits = std::vector<std::vector<float>>; // of each image

// What the logits are compared on: preprocessed images, or seeded noise of their mean and spread.
class Inputs
{
public:
    Inputs(const ExportOptions &options, const ModelSpec &spec) : m_spec(spec), m_count(options.images)
    {
        if (options.images <= 0)
            throw Error("images to verify on: " + std::to_string(options.images) + " asked for; give at least 1");
        if (options.data.empty())
            return;
        m_dataset = openDataset(options.data);
        m_reader = std::make_unique<BatchReader>(*m_dataset, spreadIndices(m_dataset->size(), options.images), spec, 1);
        m_count = m_reader->images();
        if (m_count == 0)
            throw Error(options.data + " has no images to verify on; name another data set");
    }

    std::int64_t count() const { return m_count; }
    std::string describe() const
    {
        return std::to_string(m_count) + (m_reader ? " images" : m_count == 1 ? " image of noise" : " images of noise");
    }

    std::vector<float> pixels(std::int64_t index) const
    {
        std::vector<float> values(static_cast<std::size_t>(m_spec.channels) *
                                  static_cast<std::size_t>(m_spec.imageHeight) *
                                  static_cast<std::size_t>(m_spec.imageWidth));
        if (m_reader) {
            std::vector<int> labels(1);
            m_reader->read(index, values, labels);
            return values;
        }
        std::mt19937_64 random(static_cast<std::uint64_t>(index));
        std::normal_distribution<float> normal;
        std::generate(values.begin(), values.end(), [&] { return normal(random); });
        return values;
    }

private:
    const ModelSpec &m_spec;
    std::int64_t m_count;
    std::unique_ptr<Dataset> m_dataset;
    std::unique_ptr<BatchReader> m_reader;
};

Logits engineLogits(const VitModel &model, const ExecutionTarget &target, const Inputs &inputs, Progress &progress)
{
    const Transformer transformer(model, target, progress);
    const Schedule schedule = transformer.schedule(ScheduleKind::Tight, 1);
    Logits logits;
    progress.stage("executing", inputs.count());
    for (std::int64_t i = 0; i < inputs.count(); ++i) {
        std::vector<float> row(static_cast<std::size_t>(model.spec.classes()));
        transformer.run(schedule, inputs.pixels(i).data(), row.data(), progress);
        if (!std::all_of(row.begin(), row.end(), [](float value) { return std::isfinite(value); }))
            throw Error(model.path + " cannot be verified: its logits are not finite; export the checkpoint again");
        logits.push_back(std::move(row));
        progress.step(i + 1);
    }
    return logits;
}

LinearSpec fp32(LinearSpec spec)
{
    spec.format = NumberFormat::Fp32;
    return spec;
}

// The same model with every layer in FP32, as an ONNX file holds it.
VitModel inFp32(VitModel model)
{
    for (LinearSpec *spec : model.spec.linears()) {
        if (spec->isAbsent())
            continue;
        LinearWeights &layer = model.linear(spec->name);
        if (spec->format != NumberFormat::Fp32) {
            layer.values = layer.dequantized();
            layer.scales = {};
            layer.zeroPoints = {};
        }
        layer.spec = fp32(layer.spec);
        *spec = fp32(*spec);
    }
    return model;
}

void requireMemoryToVerify(const ExportOptions &options, const VitModel &model, int copies)
{
    requireMemory(options.job, copies * weightBytes(model.spec), "verifying the export of " + model.spec.name);
}

void report(const LogitComparison &comparison, ExportResult &result)
{
    result.verifiedImages = comparison.images();
    result.top1Agreement = comparison.top1Agreement();
    result.maxLogitDifference = std::min(comparison.maxDifference(), std::numeric_limits<double>::max());
}

void verifyOnnx(const ExportOptions &options, const VitModel &original, int layersWrittenAsFp32, Progress &progress,
                ExportResult &result)
{
    const OnnxRuntimeSearch search = findOnnxRuntime();
    if (!search.runtime) {
        result.verification = ExportResult::Verification::NotVerified;
        result.verificationNote = search.reason;
        return;
    }
    const ExecutionTarget target = detectTarget(options.job.threads);
    const Inputs inputs(options, original.spec);
    Logits ours;
    {
        const VitModel model = inFp32(original);
        // The runtime holds the weights as read and as packed.
        requireMemoryToVerify(options, model, 2);
        ours = engineLogits(model, target, inputs, progress);
    }
    progress.note("loading " + result.out + " in ONNX Runtime " + search.runtime->version());
    OnnxSession session(*search.runtime, result.out, target.threads);
    LogitComparison comparison;
    progress.stage("comparing in ONNX Runtime", inputs.count());
    for (std::int64_t i = 0; i < inputs.count(); ++i) {
        const ModelSpec &spec = original.spec;
        const std::vector<float> theirs =
            session.run(inputs.pixels(i), 1, spec.channels, spec.imageHeight, spec.imageWidth);
        if (static_cast<std::int64_t>(theirs.size()) != spec.classes())
            throw Error(result.out + " answers with " + std::to_string(theirs.size()) +
                        " classes in ONNX Runtime, not " + std::to_string(spec.classes()));
        comparison.add(ours[static_cast<std::size_t>(i)], theirs);
        progress.step(i + 1);
    }
    report(comparison, result);
    result.verification =
        comparison.same() ? ExportResult::Verification::Verified : ExportResult::Verification::Differs;
    result.verificationNote = "ONNX Runtime " + search.runtime->version() +
                              (comparison.same() ? " agrees with this engine on " : " differs from this engine on ") +
                              inputs.describe();
    if (layersWrittenAsFp32 > 0)
        result.verificationNote += ", both executing the " + std::to_string(layersWrittenAsFp32) +
                                   " quantized or 16-bit layers dequantized to FP32";
}

// Name of the first tensor that is not the same byte by byte; empty when all are.
std::string firstDifference(const VitModel &model, const VitModel &reopened)
{
    std::string different;
    const auto compare = [&different](const Tensor &ours, const Tensor &theirs, const std::string &name) {
        if (different.empty() && !ours.sameBytes(theirs))
            different = name;
    };
    const auto compareNorm = [&compare](const NormWeights &ours, const NormWeights &theirs, const std::string &name) {
        compare(ours.gamma, theirs.gamma, name + ".weight");
        compare(ours.beta, theirs.beta, name + ".bias");
    };
    const VitWeights &ours = model.weights;
    const VitWeights &theirs = reopened.weights;
    if (ours.blocks.size() != theirs.blocks.size() || ours.preLogits.size() != theirs.preLogits.size())
        return "the number of layers";
    compare(ours.prefixTokens, theirs.prefixTokens, "prefix_tokens");
    compare(ours.positionEmbedding, theirs.positionEmbedding, "position_embedding");
    compareNorm(ours.preNorm, theirs.preNorm, "pre_norm");
    compareNorm(ours.norm, theirs.norm, "norm");
    for (std::size_t i = 0; i < ours.blocks.size(); ++i) {
        compareNorm(ours.blocks[i].norm1, theirs.blocks[i].norm1, layerName(static_cast<int>(i), "norm1"));
        compareNorm(ours.blocks[i].norm2, theirs.blocks[i].norm2, layerName(static_cast<int>(i), "norm2"));
    }
    for (const LinearSpec *spec : model.spec.linears()) {
        const LinearWeights &a = model.linear(spec->name);
        const LinearWeights &b = reopened.linear(spec->name);
        if (different.empty() && a.spec != b.spec)
            different = spec->name;
        compare(a.values, b.values, spec->name + ".weight");
        compare(a.scales, b.scales, spec->name + ".scales");
        compare(a.zeroPoints, b.zeroPoints, spec->name + ".zero_points");
        compare(a.bias, b.bias, spec->name + ".bias");
        compare(a.inputScale, b.inputScale, spec->name + ".input_scale");
    }
    return different;
}

bool sameBits(const Logits &ours, const Logits &theirs)
{
    return std::equal(ours.begin(), ours.end(), theirs.begin(), theirs.end(), [](const auto &a, const auto &b) {
        return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
    });
}

void verifySaved(const ExportOptions &options, const VitModel &model, Progress &progress, ExportResult &result)
{
    ModelSource source;
    source.path = options.out;
    const VitModel reopened = openModel(source);
    const std::string different = firstDifference(model, reopened);
    requireMemoryToVerify(options, model, 1);
    const ExecutionTarget target = detectTarget(options.job.threads);
    const Inputs inputs(options, model.spec);
    const Logits ours = engineLogits(model, target, inputs, progress);
    const Logits theirs = engineLogits(reopened, target, inputs, progress);
    LogitComparison comparison;
    for (std::size_t i = 0; i < ours.size(); ++i)
        comparison.add(ours[i], theirs[i]);
    report(comparison, result);
    if (different.empty() && sameBits(ours, theirs)) {
        result.verification = ExportResult::Verification::Verified;
        result.verificationNote =
            "reopened: every tensor is the same byte by byte, and the logits bit by bit on " + inputs.describe();
    } else {
        result.verification = ExportResult::Verification::Differs;
        result.verificationNote = "reopened: " + (different.empty() ? "logits differ" : different + " differs");
    }
}

std::int64_t folderBytes(const std::string &folder)
{
    std::int64_t bytes = 0;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file())
            bytes += static_cast<std::int64_t>(entry.file_size());
    }
    return bytes;
}

} // namespace

ExportResult exportModel(const ExportOptions &options, Progress &progress)
{
    if (options.out.empty())
        throw Error(options.to == ExportFormat::Onnx ? "no file to export to: name one, e.g. model.onnx"
                                                     : "no folder to export to: name one");
    const VitModel model = openModel(options.model);
    ExportResult result;
    result.out = options.out;
    if (options.to == ExportFormat::Safetensors) {
        saveModel(model, options.out);
        result.bytes = folderBytes(options.out);
        if (options.verify)
            verifySaved(options, model, progress, result);
        return result;
    }
    const OnnxFile file = writeOnnx(model, options.out, progress);
    result.bytes = file.bytes;
    if (!file.dataPath.empty())
        progress.note("the weights are in " + file.dataPath + ": keep both files together");
    if (file.layersWrittenAsFp32 > 0)
        progress.note(std::to_string(file.layersWrittenAsFp32) +
                      " layers are written as the FP32 values that their quantized or 16-bit weights stand for");
    if (options.verify)
        verifyOnnx(options, model, file.layersWrittenAsFp32, progress, result);
    return result;
}

} // namespace edgeflex
