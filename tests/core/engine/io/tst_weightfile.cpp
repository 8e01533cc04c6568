#include "checkpointbytes.h"

#include "engine/io/checkedsize.h"
#include "engine/io/printable.h"
#include "engine/io/weightfile.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestWeightFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsByName();
    void sizesDoNotOverflow();
    void namesArePrintable();
};

void TestWeightFile::findsByName()
{
    WeightFile file;
    file.path = "weights.pth";
    file.tensors["a"] = Tensor::fromFloats({1}, {3});
    QVERIFY(file.contains("a"));
    QVERIFY(!file.contains("b"));
    QCOMPARE(file.tensor("a").floats()[0], 3.0F);
    QVERIFY(isSentence(failureOf([&] { file.tensor("b"); }), "weights.pth", "no tensor b"));
}

void TestWeightFile::sizesDoNotOverflow()
{
    constexpr std::uint64_t most = ~std::uint64_t{0};
    QVERIFY(!checkedAdd(most, 1));
    QCOMPARE(checkedAdd(most - 1, 1).value(), most);
    QVERIFY(!checkedMultiply(std::uint64_t{1} << 32, std::uint64_t{1} << 32));
    QCOMPARE(checkedMultiply(0, most).value(), std::uint64_t{0});
    const auto elements = [](std::vector<std::int64_t> shape) {
        return checkedElements(shape);
    };
    QCOMPARE(elements({}).value(), std::uint64_t{1});
    QCOMPARE(elements({2, 3}).value(), std::uint64_t{6});
    QCOMPARE(elements({2, 0}).value(), std::uint64_t{0});
    QVERIFY(!elements({-1}));
    QVERIFY(!elements({std::int64_t{1} << 40, std::int64_t{1} << 40}));
    QVERIFY(!elements({0, std::int64_t{1} << 40, std::int64_t{1} << 40}));
}

void TestWeightFile::namesArePrintable()
{
    QCOMPARE(printable("blocks.0"), std::string("blocks.0"));
    QCOMPARE(printable("a\nb\x1b\xc3"), std::string("a?b??"));
    QCOMPARE(printable(std::string(500, 'x')), std::string(120, 'x') + "...");
}

QTEST_APPLESS_MAIN(TestWeightFile)
#include "tst_weightfile.moc"
