#include "engine/data/cifar.h"

#include "core/engine/data/datatest.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// Records with labels 0, 1, 2, ... from `first`; every colour plane has its own value.
Bytes records(int count, int first)
{
    Bytes bytes;
    for (int i = first; i < first + count; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i % 10));
        for (int plane = 0; plane < 3; ++plane)
            for (int pixel = 0; pixel < 1024; ++pixel)
                bytes.push_back(static_cast<std::uint8_t>(i + plane * 50 + (pixel == 33 ? 7 : 0)));
    }
    return bytes;
}

} // namespace

class TestCifar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void planesBecomePixels();
    void batchesAreCountedThrough();
    void refused_data();
    void refused();
    void realTestBatch();
};

void TestCifar::planesBecomePixels()
{
    const Bytes bytes = records(1, 4);
    const Image image = cifarImage(std::span(bytes).first<cifarRecordBytes>());
    QCOMPARE(image.width, 32);
    QCOMPARE(image.height, 32);
    QCOMPARE(image.channels, 3);
    QCOMPARE(Bytes(image.pixels.begin(), image.pixels.begin() + 3), (Bytes{4, 54, 104}));
    // Pixel 33 is column 1 of row 1.
    const auto second = image.pixels.begin() + (32 + 1) * 3;
    QCOMPARE(Bytes(second, second + 3), (Bytes{11, 61, 111}));
}

void TestCifar::batchesAreCountedThrough()
{
    QTemporaryDir folder;
    const std::string one = folder.filePath("one.bin").toStdString();
    const std::string two = folder.filePath("two.bin").toStdString();
    writeFile(one, records(3, 0));
    writeFile(two, records(2, 3));
    const auto dataset = openCifar("both", {one, two});
    QCOMPARE(dataset->path(), std::string("both"));
    QCOMPARE(dataset->size(), 5);
    for (int i = 0; i < 5; ++i) {
        QCOMPARE(dataset->label(i), i);
        QCOMPARE(dataset->image(i).pixels[0], static_cast<std::uint8_t>(i));
        QCOMPARE(dataset->name(i), "index 000" + std::to_string(i));
    }
    QVERIFY(isSentenceWith(errorOf([&] { dataset->image(5); }), "both"));
    QVERIFY(isSentenceWith(errorOf([&] { dataset->label(-1); }), "both"));
}

void TestCifar::refused_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("label"); // of the second record
    QTest::newRow("truncated") << 2 * 3073 - 1 << 1;
    QTest::newRow("one byte more") << 2 * 3073 + 1 << 1;
    QTest::newRow("empty") << 0 << 1;
    QTest::newRow("label 10") << 2 * 3073 << 10;
    QTest::newRow("label 255") << 2 * 3073 << 255;
}

void TestCifar::refused()
{
    QFETCH(int, size);
    QFETCH(int, label);
    Bytes bytes = records(2, 0);
    bytes[cifarRecordBytes] = static_cast<std::uint8_t>(label);
    bytes.resize(static_cast<std::size_t>(size));
    const std::string message = errorOf([&] { countCifarRecords(bytes, "set/batch.bin"); });
    QVERIFY2(isSentenceWith(message, "set/batch.bin"), message.c_str());

    QTemporaryDir folder;
    const std::string path = folder.filePath("batch.bin").toStdString();
    writeFile(path, bytes);
    QVERIFY(isSentenceWith(errorOf([&] { openCifar(path, {path}); }), path));
}

void TestCifar::realTestBatch()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const std::string path = realData() + "/cifar-10-batches-bin/test_batch.bin";
    const auto dataset = openCifar(path, {path});
    QCOMPARE(dataset->size(), 10'000);
    std::vector<int> counts(10);
    for (std::int64_t i = 0; i < dataset->size(); ++i)
        ++counts[static_cast<std::size_t>(dataset->label(i))];
    QCOMPARE(counts, std::vector<int>(10, 1000));
}

QTEST_APPLESS_MAIN(TestCifar)
#include "tst_cifar.moc"
