#include "engine/kernels/attention.h"

#include "engine/kernels/elementwise.h"
#include "kerneltesting.h"

#include <QTest>

#include <omp.h>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::vector<double> slowAttention(const AttentionShape &shape, const std::vector<float> &qkv)
{
    const auto at = [&](std::int64_t token, std::int64_t column) -> double {
        return qkv[static_cast<std::size_t>(token * shape.heads * (2 * shape.qkDim + shape.voDim) + column)];
    };
    std::vector<double> context(static_cast<std::size_t>(shape.tokens * shape.heads * shape.voDim), 0.0);
    for (std::int64_t head = 0; head < shape.heads; ++head) {
        for (std::int64_t query = 0; query < shape.tokens; ++query) {
            std::vector<double> weights;
            double sum = 0;
            for (std::int64_t key = 0; key < shape.tokens; ++key) {
                double score = 0;
                for (std::int64_t i = 0; i < shape.qkDim; ++i)
                    score += at(query, head * shape.qkDim + i) * at(key, (shape.heads + head) * shape.qkDim + i);
                weights.push_back(std::exp(score / std::sqrt(static_cast<double>(shape.headDim))));
                sum += weights.back();
            }
            for (std::int64_t key = 0; key < shape.tokens; ++key)
                for (std::int64_t i = 0; i < shape.voDim; ++i)
                    context[static_cast<std::size_t>((query * shape.heads + head) * shape.voDim + i)] +=
                        weights[static_cast<std::size_t>(key)] / sum *
                        at(key, 2 * shape.heads * shape.qkDim + head * shape.voDim + i);
        }
    }
    return context;
}

constexpr std::ptrdiff_t guard = 64; // bytes before and after the scratch that must stay as they are
constexpr std::byte mark{0x5a};

std::vector<std::byte> scratchOf(const AttentionShape &shape, int threads)
{
    const std::int64_t bytes = attentionScratchBytes(shape.tokens, shape.qkDim, shape.voDim, threads, shape.bfloat16);
    return std::vector<std::byte>(static_cast<std::size_t>(bytes + 2 * guard), mark);
}

bool untouched(const std::vector<std::byte> &scratch)
{
    const auto isMark = [](std::byte byte) {
        return byte == mark;
    };
    return std::all_of(scratch.begin(), scratch.begin() + guard, isMark) &&
           std::all_of(scratch.end() - guard, scratch.end(), isMark);
}

} // namespace

class TestAttention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsDefinition_data();
    void equalsDefinition();
    void bfloat16EqualsDefinition_data() { equalsDefinition_data(); }
    void bfloat16EqualsDefinition();
    void eagerStepsEqualFused();
    void scoresAreScaled();
};

void TestAttention::equalsDefinition_data()
{
    QTest::addColumn<int>("tokens");
    QTest::addColumn<int>("heads");
    QTest::addColumn<int>("qkDim");
    QTest::addColumn<int>("voDim");
    QTest::addColumn<int>("threads");
    QTest::newRow("one token") << 1 << 1 << 1 << 1 << 1;
    QTest::newRow("fewer tokens than threads") << 2 << 3 << 5 << 5 << 2;
    QTest::newRow("heads divide") << 17 << 4 << 16 << 16 << 2;
    QTest::newRow("heads do not divide") << 50 << 3 << 64 << 64 << 2;
    QTest::newRow("more threads than heads") << 65 << 3 << 24 << 24 << 8;
    QTest::newRow("one thread") << 65 << 2 << 33 << 33 << 1;
    QTest::newRow("fewer queries") << 50 << 3 << 16 << 64 << 2;
    QTest::newRow("fewer values") << 50 << 3 << 64 << 16 << 2;
    QTest::newRow("both, unequal") << 21 << 5 << 24 << 8 << 2;
}

void TestAttention::equalsDefinition()
{
    QFETCH(int, tokens);
    QFETCH(int, heads);
    QFETCH(int, qkDim);
    QFETCH(int, voDim);
    QFETCH(int, threads);
    Random random(1);
    const AttentionShape shape{tokens, heads, qkDim, voDim, 64};
    const std::vector<float> qkv = random.normals(tokens * shape.qkvWidth());
    const std::vector<double> expected = slowAttention(shape, qkv);
    for (const SimdKernels *set : availableKernels()) {
        std::vector<float> context(expected.size());
        std::vector<std::byte> scratch = scratchOf(shape, threads);
        attention(shape, qkv.data(), context.data(), threads, scratch.data() + guard, *set);
        QVERIFY2(relativeError(context.data(), expected) < 2e-6, set->name);
        QVERIFY(untouched(scratch));
    }
}

// Queries and keys that BF16 holds exactly, so that scores, and with them the softmax, are known; what is left is the
// rounding of probabilities and values, 2^-9 each.
void TestAttention::bfloat16EqualsDefinition()
{
    QFETCH(int, tokens);
    QFETCH(int, heads);
    QFETCH(int, qkDim);
    QFETCH(int, voDim);
    QFETCH(int, threads);
    Random random(3);
    const AttentionShape shape{tokens, heads, qkDim, voDim, 64, true};
    std::vector<float> qkv = random.normals(tokens * shape.qkvWidth());
    for (std::int64_t token = 0; token < tokens; ++token)
        for (std::int64_t i = 0; i < 2 * shape.qkWidth(); ++i) {
            float &value = qkv[static_cast<std::size_t>(token * shape.qkvWidth() + i)];
            value = bfloat16ToFloat(floatToBfloat16(value));
        }
    const std::vector<double> expected = slowAttention(shape, qkv);
    int sets = 0;
    for (const SimdKernels *set : availableKernels()) {
        if (!set->bfloat16Panel)
            continue;
        ++sets;
        std::vector<float> context(expected.size());
        std::vector<std::byte> scratch = scratchOf(shape, threads);
        attention(shape, qkv.data(), context.data(), threads, scratch.data() + guard, *set);
        QVERIFY2(relativeError(context.data(), expected) < 4e-3, set->name);
        QVERIFY(untouched(scratch));
    }
    if (sets == 0)
        QSKIP("this CPU has no BF16 products");
}

void TestAttention::eagerStepsEqualFused()
{
    omp_set_num_threads(2);
    Random random(2);
    const AttentionShape shape{50, 3, 64, 48, 64};
    const std::vector<float> qkv = random.normals(50 * 3 * (2 * 64 + 48));
    std::vector<float> fused(50 * 3 * 48);
    std::vector<std::byte> scratch = scratchOf(shape, 2);
    attention(shape, qkv.data(), fused.data(), 2, scratch.data() + guard);
    std::vector<float> scores(3 * 50 * 50);
    attentionScores(shape, qkv.data(), scores.data(), 2, scratch.data() + guard);
    softmax(scores.data(), 3 * 50, 50, scores.data());
    std::vector<float> eager(fused.size());
    attentionContext(shape, scores.data(), qkv.data(), eager.data(), 2);
    const std::vector<double> expected(fused.begin(), fused.end());
    QVERIFY(relativeError(eager.data(), expected) < 1e-6);
}

void TestAttention::scoresAreScaled()
{
    const AttentionShape whole{1, 1, 4, 4, 4};
    const std::vector<float> qkv{1, 2, 3, 4, 1, 1, 1, 1, 0, 0, 0, 0};
    std::vector<std::byte> keys(static_cast<std::size_t>(scoresScratchBytes(1, 4, 1)));
    float score = 0;
    attentionScores(whole, qkv.data(), &score, 1, keys.data());
    QCOMPARE(score, 5.0F); // (1 + 2 + 3 + 4) / sqrt(4)
    const AttentionShape pruned{1, 1, 2, 2, 4};
    attentionScores(pruned, qkv.data(), &score, 1, keys.data()); // queries 1, 2, keys 3, 4
    QCOMPARE(score, 5.5F);                                       // (1 * 3 + 2 * 4) / sqrt(4) still
}

QTEST_APPLESS_MAIN(TestAttention)
#include "tst_attention.moc"
