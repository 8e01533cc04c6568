#pragma once

#include "plan/benchmark.h"
#include "report/report.h"

namespace edgeflex {

// What a benchmark found: for each model and batch size a table of times beside ONNX Runtime's FP32 (or where it is not
// there our own) and one of memory beside FP32 under the same schedule, then how it was measured. Reentrant.
Report benchmarkReport(const Benchmark &benchmark);

// How many times as fast as the reference every contender is, a series for each model and batch size that was timed.
Figure benchmarkFigure(const Benchmark &benchmark);

} // namespace edgeflex
