#include "engine/io/filestamp.h"

#include "plan/error.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace edgeflex;

class TestFileStamp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changesWithTheFile()
    {
        QTemporaryDir folder;
        const std::string path = folder.path().toStdString() + "/file";
        std::ofstream(path) << "one";
        const FileStamp before = fileStamp(path);
        QCOMPARE(before.bytes, std::int64_t(3));
        QVERIFY(fileStamp(path) == before);
        QTest::qWait(20); // a tick of the file system's clock
        std::ofstream(path) << "two";
        QVERIFY(fileStamp(path) != before);
        // Another file with the times of this one.
        const FileStamp second = fileStamp(path);
        std::ofstream(path + ".new") << "six";
        std::filesystem::last_write_time(path + ".new", std::filesystem::last_write_time(path));
        std::filesystem::rename(path + ".new", path);
        QCOMPARE(fileStamp(path).modifiedNs, second.modifiedNs);
        QVERIFY(fileStamp(path) != second);
    }

    void noFile() { QVERIFY_EXCEPTION_THROWN(fileStamp("/no/such/file"), Error); }
};

QTEST_APPLESS_MAIN(TestFileStamp)
#include "tst_filestamp.moc"
