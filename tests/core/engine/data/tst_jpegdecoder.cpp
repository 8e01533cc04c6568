#include "engine/data/jpegdecoder.h"

#include "core/engine/data/datatest.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestJpegDecoder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow_data();
    void equalsPillow();
    void orientationIsIgnored();
    void everyTruncationIsRefused_data();
    void everyTruncationIsRefused();
    void badInput_data();
    void badInput();
    void damagedScanIsTolerated();
};

void TestJpegDecoder::equalsPillow_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const auto &expected : pillow()["decoded"]) {
        const std::string file = expected["file"];
        if (file.ends_with(".jpg"))
            QTest::newRow(file.c_str()) << index;
        ++index;
    }
}

void TestJpegDecoder::equalsPillow()
{
    QFETCH(int, index);
    const auto &expected = pillow()["decoded"][static_cast<std::size_t>(index)];
    const std::string file = expected["file"];
    const Bytes bytes = readBytes(imagesFolder() + file);
    QVERIFY(isJpeg(bytes));
    const Image image = decodeJpeg(bytes, file);
    QCOMPARE(image.width, expected["width"].get<int>());
    QCOMPARE(image.height, expected["height"].get<int>());
    QCOMPARE(image.channels, file == "grey.jpg" ? 1 : 3);
    QCOMPARE(withChannels(image, 3).pixels, fromHex(expected["rgb"]));
    QCOMPARE(withChannels(image, 1).pixels, fromHex(expected["luma"]));
}

void TestJpegDecoder::orientationIsIgnored()
{
    const Image plain = decodeJpeg(readBytes(imagesFolder() + "rgb420.jpg"), "rgb420.jpg");
    const Image rotated = decodeJpeg(readBytes(imagesFolder() + "rotatedexif.jpg"), "rotatedexif.jpg");
    QCOMPARE(rotated.pixels, plain.pixels);
}

void TestJpegDecoder::everyTruncationIsRefused_data()
{
    QTest::addColumn<QString>("file");
    for (const char *file : {"rgb420.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"})
        QTest::newRow(file) << file;
}

void TestJpegDecoder::everyTruncationIsRefused()
{
    QFETCH(QString, file);
    const Bytes bytes = readBytes(imagesFolder() + file.toStdString());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const std::string message = errorOf([&] { decodeJpeg(std::span(bytes).first(size), "photos/broken.jpg"); });
        QVERIFY2(isSentenceWith(message, "photos/broken.jpg"), message.c_str());
    }
}

void TestJpegDecoder::badInput_data()
{
    QTest::addColumn<int>("position");
    QTest::addColumn<QByteArray>("patch");
    QTest::addColumn<QString>("part");
    // rgb420.jpg's frame header: FF C0, length, precision, then height and width.
    const Bytes bytes = readBytes(imagesFolder() + "rgb420.jpg");
    int frame = 2;
    while (bytes[static_cast<std::size_t>(frame) + 1] != 0xC0)
        frame += 2 + bytes[static_cast<std::size_t>(frame) + 2] * 256 + bytes[static_cast<std::size_t>(frame) + 3];
    QTest::newRow("65500 x 65500") << frame + 5 << QByteArray::fromHex("FFDCFFDC") << "megapixels";
    QTest::newRow("10000 x 9999 in a few bytes") << frame + 5 << QByteArray::fromHex("270F2710") << "too few";
    QTest::newRow("no width") << frame + 7 << QByteArray::fromHex("0000") << "broken JPEG";
    QTest::newRow("12 bits") << frame + 4 << QByteArray::fromHex("0C") << "broken JPEG";
    QTest::newRow("no frame") << frame + 1 << QByteArray::fromHex("E5") << "broken JPEG";
}

void TestJpegDecoder::badInput()
{
    QFETCH(int, position);
    QFETCH(QByteArray, patch);
    QFETCH(QString, part);
    Bytes bytes = readBytes(imagesFolder() + "rgb420.jpg");
    std::copy(patch.begin(), patch.end(), bytes.begin() + position);
    const std::string message = errorOf([&] { decodeJpeg(bytes, "photos/broken.jpg"); });
    QVERIFY2(isSentenceWith(message, "photos/broken.jpg"), message.c_str());
    QVERIFY2(isSentenceWith(message, part.toStdString()), message.c_str());
}

// Cameras and old web servers leave such files; Pillow opens them with a warning at most.
void TestJpegDecoder::damagedScanIsTolerated()
{
    Bytes bytes = readBytes(imagesFolder() + "rgb444.jpg");
    const Image whole = decodeJpeg(bytes, "rgb444.jpg");
    bytes[bytes.size() - 40] ^= 0x10;
    const Image damaged = decodeJpeg(bytes, "rgb444.jpg");
    QCOMPARE(damaged.width, whole.width);
    QVERIFY(damaged.pixels != whole.pixels);
}

QTEST_APPLESS_MAIN(TestJpegDecoder)
#include "tst_jpegdecoder.moc"
