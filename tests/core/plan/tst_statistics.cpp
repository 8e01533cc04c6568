#include "jsonchecks.h"

#include "plan/statistics.h"

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

bool near(double a, double b, double tolerance)
{
    return std::abs(a - b) <= tolerance;
}

} // namespace

class TestStatistics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Truths: statsmodels.stats.proportion.proportion_confint(method="wilson").
    void wilsonInterval_data()
    {
        QTest::addColumn<qint64>("correct");
        QTest::addColumn<qint64>("total");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("747 of 900") << qint64(747) << qint64(900) << 0.8040686349406125 << 0.8531262682175516;
        QTest::newRow("none of 10") << qint64(0) << qint64(10) << 0.0 << 0.27753279986288926;
        QTest::newRow("all of 10") << qint64(10) << qint64(10) << 0.7224672001371106 << 1.0;
        QTest::newRow("one of one") << qint64(1) << qint64(1) << 0.2065493143772374 << 1.0;
        QTest::newRow("9588 of 10000") << qint64(9588) << qint64(10000) << 0.9547251092569602 << 0.9625225338381069;
        QTest::newRow("5 of 20") << qint64(5) << qint64(20) << 0.11186170140766563 << 0.4687008776187441;
    }

    void wilsonInterval()
    {
        QFETCH(qint64, correct);
        QFETCH(qint64, total);
        QFETCH(double, low);
        QFETCH(double, high);
        const Proportion result = wilson(correct, total);
        QCOMPARE(result.correct, correct);
        QCOMPARE(result.total, total);
        QCOMPARE(result.rate, double(correct) / double(total));
        QVERIFY(near(result.low, low, 1e-12));
        QVERIFY(near(result.high, high, 1e-12));
    }

    void wilsonOfNothing()
    {
        QVERIFY(wilson(0, 0) == Proportion());
        QCOMPARE(wilson(0, 0).rate, 0.0);
        QCOMPARE(wilson(0, 0).low, 0.0);
        QCOMPARE(wilson(0, 0).high, 1.0);
        QVERIFY(!failure([] { wilson(2, 1); }).empty());
        QVERIFY(!failure([] { wilson(-1, 1); }).empty());
        QVERIFY(!failure([] { wilson(0, -1); }).empty());
    }

    void pairedDrops_data()
    {
        QTest::addColumn<qint64>("onlyBaseline");
        QTest::addColumn<qint64>("onlyVariant");
        QTest::addColumn<qint64>("total");
        QTest::newRow("worse") << qint64(30) << qint64(12) << qint64(900);
        QTest::newRow("better") << qint64(5) << qint64(9) << qint64(1000);
        QTest::newRow("same") << qint64(20) << qint64(20) << qint64(1000);
        QTest::newRow("one of few") << qint64(1) << qint64(0) << qint64(44);
        QTest::newRow("few of many") << qint64(5) << qint64(4) << qint64(10000);
        QTest::newRow("most") << qint64(60) << qint64(30) << qint64(100);
    }

    // At each end of the interval the score statistic is the normal quantile, with the variance that is most likely
    // under that difference, found here by searching.
    void pairedDrops()
    {
        QFETCH(qint64, onlyBaseline);
        QFETCH(qint64, onlyVariant);
        QFETCH(qint64, total);
        const PairedDrop drop = pairedDrop(onlyBaseline, onlyVariant, total);
        const auto b = static_cast<double>(onlyBaseline);
        const auto c = static_cast<double>(onlyVariant);
        const auto n = static_cast<double>(total);
        const auto score = [&](double delta) {
            const auto likelihood = [&](double q) { // of the cell of c; that of b has q + delta
                const auto term = [](double count, double share) {
                    return count > 0 ? count * std::log(share) : 0;
                };
                return term(b, q + delta) + term(c, q) + term(n - b - c, 1 - delta - 2 * q);
            };
            double low = std::max(0.0, -delta);
            double high = (1 - delta) / 2;
            for (int i = 0; i < 200; ++i) {
                const double left = low + (high - low) / 3;
                const double right = high - (high - low) / 3;
                (likelihood(left) < likelihood(right) ? low : high) =
                    likelihood(left) < likelihood(right) ? left : right;
            }
            const double q = (low + high) / 2;
            return (b - c - n * delta) / std::sqrt(n * (2 * q + delta - delta * delta));
        };
        QVERIFY(near(drop.points, 100 * (b - c) / n, 1e-10));
        QVERIFY(near(score(drop.low / 100), 1.959963984540054, 1e-4));
        QVERIFY(near(score(drop.high / 100), -1.959963984540054, 1e-4));
        QVERIFY(near(score(drop.upperBound / 100), -1.6448536269514722, 1e-4));
        const double ofEight = pairedDrop(onlyBaseline, onlyVariant, total, 8).upperBound; // 1 - 0.05 / 8
        QVERIFY(near(score(ofEight / 100), -2.4977054744123733, 1e-4));
        QCOMPARE(drop.mcnemarP, mcnemarExactP(onlyBaseline, onlyVariant));
    }

    // Approval of a prime minister, asked twice (Agresti, Categorical Data Analysis, 3rd edition, 11.1): 0.04 with the
    // usual interval from 0.021 to 0.059, which the score interval agrees with for so many.
    void pairedDropsAgreeWithTheUsualForMany()
    {
        const PairedDrop drop = pairedDrop(150, 86, 1600);
        QVERIFY(near(drop.points, 4.0, 1e-10));
        QVERIFY(near(drop.low, 2.1, 0.05));
        QVERIFY(near(drop.high, 5.9, 0.05));
    }

    void pairedDropsOfNoDifferenceAreNotCertain()
    {
        const PairedDrop none = pairedDrop(0, 0, 4);
        QCOMPARE(none.points, 0.0);
        QVERIFY(near(none.high, 100 * 3.8414588206941254 / 7.8414588206941254, 1e-8)); // z^2 / (n + z^2)
        QVERIFY(near(none.low, -none.high, 1e-8));
        const PairedDrop unknown = pairedDrop(0, 0, 0);
        QCOMPARE(unknown.low, -100.0);
        QCOMPARE(unknown.upperBound, 100.0);
        const PairedDrop all = pairedDrop(7, 0, 7);
        QCOMPARE(all.points, 100.0);
        QVERIFY(all.low > 0 && all.low < 100);
        QVERIFY(near(all.high, 100, 1e-8));
    }

    void pairedDropRefusesImpossibleCounts()
    {
        QVERIFY(!failure([] { pairedDrop(-1, 0, 10); }).empty());
        QVERIFY(!failure([] { pairedDrop(6, 5, 10); }).empty());
        QVERIFY(!failure([] { pairedDrop(1, std::numeric_limits<std::int64_t>::max(), 10); }).empty());
        QVERIFY(!failure([] { pairedDrop(0, 0, -1); }).empty());
    }

    // Truths: statsmodels.stats.contingency_tables.mcnemar(exact=True).
    void mcnemar_data()
    {
        QTest::addColumn<qint64>("b");
        QTest::addColumn<qint64>("c");
        QTest::addColumn<double>("p");
        QTest::newRow("10 2") << qint64(10) << qint64(2) << 0.03857421875;
        QTest::newRow("0 5") << qint64(0) << qint64(5) << 0.0625;
        QTest::newRow("121 59") << qint64(121) << qint64(59) << 4.4344492637551645e-06;
        QTest::newRow("3 3") << qint64(3) << qint64(3) << 1.0;
        QTest::newRow("25 40") << qint64(25) << qint64(40) << 0.08168153394154003;
        QTest::newRow("1500 1400") << qint64(1500) << qint64(1400) << 0.06598734966518463;
        QTest::newRow("2 0") << qint64(2) << qint64(0) << 0.5;
        QTest::newRow("0 0") << qint64(0) << qint64(0) << 1.0;
        QTest::newRow("underflows") << qint64(0) << qint64(5000) << 0.0;
    }

    void mcnemar()
    {
        QFETCH(qint64, b);
        QFETCH(qint64, c);
        QFETCH(double, p);
        QVERIFY(near(mcnemarExactP(b, c), p, 1e-10 * p));
        QCOMPARE(mcnemarExactP(c, b), mcnemarExactP(b, c));
    }

    // Answers that all cost the same: exact limits of a Poisson count, one-sided 95 % (Garwood, Biometrika 28, 1936;
    // chi-square tables), which Wilson and Hilferty's quantile meets within a hundredth.
    void expectedDrops_data()
    {
        QTest::addColumn<int>("events");
        QTest::addColumn<double>("limit");
        QTest::newRow("0") << 0 << 2.996;
        QTest::newRow("1") << 1 << 4.744;
        QTest::newRow("2") << 2 << 6.296;
        QTest::newRow("5") << 5 << 10.513;
        QTest::newRow("10") << 10 << 16.962;
        QTest::newRow("20") << 20 << 29.062;
    }
    void expectedDrops()
    {
        QFETCH(int, events);
        QFETCH(double, limit);
        const std::vector<double> costs(static_cast<std::size_t>(events), 0.25);
        const ExpectedDrop drop = expectedDrop(costs, 0.25, 500);
        QVERIFY(near(drop.points, 100 * 0.25 * events / 500, 1e-12));
        QVERIFY(near(drop.upperBound, 100 * 0.25 * limit / 500, 0.01 * drop.upperBound));
    }

    void expectedDropsGrow()
    {
        const std::vector<double> some{0.1, 0.2, 0.05};
        const std::vector<double> more{0.1, 0.2, 0.05, 0.3};
        QVERIFY(expectedDrop(some, 1, 100).upperBound > expectedDrop(some, 1, 100).points);
        QVERIFY(expectedDrop(more, 1, 100).upperBound > expectedDrop(some, 1, 100).upperBound);
        QVERIFY(expectedDrop(some, 1, 1000).upperBound < expectedDrop(some, 1, 100).upperBound);
        QVERIFY(expectedDrop(some, 1, 100, 8).upperBound > expectedDrop(some, 1, 100).upperBound);
        QVERIFY(!failure([&] { expectedDrop(some, 1, 100, 0); }).empty());
        QVERIFY(expectedDrop({}, 0, 100) == (ExpectedDrop{0, 0}));
        QVERIFY(expectedDrop({}, 0.5, 0) == ExpectedDrop());
        QCOMPARE(expectedDrop(std::vector<double>(3, 1.0), 1, 3).upperBound, 100.0);
        QVERIFY(!failure([&] { expectedDrop(some, 1, 2); }).empty());
        QVERIFY(!failure([] { expectedDrop(std::vector<double>{1.5}, 1, 2); }).empty());
    }

    // IQ and hours of television (the example of Wikipedia's article on the coefficient): -29/165. The second has ties;
    // truth: scipy.stats.spearmanr.
    void rankCorrelations()
    {
        const std::vector<double> iq{106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
        const std::vector<double> hours{7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
        QVERIFY(near(rankCorrelation(iq, hours), -29.0 / 165, 1e-12));
        const std::vector<double> tied{1, 2, 2, 4, 5};
        const std::vector<double> other{2, 1, 3, 3, 9};
        QVERIFY(near(rankCorrelation(tied, other), 0.763157894736842, 1e-12));
        QVERIFY(near(rankCorrelation(iq, iq), 1, 1e-12));
        QCOMPARE(rankCorrelation(std::vector<double>(5, 1.0), other), 0.0);
        QVERIFY(!failure([&] { rankCorrelation(iq, tied); }).empty());
        QVERIFY(!failure([] { rankCorrelation(std::vector<double>{1}, std::vector<double>{1}); }).empty());
    }

    // Truths: numpy.quantile.
    void quantiles_data()
    {
        QTest::addColumn<double>("q");
        QTest::addColumn<double>("value");
        QTest::newRow("0") << 0.0 << 0.2;
        QTest::newRow("0.025") << 0.025 << 0.30000000000000004;
        QTest::newRow("0.25") << 0.25 << 1.525;
        QTest::newRow("0.5") << 0.5 << 3.75;
        QTest::newRow("0.95") << 0.95 << 8.9;
        QTest::newRow("0.975") << 0.975 << 9.100000000000001;
        QTest::newRow("1") << 1.0 << 9.3;
    }

    void quantiles()
    {
        QFETCH(double, q);
        QFETCH(double, value);
        const std::vector<double> sample{3.1, 0.2, 7.7, 4.4, 1.0, 9.3};
        QVERIFY(near(quantile(sample, q), value, 1e-12));
    }

    void spreads()
    {
        const std::vector<double> sample{3.1, 0.2, 7.7, 4.4, 1.0, 9.3};
        QVERIFY(near(median(sample), 3.75, 1e-12));
        QVERIFY(near(spread(sample).low, 0.3, 1e-12));
        QVERIFY(near(spread(sample).high, 9.1, 1e-12));
        const std::vector<double> one{2.5};
        QVERIFY(spread(one) == (Spread{2.5, 2.5, 2.5}));
    }

    void quantileRefusals()
    {
        const std::vector<double> sample{1, 2};
        QVERIFY(!failure([] { quantile({}, 0.5); }).empty());
        QVERIFY(!failure([] { spread({}); }).empty());
        QVERIFY(!failure([&] { quantile(sample, -0.1); }).empty());
        QVERIFY(!failure([&] { quantile(sample, 1.1); }).empty());
        QVERIFY(!failure([&] { quantile(sample, std::numeric_limits<double>::quiet_NaN()); }).empty());
    }

    void json()
    {
        verifyRoundTrip(wilson(747, 900));
        verifyRoundTrip(pairedDrop(30, 12, 900));
        verifyRoundTrip(pairedDrop(1, 0, 2));
        verifyRoundTrip(Spread{1.5, 1.25, 2});
        verifyRoundTrip(ExpectedDrop{0.5, 1.25});
        verifyBadField<ExpectedDrop>(ExpectedDrop(), "/points", "101", "points");
        verifyBadField<Proportion>(wilson(1, 2), "/correct", "3", "correct");
        verifyBadField<Proportion>(wilson(1, 2), "/rate", "1.5", "rate");
        verifyBadField<Proportion>(wilson(1, 2), "/low", "remove", "low");
        verifyBadField<PairedDrop>(pairedDrop(1, 0, 2), "/mcnemarP", "-0.1", "mcnemarP");
        verifyBadField<PairedDrop>(pairedDrop(1, 0, 2), "/points", "\"1\"", "points");
        verifyBadField<Spread>(Spread{1, 1, 1}, "/high", "null", "high");
    }
};

QTEST_APPLESS_MAIN(TestStatistics)
#include "tst_statistics.moc"
