#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// OpenVINO, loaded into this process while it runs through its C interface: a peer to be measured beside, which the
// program neither needs nor links. Copies share the library, which stays loaded.
class OpenVino
{
public:
    // Of libopenvino_c.so; throws Error naming it when it is not OpenVINO's C interface.
    explicit OpenVino(const std::string &library);

    const std::string &version() const { return m_version; } // e.g. "2026.1.0"
    const std::string &library() const { return m_library; }

private:
    friend class OpenVinoModel;
    struct Functions;
    std::string m_library;
    std::string m_version;
    std::shared_ptr<const Functions> m_functions;
};

struct OpenVinoSearch
{
    std::optional<OpenVino> runtime;
    std::string reason; // one sentence why there is none, and what to do
};

// $EDGEFLEX_OPENVINO (a libopenvino_c.so) and nothing else where that is set, else ../openvino/libopenvino_c.so beside
// the executable's folder. Having none is no error.
OpenVinoSearch findOpenVino();

// An ONNX or OpenVINO file compiled for the CPU and one batch size: one FP32 input [batch, channels, height, width],
// one FP32 output [batch, classes]. One run at a time; not thread-safe.
class OpenVinoModel
{
public:
    enum class Precision {
        Fp32, // as written
        Own   // what OpenVINO prefers for what is not quantized, e.g. BF16
    };
    // threads 0: one per core. Throws Error naming the file when it is missing, none that OpenVINO reads, or of
    // another form.
    OpenVinoModel(const OpenVino &runtime, const std::string &path, Precision precision, int threads,
                  std::int64_t batch, int channels, int height, int width);
    ~OpenVinoModel();
    OpenVinoModel(const OpenVinoModel &) = delete;
    OpenVinoModel &operator=(const OpenVinoModel &) = delete;

    // pixels [batch, channels, height, width], preprocessed -> logits [batch, classes].
    std::vector<float> run(const std::vector<float> &pixels);

private:
    struct Handles;
    std::string m_path;
    std::int64_t m_batch;
    std::unique_ptr<Handles> m_handles;
};

} // namespace edgeflex
