#include "engine/profile/linearstatistics.h"
#include "plan/error.h"

#include <QTest>

using namespace edgeflex;

namespace {

// E[x] and E[x x^T] of pairs of values.
Moments momentsOf(const std::vector<std::pair<double, double>> &tokens)
{
    Moments moments{static_cast<std::int64_t>(tokens.size()), {0, 0}, {0, 0, 0, 0}};
    for (const auto &[a, b] : tokens) {
        const double share = 1.0 / static_cast<double>(tokens.size());
        moments.mean[0] += share * a;
        moments.mean[1] += share * b;
        moments.gram[0] += share * a * a;
        moments.gram[1] += share * a * b;
        moments.gram[2] += share * a * b;
        moments.gram[3] += share * b * b;
    }
    return moments;
}

} // namespace

class TestLinearStatistics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void combiningEqualsTakingAllTokens()
    {
        const Moments combined = combine(momentsOf({{1, 2}, {3, -4}, {5, 0}}), momentsOf({{-7, 2}}));
        const Moments expected = momentsOf({{1, 2}, {3, -4}, {5, 0}, {-7, 2}});
        QCOMPARE(combined.tokens, std::int64_t(4));
        for (std::size_t i = 0; i < 2; ++i)
            QVERIFY(std::abs(combined.mean[i] - expected.mean[i]) < 1e-12);
        for (std::size_t i = 0; i < 4; ++i)
            QVERIFY(std::abs(combined.gram[i] - expected.gram[i]) < 1e-12);
    }

    void emptyIsNeutral()
    {
        const Moments some = momentsOf({{1, 2}, {3, 4}});
        for (const Moments &same : {combine(some, {}), combine({}, some)}) {
            QCOMPARE(same.tokens, some.tokens);
            QCOMPARE(same.mean, some.mean);
            QCOMPARE(same.gram, some.gram);
        }
        QCOMPARE(combine({}, {}).tokens, std::int64_t(0));
        LinearStatistics statistics;
        statistics.fit = some;
        QCOMPARE(statistics.all().gram, some.gram);
    }

    void gramOfSomeTokensIsNotKept()
    {
        Moments meanOnly = momentsOf({{1, 2}});
        meanOnly.gram.clear();
        const Moments combined = combine(momentsOf({{3, 4}}), meanOnly);
        QCOMPARE(combined.mean, (std::vector<double>{2, 3}));
        QVERIFY(combined.gram.empty());
    }

    void differentWidthsAreRefused()
    {
        const Moments wide{1, {1, 2, 3}, {}};
        QVERIFY_EXCEPTION_THROWN(combine(momentsOf({{1, 2}}), wide), Error);
    }
};

QTEST_APPLESS_MAIN(TestLinearStatistics)
#include "tst_linearstatistics.moc"
