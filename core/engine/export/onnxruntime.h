#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// ONNX Runtime, loaded into this process while it runs: the program neither needs nor links it. Copies share the
// library, which stays loaded.
class OnnxRuntime
{
public:
    // Of the library; throws Error naming it when it is not an ONNX Runtime of 1.12 or newer.
    explicit OnnxRuntime(const std::string &library);

    const std::string &version() const { return m_version; } // e.g. "1.21.0"
    const std::string &library() const { return m_library; }

private:
    friend class OnnxSession;
    std::string m_library;
    std::string m_version;
    const void *m_api = nullptr;
};

struct OnnxRuntimeSearch
{
    std::optional<OnnxRuntime> runtime;
    std::string reason; // one sentence why there is none, and what to do
};

// $EDGEFLEX_ONNXRUNTIME (a library or the folder that holds it) and nothing else where that is set, else
// ../onnxruntime/libonnxruntime.so beside the executable's folder, else the system's libonnxruntime.so.1*.
// Having none is no error.
OnnxRuntimeSearch findOnnxRuntime();

// An ONNX file loaded for execution: one FP32 input [batch, channels, height, width], one FP32 output
// [batch, classes]. One run at a time; not thread-safe.
class OnnxSession
{
public:
    // threads 0: one per core. Throws Error naming the file when it is missing, no ONNX or of another form.
    OnnxSession(const OnnxRuntime &runtime, const std::string &path, int threads);
    ~OnnxSession();
    OnnxSession(const OnnxSession &) = delete;
    OnnxSession &operator=(const OnnxSession &) = delete;

    // pixels [batch, channels, height, width], preprocessed -> logits [batch, classes]. Throws Error with the
    // runtime's reason when the shape is not the model's.
    std::vector<float> run(const std::vector<float> &pixels, std::int64_t batch, int channels, int height, int width);

private:
    struct Handles;
    std::string m_path;
    std::string m_inputName;
    std::string m_outputName;
    std::unique_ptr<Handles> m_handles;
};

} // namespace edgeflex
