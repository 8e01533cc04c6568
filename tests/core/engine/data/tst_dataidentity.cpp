#include "engine/data/dataset.h"
#include "plan/error.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <set>

using namespace edgeflex;

class TestDataIdentity : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string images(const std::string &name, int count, std::uint32_t seed = 9)
    {
        return test::writeSmallImages(m_folder.path().toStdString() + "/" + name, count, seed);
    }

private Q_SLOTS:
    void changesWithTheSelectionAndTheFiles()
    {
        const std::string path = images("set", 30);
        const auto dataset = openDataset(path);
        const std::string identity = dataIdentity(*dataset, spreadIndices(30, 0));
        QCOMPARE(identity.size(), std::size_t(32));
        QCOMPARE(dataIdentity(*openDataset(path), spreadIndices(30, 0)), identity);
        QVERIFY(dataIdentity(*dataset, spreadIndices(30, 29)) != identity);
        std::vector<std::int64_t> turned = spreadIndices(30, 0);
        std::reverse(turned.begin(), turned.end());
        QVERIFY(dataIdentity(*dataset, turned) != identity);
        QTest::qWait(20); // a tick of the file system's clock
        images("set", 30, 10);
        QVERIFY(dataIdentity(*openDataset(path), spreadIndices(30, 0)) != identity);
        std::filesystem::remove_all(path);
        QVERIFY_EXCEPTION_THROWN(dataIdentity(*dataset, spreadIndices(30, 0)), Error);
    }

    void summary()
    {
        const std::string path = images("summary", 50);
        const DataSummary summary = summariseData({path});
        QCOMPARE(summary.path, path);
        QCOMPARE(summary.images, std::int64_t(50));
        QCOMPARE(summary.classes, std::int64_t(10));
        QCOMPARE(summary.searchImages, static_cast<std::int64_t>(splitByName(*openDataset(path)).search.size()));
        QVERIFY_EXCEPTION_THROWN(summariseData({path + "/nothing"}), Error);
    }

    void ordersArePermutations()
    {
        for (const int count : {0, 1, 2, 7, 900}) {
            std::vector<std::int64_t> indices = spreadIndices(3 * count, count);
            std::vector<std::int64_t> order = spreadOrder(indices);
            QCOMPARE(order, spreadOrder(indices));
            std::sort(order.begin(), order.end());
            QCOMPARE(order, indices);
        }
    }

    // Of a set sorted by class, any beginning has about its share of every class.
    void beginningsAreSpread()
    {
        constexpr std::int64_t count = 1000;
        const std::vector<std::int64_t> order = spreadOrder(spreadIndices(count, 0));
        for (const std::size_t seen : {20U, 50U, 200U, 500U}) {
            std::vector<int> classes(10);
            for (std::size_t i = 0; i < seen; ++i)
                ++classes[static_cast<std::size_t>(order[i] * 10 / count)];
            const auto [least, most] = std::minmax_element(classes.begin(), classes.end());
            QVERIFY2(*most - *least <= 2, qPrintable(QString("%1 to %2 of %3").arg(*least).arg(*most).arg(seen)));
        }
    }
};

QTEST_APPLESS_MAIN(TestDataIdentity)
#include "tst_dataidentity.moc"
