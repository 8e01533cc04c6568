#include "engine/compress/linalg.h"
#include "plan/error.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace edgeflex;

namespace {

std::vector<double> randomMatrix(std::int64_t count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    std::vector<double> values(static_cast<std::size_t>(count));
    for (double &value : values)
        value = normal(random);
    return values;
}

std::vector<double> naiveProduct(const std::vector<double> &a, const std::vector<double> &b, std::size_t rows,
                                 std::size_t inner, std::size_t columns)
{
    std::vector<double> c(rows * columns, 0.0);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t k = 0; k < inner; ++k)
            for (std::size_t j = 0; j < columns; ++j)
                c[i * columns + j] += a[i * inner + k] * b[k * columns + j];
    return c;
}

// A A^T + I: positive definite.
std::vector<double> positiveDefinite(std::size_t n, unsigned seed)
{
    const std::vector<double> a = randomMatrix(static_cast<std::int64_t>(n * n), seed);
    std::vector<double> s(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) {
            for (std::size_t k = 0; k < n; ++k)
                s[i * n + j] += a[i * n + k] * a[j * n + k];
            if (i == j)
                s[i * n + j] += 1;
        }
    return s;
}

double greatestDifference(const std::vector<double> &a, const std::vector<double> &b)
{
    double greatest = a.size() == b.size() ? 0 : INFINITY;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        greatest = std::max(greatest, std::fabs(a[i] - b[i]));
    return greatest;
}

std::vector<double> transposed(const std::vector<double> &a, std::size_t rows, std::size_t columns)
{
    std::vector<double> result(a.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            result[j * rows + i] = a[i * columns + j];
    return result;
}

} // namespace

class TestLinalg : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void productEqualsTheDefinition()
    {
        const std::vector<double> a = randomMatrix(5 * 7, 1);
        const std::vector<double> b = randomMatrix(7 * 3, 2);
        const std::vector<double> expected = naiveProduct(a, b, 5, 7, 3);
        QVERIFY(greatestDifference(linalg::multiply(a, b, 5, 7, 3), expected) < 1e-12);
        std::vector<double> c(15, 2.0);
        linalg::subtractProduct(c, a, b, 5, 7, 3);
        for (std::size_t i = 0; i < c.size(); ++i)
            QVERIFY(std::fabs(c[i] - (2.0 - expected[i])) < 1e-12);
    }

    void emptyProducts()
    {
        QVERIFY(linalg::multiply({}, {}, 0, 3, 0).empty());
        QCOMPARE(linalg::multiply({}, {}, 2, 0, 2), std::vector<double>(4, 0.0));
    }

    void solutionSatisfiesTheEquation()
    {
        const std::size_t n = 40;
        std::vector<double> s = positiveDefinite(n, 3);
        const std::vector<double> b = randomMatrix(static_cast<std::int64_t>(n) * 6, 4);
        const auto x = linalg::solveSpd(s, 0.5, static_cast<std::int64_t>(n), b, 6);
        QVERIFY(x.has_value());
        for (std::size_t i = 0; i < n; ++i)
            s[i * n + i] += 0.5;
        QVERIFY(greatestDifference(naiveProduct(s, *x, n, n, 6), b) < 1e-9);
    }

    void factorTimesItselfIsTheMatrix()
    {
        const std::size_t n = 40;
        std::vector<double> s = positiveDefinite(n, 8);
        const auto factor = linalg::cholesky(s, 0.25, static_cast<std::int64_t>(n));
        QVERIFY(factor.has_value());
        std::vector<double> turned(n * n);
        for (std::size_t i = 0; i < n; ++i) {
            s[i * n + i] += 0.25;
            for (std::size_t j = 0; j < n; ++j) {
                turned[j * n + i] = (*factor)[i * n + j];
                QVERIFY(j <= i || (*factor)[i * n + j] == 0);
            }
        }
        QVERIFY(greatestDifference(naiveProduct(*factor, turned, n, n, n), s) < 1e-9);
    }

    void inverseTimesMatrixIsIdentity()
    {
        const std::size_t n = 33;
        const std::vector<double> s = positiveDefinite(n, 5);
        const auto inverse = linalg::inverseSpd(s, 0.0, static_cast<std::int64_t>(n));
        QVERIFY(inverse.has_value());
        std::vector<double> identity(n * n, 0.0);
        for (std::size_t i = 0; i < n; ++i)
            identity[i * n + i] = 1;
        QVERIFY(greatestDifference(naiveProduct(s, *inverse, n, n, n), identity) < 1e-9);
    }

    void notPositiveDefiniteIsSaid()
    {
        const std::vector<double> indefinite{1, 2, 2, 1};
        QVERIFY(!linalg::solveSpd(indefinite, 0, 2, {1, 1}, 1));
        QVERIFY(!linalg::inverseSpd(indefinite, 0, 2));
        QVERIFY(!linalg::cholesky(indefinite, 0, 2));
        // The ridge makes it so: eigenvalues 3 and -1.
        QVERIFY(linalg::solveSpd(indefinite, 1.5, 2, {1, 1}, 1).has_value());
        QVERIFY(!linalg::solveSpd(std::vector<double>(4, 0.0), 0, 2, {1, 1}, 1));
    }

    void traceEqualsTheDefinition()
    {
        const std::vector<double> g = positiveDefinite(12, 6);
        const std::vector<double> d = randomMatrix(4 * 12, 7);
        const std::vector<double> product = naiveProduct(d, g, 4, 12, 12);
        double expected = 0;
        for (std::size_t i = 0; i < d.size(); ++i)
            expected += d[i] * product[i];
        const double trace = linalg::quadraticTrace(std::vector<float>(d.begin(), d.end()),
                                                    std::vector<float>(g.begin(), g.end()), 4, 12);
        QVERIFY(std::fabs(trace - expected) < 1e-4 * expected);
    }

    void wrongSizesAreRefused()
    {
        QVERIFY_EXCEPTION_THROWN(linalg::multiply({1, 2}, {1}, 1, 1, 1), Error);
        QVERIFY_EXCEPTION_THROWN(linalg::solveSpd({1, 2, 3}, 0, 2, {1, 1}, 1), Error);
        QVERIFY_EXCEPTION_THROWN(linalg::inverseSpd({1}, 0, 2), Error);
        QVERIFY_EXCEPTION_THROWN(linalg::cholesky({1}, 0, 2), Error);
        QVERIFY_EXCEPTION_THROWN(linalg::quadraticTrace({1, 2}, {1}, 1, 2), Error);
    }

    void rootsAndTheirInverse()
    {
        const std::size_t n = 20;
        const std::vector<double> c = positiveDefinite(n, 8);
        const linalg::SymmetricRoots roots = linalg::symmetricRoots(c, 0.5, 20);
        std::vector<double> expected = c;
        std::vector<double> identity(n * n, 0.0);
        for (std::size_t i = 0; i < n; ++i) {
            expected[i * n + i] += 0.5;
            identity[i * n + i] = 1;
        }
        QVERIFY(greatestDifference(naiveProduct(roots.root, roots.root, n, n, n), expected) < 1e-10);
        QVERIFY(greatestDifference(naiveProduct(roots.root, roots.inverse, n, n, n), identity) < 1e-10);
        QVERIFY(greatestDifference(roots.root, transposed(roots.root, n, n)) < 1e-12);
        // Rounding may leave something below zero where there is nothing.
        const linalg::SymmetricRoots of = linalg::symmetricRoots({1, 0, 0, -1e-12}, 1e-6, 2);
        QVERIFY(std::abs(of.inverse[3] - 1e3) < 1e-6);
        QVERIFY_EXCEPTION_THROWN(linalg::symmetricRoots(c, 0, 20), Error);
        QVERIFY_EXCEPTION_THROWN(linalg::symmetricRoots(c, 1, 19), Error);
    }

    void singularVectorsMakeTheMatrix_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::newRow("square") << 9 << 9;
        QTest::newRow("tall") << 12 << 5;
        QTest::newRow("wide") << 4 << 11;
    }
    void singularVectorsMakeTheMatrix()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const std::vector<double> a = randomMatrix(rows * columns, 4);
        const linalg::SingularVectors svd = linalg::singularVectors(a, rows, columns);
        const auto k = static_cast<std::size_t>(std::min(rows, columns));
        QCOMPARE(svd.values.size(), k);
        QVERIFY(std::is_sorted(svd.values.rbegin(), svd.values.rend()));
        std::vector<double> scaled = svd.u;
        for (std::size_t i = 0; i < scaled.size(); ++i)
            scaled[i] *= svd.values[i % k];
        const auto m = static_cast<std::size_t>(rows);
        const auto n = static_cast<std::size_t>(columns);
        QVERIFY(greatestDifference(naiveProduct(scaled, transposed(svd.v, n, k), m, k, n), a) < 1e-12);
        QVERIFY_EXCEPTION_THROWN(linalg::singularVectors(a, rows + 1, columns), Error);
    }
};

QTEST_APPLESS_MAIN(TestLinalg)
#include "tst_linalg.moc"
