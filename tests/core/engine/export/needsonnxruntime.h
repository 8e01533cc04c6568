#pragma once

#include "engine/export/onnxruntime.h"

#include <QTest>

// `runtime` is ONNX Runtime, or the test says why it skips.
#define EDGEFLEX_NEEDS_ONNXRUNTIME(runtime)                                                                            \
    const edgeflex::OnnxRuntimeSearch runtime##Search = edgeflex::findOnnxRuntime();                                   \
    if (!runtime##Search.runtime)                                                                                      \
        QSKIP(runtime##Search.reason.c_str());                                                                         \
    [[maybe_unused]] const edgeflex::OnnxRuntime &runtime = *runtime##Search.runtime
