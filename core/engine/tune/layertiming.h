#pragma once

#include "engine/kernels/attention.h"
#include "engine/model/transformer.h"
#include "engine/tune/latencycache.h"
#include "plan/compressionplan.h"
#include "plan/layertimes.h"
#include "plan/progress.h"

#include <string>

namespace edgeflex {

// Times every linear layer of an FP32 transformer in every format, on random values of its shape, for a batch as the
// tight schedule runs it: attention's layers image by image, the MLP's in row tiles. MLPs at the whole width and at the
// sensitivityWidths(), attention with whole heads and with such of sensitivityDims(). Medians and spreads of five or
// more runs after a warm-up; layers of one shape are timed once, and those that `cache` knows not at all. INT4 is in
// groups of settings.int4GroupSize, fc2 with AWQ's input scale where `settings` asks for AWQ. fp32Milliseconds is the
// median of whole passes over noise. A run that is going on when the job is cancelled counts for nothing. Throws
// Cancelled between two runs.
LayerTimes measureLayerTimes(const Transformer &fp32, const CompressionPlan &settings, int batch, LatencyCache &cache,
                             Progress &progress);
// The same of a model that is loaded only if its whole pass was never timed.
LayerTimes measureLayerTimes(const VitModel &model, const ExecutionTarget &target, const CompressionPlan &settings,
                             int batch, LatencyCache &cache, Progress &progress);

// One image's attention in the latency table.
std::string attentionKey(const AttentionShape &shape);
// What the time of a model's FP32 pass depends on: everything about it but names and weights.
std::string modelShapeKey(const ModelSpec &spec, int batch);

} // namespace edgeflex
