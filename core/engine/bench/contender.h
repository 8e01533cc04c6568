#pragma once

#include "engine/export/onnxruntime.h"
#include "engine/export/openvino.h"
#include "engine/model/vitmodel.h"
#include "plan/benchmark.h"
#include "plan/executiontarget.h"
#include "plan/progress.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace edgeflex {

// Something that classifies a batch and is timed doing so.
struct Contender
{
    BenchmarkTime time;
    std::function<void()> pass;
};

// `pixels` is [batch, channels, height, width] and outlives the contender. All throw Error.
Contender ourContender(const std::string &name, const VitModel &model, const ExecutionTarget &target, int batch,
                       const std::vector<float> &pixels, Progress &progress);
Contender onnxContender(const std::string &name, const OnnxRuntime &runtime, const std::string &file,
                        const ModelSpec &spec, int threads, int batch, const std::vector<float> &pixels);
Contender openVinoContender(const std::string &name, const OpenVino &runtime, const std::string &file,
                            OpenVinoModel::Precision precision, const ModelSpec &spec, int threads, int batch,
                            const std::vector<float> &pixels);
// oneDNN's products of 8 bits for the linear layers of `spec` one after the other and nothing else: no quantization of
// inputs, bias, attention or norm. What is left to be gained of a whole INT8 model lies between its time and this.
Contender int8GemmContender(const ModelSpec &spec, int threads, int batch);

// Times `rounds` rounds in which all take turns, a pass each; a short pass as often as takes 10 ms, and the median.
// Before it is timed there is a pause, in which others' threads give up waiting for work by spinning, and each runs
// once: its weights come back to the caches.
void takeTurns(std::vector<Contender> &contenders, int rounds, Progress &progress);

} // namespace edgeflex
