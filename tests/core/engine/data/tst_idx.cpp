#include "engine/data/idx.h"

#include "core/engine/data/datatest.h"
#include "core/engine/data/gzipped.h"
#include "core/engine/data/idxbytes.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestIdx : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void pair_data();
    void pair();
    void imagesFiles();
    void refusedBytes_data();
    void refusedBytes();
    void refusedPairs();
    void realMnist();
};

void TestIdx::pair_data()
{
    QTest::addColumn<QString>("imagesName");
    QTest::addColumn<QString>("labelsName");
    QTest::newRow("plain") << "t10k-images-idx3-ubyte"
                           << "t10k-labels-idx1-ubyte";
    QTest::newRow("gzipped") << "t10k-images-idx3-ubyte.gz"
                             << "t10k-labels-idx1-ubyte.gz";
    QTest::newRow("mixed") << "t10k-images-idx3-ubyte"
                           << "t10k-labels-idx1-ubyte.gz";
    QTest::newRow("with dots") << "train-images.idx3-ubyte"
                               << "train-labels.idx1-ubyte";
    QTest::newRow("without a prefix") << "images-idx3-ubyte.gz"
                                      << "labels-idx1-ubyte";
}

void TestIdx::pair()
{
    QFETCH(QString, imagesName);
    QFETCH(QString, labelsName);
    QTemporaryDir folder;
    const std::string images = folder.filePath(imagesName).toStdString();
    const std::string labels = folder.filePath(labelsName).toStdString();
    writeFile(images, imagesName.endsWith(".gz") ? gzipped(idxBytes({3, 2, 5})) : idxBytes({3, 2, 5}));
    writeFile(labels, labelsName.endsWith(".gz") ? gzipped(idxBytes({3})) : idxBytes({3}));
    const auto dataset = openIdx(images, images);
    QCOMPARE(dataset->size(), 3);
    QCOMPARE(dataset->path(), images);
    QCOMPARE(dataset->label(2), 2);
    QCOMPARE(dataset->name(2), std::string("index 0002"));
    QCOMPARE(dataset->image(1), (Image{5, 2, 1, {10, 11, 12, 13, 14, 15, 16, 17, 18, 19}}));
    QVERIFY(isSentenceWith(errorOf([&] { dataset->image(3); }), images));
    QVERIFY(isSentenceWith(errorOf([&] { dataset->label(-1); }), images));
}

void TestIdx::imagesFiles()
{
    QTemporaryDir folder;
    const std::string path = folder.path().toStdString();
    for (const char *name : {"train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz",
                             "t10k-labels-idx1-ubyte.gz", "images-idx3-ubyte.txt"})
        writeFile(path + "/" + name, std::string("x"));
    QCOMPARE(idxImagesFiles(path),
             (std::vector<std::string>{path + "/t10k-images-idx3-ubyte.gz", path + "/train-images-idx3-ubyte"}));
}

void TestIdx::refusedBytes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char *name, const Bytes &bytes) {
        QTest::newRow(name) << QByteArray(reinterpret_cast<const char *>(bytes.data()),
                                          static_cast<qsizetype>(bytes.size()));
    };
    const auto patched = [](std::size_t position, Bytes patch) {
        Bytes bytes = idxBytes({3, 2, 5});
        std::copy(patch.begin(), patch.end(), bytes.begin() + static_cast<std::ptrdiff_t>(position));
        return bytes;
    };
    const auto cut = [](Bytes bytes, std::size_t size) {
        bytes.resize(size);
        return bytes;
    };
    const Bytes whole = idxBytes({3, 2, 5});
    row("empty", {});
    row("only a part of the header", cut(whole, 15));
    row("no images", cut(patched(4, {0, 0, 0, 0}), 16));
    row("truncated", cut(whole, whole.size() - 1));
    row("one byte more", cut(whole, whole.size() + 1));
    row("not zero at the front", patched(0, {1}));
    row("another type", patched(2, {9}));
    row("another number of dimensions", patched(3, {1}));
    row("labels in place of images", idxBytes({30}));
    row("no height", patched(8, {0, 0, 0, 0}));
    row("largest extents", patched(4, Bytes(12, 0xFF)));
    row("product overflows to the file's size", patched(4, {0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 4}));
    row("enormous images", patched(4, {0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0}));
    row("gzip truncated", cut(gzipped(whole), gzipped(whole).size() - 3));
    row("gzip of a part", gzipped(cut(whole, 20)));
    row("gzip of more", gzipped(cut(whole, whole.size() + 1)));
    row("gzip declares gigabytes", gzipped(patched(4, {0, 1, 0, 0, 0, 0, 0x10, 0, 0, 0, 0x10, 0})));
    row("gzip of nothing", gzipped({}));
    row("only the gzip mark", {0x1F, 0x8B});
}

void TestIdx::refusedBytes()
{
    QFETCH(QByteArray, bytes);
    const Bytes content(bytes.begin(), bytes.end());
    const std::string message = errorOf([&] { IdxFile::parse(content, 3, "set/images-idx3-ubyte"); });
    QVERIFY2(isSentenceWith(message, "set/images-idx3-ubyte"), message.c_str());
}

void TestIdx::refusedPairs()
{
    QTemporaryDir folder;
    const std::string images = folder.filePath("t10k-images-idx3-ubyte").toStdString();
    const std::string labels = folder.filePath("t10k-labels-idx1-ubyte").toStdString();
    writeFile(images, idxBytes({3, 2, 5}));
    QVERIFY(isSentenceWith(errorOf([&] { openIdx(images, images); }), "t10k-labels-idx1-ubyte.gz"));
    writeFile(labels, idxBytes({4}));
    QVERIFY(isSentenceWith(errorOf([&] { openIdx(images, images); }), "4 labels"));
    writeFile(labels, idxBytes({1, 1, 3}));
    QVERIFY(isSentenceWith(errorOf([&] { openIdx(images, images); }), labels));
}

void TestIdx::realMnist()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const std::string images = realData() + "/mnist/t10k-images-idx3-ubyte.gz";
    const auto dataset = openIdx(images, images);
    QCOMPARE(dataset->size(), 10'000);
    QCOMPARE(dataset->image(0).width, 28);
    QCOMPARE(dataset->image(0).height, 28);
    // The best known beginning of all test sets.
    const std::vector<int> labels{7, 2, 1, 0, 4, 1, 4, 9, 5, 9};
    for (std::size_t i = 0; i < labels.size(); ++i)
        QCOMPARE(dataset->label(static_cast<std::int64_t>(i)), labels[i]);
}

QTEST_APPLESS_MAIN(TestIdx)
#include "tst_idx.moc"
