#include "engine/compress/mlpfit.h"

#include "engine/compress/floatweights.h"
#include "engine/kernels/gemm.h"
#include "plan/error.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/gelu_backward.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace edgeflex {

namespace {

constexpr double beta1 = 0.9;
constexpr double beta2 = 0.99;
constexpr int warmUpSteps = 10;
constexpr double quickGeluSlope = 1.702;

// A step's work is bounded, so that a cancel need not wait for long; and its rows are enough for a steady gradient.
constexpr double multiplicationsAStep = 2.5e9;
constexpr std::int64_t leastRows = 512;
constexpr std::int64_t mostRows = 4096;

void activate(at::Tensor &out, const at::Tensor &x, Activation activation)
{
    switch (activation) {
    case Activation::Gelu:
        at::gelu_out(out, x);
        return;
    case Activation::GeluTanh:
        at::gelu_out(out, x, "tanh");
        return;
    case Activation::QuickGelu:
        out.copy_(x * at::sigmoid(x * quickGeluSlope));
        return;
    }
}

// `gradient` of the activation's outputs becomes that of its inputs, x.
void throughActivation(at::Tensor &gradient, const at::Tensor &x, Activation activation)
{
    switch (activation) {
    case Activation::Gelu:
        at::gelu_backward_out(gradient, gradient, x);
        return;
    case Activation::GeluTanh:
        at::gelu_backward_out(gradient, gradient, x, "tanh");
        return;
    case Activation::QuickGelu: {
        const at::Tensor share = at::sigmoid(x * quickGeluSlope);
        gradient.mul_(share * (1 + quickGeluSlope * x * (1 - share)));
        return;
    }
    }
}

enum class Form { Plain, Transposed };

// out = op(a) op(b), of dense matrices; returns out.
at::Tensor &product(at::Tensor &out, const at::Tensor &a, Form aForm, const at::Tensor &b, Form bForm)
{
    gemm(aForm == Form::Transposed, bForm == Form::Transposed, out.size(0), out.size(1),
         a.size(aForm == Form::Transposed ? 0 : 1), 1.0F, a.data_ptr<float>(), a.size(1), b.data_ptr<float>(),
         b.size(1), 0.0F, out.data_ptr<float>(), out.size(1));
    return out;
}

// A matrix or bias with Adam's memory of its gradients.
class Parameter
{
public:
    // A learning rate is a share of the values' root mean square, or of `otherwise` where all are zero.
    explicit Parameter(const at::Tensor &of, double otherwise = 1)
        : values(of),
          scale(of.square().mean().sqrt().item().toDouble()),
          m_first(at::zeros_like(of)),
          m_second(at::zeros_like(of))
    {
        if (scale == 0)
            scale = otherwise;
    }

    void step(const at::Tensor &gradient, double learningRate, int steps)
    {
        m_first.mul_(beta1).add_(gradient, 1 - beta1);
        m_second.mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
        const double unbiased = std::sqrt(1 - std::pow(beta2, steps));
        const at::Tensor divisor = m_second.sqrt().div_(unbiased).add_(1e-12);
        values.addcdiv_(m_first, divisor, -learningRate * scale / (1 - std::pow(beta1, steps)));
    }

    // The same for a matrix [N, K] whose outputs' gradients [rows, N] and inputs [rows, K] are given.
    void step(const at::Tensor &outputs, const at::Tensor &inputs, double learningRate, int steps)
    {
        m_gradient.resize_(values.sizes());
        step(product(m_gradient, outputs, Form::Transposed, inputs, Form::Plain), learningRate, steps);
    }

    at::Tensor values;
    double scale;

private:
    at::Tensor m_first;
    at::Tensor m_second;
    at::Tensor m_gradient = at::empty({0});
};

at::Tensor matrix(float *values, std::int64_t rows, std::int64_t columns)
{
    return at::from_blob(values, {rows, columns}, at::TensorOptions().dtype(at::kFloat));
}

class Fitter
{
public:
    Fitter(const LinearWeights &fc1, const LinearWeights &fc2, Activation activation)
        : m_weights{floatWeights(fc1), fc1.bias.toFloat(), floatWeights(fc2), fc2.bias.toFloat()},
          m_activation(activation)
    {
        const std::int64_t hidden = fc1.spec.outFeatures;
        const std::int64_t width = fc1.spec.inFeatures;
        const std::array<std::array<std::int64_t, 2>, 4> shapes{
            {{hidden, width}, {1, hidden}, {width, hidden}, {1, width}}};
        for (std::size_t i = 0; i < m_weights.size(); ++i)
            m_parameters.emplace_back(matrix(m_weights[i].floats(), shapes[i][0], shapes[i][1]),
                                      i % 2 == 1 ? m_parameters.back().scale : 1); // a bias like its weights
    }

    // Mean square error as a share of the outputs' mean square, weighted.
    double error(const MlpTokens &tokens, std::int64_t rows, const Progress &progress)
    {
        double sum = 0;
        double whole = 0;
        Batch batch;
        std::vector<std::int64_t> order(static_cast<std::size_t>(tokens.count()));
        std::iota(order.begin(), order.end(), 0);
        for (std::int64_t first = 0; first < tokens.count(); first += rows) {
            throwIfCancelled(progress);
            batch.gather(tokens, order, first, std::min(rows, tokens.count() - first));
            run(batch);
            sum += (m_error.square() * batch.weight).sum().item().toDouble();
            whole += (batch.y.square() * batch.weight).sum().item().toDouble();
        }
        return whole > 0 ? sum / whole : 0;
    }

    void fit(const MlpTokens &tokens, std::int64_t rows, const MlpFitOptions &options, const Progress &progress)
    {
        std::mt19937_64 random(0); // the same weights for the same tokens
        std::vector<std::int64_t> order(static_cast<std::size_t>(tokens.count()));
        std::iota(order.begin(), order.end(), 0);
        rows = std::min(rows, tokens.count());
        const auto stepsAPass = static_cast<int>(tokens.count() / rows);
        const int steps = options.passes * stepsAPass;
        Batch batch;
        for (int step = 0; step < steps; ++step) {
            throwIfCancelled(progress);
            if (step % stepsAPass == 0)
                std::shuffle(order.begin(), order.end(), random);
            batch.gather(tokens, order, step % stepsAPass * rows, rows);
            const double warmUp = std::min(1.0, (step + 1.0) / warmUpSteps);
            const double cosine = 0.5 * (1 + std::cos(std::numbers::pi * step / steps));
            descend(batch, options.learningRate * warmUp * cosine, step + 1);
        }
    }

    std::array<Tensor, 4> take() { return std::move(m_weights); }

private:
    struct Batch
    {
        std::vector<float> values; // inputs, outputs, weights
        at::Tensor x;
        at::Tensor y;
        at::Tensor weight; // [rows, 1]

        void gather(const MlpTokens &tokens, const std::vector<std::int64_t> &order, std::int64_t first,
                    std::int64_t rows)
        {
            const std::int64_t width = tokens.width;
            values.resize(static_cast<std::size_t>(rows * (2 * width + 1)));
            float *inputs = values.data();
            float *outputs = inputs + rows * width;
            float *weights = outputs + rows * width;
            for (std::int64_t row = 0; row < rows; ++row) {
                const std::int64_t token = order[static_cast<std::size_t>(first + row)];
                std::copy_n(tokens.inputs.data() + token * width, width, inputs + row * width);
                std::copy_n(tokens.outputs.data() + token * width, width, outputs + row * width);
                weights[row] = tokens.weights[static_cast<std::size_t>(token)];
            }
            x = matrix(inputs, rows, width);
            y = matrix(outputs, rows, width);
            weight = matrix(weights, rows, 1);
        }
    };
    // Leaves what the layers make of the batch in the scratch.
    void run(const Batch &batch)
    {
        const std::int64_t rows = batch.x.size(0);
        const std::int64_t hidden = m_parameters[0].values.size(0);
        m_before.resize_({rows, hidden});
        m_hidden.resize_({rows, hidden});
        m_error.resize_(batch.y.sizes());
        product(m_before, batch.x, Form::Plain, m_parameters[0].values, Form::Transposed).add_(m_parameters[1].values);
        activate(m_hidden, m_before, m_activation);
        product(m_error, m_hidden, Form::Plain, m_parameters[2].values, Form::Transposed)
            .add_(m_parameters[3].values)
            .sub_(batch.y);
    }

    void descend(const Batch &batch, double learningRate, int step)
    {
        run(batch);
        // Adam does not mind by what all gradients are multiplied.
        m_error.mul_(batch.weight);
        m_gradient.resize_(m_before.sizes());
        product(m_gradient, m_error, Form::Plain, m_parameters[2].values, Form::Plain);
        throughActivation(m_gradient, m_before, m_activation);
        m_parameters[2].step(m_error, m_hidden, learningRate, step);
        m_parameters[3].step(m_error.sum(0, true), learningRate, step);
        m_parameters[0].step(m_gradient, batch.x, learningRate, step);
        m_parameters[1].step(m_gradient.sum(0, true), learningRate, step);
    }

    std::array<Tensor, 4> m_weights;
    Activation m_activation;
    std::vector<Parameter> m_parameters; // fc1's weights and bias, fc2's: views of m_weights
    // Kept from batch to batch: memory that is asked for anew is memory that the system clears anew.
    at::Tensor m_before = at::empty({0}); // the activation
    at::Tensor m_hidden = at::empty({0});
    at::Tensor m_error = at::empty({0});    // what comes out less what should
    at::Tensor m_gradient = at::empty({0}); // of the hidden values
};

void check(const LinearWeights &fc1, const LinearWeights &fc2, const MlpTokens &tokens)
{
    const std::int64_t width = fc1.spec.inFeatures;
    if (fc2.spec.outFeatures != width || fc2.spec.inFeatures != fc1.spec.outFeatures)
        throw Error("Layers " + fc1.spec.name + " and " + fc2.spec.name + " are no MLP: their widths do not fit.");
    if (fc1.bias.empty() || fc2.bias.empty())
        throw Error("Layer " + (fc1.bias.empty() ? fc1 : fc2).spec.name + " has no bias to fit.");
    const auto values = static_cast<std::size_t>(tokens.count() * width);
    if (tokens.width != width || tokens.inputs.size() != values || tokens.outputs.size() != values)
        throw Error("Layer " + fc1.spec.name + " cannot be fitted to tokens of another width.");
}

} // namespace

MlpFit fitMlp(const LinearWeights &fc1, const LinearWeights &fc2, Activation activation, const MlpTokens &fit,
              const MlpTokens &validation, const MlpFitOptions &options, const Progress &progress)
{
    check(fc1, fc2, fit);
    check(fc1, fc2, validation);
    if (fit.count() == 0)
        throw Error("Layer " + fc1.spec.name + " cannot be fitted without tokens.");
    const double aRow = 6.0 * static_cast<double>(fc1.spec.inFeatures) * static_cast<double>(fc1.spec.outFeatures);
    const std::int64_t rows = std::clamp(static_cast<std::int64_t>(multiplicationsAStep / aRow), leastRows, mostRows);

    const MlpTokens &judge = validation.count() > 0 ? validation : fit;
    MlpFit result{fc1, fc2};
    Fitter fitter(fc1, fc2, activation);
    result.before = result.after = fitter.error(judge, rows, progress);
    fitter.fit(fit, rows, options, progress);
    const double after = fitter.error(judge, rows, progress);
    if (!(after < result.before)) // nor when it is not a number
        return result;
    result.after = after;
    std::array<Tensor, 4> weights = fitter.take();
    result.fc1.values = std::move(weights[0]);
    result.fc1.bias = std::move(weights[1]);
    result.fc2.values = std::move(weights[2]);
    result.fc2.bias = std::move(weights[3]);
    return result;
}

} // namespace edgeflex
