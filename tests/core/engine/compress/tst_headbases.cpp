#include "engine/compress/headbases.h"

#include "engine/compress/pruning.h"
#include "engine/compress/refit.h"
#include "engine/kernels/attention.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "reference/cancelling.h"
#include "syntheticlayer.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

constexpr HeadDims dims{3, 8, 8};
constexpr std::int64_t width = 24; // of the tokens

// An attention whose heads need all dimensions, or only `rank` of the eight.
struct Attention
{
    LinearWeights qkv;
    LinearWeights proj;
};

// [3 * 8, columns], of `rank` within every head.
std::vector<float> headRows(std::int64_t columns, std::int64_t rank, unsigned seed)
{
    const std::vector<float> rows = normals(dims.heads * 8 * columns, seed, 0.3F);
    if (rank == 8)
        return rows;
    std::vector<float> result(rows.size(), 0.0F);
    const std::vector<float> mixture = normals(dims.heads * 8 * rank, seed + 100, 0.7F);
    for (std::int64_t row = 0; row < dims.heads * 8; ++row)
        for (std::int64_t i = 0; i < rank; ++i)
            for (std::int64_t c = 0; c < columns; ++c)
                result[static_cast<std::size_t>(row * columns + c)] +=
                    mixture[static_cast<std::size_t>(row * rank + i)] *
                    rows[static_cast<std::size_t>((row / 8 * 8 + i) * columns + c)];
    return result;
}

Attention makeAttention(std::int64_t rank, bool bias = true, unsigned seed = 1)
{
    std::vector<float> values = headRows(width, 8, seed); // queries
    for (const unsigned part : {1U, 2U}) {                // keys and values
        const std::vector<float> rows = headRows(width, rank, seed + part);
        values.insert(values.end(), rows.begin(), rows.end());
    }
    std::vector<float> shift;
    if (bias) {
        shift = normals(3 * 24, seed + 5, 0.5F);
        if (rank < 8)
            std::fill(shift.begin() + 24, shift.end(), 0.0F); // which would be another dimension
    }
    Attention result{linearOf(3 * 24, width, values, shift), randomLinear(width, 24, seed + 7, bias)};
    result.qkv.spec.name = "blocks.0.attn.qkv";
    result.proj.spec.name = "blocks.0.attn.proj";
    return result;
}

Tokens outputsOf(const LinearWeights &layer, const Tokens &tokens)
{
    Tokens result{tokens.count, layer.spec.outFeatures, {}};
    for (std::int64_t t = 0; t < tokens.count; ++t)
        for (std::int64_t n = 0; n < layer.spec.outFeatures; ++n) {
            double sum = layer.bias.empty() ? 0 : layer.bias.floats()[n];
            for (std::int64_t k = 0; k < tokens.features; ++k)
                sum += static_cast<double>(layer.values.floats()[n * tokens.features + k]) * tokens.row(t)[k];
            result.values.push_back(static_cast<float>(sum));
        }
    return result;
}

// proj's inputs, with the tokens as those of one image.
Tokens contextOf(const LinearWeights &qkv, const Tokens &tokens, const HeadDims &left)
{
    const AttentionShape shape{tokens.count, left.heads, left.qk, left.vo, dims.qk};
    const Tokens projected = outputsOf(qkv, tokens);
    Tokens context{tokens.count, shape.voWidth(),
                   std::vector<float>(static_cast<std::size_t>(tokens.count * shape.voWidth()))};
    std::vector<std::byte> scratch(
        static_cast<std::size_t>(attentionScratchBytes(shape.tokens, shape.qkDim, shape.voDim, 1)));
    attention(shape, projected.values.data(), context.values.data(), 1, scratch.data());
    return context;
}

double relativeError(const std::vector<float> &a, const std::vector<float> &b)
{
    double difference = 0;
    double size = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference += std::pow(static_cast<double>(a[i]) - b[i], 2);
        size += std::pow(static_cast<double>(a[i]), 2);
    }
    return a.size() == b.size() ? std::sqrt(difference / size) : std::numeric_limits<double>::infinity();
}

// Of the attention's output when it is cut down to `left` in its bases and nothing is refitted.
double errorOf(const Attention &attention, const HeadBases &bases, const HeadDims &left, const Tokens &tokens)
{
    const LinearWeights qkv = keepOutputs(qkvInBases(attention.qkv, bases), keptQkvRows(dims, left));
    const LinearWeights proj = keepInputs(projInBases(attention.proj, bases), keptProjColumns(dims, left));
    return relativeError(outputsOf(attention.proj, contextOf(attention.qkv, tokens, dims)).values,
                         outputsOf(proj, contextOf(qkv, tokens, left)).values);
}

HeadBases basesOf(const Attention &attention, const Tokens &tokens)
{
    return headBases(attention.qkv, attention.proj, dims, statisticsOf(tokens),
                     statisticsOf(contextOf(attention.qkv, tokens, dims)));
}

} // namespace

class TestHeadBases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allDimensionsAreTheSameFunction_data()
    {
        QTest::addColumn<int>("rank");
        QTest::addColumn<bool>("bias");
        QTest::newRow("full") << 8 << true;
        QTest::newRow("without biases") << 8 << false;
        QTest::newRow("low rank") << 3 << true;
    }
    void allDimensionsAreTheSameFunction()
    {
        QFETCH(int, rank);
        QFETCH(bool, bias);
        const Attention attention = makeAttention(rank, bias);
        const Tokens tokens = makeTokens(60, width, 3);
        QVERIFY(errorOf(attention, basesOf(attention, tokens), dims, tokens) < 2e-5);
    }

    // Nothing is lost where there was nothing, on tokens never seen.
    void lowRanksAreFound()
    {
        const Attention attention = makeAttention(3);
        const HeadBases bases = basesOf(attention, makeTokens(300, width, 3));
        const Tokens others = makeTokens(50, width, 4);
        QVERIFY(bases.qkError[3] < 1e-5);
        QVERIFY(bases.voError[3] < 1e-5);
        QVERIFY(bases.qkError[2] > 1e-3);
        QVERIFY(bases.voError[2] > 1e-3);
        const double whole = errorOf(attention, bases, {3, 3, 3}, others);
        QVERIFY2(whole < 2e-3, QByteArray::number(whole).constData());
        QVERIFY(errorOf(attention, bases, {3, 2, 3}, others) > 10 * whole);
        QVERIFY(errorOf(attention, bases, {3, 3, 2}, others) > 10 * whole);
    }

    void errorsFallWithTheDimensions()
    {
        const Attention attention = makeAttention(8);
        const HeadBases bases = basesOf(attention, makeTokens(300, width, 3));
        for (const std::vector<double> *error : {&bases.qkError, &bases.voError}) {
            QCOMPARE(error->size(), std::size_t(9));
            QCOMPARE(error->front(), 1.0);
            QCOMPARE(error->back(), 0.0);
            for (std::size_t i = 1; i < error->size(); ++i)
                QVERIFY((*error)[i] < (*error)[i - 1]);
        }
    }

    // The scores' error is what it is said to be, over all pairs of tokens, and least.
    void scoreErrorIsTheTokens()
    {
        const Attention attention = makeAttention(8);
        const Tokens tokens = makeTokens(200, width, 3);
        const HeadBases bases = basesOf(attention, tokens);
        const auto scores = [&](const LinearWeights &qkv, std::int64_t dim, std::int64_t offset) {
            const Tokens rows = outputsOf(qkv, tokens);
            const std::int64_t all = qkv.spec.outFeatures;
            const std::int64_t keys = (all - 24) / 2;
            std::vector<double> mean(static_cast<std::size_t>(keys));
            for (std::int64_t t = 0; t < 200; ++t)
                for (std::int64_t i = 0; i < keys; ++i)
                    mean[static_cast<std::size_t>(i)] += rows.row(t)[keys + i] / 200.0;
            std::vector<float> result;
            for (std::int64_t head = 0; head < 3; ++head)
                for (std::int64_t i = 0; i < 200; ++i)
                    for (std::int64_t j = 0; j < 200; ++j) {
                        double sum = 0;
                        for (std::int64_t d = offset; d < offset + dim; ++d) {
                            const std::int64_t at = head * keys / 3 + d;
                            sum += rows.row(i)[at] * (rows.row(j)[keys + at] - mean[static_cast<std::size_t>(at)]);
                        }
                        result.push_back(static_cast<float>(sum));
                    }
            return result;
        };
        const std::vector<float> truth = scores(attention.qkv, 8, 0);
        const LinearWeights changed = qkvInBases(attention.qkv, bases);
        for (const std::int64_t dim : {2, 5, 7}) {
            const double error = std::pow(relativeError(truth, scores(changed, dim, 0)), 2);
            QVERIFY(std::abs(error - bases.qkError[static_cast<std::size_t>(dim)]) < 1e-4);
            // Neither as many dimensions as they were nor other ones of the bases do as well.
            QVERIFY(error < std::pow(relativeError(truth, scores(attention.qkv, dim, 0)), 2));
            QVERIFY(error < std::pow(relativeError(truth, scores(changed, dim, 8 - dim)), 2));
        }
    }

    // Queries of class tokens, which look elsewhere than the others, are kept better once they are known apart.
    void classTokensCountAsMuchAsAll()
    {
        const Attention attention = makeAttention(8);
        const Tokens tokens = makeTokens(300, width, 3);
        Tokens classTokens = makeTokens(40, width, 5);
        const std::vector<float> others = classTokens.values;
        for (std::size_t i = 0; i < others.size(); ++i) // channels mirrored: another distribution
            classTokens.values[i] = 2 * others[i / width * width + (width - 1 - i % width)];
        LinearStatistics input = statisticsOf(tokens);
        const LinearStatistics projInput = statisticsOf(contextOf(attention.qkv, tokens, dims));
        const HeadBases without = headBases(attention.qkv, attention.proj, dims, input, projInput);
        input.classTokens = momentsOf(classTokens);
        const HeadBases with = headBases(attention.qkv, attention.proj, dims, input, projInput);
        // Of the class tokens' scores, but for what all of a query's have in common: softmax sees no more.
        const auto scores = [&](const LinearWeights &qkv, std::int64_t dim) {
            const Tokens queries = outputsOf(qkv, classTokens);
            const Tokens keys = outputsOf(qkv, tokens);
            std::vector<float> result;
            for (std::int64_t head = 0; head < 3; ++head)
                for (std::int64_t i = 0; i < queries.count; ++i) {
                    std::vector<double> row;
                    double mean = 0;
                    for (std::int64_t j = 0; j < keys.count; ++j) {
                        double sum = 0;
                        for (std::int64_t d = head * dim; d < (head + 1) * dim; ++d)
                            sum += static_cast<double>(queries.row(i)[d]) * keys.row(j)[3 * dim + d];
                        row.push_back(sum);
                        mean += sum / static_cast<double>(keys.count);
                    }
                    for (const double score : row)
                        result.push_back(static_cast<float>(score - mean));
                }
            return result;
        };
        const std::vector<float> truth = scores(attention.qkv, 8);
        for (const std::int64_t dim : {3, 5}) {
            const auto error = [&](const HeadBases &bases) {
                const std::vector<std::int64_t> rows = keptQkvRows(dims, {3, dim, 8});
                return relativeError(truth, scores(keepOutputs(qkvInBases(attention.qkv, bases), rows), dim));
            };
            QVERIFY(error(with) < error(without));
        }
        QCOMPARE(with.values, without.values);
    }

    void keysHaveNoBias()
    {
        const Attention attention = makeAttention(8);
        const LinearWeights changed = qkvInBases(attention.qkv, basesOf(attention, makeTokens(60, width, 3)));
        for (std::int64_t i = 24; i < 48; ++i)
            QCOMPARE(changed.bias.floats()[i], 0.0F);
        QVERIFY(qkvInBases(makeAttention(8, false).qkv, basesOf(attention, makeTokens(60, width, 3))).bias.empty());
    }

    // Refitted, the dimensions that come first lose less than as many of the old ones.
    void valuesInBasesBeatTheOldOnes()
    {
        const Attention attention = makeAttention(8);
        const LinearStatistics before = statisticsOf(contextOf(attention.qkv, makeTokens(400, width, 3), dims));
        const HeadBases bases = basesOf(attention, makeTokens(400, width, 3));
        const LinearStatistics after = projInputInBases(before, bases);
        const LinearWeights proj = projInBases(attention.proj, bases);
        double last = 0;
        for (const std::int64_t dim : {7, 6, 4, 2}) {
            const std::vector<std::int64_t> columns = keptProjColumns(dims, {3, 8, dim});
            const double error = refitInputs(proj, after, columns).error.refit;
            QVERIFY(error < refitInputs(attention.proj, before, columns).error.refit);
            QVERIFY(error > last);
            last = error;
        }
    }

    // The head by which least is lost goes first, and what is said to be lost is what a refit loses.
    void headsComeInTheOrderOfWhatTheyMatter()
    {
        const Attention attention = makeAttention(8);
        const LinearStatistics before = statisticsOf(contextOf(attention.qkv, makeTokens(400, width, 3), dims));
        const HeadBases bases = basesOf(attention, makeTokens(400, width, 3));
        QCOMPARE(bases.headError.size(), std::size_t(4));
        QCOMPARE(bases.headError.front(), 1.0);
        QCOMPARE(bases.headError.back(), 0.0);
        RefitOptions options;
        options.rhoWithoutValidation = 1e-9;
        const LinearStatistics after = projInputInBases(before, bases);
        const LinearWeights proj = projInBases(attention.proj, bases);
        for (const int left : {1, 2}) {
            const double error = refitInputs(proj, after, keptProjColumns(dims, {left, 8, 8}), options).error.refit;
            QVERIFY(std::abs(error - bases.headError[static_cast<std::size_t>(left)]) < 1e-3);
        }
        for (int gone = 0; gone < 3; ++gone) {
            std::vector<std::int64_t> columns;
            for (std::int64_t i = 0; i < 24; ++i) {
                if (i / 8 != gone)
                    columns.push_back(i);
            }
            QVERIFY(refitInputs(attention.proj, before, columns, options).error.refit > bases.headError[2] - 1e-3);
        }
    }

    // Nothing is lost with a head that nothing is made of.
    void idleHeadsGo()
    {
        Attention attention = makeAttention(8);
        for (std::int64_t n = 0; n < width; ++n)
            std::fill_n(attention.proj.values.floats() + n * 24 + 8, 8, 0.0F);
        const HeadBases bases = basesOf(attention, makeTokens(300, width, 3));
        QCOMPARE(bases.order.back(), 1);
        QVERIFY(bases.headError[2] < 1e-9);
        const Tokens others = makeTokens(50, width, 4);
        QVERIFY(errorOf(attention, bases, {2, 8, 8}, others) < 2e-3);
        QVERIFY(errorOf(attention, bases, {1, 8, 8}, others) > 0.05);
    }

    void statisticsAreThoseOfTheNewValues()
    {
        const Attention attention = makeAttention(8);
        const Tokens tokens = makeTokens(90, width, 3);
        const HeadBases bases = basesOf(attention, tokens);
        const Tokens context = contextOf(qkvInBases(attention.qkv, bases), tokens, dims);
        const LinearStatistics is =
            projInputInBases(statisticsOf(contextOf(attention.qkv, tokens, dims),
                                          contextOf(attention.qkv, makeTokens(30, width, 4), dims)),
                             bases);
        const LinearStatistics should = statisticsOf(context);
        QCOMPARE(is.tokens, std::int64_t(120));
        QCOMPARE(is.validation.tokens, std::int64_t(30));
        for (std::size_t k = 0; k < 24; ++k) {
            QVERIFY(std::abs(is.fit.mean[k] - should.fit.mean[k]) < 1e-4);
            QVERIFY(is.meanAbs[k] > 0 && is.maxAbs[k] > is.meanAbs[k]);
            for (std::size_t j = 0; j < 24; ++j)
                QVERIFY(std::abs(is.fit.gram[k * 24 + j] - should.fit.gram[k * 24 + j]) <
                        1e-4 * (1 + std::abs(should.fit.gram[k * 24 + k])));
        }
    }

    void keptRowsAndColumns()
    {
        QCOMPARE(keptQkvRows({2, 3, 2}, {2, 1, 1}), (std::vector<std::int64_t>{0, 3, 6, 9, 12, 14}));
        QCOMPARE(keptProjColumns({2, 3, 2}, {2, 1, 1}), (std::vector<std::int64_t>{0, 2}));
        QCOMPARE(keptQkvRows({2, 3, 2}, {1, 2, 1}), (std::vector<std::int64_t>{0, 1, 6, 7, 12}));
        QCOMPARE(keptProjColumns({2, 3, 2}, {1, 3, 2}), (std::vector<std::int64_t>{0, 1}));
        QCOMPARE(keptQkvRows({1, 2, 2}, {1, 2, 2}), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5}));
    }

    void constantAndSilentInputs()
    {
        Attention attention = makeAttention(8);
        Tokens constant{20, width, std::vector<float>(20 * width, 0.5F)};
        const HeadBases bases = basesOf(attention, constant);
        QVERIFY(errorOf(attention, bases, dims, makeTokens(40, width, 3)) < 1e-3);
        std::fill(constant.values.begin(), constant.values.end(), 0.0F);
        QVERIFY(errorOf(attention, basesOf(attention, constant), dims, makeTokens(40, width, 3)) < 1e-3);
    }

    void misfitsAreNamed()
    {
        const Attention attention = makeAttention(8);
        const Tokens tokens = makeTokens(60, width, 3);
        const LinearStatistics qkvInput = statisticsOf(tokens);
        const LinearStatistics projInput = statisticsOf(contextOf(attention.qkv, tokens, dims));
        const auto failure = [&](const HeadDims &other, const LinearStatistics &a, const LinearStatistics &b) {
            try {
                headBases(attention.qkv, attention.proj, other, a, b);
            } catch (const Error &error) {
                return std::string(error.what());
            }
            return std::string();
        };
        QVERIFY(failure(dims, qkvInput, projInput).empty());
        QVERIFY(failure({4, 6, 6}, qkvInput, projInput).empty()); // as good a reading of the shapes
        QVERIFY(failure({3, 8, 7}, qkvInput, projInput).find("attn.qkv") != std::string::npos);
        QVERIFY(failure({0, 8, 8}, qkvInput, projInput).find("attn.qkv") != std::string::npos);
        QVERIFY(failure(dims, projInput, {}).find("attn.proj") != std::string::npos);
        LinearStatistics nan = projInput;
        nan.fit.gram[3] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY(failure(dims, qkvInput, nan).find("attn.proj") != std::string::npos);
        QVERIFY(failure(dims, nan, projInput).find("attn.qkv") != std::string::npos);
        LinearWeights half = castWeights(attention.qkv, NumberFormat::Fp16);
        QVERIFY_EXCEPTION_THROWN(headBases(half, attention.proj, dims, qkvInput, projInput), Error);
        QVERIFY_EXCEPTION_THROWN(headBases(attention.qkv, attention.proj, dims, qkvInput, projInput, Cancelling(2)),
                                 Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestHeadBases)
#include "tst_headbases.moc"
