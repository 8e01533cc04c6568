#include "engine/data/dataset.h"

#include "core/engine/data/datatest.h"
#include "core/engine/data/gzipped.h"
#include "core/engine/data/idxbytes.h"
#include "testdata.h"

#include <cmath>
#include <set>

using namespace edgeflex;
using namespace edgeflex::test;

class TestDataset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void labelsCsv();
    void classFolders();
    void cifarFile();
    void cifarFolderOfTraining();
    void cifarExcerptIsNotCountedTwice();
    void cifarFolderOfBothIsRefused();
    void otherBatches();
    void idxFolder();
    void twoIdxPairsAreRefused();
    void refused_data();
    void refused();
    void spread_data();
    void spread();
    void oneImageInFiveIsForSearching();
    void splitIsADecisionByBaseName();
    void splitHasEveryImageOnce();
    void realData();

private:
    std::string path(const std::string &name) const { return m_folder->filePath(name.c_str()).toStdString(); }
    void addBatch(const std::string &name, int count, int label) const
    {
        Bytes record(3073);
        record[0] = static_cast<std::uint8_t>(label);
        Bytes bytes;
        for (int i = 0; i < count; ++i)
            bytes.insert(bytes.end(), record.begin(), record.end());
        writeFile(path(name), bytes);
    }
    void addImage(const std::string &name) const { writeFile(path(name), readBytes(imagesFolder() + "rgb.png")); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDataset::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestDataset::cleanup()
{
    m_folder.reset();
}

void TestDataset::labelsCsv()
{
    addImage("cat/a.png");
    addImage("cat/b.png");
    writeFile(path("labels.csv"), std::string("file,label\ncat/b.png,8\n"));
    const auto dataset = openDataset(path("."));
    QCOMPARE(dataset->size(), 1);
    QCOMPARE(dataset->label(0), 8);
    QCOMPARE(dataset->path(), path("."));
}

void TestDataset::classFolders()
{
    addImage("cat/a.png");
    addImage("dog/b.PNG");
    const auto dataset = openDataset(path("."));
    QCOMPARE(dataset->size(), 2);
    QCOMPARE(dataset->label(1), 1);
}

void TestDataset::cifarFile()
{
    addBatch("data_batch_1.bin", 2, 3);
    addBatch("test_batch.bin", 1, 4);
    QCOMPARE(openDataset(path("data_batch_1.bin"))->size(), 2);
    QCOMPARE(openDataset(path("test_batch.bin"))->label(0), 4);
}

void TestDataset::cifarFolderOfTraining()
{
    addBatch("data_batch_2.bin", 1, 2);
    addBatch("data_batch_1.bin", 2, 1);
    writeFile(path("batches.meta.txt"), std::string("airplane\n"));
    const auto dataset = openDataset(path("."));
    QCOMPARE(dataset->size(), 3);
    QCOMPARE(dataset->label(0), 1);
    QCOMPARE(dataset->label(2), 2);
}

void TestDataset::cifarExcerptIsNotCountedTwice()
{
    addBatch("test_batch.bin", 3, 1);
    addBatch("test_batch.exact1017.bin", 2, 2);
    QCOMPARE(openDataset(path("."))->size(), 3);
    QCOMPARE(openDataset(path("test_batch.exact1017.bin"))->size(), 2);
}

void TestDataset::cifarFolderOfBothIsRefused()
{
    addBatch("data_batch_1.bin", 2, 1);
    addBatch("test_batch.bin", 2, 1);
    const std::string message = errorOf([&] { openDataset(path(".")); });
    QVERIFY2(isSentenceWith(message, "training and test"), message.c_str());
}

void TestDataset::otherBatches()
{
    addBatch("b.bin", 2, 2);
    addBatch("a.bin", 1, 1);
    const auto dataset = openDataset(path("."));
    QCOMPARE(dataset->size(), 3);
    QCOMPARE(dataset->label(0), 1);
}

void TestDataset::idxFolder()
{
    writeFile(path("t10k-images-idx3-ubyte.gz"), gzipped(idxBytes({3, 2, 5})));
    writeFile(path("t10k-labels-idx1-ubyte.gz"), gzipped(idxBytes({3})));
    const auto dataset = openDataset(path("."));
    QCOMPARE(dataset->size(), 3);
    QCOMPARE(dataset->path(), path("."));
}

void TestDataset::twoIdxPairsAreRefused()
{
    for (const char *prefix : {"train", "t10k"}) {
        writeFile(path(std::string(prefix) + "-images-idx3-ubyte"), idxBytes({3, 2, 5}));
        writeFile(path(std::string(prefix) + "-labels-idx1-ubyte"), idxBytes({3}));
    }
    const std::string message = errorOf([&] { openDataset(path(".")); });
    QVERIFY2(isSentenceWith(message, "2 IDX pairs"), message.c_str());
    QCOMPARE(openDataset(path("train-images-idx3-ubyte"))->size(), 3);
}

void TestDataset::refused_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("missing") << "missing";
    QTest::newRow("missing file") << "missing.bin";
    QTest::newRow("empty folder") << "empty";
    QTest::newRow("images without class folders") << "flat";
    QTest::newRow("a text file") << "notes.txt";
    QTest::newRow("an image") << "flat/a.png";
    QTest::newRow("IDX labels") << "idx/t10k-labels-idx1-ubyte";
    QTest::newRow("images without labels") << "lonely";
    QTest::newRow("a batch that is none") << "weights.bin";
    QTest::newRow("an empty batch") << "empty.bin";
    QTest::newRow("a folder with a bad batch") << "batches";
    QTest::newRow("a table that is none") << "table";
    QTest::newRow("a table that is a folder") << "tablefolder";
}

void TestDataset::refused()
{
    QFETCH(QString, name);
    std::filesystem::create_directories(path("empty"));
    std::filesystem::create_directories(path("tablefolder/labels.csv"));
    addImage("flat/a.png");
    writeFile(path("notes.txt"), std::string("hello"));
    writeFile(path("idx/t10k-labels-idx1-ubyte"), idxBytes({3}));
    writeFile(path("lonely/t10k-images-idx3-ubyte"), idxBytes({3, 2, 5}));
    writeFile(path("weights.bin"), std::string(5000, 'x'));
    writeFile(path("empty.bin"), std::string());
    writeFile(path("batches/data_batch_1.bin"), std::string(100, '\0'));
    writeFile(path("table/labels.csv"), std::string("\x89PNG"));
    const std::string message = errorOf([&] { openDataset(path(name.toStdString())); });
    QVERIFY2(isSentenceWith(message, path(name.toStdString())), message.c_str());
}

void TestDataset::spread_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qint64>("limit");
    QTest::newRow("nothing") << qint64(0) << qint64(0);
    QTest::newRow("nothing of some") << qint64(0) << qint64(5);
    QTest::newRow("all") << qint64(7) << qint64(0);
    QTest::newRow("more than all") << qint64(7) << qint64(100);
    QTest::newRow("one") << qint64(7) << qint64(1);
    QTest::newRow("some") << qint64(1000) << qint64(33);
    QTest::newRow("all but one") << qint64(1000) << qint64(999);
    QTest::newRow("of a huge set") << (qint64(1) << 60) << qint64(1000);
}

void TestDataset::spread()
{
    QFETCH(qint64, size);
    QFETCH(qint64, limit);
    const auto indices = spreadIndices(size, limit);
    const qint64 count = limit == 0 ? size : std::min(size, limit);
    QCOMPARE(static_cast<qint64>(indices.size()), count);
    for (qint64 i = 0; i < count; ++i) {
        const qint64 index = indices[static_cast<std::size_t>(i)];
        QVERIFY(index >= 0 && index < size);
        if (i > 0) { // steps differ by one at most: increasing, hence unique, and even
            const qint64 step = index - indices[static_cast<std::size_t>(i) - 1];
            QVERIFY(step == size / count || step == size / count + 1);
        }
    }
    QVERIFY(isSentenceWith(errorOf([] { spreadIndices(10, -1); }), "negative"));
}

// Binomial: the share of 10,000 names is 0.2 with a standard deviation of 0.004.
void TestDataset::oneImageInFiveIsForSearching()
{
    int numbered = 0, files = 0, short_ = 0;
    for (int i = 0; i < 10'000; ++i) {
        numbered += isSearchImage("index " + std::to_string(i));
        files += isSearchImage("ILSVRC2012_val_" + std::to_string(10'000'000 + 5 * i) + ".JPEG");
        short_ += isSearchImage(std::to_string(10'000 + i));
    }
    for (const int count : {numbered, files, short_})
        QVERIFY2(std::abs(count - 2000) < 200, qPrintable(QString::number(count)));
}

// Saved statistics rest on the split, so these answers must never change.
void TestDataset::splitIsADecisionByBaseName()
{
    std::string answers;
    for (int i = 0; i < 40; ++i)
        answers += isSearchImage("index 00" + std::to_string(10 + i)) ? 's' : 'c';
    QCOMPARE(answers, std::string("csccccccccccccccccccccccccccscccccsccccc"));
    for (const char *name : {"a.jpg", "b.jpg", "n01440764_10026.JPEG"})
        QCOMPARE(isSearchImage(std::string("train/cat/") + name), isSearchImage(name));
}

void TestDataset::splitHasEveryImageOnce()
{
    addBatch("data_batch_1.bin", 40, 3);
    const auto dataset = openDataset(path("."));
    const Split split = splitByName(*dataset);
    QVERIFY(!split.search.empty());
    QVERIFY(split.calibration.size() > split.search.size());
    std::set<std::int64_t> all(split.calibration.begin(), split.calibration.end());
    all.insert(split.search.begin(), split.search.end());
    QCOMPARE(all.size(), std::size_t{40});
    QCOMPARE(split.calibration.size() + split.search.size(), std::size_t{40});
    for (const std::int64_t index : split.search)
        QVERIFY(isSearchImage(dataset->name(index)));
}

void TestDataset::realData()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const std::string root = edgeflex::test::realData();
    QCOMPARE(openDataset(root + "/imagenet-val-900")->size(), 900);
    QCOMPARE(openDataset(root + "/mnist")->size(), 10'000);
    QCOMPARE(openDataset(root + "/cifar-10-batches-bin")->size(), 10'000);
    const auto training = openDataset(root + "/imagenet-train-1000");
    QCOMPARE(training->size(), 1000);
    const Split split = splitByName(*training);
    QVERIFY(split.search.size() > 150 && split.search.size() < 250);
}

QTEST_APPLESS_MAIN(TestDataset)
#include "tst_dataset.moc"
