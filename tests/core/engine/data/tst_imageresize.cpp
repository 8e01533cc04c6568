#include "core/engine/data/datatest.h"
#include "engine/data/image.h"
#include "testdata.h"

#include <QCryptographicHash>

using namespace edgeflex;
using namespace edgeflex::test;

class TestImageResize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow_data();
    void equalsPillow();
    void flatStaysFlat();
    void refusedSizes();
};

void TestImageResize::equalsPillow_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const auto &expected : pillow()["resized"]) {
        const std::string name = expected["interpolation"];
        QTest::addRow("%d x %d x %d to %d x %d %s", expected["width"].get<int>(), expected["height"].get<int>(),
                      expected["channels"].get<int>(), expected["newWidth"].get<int>(),
                      expected["newHeight"].get<int>(), name.c_str())
            << index++;
    }
}

void TestImageResize::equalsPillow()
{
    QFETCH(int, index);
    const auto &expected = pillow()["resized"][static_cast<std::size_t>(index)];
    const Image image = noise(expected["width"], expected["height"], expected["channels"]);
    const std::string name = expected["interpolation"];
    const Image resized =
        resizeImage(image, expected["newWidth"], expected["newHeight"], interpolationFromString(name));
    QCOMPARE(resized.width, expected["newWidth"].get<int>());
    QCOMPARE(resized.height, expected["newHeight"].get<int>());
    QCOMPARE(resized.channels, image.channels);
    if (expected.contains("pixels")) {
        QCOMPARE(resized.pixels, fromHex(expected["pixels"]));
    } else {
        const QByteArrayView pixels(resized.pixels.data(), static_cast<qsizetype>(resized.pixels.size()));
        const QByteArray digest =
            QCryptographicHash::hash(QByteArray(pixels.data(), pixels.size()), QCryptographicHash::Sha1);
        QCOMPARE(digest.toHex().toStdString(), expected["sha1"].get<std::string>());
    }
}

void TestImageResize::flatStaysFlat()
{
    for (const int value : {0, 1, 127, 255}) {
        const Image image{9, 14, 3, Bytes(9 * 14 * 3, static_cast<std::uint8_t>(value))};
        for (const auto interpolation : {Interpolation::Nearest, Interpolation::Bilinear, Interpolation::Bicubic}) {
            const Image resized = resizeImage(image, 23, 5, interpolation);
            QCOMPARE(resized.pixels, Bytes(23 * 5 * 3, static_cast<std::uint8_t>(value)));
        }
    }
}

void TestImageResize::refusedSizes()
{
    const Image image = noise(4, 4, 1);
    for (const auto &[width, height] : {std::pair{0, 4}, {4, 0}, {-1, 4}, {100'000, 100'000}})
        QVERIFY(isSentenceWith(errorOf([&] { resizeImage(image, width, height, Interpolation::Bicubic); }),
                               std::to_string(width)));
}

QTEST_APPLESS_MAIN(TestImageResize)
#include "tst_imageresize.moc"
