#include "engine/data/image.h"

#include "core/engine/data/datatest.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestImage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void formatIsKnownByContent();
    void unreadableFiles_data();
    void unreadableFiles();
    void channels();
    void crop_data();
    void crop();
};

void TestImage::formatIsKnownByContent()
{
    QTemporaryDir folder;
    const std::string path = folder.filePath("png.jpg").toStdString();
    writeFile(path, readBytes(imagesFolder() + "rgb.png"));
    QCOMPARE(readImage(path), readImage(imagesFolder() + "rgb.png"));
    QCOMPARE(readImage(imagesFolder() + "rgb444.jpg").channels, 3);
}

void TestImage::unreadableFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("not an image");
    QTest::newRow("GIF") << QByteArray("GIF89a\1\0\1\0\0\0\0;", 14);
    QTest::newRow("only the JPEG mark") << QByteArray::fromHex("FFD8FF");
    QTest::newRow("only the PNG mark") << QByteArray::fromHex("89504E470D0A1A0A");
    QTest::newRow("Git LFS pointer") << QByteArray("version https://git-lfs.github.com/spec/v1\n");
}

void TestImage::unreadableFiles()
{
    QFETCH(QByteArray, content);
    QTemporaryDir folder;
    const std::string path = folder.filePath("a.jpg").toStdString();
    QVERIFY(isSentenceWith(errorOf([&] { readImage(path); }), path)); // missing
    writeFile(path, content);
    const std::string message = errorOf([&] { readImage(path); });
    QVERIFY2(isSentenceWith(message, path), message.c_str());
}

void TestImage::channels()
{
    const Image grey = noise(7, 5, 1);
    const Image rgb = withChannels(grey, 3);
    QCOMPARE(rgb.pixels.size(), grey.pixels.size() * 3);
    QCOMPARE(withChannels(rgb, 1), grey); // equal parts weigh one
    QCOMPARE(withChannels(rgb, 3), rgb);
    // ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B
    const Image colours{3, 1, 3, {255, 0, 0, 0, 255, 0, 0, 0, 255}};
    QCOMPARE(withChannels(colours, 1).pixels, (Bytes{76, 150, 29}));
    QVERIFY(isSentenceWith(errorOf([&] { withChannels(grey, 4); }), "4"));
}

void TestImage::crop_data()
{
    QTest::addColumn<int>("have");
    QTest::addColumn<int>("want");
    QTest::addColumn<int>("first"); // the image's pixel at the window's first place, negative: black before it
    // Half a pixel goes to the even side: 0.5 -> 0, 1.5 -> 2, 2.5 -> 2.
    QTest::newRow("equal") << 4 << 4 << 0;
    QTest::newRow("1 over") << 5 << 4 << 0;
    QTest::newRow("2 over") << 6 << 4 << 1;
    QTest::newRow("3 over") << 7 << 4 << 2;
    QTest::newRow("5 over") << 9 << 4 << 2;
    QTest::newRow("7 over") << 11 << 4 << 4;
    QTest::newRow("1 short") << 3 << 4 << 0;
    QTest::newRow("2 short") << 2 << 4 << -1;
    QTest::newRow("3 short") << 1 << 4 << -1;
}

void TestImage::crop()
{
    QFETCH(int, have);
    QFETCH(int, want);
    QFETCH(int, first);
    Image row{have, 1, 1, {}};
    for (int i = 0; i < have; ++i)
        row.pixels.push_back(static_cast<std::uint8_t>(i + 1));
    Image column = row;
    std::swap(column.width, column.height);

    Bytes expected;
    for (int i = first; i < first + want; ++i)
        expected.push_back(static_cast<std::uint8_t>(i >= 0 && i < have ? i + 1 : 0));
    QCOMPARE(centreCrop(row, want, 1).pixels, expected);
    QCOMPARE(centreCrop(column, 1, want).pixels, expected);
    QCOMPARE(centreCrop(withChannels(row, 3), want, 1), withChannels(centreCrop(row, want, 1), 3));
}

QTEST_APPLESS_MAIN(TestImage)
#include "tst_image.moc"
