#include "engine/profile/calibrationcache.h"

#include "plan/error.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

using namespace edgeflex;

namespace {

std::vector<std::byte> content(std::size_t bytes, int value)
{
    return std::vector<std::byte>(bytes, static_cast<std::byte>(value));
}

bool holds(const CalibrationCache &cache, const std::string &name, const std::vector<std::byte> &expected)
{
    const auto file = cache.read(name);
    return file && std::equal(expected.begin(), expected.end(), file->bytes().begin(), file->bytes().end());
}

} // namespace

class TestCalibrationCache : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string root(const char *name) { return m_folder.path().toStdString() + "/" + name; }

private Q_SLOTS:
    void keepsFiles()
    {
        {
            CalibrationCache cache(root("keeps"), "key");
            QVERIFY(!cache.read("a"));
            cache.write("a", content(1000, 1));
            cache.write("b", content(2000, 2));
            QVERIFY(holds(cache, "a", content(1000, 1)));
            const auto before = cache.read("a");
            cache.write("a", content(10, 3));
            QVERIFY(holds(cache, "a", content(10, 3)));
            QCOMPARE(before->bytes().size(), std::size_t(1000)); // what is being read stays
        }
        const CalibrationCache again(root("keeps"), "key");
        QVERIFY(holds(again, "b", content(2000, 2)));
        QVERIFY(!CalibrationCache(root("keeps"), "other key").read("b"));
    }

    void leastRecentlyUsedGoFirst()
    {
        const std::string folder = root("evicts");
        for (const char *key : {"first", "second", "third"}) {
            CalibrationCache(folder, key, 10'000).write("a", content(3000, 1));
            QTest::qWait(20); // a tick of the file system's clock
        }
        CalibrationCache(folder, "first", 10'000).read("a"); // now used later than the second
        QTest::qWait(20);
        CalibrationCache cache(folder, "fourth", 10'000);
        cache.write("a", content(3000, 1));
        QVERIFY(std::filesystem::exists(folder + "/first/a"));
        QVERIFY(!std::filesystem::exists(folder + "/second"));
        QVERIFY(std::filesystem::exists(folder + "/third/a"));
        QVERIFY(std::filesystem::exists(folder + "/fourth/a"));
    }

    void whatIsInUseStays()
    {
        const std::string folder = root("in use");
        auto used = std::make_unique<CalibrationCache>(folder, "used", 1000);
        used->write("a", content(5000, 1)); // more than the cap by itself
        QVERIFY(used->read("a"));
        CalibrationCache other(folder, "other", 1000);
        other.write("a", content(500, 2));
        QVERIFY(used->read("a") && other.read("a"));
        used.reset();
        other.write("b", content(100, 3));
        QVERIFY(!std::filesystem::exists(folder + "/used"));
        QVERIFY(other.read("a") && other.read("b"));
    }

    void othersFoldersStay()
    {
        const std::string folder = root("mixed");
        std::filesystem::create_directories(folder + "/holiday");
        std::ofstream(folder + "/holiday/picture.jpg") << std::string(5000, 'x');
        std::ofstream(folder + "/letter.txt") << std::string(5000, 'x');
        CalibrationCache(folder, "old", 1000).write("a", content(900, 1));
        CalibrationCache cache(folder, "new", 1000);
        cache.write("a", content(900, 1));
        QVERIFY(std::filesystem::exists(folder + "/holiday/picture.jpg"));
        QVERIFY(std::filesystem::exists(folder + "/letter.txt"));
        QVERIFY(!std::filesystem::exists(folder + "/old"));
    }

    // Several at once, as processes would be: locks belong to descriptors, not to threads.
    void manyAtOnce()
    {
        const std::string folder = root("many");
        std::vector<std::thread> threads;
        std::atomic<int> wrong{0};
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&, t] {
                for (int turn = 0; turn < 25; ++turn) {
                    try {
                        CalibrationCache cache(folder, "key " + std::to_string((t + turn) % 3), 8000);
                        cache.write("a", content(3000, 7));
                        wrong += !holds(cache, "a", content(3000, 7));
                    } catch (const Error &) {
                        ++wrong;
                    }
                }
            });
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
    }

    void foldersThatCannotBeUsed()
    {
        CalibrationCache cache("/proc/no/such/place", "key");
        QVERIFY(!cache.read("a"));
        QVERIFY_EXCEPTION_THROWN(cache.write("a", content(1, 1)), Error);
    }

    void theUsersFolder()
    {
        const QByteArray before = qgetenv("XDG_CACHE_HOME");
        qputenv("XDG_CACHE_HOME", "/somewhere");
        QCOMPARE(CalibrationCache::userFolder(), std::string("/somewhere/edgeflex/calibration"));
        qputenv("XDG_CACHE_HOME", "relative"); // to be ignored, says the specification
        QVERIFY(CalibrationCache::userFolder().ends_with("/.cache/edgeflex/calibration"));
        if (before.isNull())
            qunsetenv("XDG_CACHE_HOME");
        else
            qputenv("XDG_CACHE_HOME", before);
    }
};

QTEST_APPLESS_MAIN(TestCalibrationCache)
#include "tst_calibrationcache.moc"
