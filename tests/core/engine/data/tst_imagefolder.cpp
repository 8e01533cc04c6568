#include "engine/data/imagefolder.h"

#include "core/engine/data/datatest.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestImageFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void classesAreSortedFolders();
    void classIndexDecides();
    void badClassIndex_data();
    void badClassIndex();
    void labelledFolder();
    void labelledFileIsMissing();
    void noImages();
    void brokenImageIsNamed();
    void realImageNet();

private:
    std::string path(const std::string &name) const { return m_folder->filePath(name.c_str()).toStdString(); }
    void addImage(const std::string &name) const { writeFile(path(name), readBytes(imagesFolder() + "rgb444.jpg")); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestImageFolder::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestImageFolder::cleanup()
{
    m_folder.reset();
}

void TestImageFolder::classesAreSortedFolders()
{
    addImage("dog/2.JPG");
    addImage("dog/10.png"); // a JPEG all the same
    addImage("cat/a.JPEG");
    addImage("dog/deeper/b.jpg");
    addImage("cat/.hidden.jpg");
    addImage(".cache/c.jpg");
    addImage("beside.jpg");
    writeFile(path("cat/notes.txt"), std::string("not an image"));
    std::filesystem::create_directories(path("cow")); // a class without images keeps its place

    const auto dataset = openClassFolders(path("."));
    QCOMPARE(dataset->size(), 3);
    QCOMPARE(dataset->name(0), std::string("cat/a.JPEG"));
    QCOMPARE(dataset->name(1), std::string("dog/10.png"));
    QCOMPARE(dataset->name(2), std::string("dog/2.JPG"));
    QCOMPARE(dataset->label(0), 0);
    QCOMPARE(dataset->label(1), 2);
    QCOMPARE(dataset->label(2), 2);
    QCOMPARE(dataset->image(2), readImage(imagesFolder() + "rgb444.jpg"));
}

void TestImageFolder::classIndexDecides()
{
    addImage("n01/a.jpg");
    addImage("n02/b.jpg");
    writeFile(path("class_index.json"), std::string(R"({"n02": 3, "n01": 281, "n03": 4})"));
    const auto dataset = openClassFolders(path("."));
    QCOMPARE(dataset->size(), 2);
    QCOMPARE(dataset->label(0), 281);
    QCOMPARE(dataset->label(1), 3);
}

void TestImageFolder::badClassIndex_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("not JSON") << QByteArray("n01: 3");
    QTest::newRow("truncated") << QByteArray("{\"n01\": 3");
    QTest::newRow("not an object") << QByteArray("[\"n01\"]");
    QTest::newRow("folder not named") << QByteArray("{\"n02\": 3}");
    QTest::newRow("negative") << QByteArray("{\"n01\": -1}");
    QTest::newRow("fraction") << QByteArray("{\"n01\": 1.5}");
    QTest::newRow("text") << QByteArray("{\"n01\": \"3\"}");
    QTest::newRow("too large") << QByteArray("{\"n01\": 18446744073709551615}");
}

void TestImageFolder::badClassIndex()
{
    QFETCH(QByteArray, json);
    addImage("n01/a.jpg");
    writeFile(path("class_index.json"), json);
    const std::string message = errorOf([&] { openClassFolders(path("")); });
    QVERIFY2(isSentenceWith(message, "class_index.json"), message.c_str());
}

void TestImageFolder::labelledFolder()
{
    addImage("images/a.jpg");
    addImage("b.jpg");
    addImage("unlisted.jpg");
    writeFile(path("labels.csv"), std::string("file,label\r\nb.jpg,5\r\nimages/a.jpg,0\r\n"));
    const auto dataset = openLabelledFolder(path("."));
    QCOMPARE(dataset->size(), 2);
    QCOMPARE(dataset->name(0), std::string("b.jpg")); // in the table's order
    QCOMPARE(dataset->label(0), 5);
    QCOMPARE(dataset->label(1), 0);
    QCOMPARE(dataset->image(1), readImage(imagesFolder() + "rgb444.jpg"));
}

void TestImageFolder::labelledFileIsMissing()
{
    addImage("a.jpg");
    writeFile(path("labels.csv"), std::string("file,label\na.jpg,5\ngone.jpg,0\n"));
    const std::string message = errorOf([&] { openLabelledFolder(path("")); });
    QVERIFY2(isSentenceWith(message, "labels.csv") && isSentenceWith(message, "gone.jpg"), message.c_str());
}

void TestImageFolder::noImages()
{
    std::filesystem::create_directories(path("set/class/deeper"));
    addImage("set/class/deeper/a.jpg");
    const std::string message = errorOf([&] { openClassFolders(path("set")); });
    QVERIFY2(isSentenceWith(message, path("set")), message.c_str());
}

void TestImageFolder::brokenImageIsNamed()
{
    addImage("cat/a.jpg");
    writeFile(path("cat/b.jpg"), std::string("\xFF\xD8\xFF and nothing more"));
    const auto dataset = openClassFolders(path("."));
    const std::string message = errorOf([&] { dataset->image(1); });
    QVERIFY2(isSentenceWith(message, "cat/b.jpg"), message.c_str());
}

void TestImageFolder::realImageNet()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const auto validation = openLabelledFolder(realData() + "/imagenet-val-900");
    QCOMPARE(validation->size(), 900);
    QCOMPARE(validation->name(0), std::string("images/ILSVRC2012_val_00000347.JPEG"));
    QCOMPARE(validation->label(0), 472);
    QCOMPARE(validation->name(899), std::string("images/ILSVRC2012_val_00048334.JPEG"));
    QCOMPARE(validation->label(899), 532);
    QCOMPARE(validation->image(0).width, 227);

    const auto training = openClassFolders(realData() + "/imagenet-train-1000");
    QCOMPARE(training->size(), 1000);
    std::vector<bool> seen(1000);
    for (std::int64_t i = 0; i < training->size(); ++i)
        seen.at(static_cast<std::size_t>(training->label(i))) = true;
    QCOMPARE(std::count(seen.begin(), seen.end(), true), 1000);
}

QTEST_APPLESS_MAIN(TestImageFolder)
#include "tst_imagefolder.moc"
