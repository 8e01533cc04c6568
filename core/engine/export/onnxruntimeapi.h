#pragma once

#include <cstddef>
#include <cstdint>

// The part of ONNX Runtime's C interface that we call, declared by us: distributions ship the library without its
// header. The runtime hands out a table of function pointers that is append-only by contract ("do not modify
// above"): version 1's slots 0 to 101 (CreateStatus to ReleaseCustomOpDomain) are the same in every release, and
// the runtime's own build asserts their places. So slots are addressed by number. Functions return a status that
// is null on success and is released by the caller.
namespace edgeflex::ort {

struct Status;
struct Env;
struct Session;
struct SessionOptions;
struct RunOptions;
struct MemoryInfo;
struct Value;
struct TensorShape; // OrtTensorTypeAndShapeInfo
struct Allocator;

// What OrtGetApiBase() returns.
struct ApiBase
{
    const void *(*getApi)(std::uint32_t version) noexcept; // null when the runtime is older than `version`
    const char *(*getVersionString)() noexcept;
};
using GetApiBase = const ApiBase *(*)() noexcept;

// 1.12, the first release that executes opset 17. Every later one answers to it.
inline constexpr std::uint32_t apiVersion = 12;

inline constexpr int loggingFatal = 4;     // ORT_LOGGING_LEVEL_FATAL: failures come as statuses
inline constexpr int optimizeAll = 99;     // ORT_ENABLE_ALL
inline constexpr int arenaAllocator = 1;   // OrtArenaAllocator
inline constexpr int defaultMemory = 0;    // OrtMemTypeDefault
inline constexpr int elementTypeFloat = 1; // ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT

// A slot's number and type.
template<std::size_t Index, typename Function>
struct Slot
{
    static constexpr std::size_t index = Index;
    using Type = Function;
};

using GetErrorMessage = Slot<2, const char *(*)(const Status *) noexcept>;
using CreateEnv = Slot<3, Status *(*)(int logLevel, const char *logId, Env **out) noexcept>;
using CreateSession =
    Slot<7, Status *(*)(const Env *, const char *path, const SessionOptions *, Session **out) noexcept>;
using Run = Slot<9, Status *(*)(Session *, const RunOptions *, const char *const *inputNames,
                                const Value *const *inputs, std::size_t inputCount, const char *const *outputNames,
                                std::size_t outputCount, Value **outputs) noexcept>;
using CreateSessionOptions = Slot<10, Status *(*)(SessionOptions **out) noexcept>;
using SetGraphOptimizationLevel = Slot<23, Status *(*)(SessionOptions *, int level) noexcept>;
using SetIntraOpThreads = Slot<24, Status *(*)(SessionOptions *, int threads) noexcept>;
using GetInputCount = Slot<30, Status *(*)(const Session *, std::size_t *out) noexcept>;
using GetOutputCount = Slot<31, Status *(*)(const Session *, std::size_t *out) noexcept>;
using GetInputName = Slot<36, Status *(*)(const Session *, std::size_t index, Allocator *, char **out) noexcept>;
using GetOutputName = Slot<37, Status *(*)(const Session *, std::size_t index, Allocator *, char **out) noexcept>;
using CreateTensorWithData =
    Slot<49, Status *(*)(const MemoryInfo *, void *data, std::size_t bytes, const std::int64_t *shape, std::size_t rank,
                         int elementType, Value **out) noexcept>;
using IsTensor = Slot<50, Status *(*)(const Value *, int *out) noexcept>;
using GetTensorData = Slot<51, Status *(*)(Value *, void **out) noexcept>;
using GetElementType = Slot<60, Status *(*)(const TensorShape *, int *out) noexcept>;
using GetDimensionCount = Slot<61, Status *(*)(const TensorShape *, std::size_t *out) noexcept>;
using GetDimensions = Slot<62, Status *(*)(const TensorShape *, std::int64_t *out, std::size_t count) noexcept>;
using GetTensorShape = Slot<65, Status *(*)(const Value *, TensorShape **out) noexcept>;
using CreateCpuMemoryInfo = Slot<69, Status *(*)(int allocatorType, int memoryType, MemoryInfo **out) noexcept>;
using AllocatorFree = Slot<76, Status *(*)(Allocator *, void *) noexcept>;
using GetDefaultAllocator = Slot<78, Status *(*)(Allocator **out) noexcept>;
using ReleaseEnv = Slot<92, void (*)(Env *) noexcept>;
using ReleaseStatus = Slot<93, void (*)(Status *) noexcept>;
using ReleaseMemoryInfo = Slot<94, void (*)(MemoryInfo *) noexcept>;
using ReleaseSession = Slot<95, void (*)(Session *) noexcept>;
using ReleaseValue = Slot<96, void (*)(Value *) noexcept>;
using ReleaseTensorShape = Slot<99, void (*)(TensorShape *) noexcept>;
using ReleaseSessionOptions = Slot<100, void (*)(SessionOptions *) noexcept>;

} // namespace edgeflex::ort
