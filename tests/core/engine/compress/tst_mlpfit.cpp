#include "engine/compress/mlpfit.h"

#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

constexpr std::int64_t width = 12;

// An MLP from random weights of about unit gain.
struct Mlp
{
    LinearWeights fc1;
    LinearWeights fc2;
};

LinearWeights layer(const char *name, std::int64_t outputs, std::int64_t inputs, std::mt19937 &random)
{
    std::normal_distribution<float> normal(0.0F, 1.0F / std::sqrt(static_cast<float>(inputs)));
    std::vector<float> values(static_cast<std::size_t>(outputs * inputs));
    std::vector<float> bias(static_cast<std::size_t>(outputs));
    for (float &value : values)
        value = normal(random);
    for (float &value : bias)
        value = normal(random);
    LinearWeights weights;
    weights.spec.name = name;
    weights.spec.outFeatures = outputs;
    weights.spec.inFeatures = inputs;
    weights.values = Tensor::fromFloats({outputs, inputs}, values);
    weights.bias = Tensor::fromFloats({outputs}, bias);
    return weights;
}

Mlp randomMlp(std::int64_t hidden, unsigned seed)
{
    std::mt19937 random(seed);
    LinearWeights fc1 = layer("blocks.0.mlp.fc1", hidden, width, random);
    return {std::move(fc1), layer("blocks.0.mlp.fc2", width, hidden, random)};
}

double activate(double x, Activation activation)
{
    switch (activation) {
    case Activation::Gelu:
        return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0)));
    case Activation::GeluTanh:
        return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * x * x * x)));
    case Activation::QuickGelu:
        return x / (1 + std::exp(-1.702 * x));
    }
    return 0;
}

// What the MLP does, in double precision.
std::vector<double> outputsOf(const Mlp &mlp, const float *x, Activation activation)
{
    const std::int64_t hidden = mlp.fc1.spec.outFeatures;
    std::vector<double> y(static_cast<std::size_t>(width));
    for (std::int64_t d = 0; d < width; ++d)
        y[static_cast<std::size_t>(d)] = mlp.fc2.bias.floats()[d];
    for (std::int64_t j = 0; j < hidden; ++j) {
        double sum = mlp.fc1.bias.floats()[j];
        for (std::int64_t k = 0; k < width; ++k)
            sum += static_cast<double>(mlp.fc1.values.floats()[j * width + k]) * x[k];
        const double value = activate(sum, activation);
        for (std::int64_t d = 0; d < width; ++d)
            y[static_cast<std::size_t>(d)] += mlp.fc2.values.floats()[d * hidden + j] * value;
    }
    return y;
}

MlpTokens tokensOf(const Mlp &mlp, std::int64_t count, unsigned seed, Activation activation = Activation::Gelu)
{
    const Tokens inputs = makeTokens(count, width, seed, 0.2);
    MlpTokens tokens;
    tokens.width = width;
    tokens.inputs = inputs.values;
    tokens.weights.assign(static_cast<std::size_t>(count), 1.0F);
    for (std::int64_t t = 0; t < count; ++t)
        for (const double value : outputsOf(mlp, inputs.row(t), activation))
            tokens.outputs.push_back(static_cast<float>(value));
    return tokens;
}

// Mean square error as a share of the outputs' mean square.
double errorOf(const Mlp &mlp, const MlpTokens &tokens, Activation activation = Activation::Gelu)
{
    double sum = 0;
    double whole = 0;
    for (std::int64_t t = 0; t < tokens.count(); ++t) {
        const std::vector<double> y = outputsOf(mlp, tokens.inputs.data() + t * width, activation);
        for (std::int64_t d = 0; d < width; ++d) {
            const double wanted = tokens.outputs[static_cast<std::size_t>(t * width + d)];
            sum += std::pow(y[static_cast<std::size_t>(d)] - wanted, 2);
            whole += wanted * wanted;
        }
    }
    return sum / whole;
}

// The MLP with every weight moved by a random share of it.
Mlp disturbed(Mlp mlp, double share)
{
    std::mt19937 random(99);
    std::normal_distribution<double> normal;
    for (Tensor *tensor : {&mlp.fc1.values, &mlp.fc1.bias, &mlp.fc2.values, &mlp.fc2.bias}) {
        *tensor = tensor->clone();
        for (std::int64_t i = 0; i < tensor->elements(); ++i)
            tensor->floats()[i] *= static_cast<float>(1 + share * normal(random));
    }
    return mlp;
}

// Without its last channels.
Mlp narrowed(const Mlp &mlp, std::int64_t hidden)
{
    Mlp result = mlp;
    result.fc1.spec.outFeatures = result.fc2.spec.inFeatures = hidden;
    result.fc1.values = Tensor::allocate(DType::F32, {hidden, width});
    result.fc1.bias = Tensor::allocate(DType::F32, {hidden});
    result.fc2.values = Tensor::allocate(DType::F32, {width, hidden});
    for (std::int64_t j = 0; j < hidden; ++j) {
        result.fc1.bias.floats()[j] = mlp.fc1.bias.floats()[j];
        for (std::int64_t k = 0; k < width; ++k) {
            result.fc1.values.floats()[j * width + k] = mlp.fc1.values.floats()[j * width + k];
            result.fc2.values.floats()[k * hidden + j] = mlp.fc2.values.floats()[k * mlp.fc1.spec.outFeatures + j];
        }
    }
    return result;
}

MlpFitOptions manyPasses()
{
    MlpFitOptions options;
    options.passes = 150;
    return options;
}

class Cancelling : public NoProgress
{
public:
    bool cancelled() const override { return true; }
};

} // namespace

class TestMlpFit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The weights that the outputs were made with are there to be found, so the error of disturbed ones nearly goes.
    void findsTheWayBack_data()
    {
        QTest::addColumn<int>("activation");
        QTest::newRow("gelu") << int(Activation::Gelu);
        QTest::newRow("gelu by tanh") << int(Activation::GeluTanh);
        QTest::newRow("quick gelu") << int(Activation::QuickGelu);
    }
    void findsTheWayBack()
    {
        QFETCH(int, activation);
        const auto function = static_cast<Activation>(activation);
        const Mlp truth = randomMlp(16, 1);
        const Mlp start = disturbed(truth, 0.15);
        const MlpTokens held = tokensOf(truth, 600, 3, function);
        const MlpFit fit =
            fitMlp(start.fc1, start.fc2, function, tokensOf(truth, 4000, 2, function), held, manyPasses());
        QVERIFY(fit.before > 0.01);
        QVERIFY2(fit.after < 0.02 * fit.before, QByteArray::number(fit.after / fit.before).constData());
        QVERIFY(std::fabs(fit.before / errorOf(start, held, function) - 1) < 1e-3);
        QVERIFY(std::fabs(fit.after / errorOf({fit.fc1, fit.fc2}, held, function) - 1) < 1e-2);
    }

    // Biases that are all zero have no size of their own to step by.
    void zeroBiasesMove()
    {
        const Mlp truth = randomMlp(16, 1);
        Mlp start = truth;
        start.fc1.bias = Tensor::zeros(DType::F32, {16});
        start.fc2.bias = Tensor::zeros(DType::F32, {width});
        const MlpFit fit = fitMlp(start.fc1, start.fc2, Activation::Gelu, tokensOf(truth, 4000, 2),
                                  tokensOf(truth, 600, 3), manyPasses());
        QVERIFY2(fit.after < 0.1 * fit.before, QByteArray::number(fit.after / fit.before).constData());
    }

    // Channels that went are made up for by moving those that stayed, on tokens that were not fitted to.
    void standsInForLostChannels()
    {
        const Mlp wide = randomMlp(32, 4);
        const Mlp narrow = narrowed(wide, 24);
        const MlpTokens held = tokensOf(wide, 600, 6);
        const MlpFit fit =
            fitMlp(narrow.fc1, narrow.fc2, Activation::Gelu, tokensOf(wide, 4000, 5), held, manyPasses());
        QVERIFY2(fit.after < 0.25 * fit.before, QByteArray::number(fit.after / fit.before).constData());
        QCOMPARE(fit.fc1.spec, narrow.fc1.spec);
        QCOMPARE(fit.fc2.spec, narrow.fc2.spec);
    }

    void whatIsRightStays()
    {
        const Mlp truth = randomMlp(16, 1);
        const MlpFit fit = fitMlp(truth.fc1, truth.fc2, Activation::Gelu, tokensOf(truth, 2000, 2),
                                  tokensOf(truth, 200, 3), manyPasses());
        QCOMPARE(fit.after, fit.before);
        QVERIFY(fit.fc1.values.sameBytes(truth.fc1.values));
        QVERIFY(fit.fc2.values.sameBytes(truth.fc2.values));
        QVERIFY(fit.fc1.bias.sameBytes(truth.fc1.bias));
        QVERIFY(fit.fc2.bias.sameBytes(truth.fc2.bias));
    }

    // The fit may not follow tokens at the cost of those that validate.
    void nothingChangesWhenValidationGetsWorse()
    {
        const Mlp truth = randomMlp(16, 1);
        const Mlp other = randomMlp(16, 8);
        const MlpFit fit = fitMlp(truth.fc1, truth.fc2, Activation::Gelu, tokensOf(other, 2000, 2),
                                  tokensOf(truth, 200, 3), manyPasses());
        QCOMPARE(fit.after, fit.before);
        QVERIFY(fit.fc1.values.sameBytes(truth.fc1.values));
    }

    void tokensCountByTheirWeight()
    {
        const Mlp truth = randomMlp(16, 1);
        const Mlp start = disturbed(truth, 0.15);
        MlpTokens tokens = tokensOf(truth, 4000, 2);
        for (std::size_t t = 0; t < 4000; t += 2) {
            tokens.weights[t] = 0;
            for (std::size_t d = 0; d < width; ++d)
                tokens.outputs[t * width + d] = 100; // nobody may look
        }
        const MlpFit fit =
            fitMlp(start.fc1, start.fc2, Activation::Gelu, tokens, tokensOf(truth, 600, 3), manyPasses());
        QVERIFY2(fit.after < 0.05 * fit.before, QByteArray::number(fit.after / fit.before).constData());
    }

    void sameTokensGiveTheSameWeights()
    {
        const Mlp truth = randomMlp(16, 1);
        const Mlp start = disturbed(truth, 0.15);
        const MlpTokens tokens = tokensOf(truth, 1000, 2);
        const MlpTokens held = tokensOf(truth, 100, 3);
        const MlpFit once = fitMlp(start.fc1, start.fc2, Activation::Gelu, tokens, held, {});
        const MlpFit again = fitMlp(start.fc1, start.fc2, Activation::Gelu, tokens, held, {});
        QVERIFY(once.after < once.before);
        QVERIFY(once.fc1.values.sameBytes(again.fc1.values));
        QVERIFY(once.fc2.values.sameBytes(again.fc2.values));
        // The layers that were given are as they were.
        QVERIFY(start.fc1.values.sameBytes(disturbed(truth, 0.15).fc1.values));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::addColumn<QString>("message");
        QTest::newRow("widths") << "widths"
                                << "blocks.0.mlp.fc1 and blocks.0.mlp.fc2 are no MLP";
        QTest::newRow("bias") << "bias"
                              << "blocks.0.mlp.fc1 has no bias";
        QTest::newRow("tokens") << "tokens"
                                << "tokens of another width";
        QTest::newRow("none") << "none"
                              << "without tokens";
        QTest::newRow("format") << "format"
                                << "start from the FP32 model";
    }
    void refuses()
    {
        QFETCH(QString, fault);
        QFETCH(QString, message);
        Mlp mlp = randomMlp(16, 1);
        MlpTokens tokens = tokensOf(mlp, 100, 2);
        const MlpTokens held = tokensOf(mlp, 10, 3);
        if (fault == "widths")
            mlp.fc2 = randomMlp(20, 1).fc2;
        if (fault == "bias")
            mlp.fc1.bias = {};
        if (fault == "tokens")
            tokens.outputs.pop_back();
        if (fault == "none") {
            tokens = {};
            tokens.width = width;
        }
        if (fault == "format")
            mlp.fc1 = castWeights(mlp.fc1, NumberFormat::Bf16);
        try {
            fitMlp(mlp.fc1, mlp.fc2, Activation::Gelu, tokens, held, {});
            QFAIL("accepted");
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains(message), error.what());
        }
    }

    void isCancelled()
    {
        const Mlp mlp = randomMlp(16, 1);
        const MlpTokens tokens = tokensOf(mlp, 100, 2);
        QVERIFY_THROWS_EXCEPTION(Cancelled,
                                 fitMlp(mlp.fc1, mlp.fc2, Activation::Gelu, tokens, tokens, {}, Cancelling()));
    }
};

QTEST_APPLESS_MAIN(TestMlpFit)
#include "tst_mlpfit.moc"
