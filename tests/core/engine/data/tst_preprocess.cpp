#include "core/engine/data/datatest.h"
#include "engine/data/dataset.h"
#include "testdata.h"

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

class TestPreprocess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow_data();
    void equalsPillow();
    void randomCropsLieAnywhere();
    void tooLongImage();
    void realImage();
};

void TestPreprocess::equalsPillow_data()
{
    QTest::addColumn<int>("index");
    int index = 0;
    for (const auto &expected : pillow()["preprocessed"])
        QTest::addRow("%d x %d", expected["width"].get<int>(), expected["height"].get<int>()) << index++;
}

void TestPreprocess::equalsPillow()
{
    QFETCH(int, index);
    const auto &expected = pillow()["preprocessed"][static_cast<std::size_t>(index)];
    Preprocessing preprocessing;
    preprocessing.resizeShorter = expected["resizeShorter"];
    preprocessing.cropHeight = expected["cropHeight"];
    preprocessing.cropWidth = expected["cropWidth"];
    preprocessing.mean = {0.485, 0.456, 0.406};
    preprocessing.std = {0.229, 0.224, 0.225};
    const int channels = expected["modelChannels"];

    const Bytes pixels = fromHex(expected["pixels"]);
    const std::size_t plane = pixels.size() / static_cast<std::size_t>(channels);
    std::vector<float> out(pixels.size(), NAN);
    preprocess(noise(expected["width"], expected["height"], expected["channels"]), preprocessing, channels, out.data());
    for (std::size_t i = 0; i < pixels.size(); ++i) {
        const std::size_t channel = i % static_cast<std::size_t>(channels);
        const double value = (pixels[i] / 255.0 - preprocessing.mean[channel]) / preprocessing.std[channel];
        const float got = out[channel * plane + i / static_cast<std::size_t>(channels)];
        QVERIFY2(std::abs(got - value) < 1e-6, qPrintable(QString("%1 %2 %3").arg(i).arg(got).arg(value)));
    }
}

// Red tells the column that a pixel came from, green the row.
void TestPreprocess::randomCropsLieAnywhere()
{
    Image image{120, 60, 3, {}};
    for (int y = 0; y < image.height; ++y)
        for (int x = 0; x < image.width; ++x)
            for (const int value : {2 * x, 4 * y, 0})
                image.pixels.push_back(static_cast<std::uint8_t>(value));
    Preprocessing preprocessing;
    preprocessing.cropHeight = preprocessing.cropWidth = 20;
    double leftmost = 1e9;
    double rightmost = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const Image crop = randomCropForModel(image, preprocessing, 3, seed);
        QCOMPARE(crop.width, 20);
        QCOMPARE(crop.height, 20);
        const double left = crop.pixels.front() / 2.0;
        const double right = crop.pixels[3 * 19] / 2.0;
        const double height = (crop.pixels[3 * 19 * 20 + 1] - crop.pixels[1]) / 4.0;
        // Pixels' middles are 19 of 20 pixels apart; an edge's pixel has less than half of its neighbours around it.
        const double side = (right - left) * 20 / 19;
        QVERIFY2(side > 60 * std::sqrt(0.5) - 4 && side < 63, qPrintable(QString::number(side)));
        QVERIFY(std::abs(height * 20 / 19 - side) < 3);
        leftmost = std::min(leftmost, left);
        rightmost = std::max(rightmost, right);
    }
    QVERIFY(leftmost < 5 && rightmost > 115);
}

void TestPreprocess::tooLongImage()
{
    Preprocessing preprocessing;
    preprocessing.resizeShorter = 256;
    preprocessing.cropHeight = preprocessing.cropWidth = 224;
    std::vector<float> out(3 * 224 * 224);
    const Image thread = noise(1, 3'000'000, 1);
    const std::string message = errorOf([&] { preprocess(thread, preprocessing, 3, out.data()); });
    QVERIFY2(isSentenceWith(message, "256"), message.c_str());
}

// By Pillow and NumPy in FP32, from the first image of the validation set.
void TestPreprocess::realImage()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const auto dataset = openDataset(realData() + "/imagenet-val-900");
    Preprocessing preprocessing;
    preprocessing.resizeShorter = 248;
    preprocessing.cropHeight = preprocessing.cropWidth = 224;
    std::vector<float> out(3 * 224 * 224, NAN);
    preprocess(dataset->image(0), preprocessing, 3, out.data());

    struct Sample
    {
        std::size_t channel, row, column;
        float value;
    };
    for (const auto &sample : {Sample{0, 0, 0, 0.796078444f},
                               {1, 0, 223, 0.80392158f},
                               {2, 100, 50, 0.223529458f},
                               {0, 111, 112, 0.78039217f},
                               {1, 223, 0, -0.192156851f},
                               {2, 223, 223, -0.458823502f},
                               {0, 17, 200, 0.466666698f}})
        QVERIFY(std::abs(out[(sample.channel * 224 + sample.row) * 224 + sample.column] - sample.value) < 1e-6f);
    double sum = 0, squares = 0;
    for (const float value : out) {
        sum += value;
        squares += double(value) * value;
    }
    QVERIFY(std::abs(sum / double(out.size()) - 0.15496164015739788) < 1e-6);
    QVERIFY(std::abs(squares / double(out.size()) - 0.2490343366674204) < 1e-6);
}

QTEST_APPLESS_MAIN(TestPreprocess)
#include "tst_preprocess.moc"
