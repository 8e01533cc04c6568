#include "checkpointbytes.h"

#include "engine/io/mappedfile.h"

#include <QTemporaryDir>

#include <sys/stat.h>

using namespace edgeflex;
using namespace edgeflex::test;

class TestMappedFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mapsBytes();
    void survivesReplacement();
    void refusesWhatIsNotAFile();
    void limitsTextFiles();

private:
    QTemporaryDir m_folder;
    std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }
};

void TestMappedFile::mapsBytes()
{
    writeFile(path("a"), "hello");
    const auto file = MappedFile::open(path("a"));
    QCOMPARE(file->bytes().size(), std::size_t{5});
    QCOMPARE(static_cast<char>(file->bytes()[4]), 'o');
}

void TestMappedFile::survivesReplacement()
{
    writeFile(path("old"), "first");
    writeFile(path("new"), "other");
    const auto file = MappedFile::open(path("old"));
    std::filesystem::rename(path("new"), path("old"));
    QCOMPARE(static_cast<char>(file->bytes()[0]), 'f');
}

void TestMappedFile::refusesWhatIsNotAFile()
{
    writeFile(path("empty"), "");
    QCOMPARE(::mkfifo(path("pipe").c_str(), 0600), 0);
    QVERIFY(isSentence(failureOf([&] { MappedFile::open(path("empty")); }), "empty", "is empty"));
    QVERIFY(isSentence(failureOf([&] { MappedFile::open(path("missing")); }), "missing", "cannot be opened"));
    QVERIFY(isSentence(failureOf([&] { MappedFile::open(path("pipe")); }), "pipe", "not a regular file"));
    QVERIFY(isSentence(failureOf([&] { MappedFile::open(path("")); }), "", "not a regular file"));
}

void TestMappedFile::limitsTextFiles()
{
    writeFile(path("text"), "0123456789");
    QCOMPARE(readTextFile(path("text"), 10), std::string("0123456789"));
    QVERIFY(isSentence(failureOf([&] { readTextFile(path("text"), 9); }), "text", "10 bytes"));
}

QTEST_APPLESS_MAIN(TestMappedFile)
#include "tst_mappedfile.moc"
