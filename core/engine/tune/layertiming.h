#pragma once

#include "engine/model/transformer.h"
#include "plan/compressionplan.h"
#include "plan/layertimes.h"
#include "plan/progress.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Times every linear layer of an FP32 transformer in every format, on random values of its shape, for a batch as the
// tight schedule runs it: attention's layers image by image, the MLP's in row tiles. MLPs at the whole width and at the
// sensitivityWidths(), attention with whole heads and with such of sensitivityDims(). Medians of five or more runs
// after a warm-up; layers of one shape are timed once. INT4 is in groups of settings.int4GroupSize, fc2 with AWQ's
// input scale where `settings` asks for AWQ. fp32Milliseconds is the median of whole passes over noise. Throws
// Cancelled between two runs.
LayerTimes measureLayerTimes(const Transformer &fp32, const CompressionPlan &settings, int batch, Progress &progress);

} // namespace edgeflex
