#include "engine/kernels/attention.h"

#include "engine/kernels/elementwise.h"
#include "engine/tensor/hostallocator.h"
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

} // namespace

class TestAttention : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsDefinition_data();
    void equalsDefinition();
    void eagerStepsEqualFused();
    void scoresAreScaled();
    void scratchIsAsPredicted_data() { equalsDefinition_data(); }
    void scratchIsAsPredicted();
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
    std::vector<float> context(static_cast<std::size_t>(tokens * shape.voWidth()));
    attention(shape, qkv.data(), context.data(), threads);
    QVERIFY(relativeError(context.data(), slowAttention(shape, qkv)) < 2e-6);
}

void TestAttention::eagerStepsEqualFused()
{
    omp_set_num_threads(2);
    Random random(2);
    const AttentionShape shape{50, 3, 64, 48, 64};
    const std::vector<float> qkv = random.normals(50 * 3 * (2 * 64 + 48));
    std::vector<float> fused(50 * 3 * 48);
    attention(shape, qkv.data(), fused.data(), 2);
    std::vector<float> scores(3 * 50 * 50);
    attentionScores(shape, qkv.data(), scores.data());
    softmax(scores.data(), 3 * 50, 50, scores.data());
    std::vector<float> eager(fused.size());
    attentionContext(shape, scores.data(), qkv.data(), eager.data());
    const std::vector<double> expected(fused.begin(), fused.end());
    QVERIFY(relativeError(eager.data(), expected) < 1e-6);
}

void TestAttention::scoresAreScaled()
{
    const AttentionShape whole{1, 1, 4, 4, 4};
    const std::vector<float> qkv{1, 2, 3, 4, 1, 1, 1, 1, 0, 0, 0, 0};
    float score = 0;
    attentionScores(whole, qkv.data(), &score);
    QCOMPARE(score, 5.0F); // (1 + 2 + 3 + 4) / sqrt(4)
    const AttentionShape pruned{1, 1, 2, 2, 4};
    attentionScores(pruned, qkv.data(), &score); // queries 1, 2, keys 3, 4
    QCOMPARE(score, 5.5F);                       // (1 * 3 + 2 * 4) / sqrt(4) still
}

void TestAttention::scratchIsAsPredicted()
{
    QFETCH(int, tokens);
    QFETCH(int, heads);
    QFETCH(int, qkDim);
    QFETCH(int, voDim);
    QFETCH(int, threads);
    const AttentionShape shape{tokens, heads, qkDim, voDim, 64};
    const std::vector<float> qkv(static_cast<std::size_t>(tokens * shape.qkvWidth()), 0.5F);
    std::vector<float> context(static_cast<std::size_t>(tokens * shape.voWidth()));
    hostallocator::resetPeak();
    const std::int64_t before = hostallocator::liveBytes();
    attention(shape, qkv.data(), context.data(), threads);
    QCOMPARE(hostallocator::peakBytes() - before, attentionScratchBytes(shape, threads));
    QCOMPARE(hostallocator::liveBytes(), before);
    QCOMPARE(attentionScratchBytes(shape, threads),
             std::min(heads, threads) * hostallocator::roundedBytes(4 * static_cast<std::int64_t>(tokens) * tokens));
}

QTEST_APPLESS_MAIN(TestAttention)
#include "tst_attention.moc"
