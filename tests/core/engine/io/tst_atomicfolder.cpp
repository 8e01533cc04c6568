#include "checkpointbytes.h"

#include "engine/io/atomicfolder.h"

#include <QTemporaryDir>

using namespace edgeflex;
using namespace edgeflex::test;

class TestAtomicFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void createsAndReplaces();
    void keepsTheOldFolderUntilCommit();
    void keepsOtherFiles();
    void refusesForeignFolders();

private:
    QTemporaryDir m_folder;
    std::filesystem::path path(const char *name) const { return m_folder.filePath(name).toStdString(); }

    static bool isOurs(const std::string &folder) { return std::filesystem::exists(folder + "/mark"); }
    static void fill(const std::filesystem::path &folder, const char *text)
    {
        AtomicFolder out(folder.string(), isOurs);
        writeFile(out.temporary() + "/mark", text);
        out.commit();
    }
    std::size_t entries() const
    {
        const std::filesystem::directory_iterator all(m_folder.path().toStdString());
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
};

void TestAtomicFolder::createsAndReplaces()
{
    fill(path("a/b/"), "one");
    QCOMPARE(fileBytes(path("a/b/mark")), std::string("one"));
    fill(path("a/b"), "two");
    QCOMPARE(fileBytes(path("a/b/mark")), std::string("two"));
    std::filesystem::create_directory(path("empty"));
    fill(path("empty"), "three");
    QCOMPARE(fileBytes(path("empty/mark")), std::string("three"));
    QCOMPARE(entries(), std::size_t{2});
}

void TestAtomicFolder::keepsTheOldFolderUntilCommit()
{
    fill(path("kept"), "old");
    {
        AtomicFolder out(path("kept").string(), isOurs);
        writeFile(out.temporary() + "/mark", "new");
        QCOMPARE(fileBytes(path("kept/mark")), std::string("old"));
    }
    QCOMPARE(fileBytes(path("kept/mark")), std::string("old"));
}

void TestAtomicFolder::keepsOtherFiles()
{
    fill(path("notes"), "old");
    writeFile(path("notes/plan.json"), "{}");
    fill(path("notes"), "new");
    QCOMPARE(fileBytes(path("notes/mark")), std::string("new"));
    QCOMPARE(fileBytes(path("notes/plan.json")), std::string("{}"));
}

void TestAtomicFolder::refusesForeignFolders()
{
    std::filesystem::create_directory(path("photos"));
    writeFile(path("photos/cat.jpg"), "x");
    QVERIFY(isSentence(failureOf([&] { fill(path("photos"), "x"); }), "photos", "was not written by EdgeFlex"));
    QVERIFY(isSentence(failureOf([&] { fill(path("photos/cat.jpg"), "x"); }), "cat.jpg", "not a folder"));
    QVERIFY(isSentence(failureOf([&] { fill(path("photos/cat.jpg/x"), "x"); }), "cat.jpg/x", "cannot be created"));
    QCOMPARE(fileBytes(path("photos/cat.jpg")), std::string("x"));
    QVERIFY(!failureOf([] { AtomicFolder("", isOurs); }).empty());
}

QTEST_APPLESS_MAIN(TestAtomicFolder)
#include "tst_atomicfolder.moc"
