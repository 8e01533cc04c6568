#pragma once

#include "plan/progress.h"
#include "plan/results.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Opens a model and writes it to options.out for others:
//   safetensors  a folder that every verb opens again; verified by reopening it: every tensor byte by byte and the
//                logits bit by bit
//   ONNX         a file in FP32; verified in ONNX Runtime against this engine executing the same FP32 weights.
//                Layers stored in smaller formats are written dequantized, which the note says
// Verification that was asked for but could not be done is a result (NotVerified and why), not an error; so is a
// model that answers differently (Differs). Throws Error naming the file, Cancelled.
ExportResult exportModel(const ExportOptions &options, Progress &progress);

} // namespace edgeflex
