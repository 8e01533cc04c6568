#include "engine/export/openvino.h"

#include "engine/export/openvinoapi.h"
#include "plan/error.h"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

// Messages run over lines and name source files; the last line is what went wrong.
std::string lastLine(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '.' || text.back() == ' '))
        text.pop_back();
    if (const std::size_t line = text.rfind('\n'); line != std::string::npos)
        text.erase(0, line + 1);
    return text.substr(0, 300);
}

// "2026.1.0-19000-abcdef" -> "2026.1.0".
std::string release(const char *buildNumber)
{
    const std::string text = buildNumber ? buildNumber : "";
    return text.substr(0, text.find('-'));
}

template<typename Object>
using Release = void (*)(Object *) noexcept;

// Owns what the library made.
template<typename Object>
class Handle
{
public:
    explicit Handle(Release<Object> release) : m_release(release) {}
    ~Handle()
    {
        if (m_object)
            m_release(m_object);
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    Object *get() const { return m_object; }
    Object **out() { return &m_object; }

private:
    Release<Object> m_release;
    Object *m_object = nullptr;
};

} // namespace

struct OpenVino::Functions
{
    explicit Functions(const std::string &library)
    {
        // Never closed: its threads and static objects outlive any model.
        handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!handle)
            throw Error("OpenVINO cannot be loaded: " + lastLine(::dlerror()) +
                        "; set EDGEFLEX_OPENVINO to a libopenvino_c.so");
        find("ov_get_openvino_version", getVersion, library);
        find("ov_version_free", freeVersion, library);
        find("ov_get_last_err_msg", getLastError, library);
        find("ov_core_create", createCore, library);
        find("ov_core_free", freeCore, library);
        find("ov_core_read_model", readModel, library);
        find("ov_model_free", freeModel, library);
        find("ov_partial_shape_create_static", createPartialShape, library);
        find("ov_partial_shape_free", freePartialShape, library);
        find("ov_model_reshape_single_input", reshapeSingleInput, library);
        find("ov_core_compile_model", compileModel, library);
        find("ov_compiled_model_free", freeCompiledModel, library);
        find("ov_compiled_model_create_infer_request", createInferRequest, library);
        find("ov_infer_request_free", freeInferRequest, library);
        find("ov_infer_request_get_input_tensor", getInputTensor, library);
        find("ov_infer_request_get_output_tensor", getOutputTensor, library);
        find("ov_infer_request_infer", infer, library);
        find("ov_tensor_get_size", getElements, library);
        find("ov_tensor_get_byte_size", getBytes, library);
        find("ov_tensor_data", getData, library);
        find("ov_tensor_free", freeTensor, library);
    }

    template<typename Function>
    void find(const char *name, Function &function, const std::string &library) const
    {
        function = reinterpret_cast<Function>(::dlsym(handle, name));
        if (!function)
            throw Error(library + " is not OpenVINO's C interface: it has no " + name +
                        "; set EDGEFLEX_OPENVINO to a libopenvino_c.so of 2023.0 or newer");
    }

    // Throws Error made of `what`, which names the file, and the library's reason.
    void check(int status, const std::string &what) const
    {
        if (status != 0)
            throw Error(what + ": " + lastLine(getLastError()));
    }

    void *handle = nullptr;
    ov::GetVersion getVersion = nullptr;
    ov::FreeVersion freeVersion = nullptr;
    ov::GetLastError getLastError = nullptr;
    ov::CreateCore createCore = nullptr;
    ov::FreeCore freeCore = nullptr;
    ov::ReadModel readModel = nullptr;
    ov::FreeModel freeModel = nullptr;
    ov::CreatePartialShape createPartialShape = nullptr;
    ov::FreePartialShape freePartialShape = nullptr;
    ov::ReshapeSingleInput reshapeSingleInput = nullptr;
    ov::CompileModel compileModel = nullptr;
    ov::FreeCompiledModel freeCompiledModel = nullptr;
    ov::CreateInferRequest createInferRequest = nullptr;
    ov::FreeInferRequest freeInferRequest = nullptr;
    ov::GetTensor getInputTensor = nullptr;
    ov::GetTensor getOutputTensor = nullptr;
    ov::Infer infer = nullptr;
    ov::GetSize getElements = nullptr;
    ov::GetSize getBytes = nullptr;
    ov::GetData getData = nullptr;
    ov::FreeTensor freeTensor = nullptr;
};

OpenVino::OpenVino(const std::string &library) : m_library(library), m_functions(std::make_shared<Functions>(library))
{
    ov::Version version{};
    m_functions->check(m_functions->getVersion(&version), library + " does not say its version");
    m_version = release(version.buildNumber);
    m_functions->freeVersion(&version);
}

OpenVinoSearch findOpenVino()
{
    std::string library;
    if (const char *named = std::getenv("EDGEFLEX_OPENVINO"); named && *named) {
        library = named;
    } else {
        std::error_code error;
        const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path() / ".." / "openvino";
        library = (folder / "libopenvino_c.so").string();
        if (!fs::exists(library, error))
            return {std::nullopt, "OpenVINO is not installed: run ./dev bench, which fetches it, or set "
                                  "EDGEFLEX_OPENVINO to a libopenvino_c.so"};
    }
    try {
        return {OpenVino(library), {}};
    } catch (const Error &error) {
        return {std::nullopt, error.what()};
    }
}

// In the order in which they are made; released in the reverse.
struct OpenVinoModel::Handles
{
    explicit Handles(std::shared_ptr<const OpenVino::Functions> table)
        : functions(std::move(table)),
          core(functions->freeCore),
          compiled(functions->freeCompiledModel),
          request(functions->freeInferRequest),
          input(functions->freeTensor)
    {
    }

    std::shared_ptr<const OpenVino::Functions> functions;
    Handle<ov::Core> core;
    Handle<ov::CompiledModel> compiled;
    Handle<ov::InferRequest> request;
    Handle<ov::Tensor> input;
};

OpenVinoModel::OpenVinoModel(const OpenVino &runtime, const std::string &path, Precision precision, int threads,
                             std::int64_t batch, int channels, int height, int width)
    : m_path(path), m_batch(batch), m_handles(std::make_unique<Handles>(runtime.m_functions))
{
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        throw Error(path + " is not a file; name an ONNX file or an OpenVINO .xml");
    const OpenVino::Functions &call = *m_handles->functions;
    const std::string cannot = path + " cannot be loaded in OpenVINO " + runtime.version();
    call.check(call.createCore(m_handles->core.out()), cannot);
    Handle<ov::Model> model(call.freeModel);
    call.check(call.readModel(m_handles->core.get(), path.c_str(), nullptr, model.out()), cannot);
    const std::array<std::int64_t, 4> dims{batch, channels, height, width};
    ov::PartialShape shape{};
    call.check(call.createPartialShape(4, dims.data(), &shape), cannot);
    const int reshaped = call.reshapeSingleInput(model.get(), shape);
    call.freePartialShape(&shape);
    call.check(reshaped, cannot);
    // INFERENCE_NUM_THREADS 0 is its own choice: one a core.
    const std::string count = std::to_string(std::max(threads, 0));
    const int compiled =
        precision == Precision::Fp32
            ? call.compileModel(m_handles->core.get(), model.get(), "CPU", 6, m_handles->compiled.out(),
                                "INFERENCE_NUM_THREADS", count.c_str(), "PERFORMANCE_HINT", "LATENCY",
                                "INFERENCE_PRECISION_HINT", "f32")
            : call.compileModel(m_handles->core.get(), model.get(), "CPU", 4, m_handles->compiled.out(),
                                "INFERENCE_NUM_THREADS", count.c_str(), "PERFORMANCE_HINT", "LATENCY");
    call.check(compiled, cannot);
    call.check(call.createInferRequest(m_handles->compiled.get(), m_handles->request.out()), cannot);
    call.check(call.getInputTensor(m_handles->request.get(), m_handles->input.out()), cannot);
    std::size_t bytes = 0;
    call.check(call.getBytes(m_handles->input.get(), &bytes), cannot);
    if (bytes != sizeof(float) * static_cast<std::size_t>(batch) * static_cast<std::size_t>(channels) *
                     static_cast<std::size_t>(height) * static_cast<std::size_t>(width))
        throw Error(path + " does not take FP32 pixels; export the model again");
}

OpenVinoModel::~OpenVinoModel() = default;

std::vector<float> OpenVinoModel::run(const std::vector<float> &pixels)
{
    const OpenVino::Functions &call = *m_handles->functions;
    const std::string cannot = m_path + " cannot be executed by OpenVINO";
    std::size_t elements = 0;
    void *data = nullptr;
    call.check(call.getElements(m_handles->input.get(), &elements), cannot);
    call.check(call.getData(m_handles->input.get(), &data), cannot);
    if (elements != pixels.size())
        throw std::logic_error("OpenVinoModel::run: pixels of another shape");
    std::memcpy(data, pixels.data(), pixels.size() * sizeof(float));
    call.check(call.infer(m_handles->request.get()), cannot);
    Handle<ov::Tensor> output(call.freeTensor);
    call.check(call.getOutputTensor(m_handles->request.get(), output.out()), cannot);
    std::size_t bytes = 0;
    call.check(call.getElements(output.get(), &elements), cannot);
    call.check(call.getBytes(output.get(), &bytes), cannot);
    call.check(call.getData(output.get(), &data), cannot);
    if (bytes != elements * sizeof(float) || elements == 0 || elements % static_cast<std::size_t>(m_batch) != 0)
        throw Error(m_path + " does not answer with FP32 logits of one row an image; export the model again");
    const auto *logits = static_cast<const float *>(data);
    return {logits, logits + elements};
}

} // namespace edgeflex
