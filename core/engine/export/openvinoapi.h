#pragma once

#include <cstddef>
#include <cstdint>

// The part of OpenVINO's C interface that we call, declared by us: it is found by name in the library, which brings no
// header where it comes from a wheel. Functions return 0 on success. Structures are passed by value as declared here;
// they have been the same since the interface of 2022.3.
namespace edgeflex::ov {

struct Core;
struct Model;
struct CompiledModel;
struct InferRequest;
struct Tensor;

struct Dimension
{
    std::int64_t min;
    std::int64_t max;
};

struct PartialShape
{
    Dimension rank;
    Dimension *dims;
};

struct Version
{
    const char *buildNumber;
    const char *description;
};

using GetVersion = int (*)(Version *) noexcept;
using FreeVersion = void (*)(Version *) noexcept;
using GetLastError = const char *(*)() noexcept;
using CreateCore = int (*)(Core **) noexcept;
using FreeCore = void (*)(Core *) noexcept;
using ReadModel = int (*)(const Core *, const char *path, const char *weightsPath, Model **) noexcept;
using FreeModel = void (*)(Model *) noexcept;
using CreatePartialShape = int (*)(std::int64_t rank, const std::int64_t *dims, PartialShape *) noexcept;
using FreePartialShape = void (*)(PartialShape *) noexcept;
using ReshapeSingleInput = int (*)(const Model *, PartialShape) noexcept;
// Properties follow as pairs of strings; `count` is that of all strings.
using CompileModel = int (*)(const Core *, const Model *, const char *device, std::size_t count, CompiledModel **, ...);
using FreeCompiledModel = void (*)(CompiledModel *) noexcept;
using CreateInferRequest = int (*)(const CompiledModel *, InferRequest **) noexcept;
using FreeInferRequest = void (*)(InferRequest *) noexcept;
using GetTensor = int (*)(const InferRequest *, Tensor **) noexcept;
using Infer = int (*)(InferRequest *) noexcept;
using GetSize = int (*)(const Tensor *, std::size_t *) noexcept; // in elements or bytes
using GetData = int (*)(const Tensor *, void **) noexcept;
using FreeTensor = void (*)(Tensor *) noexcept;

} // namespace edgeflex::ov
