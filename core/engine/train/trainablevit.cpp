#include "engine/train/trainablevit.h"

#include "plan/error.h"

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/softmax.h>
#include <torch/version.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <numeric>

namespace edgeflex {

namespace {

// LibTorch has no view of constant data; nothing below writes through operands that came in constant.
at::Tensor view(const float *values, at::IntArrayRef shape)
{
    return at::from_blob(const_cast<float *>(values), shape, at::kFloat);
}

// Runs `work` on one thread with LibTorch's exceptions made ours.
template<typename Work>
auto guarded(Work work)
{
    if (at::get_num_threads() != 1)
        at::set_num_threads(1);
    try {
        return work();
    } catch (const c10::Error &error) {
        throw Error(std::string("LibTorch could not train the model: ") + error.what_without_backtrace());
    } catch (const std::bad_alloc &) {
        throw Error("The machine has no memory left for training: close other programs or use a smaller batch.");
    }
}

// One pass over one batch, as a graph that LibTorch records.
class Pass
{
public:
    Pass(const ModelSpec &spec, const ParameterLayout &layout, const std::vector<float> &values, bool train, bool bf16)
        : m_spec(spec), m_product(bf16 ? at::kBFloat16 : at::kFloat)
    {
        for (const ParameterSlot &slot : layout.slots())
            m_tensors.emplace(slot.name, view(values.data() + slot.offset, slot.shape).set_requires_grad(train));
    }

    // `random`: of the patches that are not looked at and the branches to leave out; without, all are there.
    at::Tensor logits(const at::Tensor &pixels, double patchShare, double dropPath, RandomStream *random)
    {
        const std::int64_t batch = pixels.size(0);
        at::Tensor x = embedded(pixels, random ? patchShare : 1, random);
        const std::int64_t tokens = x.size(1);
        x = x.reshape({batch * tokens, m_spec.width});
        const auto depth = static_cast<int>(m_spec.blocks.size());
        for (int i = 0; i < depth; ++i) {
            const double drop = depth > 1 ? dropPath * i / (depth - 1) : 0;
            const auto keeping = [&](const at::Tensor &branch) {
                return random && drop > 0 ? branch * kept(batch, branch.size(0) / batch, drop, *random) : branch;
            };
            const bool last = i + 1 == depth;
            at::Tensor attended = attention(i, layerNorm(x, layerName(i, "norm1")), batch, last);
            if (last) // only the class token goes on to the head
                x = x.view({batch, tokens, m_spec.width}).select(1, 0);
            x = x + keeping(linear(attended, m_spec.blocks[static_cast<std::size_t>(i)].proj.name));
            const BlockSpec &block = m_spec.blocks[static_cast<std::size_t>(i)];
            const at::Tensor hidden = at::gelu(linear(layerNorm(x, layerName(i, "norm2")), block.fc1.name));
            x = x + keeping(linear(hidden, block.fc2.name));
        }
        return at::linear(layerNorm(x, "norm"), tensor(m_spec.head.name + ".weight"),
                          tensor(m_spec.head.name + ".bias"));
    }

    // Of every tensor of the layout; one that had no part in the loss has gradient 0.
    void gradients(const ParameterLayout &layout, std::vector<float> &out) const
    {
        for (const ParameterSlot &slot : layout.slots()) {
            const at::Tensor gradient = m_tensors.at(slot.name).grad();
            float *const begin = out.data() + slot.offset;
            if (gradient.defined())
                std::copy_n(gradient.contiguous().data_ptr<float>(), slot.count, begin);
            else
                std::fill_n(begin, slot.count, 0.0F);
        }
    }

private:
    const at::Tensor &tensor(const std::string &name) const { return m_tensors.at(name); }

    at::Tensor layerNorm(const at::Tensor &x, const std::string &name) const
    {
        return at::layer_norm(x, {m_spec.width}, tensor(name + ".weight"), tensor(name + ".bias"), m_spec.layerNormEps);
    }

    // In the type of the products; adding to FP32 makes it FP32 again.
    at::Tensor linear(const at::Tensor &x, const std::string &name) const
    {
        return at::linear(x.to(m_product), tensor(name + ".weight").to(m_product),
                          tensor(name + ".bias").to(m_product));
    }

    // [batch, tokens, width]: the class token and the patches in their places.
    at::Tensor embedded(const at::Tensor &pixels, double patchShare, RandomStream *random) const
    {
        const std::int64_t batch = pixels.size(0);
        const std::int64_t size = m_spec.patchSize;
        const std::int64_t rows = m_spec.imageHeight / size;
        const std::int64_t columns = m_spec.imageWidth / size;
        at::Tensor patches = pixels.view({batch, m_spec.channels, rows, size, columns, size})
                                 .permute({0, 2, 4, 1, 3, 5})
                                 .reshape({batch, rows * columns, m_spec.channels * size * size});
        at::Tensor places = tensor("pos_embed").narrow(0, 1, rows * columns);
        if (patchShare < 1) {
            const at::Tensor seen = someOf(rows * columns, patchShare, *random);
            patches = patches.index_select(1, seen);
            places = places.index_select(0, seen);
        }
        const at::Tensor classToken = tensor("prefix_tokens") + tensor("pos_embed").narrow(0, 0, 1);
        return at::cat(
            {classToken.unsqueeze(0).expand({batch, 1, m_spec.width}),
             at::linear(patches, tensor(m_spec.patchEmbed.name + ".weight"), tensor(m_spec.patchEmbed.name + ".bias")) +
                 places},
            1);
    }

    // Different indices below `count`, at least one.
    static at::Tensor someOf(std::int64_t count, double share, RandomStream &random)
    {
        std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
        std::iota(indices.begin(), indices.end(), std::int64_t{0});
        const auto wanted = std::max<std::int64_t>(1, std::llround(static_cast<double>(count) * share));
        for (std::int64_t i = 0; i < wanted; ++i)
            std::swap(indices[static_cast<std::size_t>(i)],
                      indices[static_cast<std::size_t>(i + random.below(static_cast<int>(count - i)))]);
        return at::from_blob(indices.data(), {wanted}, at::kLong).clone();
    }

    // [batch * tokens, width] -> the heads' outputs in a row, of the class tokens alone with `onlyClass`.
    at::Tensor attention(int block, const at::Tensor &x, std::int64_t batch, bool onlyClass) const
    {
        const std::int64_t tokens = x.size(0) / batch;
        const std::int64_t heads = m_spec.heads;
        const std::int64_t headDim = m_spec.headDim;
        const at::Tensor qkv = linear(x, m_spec.blocks[static_cast<std::size_t>(block)].qkv.name)
                                   .view({batch, tokens, 3, heads, headDim})
                                   .permute({2, 0, 3, 1, 4});
        const std::int64_t queries = onlyClass ? 1 : tokens;
        const auto part = [&](int which, std::int64_t rows) {
            return qkv.select(0, which).narrow(2, 0, rows).reshape({batch * heads, rows, headDim});
        };
        const at::Tensor scores = at::bmm(part(0, queries) * (1.0 / std::sqrt(static_cast<double>(headDim))),
                                          part(1, tokens).transpose(1, 2));
        return at::bmm(at::softmax(scores, -1), part(2, tokens))
            .view({batch, heads, queries, headDim})
            .transpose(1, 2)
            .reshape({batch * queries, heads * headDim});
    }

    // [batch * rows, 1]: 0 for the images whose branch is left out; the others' are scaled to the same mean.
    static at::Tensor kept(std::int64_t batch, std::int64_t rows, double drop, RandomStream &random)
    {
        std::vector<float> factors;
        for (std::int64_t i = 0; i < batch; ++i)
            factors.insert(factors.end(), static_cast<std::size_t>(rows),
                           random.chance(drop) ? 0.0F : static_cast<float>(1 / (1 - drop)));
        return view(factors.data(), {batch * rows, 1}).clone();
    }

    const ModelSpec &m_spec;
    at::ScalarType m_product;
    std::map<std::string, at::Tensor> m_tensors;
};

} // namespace

TrainableVit::TrainableVit(const ModelSpec &spec, const ParameterLayout &layout, double dropPath, bool bf16)
    : m_spec(spec), m_layout(layout), m_dropPath(dropPath), m_bf16(bf16)
{
}

double TrainableVit::loss(const std::vector<float> &values, const float *pixels, const float *targets,
                          std::int64_t batch, double divisor, double patches, RandomStream &random,
                          std::vector<float> &gradient) const
{
    return guarded([&] {
        Pass pass(m_spec, m_layout, values, true, m_bf16);
        const at::Tensor logits =
            pass.logits(view(pixels, {batch, m_spec.channels, m_spec.imageHeight, m_spec.imageWidth}), patches,
                        m_dropPath, &random);
        const at::Tensor entropy =
            (at::log_softmax(logits, 1) * view(targets, {batch, m_spec.classes()})).sum() * (-1.0 / divisor);
        entropy.backward();
        pass.gradients(m_layout, gradient);
        return entropy.item().toDouble();
    });
}

void TrainableVit::logits(const std::vector<float> &values, const float *pixels, std::int64_t batch, float *out) const
{
    guarded([&] {
        const at::NoGradGuard noGradients;
        Pass pass(m_spec, m_layout, values, false, false);
        const at::Tensor result =
            pass.logits(view(pixels, {batch, m_spec.channels, m_spec.imageHeight, m_spec.imageWidth}), 1, 0, nullptr);
        std::copy_n(result.contiguous().data_ptr<float>(), batch * m_spec.classes(), out);
    });
}

std::string trainingLibrary()
{
    return std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." +
           std::to_string(TORCH_VERSION_PATCH);
}

} // namespace edgeflex
