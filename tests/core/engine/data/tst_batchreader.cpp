#include "core/engine/data/datatest.h"
#include "engine/data/dataset.h"
#include "testdata.h"

#include <algorithm>
#include <atomic>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// Noise of changing size; image 5 and 7 cannot be read where `broken`.
class NoiseDataset : public Dataset
{
public:
    explicit NoiseDataset(int channels, bool broken = false) : m_channels(channels), m_broken(broken) {}

    std::int64_t size() const override { return 11; }
    Image image(std::int64_t index) const override
    {
        if (m_broken && (index == 5 || index == 7))
            throw Error("noise/" + name(index) + " is a broken file: copy it again");
        return noise(20 + static_cast<int>(index), 30 - static_cast<int>(index), m_channels);
    }
    int label(std::int64_t index) const override { return static_cast<int>(index); }
    std::string name(std::int64_t index) const override { return "image " + std::to_string(index); }
    std::string path() const override { return "noise"; }
    std::string file(std::int64_t index) const override { return "noise/" + name(index); }

private:
    int m_channels;
    bool m_broken;
};

ModelSpec smallSpec(int channels)
{
    VitShape shape;
    shape.imageSize = 16;
    shape.channels = channels;
    shape.classes = 11;
    ModelSpec spec = makeVitSpec(shape);
    spec.name = "small";
    spec.preprocessing = {.resizeShorter = 18, .cropHeight = 16, .cropWidth = 16, .stated = true};
    return spec;
}

std::vector<std::int64_t> allImages()
{
    return {10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
}

} // namespace

class TestBatchReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void batchesEqualSingleImages_data();
    void batchesEqualSingleImages();
    void firstFailureIsTold();
    void keptCropsAreTheImages();
    void readsRandomCrops();
    void refusedConstruction_data();
    void refusedConstruction();
    void tooLongImageIsNamed();
    void noSuchBatch();
    void noImages();
};

void TestBatchReader::batchesEqualSingleImages_data()
{
    QTest::addColumn<int>("imageChannels");
    QTest::addColumn<int>("modelChannels");
    QTest::addColumn<int>("batch");
    for (const int imageChannels : {1, 3})
        for (const int modelChannels : {1, 3})
            for (const int batch : {1, 4, 11, 100})
                QTest::addRow("%d to %d channels, batch %d", imageChannels, modelChannels, batch)
                    << imageChannels << modelChannels << batch;
}

void TestBatchReader::batchesEqualSingleImages()
{
    QFETCH(int, imageChannels);
    QFETCH(int, modelChannels);
    QFETCH(int, batch);
    const NoiseDataset dataset(imageChannels);
    const ModelSpec spec = smallSpec(modelChannels);
    const BatchReader reader(dataset, allImages(), spec, batch);
    QCOMPARE(reader.images(), 11);
    QCOMPARE(reader.batches(), (11 + batch - 1) / batch);

    const std::size_t elements = static_cast<std::size_t>(modelChannels) * 16 * 16;
    std::vector<float> expected(elements);
    std::vector<float> pixels;
    std::vector<int> labels;
    int image = 10;
    for (std::int64_t index = 0; index < reader.batches(); ++index) {
        const std::int64_t count = reader.read(index, pixels, labels);
        QCOMPARE(pixels.size(), static_cast<std::size_t>(count) * elements);
        QCOMPARE(labels.size(), static_cast<std::size_t>(count));
        for (std::int64_t i = 0; i < count; ++i, --image) {
            QCOMPARE(labels[static_cast<std::size_t>(i)], image);
            preprocess(dataset.image(image), spec.preprocessing, modelChannels, expected.data());
            const auto begin = pixels.begin() + i * static_cast<std::int64_t>(elements);
            QVERIFY(std::equal(expected.begin(), expected.end(), begin));
        }
    }
    QCOMPARE(image, -1);
}

void TestBatchReader::firstFailureIsTold()
{
    const NoiseDataset dataset(3, true);
    const BatchReader reader(dataset, allImages(), smallSpec(3), 11);
    std::vector<float> pixels;
    std::vector<int> labels;
    for (int repeat = 0; repeat < 20; ++repeat)
        QCOMPARE(errorOf([&] { reader.read(0, pixels, labels); }),
                 std::string("noise/image 7 is a broken file: copy it again"));
}

void TestBatchReader::keptCropsAreTheImages()
{
    // Counts what is decoded.
    class CountingDataset : public NoiseDataset
    {
    public:
        using NoiseDataset::NoiseDataset;
        Image image(std::int64_t index) const override
        {
            ++decoded;
            return NoiseDataset::image(index);
        }
        mutable std::atomic<int> decoded{0};
    };
    const CountingDataset dataset(3);
    BatchReader plain(dataset, allImages(), smallSpec(3), 4);
    BatchReader keeping(dataset, allImages(), smallSpec(3), 4);
    keeping.keepCrops(6 * 3 * 16 * 16); // six of the eleven
    std::vector<float> expected;
    std::vector<float> pixels;
    std::vector<int> labels;
    for (int turn = 0; turn < 2; ++turn)
        for (std::int64_t batch = 0; batch < plain.batches(); ++batch) {
            plain.read(batch, expected, labels);
            const int before = dataset.decoded;
            QCOMPARE(keeping.read(batch, pixels, labels), keeping.count(batch));
            QCOMPARE(pixels, expected);
            const std::int64_t kept = std::clamp<std::int64_t>(6 - keeping.first(batch), 0, keeping.count(batch));
            QCOMPARE(std::int64_t(dataset.decoded - before),
                     turn == 0 ? keeping.count(batch) : keeping.count(batch) - kept);
            for (std::int64_t i = 0; i < keeping.count(batch); ++i)
                QCOMPARE(keeping.label(keeping.first(batch) + i), labels[static_cast<std::size_t>(i)]);
        }
    std::vector<float> one(static_cast<std::size_t>(keeping.imageFloats()));
    keeping.readImage(10, one.data());
    QVERIFY(std::equal(one.begin(), one.end(), expected.end() - keeping.imageFloats()));
}

// Each is the same every time, unlike the others and the image itself.
void TestBatchReader::readsRandomCrops()
{
    const NoiseDataset dataset(3);
    const BatchReader reader(dataset, allImages(), smallSpec(3), 4);
    std::vector<std::vector<float>> crops(4);
    std::vector<float> again;
    std::vector<int> labels;
    for (int crop = 0; crop < 4; ++crop) {
        reader.read(1, crops[static_cast<std::size_t>(crop)], labels, crop);
        reader.read(1, again, labels, crop);
        QCOMPARE(again, crops[static_cast<std::size_t>(crop)]);
        for (int other = 0; other < crop; ++other)
            QVERIFY(crops[static_cast<std::size_t>(other)] != again);
    }
}

void TestBatchReader::refusedConstruction_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("part");
    QTest::newRow("not stated") << "stated"
                                << "small does not say how its images are normalised; pass --mean and --std";
    QTest::newRow("batch 0") << "batch"
                             << "batch of 0";
    QTest::newRow("too few classes") << "classes"
                                     << "image 10 the label 10";
    QTest::newRow("index too large") << "index"
                                     << "noise has no image 11";
    QTest::newRow("negative index") << "negative"
                                    << "noise has no image -1";
    QTest::newRow("two channels") << "channels"
                                  << "2 channels";
    QTest::newRow("another crop") << "crop"
                                  << "--crop 16";
    QTest::newRow("negative resize") << "resize"
                                     << "--resize";
}

void TestBatchReader::refusedConstruction()
{
    QFETCH(QString, what);
    QFETCH(QString, part);
    const NoiseDataset dataset(3);
    ModelSpec spec = smallSpec(3);
    auto indices = allImages();
    int batch = 4;
    if (what == "stated")
        spec.preprocessing.stated = false;
    else if (what == "batch")
        batch = 0;
    else if (what == "classes")
        spec.head.outFeatures = 10;
    else if (what == "index")
        indices.push_back(11);
    else if (what == "negative")
        indices.push_back(-1);
    else if (what == "channels")
        spec.channels = 2;
    else if (what == "crop")
        spec.preprocessing.cropWidth = 12;
    else
        spec.preprocessing.resizeShorter = -1;
    const std::string message = errorOf([&] { BatchReader(dataset, indices, spec, batch); });
    QVERIFY2(isSentenceWith(message, part.toStdString()), message.c_str());
}

void TestBatchReader::tooLongImageIsNamed()
{
    const NoiseDataset dataset(1);
    ModelSpec spec = smallSpec(1);
    spec.preprocessing.resizeShorter = 10'000'000;
    const BatchReader reader(dataset, {3}, spec, 1);
    std::vector<float> pixels;
    std::vector<int> labels;
    const std::string message = errorOf([&] { reader.read(0, pixels, labels); });
    QVERIFY2(isSentenceWith(message, "noise image 3"), message.c_str());
}

void TestBatchReader::noSuchBatch()
{
    const NoiseDataset dataset(1);
    const BatchReader reader(dataset, allImages(), smallSpec(1), 4);
    std::vector<float> pixels;
    std::vector<int> labels;
    QVERIFY(isSentenceWith(errorOf([&] { reader.read(3, pixels, labels); }), "noise has no batch 3"));
    QVERIFY(isSentenceWith(errorOf([&] { reader.read(-1, pixels, labels); }), "noise has no batch -1"));
}

void TestBatchReader::noImages()
{
    const NoiseDataset dataset(1);
    const BatchReader reader(dataset, {}, smallSpec(1), 4);
    QCOMPARE(reader.images(), 0);
    QCOMPARE(reader.batches(), 0);
}

QTEST_APPLESS_MAIN(TestBatchReader)
#include "tst_batchreader.moc"
