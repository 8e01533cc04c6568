#include "engine/data/pngdecoder.h"

#include "core/engine/data/datatest.h"
#include "testdata.h"

#include <QtEndian>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// CRC-32 of a chunk, as PNG wants it.
std::uint32_t crc(std::span<const std::uint8_t> bytes)
{
    std::uint32_t value = 0xFFFFFFFFu;
    for (const std::uint8_t byte : bytes) {
        value ^= byte;
        for (int bit = 0; bit < 8; ++bit)
            value = value & 1 ? value >> 1 ^ 0xEDB88320u : value >> 1;
    }
    return ~value;
}

constexpr std::ptrdiff_t headerChunk = 12; // its type; the width follows

} // namespace

class TestPngDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow_data();
    void equalsPillow();
    void everyTruncationIsRefused_data();
    void everyTruncationIsRefused();
    void badHeader_data();
    void badHeader();
    void wrongChecksumIsRefused();
};

void TestPngDecoder::equalsPillow_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const auto &expected : pillow()["decoded"]) {
        const std::string file = expected["file"];
        if (file.ends_with(".png"))
            QTest::newRow(file.c_str()) << index;
        ++index;
    }
}

void TestPngDecoder::equalsPillow()
{
    QFETCH(int, index);
    const auto &expected = pillow()["decoded"][static_cast<std::size_t>(index)];
    const std::string file = expected["file"];
    const Bytes bytes = readBytes(imagesFolder() + file);
    QVERIFY(isPng(bytes));
    const Image image = decodePng(bytes, file);
    QCOMPARE(image.width, expected["width"].get<int>());
    QCOMPARE(image.height, expected["height"].get<int>());
    QCOMPARE(image.channels, file.starts_with("grey") ? 1 : 3);
    QCOMPARE(withChannels(image, 3).pixels, fromHex(expected["rgb"]));
    QCOMPARE(withChannels(image, 1).pixels, fromHex(expected["luma"]));
}

void TestPngDecoder::everyTruncationIsRefused_data()
{
    QTest::addColumn<QString>("file");
    for (const char *file : {"rgb.png", "interlaced.png", "palette4.png", "grey16.png"})
        QTest::newRow(file) << file;
}

void TestPngDecoder::everyTruncationIsRefused()
{
    QFETCH(QString, file);
    const Bytes bytes = readBytes(imagesFolder() + file.toStdString());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string message = errorOf([&] { decodePng(std::span(bytes).first(size), "photos/broken.png"); });
        QVERIFY2(isSentenceWith(message, "photos/broken.png"), message.c_str());
    }
}

void TestPngDecoder::badHeader_data()
{
    QTest::addColumn<int>("position"); // in the header chunk's content
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QString>("part");
    QTest::newRow("2147483647 x 2147483647") << 0 << QByteArray::fromHex("7FFFFFFF7FFFFFFF") << "megapixels";
    QTest::newRow("10000 x 10000 in a few bytes") << 0 << QByteArray::fromHex("0000271000002710") << "too few";
    QTest::newRow("no width") << 0 << QByteArray::fromHex("00000000") << "broken PNG";
    QTest::newRow("depth 3") << 8 << QByteArray::fromHex("03") << "broken PNG";
    QTest::newRow("colour type 7") << 9 << QByteArray::fromHex("07") << "broken PNG";
    QTest::newRow("palette without one") << 9 << QByteArray::fromHex("03") << "broken PNG";
    QTest::newRow("more rows than data") << 4 << QByteArray::fromHex("00000020") << "broken PNG";
}

void TestPngDecoder::badHeader()
{
    QFETCH(int, position);
    QFETCH(QByteArray, patch);
    QFETCH(QString, part);
    Bytes bytes = readBytes(imagesFolder() + "rgb.png");
    std::copy(patch.begin(), patch.end(), bytes.begin() + headerChunk + 4 + position);
    qToBigEndian(crc(std::span(bytes).subspan(headerChunk, 4 + 13)), bytes.data() + headerChunk + 4 + 13);
    const std::string message = errorOf([&] { decodePng(bytes, "photos/broken.png"); });
    QVERIFY2(isSentenceWith(message, "photos/broken.png"), message.c_str());
    QVERIFY2(isSentenceWith(message, part.toStdString()), message.c_str());
}

void TestPngDecoder::wrongChecksumIsRefused()
{
    Bytes bytes = readBytes(imagesFolder() + "rgb.png");
    bytes[bytes.size() / 2] ^= 1;
    QVERIFY(isSentenceWith(errorOf([&] { decodePng(bytes, "photos/broken.png"); }), "photos/broken.png"));
}

QTEST_APPLESS_MAIN(TestPngDecoder)
#include "tst_pngdecoder.moc"
