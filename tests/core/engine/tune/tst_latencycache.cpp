#include "engine/tune/latencycache.h"

#include "engine/io/atomicfile.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

class TestLatencyCache : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    const ExecutionTarget m_target{2, true, false, "AVX2"};
    const ProductShape m_shape{NumberFormat::Int8, 96, 48, 17, 0, false};

    std::string folder(const char *name) const { return m_folder.path().toStdString() + "/" + name; }

private Q_SLOTS:
    void keepsWhatWasMeasured()
    {
        LatencyCache first(folder("kept"), "A processor", "spinning", m_target);
        QVERIFY(!first.product(m_shape) && !first.pass("a shape"));
        first.addProduct(m_shape, Spread{2, 1, 3});
        first.addPass("a shape", 7);
        const LatencyCache second(folder("kept"), "A processor", "spinning", m_target);
        QVERIFY(second.product(m_shape) == TimeSpread(Spread{2, 1, 3}));
        QVERIFY(second.pass("a shape") == TimeSpread(7));
        ProductShape other = m_shape;
        other.rows = 18;
        QVERIFY(!second.product(other));
    }

    void ofOtherConditionsIsNothingKnown()
    {
        LatencyCache(folder("conditions"), "A processor", "spinning", m_target).addProduct(m_shape, 2);
        ExecutionTarget target = m_target;
        target.threads = 1;
        QVERIFY(!LatencyCache(folder("conditions"), "A processor", "spinning", target).product(m_shape));
        target = m_target;
        target.bf16Compute = true;
        QVERIFY(!LatencyCache(folder("conditions"), "A processor", "spinning", target).product(m_shape));
        QVERIFY(!LatencyCache(folder("conditions"), "Another", "spinning", m_target).product(m_shape));
        QVERIFY(!LatencyCache(folder("conditions"), "A processor", "sleeping", m_target).product(m_shape));
        QVERIFY(LatencyCache(folder("conditions"), "A processor", "spinning", m_target).product(m_shape));
    }

    // By name it is the right file.
    void aFileThatSaysItIsOfOtherConditionsIsNotUsed_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::newRow("machine") << "/machine"
                                 << "\"Another\"";
        QTest::newRow("threads") << "/target/threads"
                                 << "1";
        QTest::newRow("waits") << "/threadWaits"
                               << "\"sleeping\"";
        QTest::newRow("version") << "/edgeflexVersion"
                                 << "\"0.0.1\"";
        QTest::newRow("time") << "/products/0/milliseconds"
                              << "-1";
        QTest::newRow("shape") << "/products/0/rows"
                               << "0";
        QTest::newRow("format version") << "/formatVersion"
                                        << "99";
        QTest::newRow("not an object") << ""
                                       << "[]";
    }
    void aFileThatSaysItIsOfOtherConditionsIsNotUsed()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        LatencyCache cache(folder(QTest::currentDataTag()), "A processor", "spinning", m_target);
        cache.addProduct(m_shape, 2);
        nlohmann::json json = readJsonFile(cache.path());
        json[nlohmann::json::json_pointer(pointer.toStdString())] = nlohmann::json::parse(value.toStdString());
        writeTextFile(cache.path(), json.dump());
        LatencyCache again(folder(QTest::currentDataTag()), "A processor", "spinning", m_target);
        QVERIFY(!again.product(m_shape));
        again.addProduct(m_shape, 3); // measured anew, and whole again
        QVERIFY(LatencyCache(folder(QTest::currentDataTag()), "A processor", "spinning", m_target).product(m_shape) ==
                TimeSpread(3));
    }

    void damagedFiles_data()
    {
        QTest::addColumn<int>("bytes");
        for (const int bytes : {0, 1, 20, 100, 200})
            QTest::addRow("%d bytes", bytes) << bytes;
    }
    void damagedFiles()
    {
        QFETCH(int, bytes);
        const std::string place = folder("damaged");
        LatencyCache cache(place, "A processor", "spinning", m_target);
        cache.addProduct(m_shape, 2);
        QFile file(QString::fromStdString(cache.path()));
        QVERIFY(file.resize(bytes));
        LatencyCache again(place, "A processor", "spinning", m_target);
        QVERIFY(!again.product(m_shape));
        again.addProduct(m_shape, 3);
        QVERIFY(LatencyCache(place, "A processor", "spinning", m_target).product(m_shape) == TimeSpread(3));
    }

    void whatAnotherProcessAddsStays()
    {
        LatencyCache ours(folder("shared"), "A processor", "spinning", m_target);
        LatencyCache theirs(folder("shared"), "A processor", "spinning", m_target);
        ProductShape other = m_shape;
        other.rows = 18;
        theirs.addProduct(other, 5);
        ours.addProduct(m_shape, 2);
        const LatencyCache both(folder("shared"), "A processor", "spinning", m_target);
        QVERIFY(both.product(m_shape) && both.product(other));
    }

    void forgets()
    {
        LatencyCache cache(folder("forgotten"), "A processor", "spinning", m_target);
        cache.addPass("a shape", 2);
        cache.addProduct(m_shape, 2);
        ProductShape other = m_shape; // of another model
        other.rows = 18;
        cache.addProduct(other, 5);
        cache.forget();
        QVERIFY(!cache.product(m_shape) && !cache.product(other) && !cache.pass("a shape"));
        cache.addProduct(m_shape, 3);
        QVERIFY(cache.product(m_shape) == TimeSpread(3));
        QVERIFY(!cache.product(other));
        const LatencyCache again(folder("forgotten"), "A processor", "spinning", m_target);
        QVERIFY(again.product(m_shape) == TimeSpread(3));
        QVERIFY(again.product(other) == TimeSpread(5)); // whoever is stopped has lost nothing
        QVERIFY(again.pass("a shape") == TimeSpread(2));
    }

    void aFolderThatCannotBeUsed()
    {
        LatencyCache cache("/proc/no/such/place", "A processor", "spinning", m_target);
        cache.addProduct(m_shape, 2);
        QVERIFY(cache.product(m_shape)); // for as long as it lives
        QVERIFY(!LatencyCache("/proc/no/such/place", "A processor", "spinning", m_target).product(m_shape));
    }
};

QTEST_APPLESS_MAIN(TestLatencyCache)
#include "tst_latencycache.moc"
