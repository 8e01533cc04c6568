#include "engine/data/gzip.h"

#include "core/engine/data/datatest.h"
#include "core/engine/data/gzipped.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestGzip : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contentComesBack_data();
    void contentComesBack();
    void beginning();
    void everyTruncationIsRefused();
    void refused();
};

void TestGzip::contentComesBack_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {0, 1, 100, 100'000})
        QTest::addRow("%d bytes", size) << size;
}

void TestGzip::contentComesBack()
{
    QFETCH(int, size);
    const Bytes content = noise(size, 1, 1).pixels;
    const Bytes compressed = gzipped(content);
    QVERIFY(isGzip(compressed));
    QCOMPARE(gunzip(compressed, content.size(), "a.gz"), content);
}

void TestGzip::beginning()
{
    const Bytes content = noise(100, 1, 1).pixels;
    QCOMPARE(gunzipBeginning(gzipped(content), 16, "a.gz"), Bytes(content.begin(), content.begin() + 16));
    QCOMPARE(gunzipBeginning(gzipped(content), 200, "a.gz"), content);
}

void TestGzip::everyTruncationIsRefused()
{
    const Bytes content = noise(300, 1, 1).pixels;
    const Bytes compressed = gzipped(content);
    for (std::size_t size = 0; size < compressed.size(); ++size) {
        const std::string message =
            errorOf([&] { gunzip(std::span(compressed).first(size), content.size(), "set/a.gz"); });
        QVERIFY2(isSentenceWith(message, "set/a.gz"), message.c_str());
    }
}

void TestGzip::refused()
{
    const Bytes content = noise(300, 1, 1).pixels;
    const Bytes compressed = gzipped(content);
    const auto message = [](const Bytes &bytes, std::size_t size) {
        return errorOf([&] { gunzip(bytes, size, "set/a.gz"); });
    };
    QVERIFY(isSentenceWith(message(compressed, 299), "more than"));
    QVERIFY(isSentenceWith(message(compressed, 301), "holds 300 bytes"));
    QVERIFY(isSentenceWith(message(compressed, std::size_t{1} << 40), "too few"));
    Bytes longer = compressed;
    longer.push_back(0);
    QVERIFY(isSentenceWith(message(longer, 300), "behind"));
    Bytes twice = compressed;
    twice.insert(twice.end(), compressed.begin(), compressed.end());
    QVERIFY(isSentenceWith(message(twice, 300), "behind"));
    Bytes wrongChecksum = compressed;
    wrongChecksum[wrongChecksum.size() - 8] ^= 1;
    QVERIFY(isSentenceWith(message(wrongChecksum, 300), "damaged"));
    QVERIFY(isSentenceWith(message(content, 300), "set/a.gz"));
}

QTEST_APPLESS_MAIN(TestGzip)
#include "tst_gzip.moc"
