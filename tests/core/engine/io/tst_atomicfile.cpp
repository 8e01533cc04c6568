#include "checkpointbytes.h"

#include "engine/io/atomicfile.h"

#include <QTemporaryDir>

using namespace edgeflex;
using namespace edgeflex::test;

class TestAtomicFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replacesOnCommitOnly();
    void makesFolders();
    void refusesFolders();
    void saysWhereItCannotWrite();

private:
    QTemporaryDir m_folder;
    std::filesystem::path path(const char *name) const { return m_folder.filePath(name).toStdString(); }
};

void TestAtomicFile::replacesOnCommitOnly()
{
    writeTextFile(path("a").string(), "old");
    {
        AtomicFile file(path("a").string());
        file.write("new", 3);
        QCOMPARE(fileBytes(path("a")), std::string("old"));
    }
    QCOMPARE(fileBytes(path("a")), std::string("old"));
    AtomicFile file(path("a").string());
    file.write("ne", 2);
    file.write("w", 1);
    file.commit();
    QCOMPARE(fileBytes(path("a")), std::string("new"));
    std::size_t files = 0;
    for (const auto &entry : std::filesystem::directory_iterator(m_folder.path().toStdString()))
        files += entry.is_regular_file();
    QCOMPARE(files, std::size_t{1});
}

void TestAtomicFile::makesFolders()
{
    writeTextFile(path("b/c/d.txt").string(), "x");
    QCOMPARE(fileBytes(path("b/c/d.txt")), std::string("x"));
}

void TestAtomicFile::refusesFolders()
{
    std::filesystem::create_directory(path("folder"));
    QVERIFY(isSentence(failureOf([&] { writeTextFile(path("folder").string(), "x"); }), "folder", "is a folder"));
    writeTextFile(path("file").string(), "x");
    QVERIFY(isSentence(failureOf([&] { writeTextFile(path("file/below").string(), "x"); }), "file/below",
                       "cannot be created"));
}

void TestAtomicFile::saysWhereItCannotWrite()
{
    QVERIFY(isSentence(failureOf([] { writeTextFile("/proc/edgeflex-test", "x"); }), "/proc/edgeflex-test",
                       "cannot be created"));
}

QTEST_APPLESS_MAIN(TestAtomicFile)
#include "tst_atomicfile.moc"
