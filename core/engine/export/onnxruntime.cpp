#include "engine/export/onnxruntime.h"

#include "engine/export/onnxruntimeapi.h"
#include "plan/error.h"

#include <dlfcn.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

template<typename Slot>
typename Slot::Type function(const void *api)
{
    return static_cast<const typename Slot::Type *>(api)[Slot::index];
}

// Its messages can run over lines and name its own source files: the first line tells the user enough.
std::string firstLine(const std::string &text)
{
    std::string line = text.substr(0, std::min(text.find('\n'), std::size_t(300)));
    while (!line.empty() && (line.back() == '.' || line.back() == ' '))
        line.pop_back();
    return line;
}

// Throws Error made of `what`, which names the file, and the runtime's reason, which need not do so again.
void check(const void *api, ort::Status *status, const std::string &what)
{
    if (!status)
        return;
    std::string reason = firstLine(function<ort::GetErrorMessage>(api)(status));
    constexpr std::string_view again = " failed:";
    if (const std::size_t at = reason.find(again); reason.starts_with("Load model from ") && at != std::string::npos)
        reason.erase(0, at + again.size());
    function<ort::ReleaseStatus>(api)(status);
    throw Error(what + ": " + reason);
}

// Owns what the runtime made and releases it through its slot.
template<typename Object, typename Release>
class Handle
{
public:
    explicit Handle(const void *api) : m_api(api) {}
    ~Handle()
    {
        if (m_object)
            function<Release>(m_api)(m_object);
    }
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    Object *get() const { return m_object; }
    Object **out() { return &m_object; }

private:
    const void *m_api;
    Object *m_object = nullptr;
};

std::string portName(const void *api,
                     ort::Status *(*getName)(const ort::Session *, std::size_t, ort::Allocator *, char **) noexcept,
                     const ort::Session *session, const std::string &what)
{
    ort::Allocator *allocator = nullptr;
    check(api, function<ort::GetDefaultAllocator>(api)(&allocator), what);
    char *name = nullptr;
    check(api, getName(session, 0, allocator, &name), what);
    std::string result = name;
    check(api, function<ort::AllocatorFree>(api)(allocator, name), what);
    return result;
}

fs::path executableFolder()
{
    std::error_code error;
    return fs::read_symlink("/proc/self/exe", error).parent_path();
}

bool isRuntimeName(const std::string &name)
{
    return name == "libonnxruntime.so" || name.starts_with("libonnxruntime.so.1");
}

// The library in a folder, of the highest version; empty when there is none.
std::string libraryIn(const fs::path &folder)
{
    std::vector<std::string> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (isRuntimeName(entry->path().filename().string()))
            found.push_back(entry->path().string());
    }
    const auto older = [](const std::string &a, const std::string &b) {
        return ::strverscmp(a.c_str(), b.c_str()) < 0;
    };
    return found.empty() ? std::string() : *std::max_element(found.begin(), found.end(), older);
}

// Distributions put libraries in /usr/lib or in a folder of the architecture below it.
std::string systemLibrary()
{
    for (const char *root : {"/usr/local/lib", "/usr/lib64", "/usr/lib"}) {
        if (const std::string library = libraryIn(root); !library.empty())
            return library;
        std::error_code error;
        for (fs::directory_iterator entry(root, error), end; !error && entry != end; entry.increment(error)) {
            if (!entry->path().filename().string().ends_with("-linux-gnu"))
                continue;
            if (const std::string library = libraryIn(entry->path()); !library.empty())
                return library;
        }
    }
    return {};
}

OnnxRuntimeSearch tryLoad(const std::string &library)
{
    try {
        return {OnnxRuntime(library), {}};
    } catch (const Error &error) {
        return {std::nullopt, error.what()};
    }
}

} // namespace

OnnxRuntime::OnnxRuntime(const std::string &library) : m_library(library)
{
    // Never closed: its threads and static objects outlive any session.
    void *handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        throw Error("ONNX Runtime cannot be loaded: " + firstLine(::dlerror()) +
                    "; set EDGEFLEX_ONNXRUNTIME to a libonnxruntime.so");
    const auto getApiBase = reinterpret_cast<ort::GetApiBase>(::dlsym(handle, "OrtGetApiBase"));
    const ort::ApiBase *base = getApiBase ? getApiBase() : nullptr;
    if (!base)
        throw Error(library + " is not ONNX Runtime: it has no OrtGetApiBase; set EDGEFLEX_ONNXRUNTIME to a "
                              "libonnxruntime.so");
    m_version = base->getVersionString();
    m_api = base->getApi(ort::apiVersion);
    if (!m_api)
        throw Error(library + " is ONNX Runtime " + m_version +
                    ", which is too old for opset 17; set EDGEFLEX_ONNXRUNTIME to one of 1.12 or newer");
}

OnnxRuntimeSearch findOnnxRuntime()
{
    if (const char *named = std::getenv("EDGEFLEX_ONNXRUNTIME"); named && *named) {
        std::error_code error;
        if (!fs::is_directory(named, error))
            return tryLoad(named);
        const std::string library = libraryIn(named);
        if (library.empty())
            return {std::nullopt, std::string("EDGEFLEX_ONNXRUNTIME names ") + named +
                                      ", a folder without libonnxruntime.so; set it to the library"};
        return tryLoad(library);
    }
    std::string library = libraryIn(executableFolder() / ".." / "onnxruntime");
    if (library.empty())
        library = systemLibrary();
    if (library.empty())
        return {std::nullopt, "ONNX Runtime is not installed: run ./dev build, which fetches it, or set "
                              "EDGEFLEX_ONNXRUNTIME to a libonnxruntime.so of 1.12 or newer"};
    return tryLoad(library);
}

struct OnnxSession::Handles
{
    explicit Handles(const void *table) : api(table), env(api), session(api), memory(api) {}

    const void *api;
    Handle<ort::Env, ort::ReleaseEnv> env;
    Handle<ort::Session, ort::ReleaseSession> session; // released before its environment
    Handle<ort::MemoryInfo, ort::ReleaseMemoryInfo> memory;
};

OnnxSession::OnnxSession(const OnnxRuntime &runtime, const std::string &path, int threads) : m_path(path)
{
    std::error_code error;
    if (!fs::is_regular_file(path, error))
        throw Error(path + " is not a file; name an ONNX file");
    const void *api = runtime.m_api;
    m_handles = std::make_unique<Handles>(api);
    const std::string cannot = path + " cannot be loaded in ONNX Runtime " + runtime.version();
    check(api, function<ort::CreateEnv>(api)(ort::loggingFatal, "edgeflex", m_handles->env.out()), cannot);
    Handle<ort::SessionOptions, ort::ReleaseSessionOptions> options(api);
    check(api, function<ort::CreateSessionOptions>(api)(options.out()), cannot);
    check(api, function<ort::SetGraphOptimizationLevel>(api)(options.get(), ort::optimizeAll), cannot);
    check(api, function<ort::SetIntraOpThreads>(api)(options.get(), std::max(threads, 0)), cannot);
    check(
        api,
        function<ort::CreateSession>(api)(m_handles->env.get(), path.c_str(), options.get(), m_handles->session.out()),
        cannot);
    std::size_t inputs = 0;
    std::size_t outputs = 0;
    const ort::Session *session = m_handles->session.get();
    check(api, function<ort::GetInputCount>(api)(session, &inputs), cannot);
    check(api, function<ort::GetOutputCount>(api)(session, &outputs), cannot);
    if (inputs != 1 || outputs != 1)
        throw Error(path + " has " + std::to_string(inputs) + " inputs and " + std::to_string(outputs) +
                    " outputs, but an image classifier has one of each; export the model again");
    m_inputName = portName(api, function<ort::GetInputName>(api), session, cannot);
    m_outputName = portName(api, function<ort::GetOutputName>(api), session, cannot);
    check(api,
          function<ort::CreateCpuMemoryInfo>(api)(ort::arenaAllocator, ort::defaultMemory, m_handles->memory.out()),
          cannot);
}

OnnxSession::~OnnxSession() = default;

std::vector<float> OnnxSession::run(const std::vector<float> &pixels, std::int64_t batch, int channels, int height,
                                    int width)
{
    const std::array<std::int64_t, 4> shape{batch, channels, height, width};
    if (batch <= 0 || static_cast<std::int64_t>(pixels.size()) != batch * channels * height * width)
        throw std::logic_error("OnnxSession::run: pixels of another shape");
    const void *api = m_handles->api;
    const std::string cannot = m_path + " cannot be executed by ONNX Runtime";
    Handle<ort::Value, ort::ReleaseValue> input(api);
    // The runtime only reads inputs; its interface has no const for them.
    check(api,
          function<ort::CreateTensorWithData>(api)(m_handles->memory.get(), const_cast<float *>(pixels.data()),
                                                   pixels.size() * sizeof(float), shape.data(), shape.size(),
                                                   ort::elementTypeFloat, input.out()),
          cannot);
    Handle<ort::Value, ort::ReleaseValue> output(api);
    const char *inputName = m_inputName.c_str();
    const char *outputName = m_outputName.c_str();
    const ort::Value *inputValue = input.get();
    check(api,
          function<ort::Run>(api)(m_handles->session.get(), nullptr, &inputName, &inputValue, 1, &outputName, 1,
                                  output.out()),
          cannot);

    int isTensor = 0;
    check(api, function<ort::IsTensor>(api)(output.get(), &isTensor), cannot);
    if (!isTensor)
        throw Error(m_path + " answers with no tensor; export the model again");
    Handle<ort::TensorShape, ort::ReleaseTensorShape> info(api);
    check(api, function<ort::GetTensorShape>(api)(output.get(), info.out()), cannot);
    int type = 0;
    std::size_t rank = 0;
    check(api, function<ort::GetElementType>(api)(info.get(), &type), cannot);
    check(api, function<ort::GetDimensionCount>(api)(info.get(), &rank), cannot);
    std::vector<std::int64_t> dims(rank);
    check(api, function<ort::GetDimensions>(api)(info.get(), dims.data(), rank), cannot);
    if (type != ort::elementTypeFloat || rank != 2 || dims[0] != batch || dims[1] < 0)
        throw Error(m_path + " does not answer with FP32 logits of one row an image; export the model again");
    void *data = nullptr;
    check(api, function<ort::GetTensorData>(api)(output.get(), &data), cannot);
    const auto *logits = static_cast<const float *>(data);
    return {logits, logits + batch * dims[1]};
}

} // namespace edgeflex
