#include "engine/kernels/gemm.h"

#include "kerneltesting.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

class TestGemm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void productOfFloats_data();
    void productOfFloats();
    void writesOnlyItsColumns();
    void zeroBetaIgnoresWhatWasThere();
    void int8ProductsAreExact();
    void refusesBadArguments();
    void namesItsVersion();
};

void TestGemm::productOfFloats_data()
{
    QTest::addColumn<bool>("transposeA");
    QTest::addColumn<bool>("transposeB");
    for (const bool transposeA : {false, true})
        for (const bool transposeB : {false, true})
            QTest::addRow("A%s B%s", transposeA ? "^T" : "", transposeB ? "^T" : "") << transposeA << transposeB;
}

void TestGemm::productOfFloats()
{
    QFETCH(bool, transposeA);
    QFETCH(bool, transposeB);
    Random random(1);
    for (const auto &[m, n, k] : {std::array{1, 1, 1}, std::array{3, 5, 7}, std::array{64, 33, 129}}) {
        const std::vector<float> a = random.normals(m * k);
        const std::vector<float> b = random.normals(k * n);
        std::vector<float> c = random.normals(m * n);
        std::vector<double> expected;
        for (int row = 0; row < m; ++row) {
            for (int column = 0; column < n; ++column) {
                double sum = 0;
                for (int i = 0; i < k; ++i)
                    sum += static_cast<double>(a[static_cast<std::size_t>(transposeA ? i * m + row : row * k + i)]) *
                           b[static_cast<std::size_t>(transposeB ? column * k + i : i * n + column)];
                expected.push_back(1.5 * sum + 0.5 * c[static_cast<std::size_t>(row * n + column)]);
            }
        }
        gemm(transposeA, transposeB, m, n, k, 1.5F, a.data(), transposeA ? m : k, b.data(), transposeB ? k : n, 0.5F,
             c.data(), n);
        QVERIFY(relativeError(c.data(), expected) < 1e-6);
    }
}

void TestGemm::writesOnlyItsColumns()
{
    const std::vector<float> a{1, 2, 3, 4};       // [2, 2]
    const std::vector<float> b{1, 0, 0, 1};       // identity
    std::vector<float> c{9, 9, 9, 9, 9, 9, 9, 9}; // [2, 4], columns 1 and 2 are written
    gemm(false, true, 2, 2, 2, 1, a.data(), 2, b.data(), 2, 0, c.data() + 1, 4);
    QCOMPARE(c, (std::vector<float>{9, 1, 2, 9, 9, 3, 4, 9}));
}

void TestGemm::zeroBetaIgnoresWhatWasThere()
{
    Random random(2);
    const std::vector<float> a = random.normals(16 * 40);
    const std::vector<float> b = random.normals(24 * 40);
    std::vector<float> clean(16 * 24, 0.0F);
    std::vector<float> dirty(16 * 24, std::numeric_limits<float>::quiet_NaN());
    gemm(false, true, 16, 24, 40, 1, a.data(), 40, b.data(), 40, 0, clean.data(), 24);
    gemm(false, true, 16, 24, 40, 1, a.data(), 40, b.data(), 40, 0, dirty.data(), 24);
    QCOMPARE(dirty, clean);
}

void TestGemm::int8ProductsAreExact()
{
    Random random(2);
    for (const auto &[m, n, k] : {std::array{1, 1, 1}, std::array{3, 5, 7}, std::array{64, 33, 129}}) {
        std::vector<std::uint8_t> a(static_cast<std::size_t>(m * k));
        std::vector<std::int8_t> b(static_cast<std::size_t>(n * k));
        std::generate(a.begin(), a.end(), [&] { return static_cast<std::uint8_t>(random.integer(0, 255)); });
        std::generate(b.begin(), b.end(), [&] { return static_cast<std::int8_t>(random.integer(-127, 127)); });
        std::vector<std::int32_t> expected;
        for (int row = 0; row < m; ++row) {
            for (int column = 0; column < n; ++column) {
                std::int32_t sum = 0;
                for (int i = 0; i < k; ++i)
                    sum += a[static_cast<std::size_t>(row * k + i)] * b[static_cast<std::size_t>(column * k + i)];
                expected.push_back(sum);
            }
        }
        const Int8Gemm product(m, n, k, b.data());
        QVERIFY(!product.implementation().empty());
        b.assign(b.size(), 0); // its own copy counts
        std::vector<std::int32_t> c(expected.size(), 7);
        product.multiply(a.data(), c.data());
        QVERIFY(c == expected);
    }
}

void TestGemm::refusesBadArguments()
{
    const std::vector<float> values(16, 1.0F);
    std::vector<float> c(16);
    const std::string sentence =
        errorOf([&] { gemm(false, false, 4, 4, 4, 1, values.data(), 1, values.data(), 4, 0, c.data(), 4); });
    QVERIFY2(sentence.find("oneDNN") != std::string::npos, sentence.c_str());
}

void TestGemm::namesItsVersion()
{
    QVERIFY(oneDnnVersion().size() >= 5);
}

QTEST_APPLESS_MAIN(TestGemm)
#include "tst_gemm.moc"
