#include "engine/io/contenthash.h"

#include <QTest>

#include <algorithm>
#include <bit>
#include <numeric>
#include <set>
#include <vector>

using namespace edgeflex;

class TestContentHash : public QObject
{
    Q_OBJECT

    static std::vector<unsigned char> bytes(std::size_t count)
    {
        std::vector<unsigned char> values(count);
        std::iota(values.begin(), values.end(), static_cast<unsigned char>(1));
        return values;
    }

private Q_SLOTS:
    // Kept in files: must never change without their version.
    void knownValues()
    {
        ContentHash hash;
        QCOMPARE(hash.hex(), std::string("433e259b6166f190e57ecf9b7aa845ca"));
        const auto data = bytes(1000);
        hash.addBytes(data.data(), data.size());
        QCOMPARE(hash.hex(), std::string("458c9b6bce6f2d797716c525100ef3ff"));
    }

    void callsDoNotMatter()
    {
        const auto data = bytes(1000);
        ContentHash whole;
        whole.addBytes(data.data(), data.size());
        for (const std::size_t piece : {1U, 7U, 63U, 64U, 65U, 500U}) {
            ContentHash hash;
            for (std::size_t first = 0; first < data.size(); first += piece)
                hash.addBytes(data.data() + first, std::min<std::size_t>(piece, data.size() - first));
            QCOMPARE(hash.hex(), whole.hex());
        }
    }

    // Every single bit, and every length, makes another hash.
    void everyBitMatters()
    {
        std::set<std::string> seen;
        auto data = bytes(200);
        for (std::size_t length = 0; length <= data.size(); ++length) {
            ContentHash hash;
            hash.addBytes(data.data(), length);
            QVERIFY(seen.insert(hash.hex()).second);
        }
        for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
            data[bit / 8] = static_cast<unsigned char>(data[bit / 8] ^ (1U << bit % 8));
            ContentHash hash;
            hash.addBytes(data.data(), data.size());
            QVERIFY(seen.insert(hash.hex()).second);
            data[bit / 8] = static_cast<unsigned char>(data[bit / 8] ^ (1U << bit % 8));
        }
        const std::vector<unsigned char> zeros(300);
        for (std::size_t length = 1; length <= zeros.size(); ++length) {
            ContentHash hash;
            hash.addBytes(zeros.data(), length);
            QVERIFY(seen.insert(hash.hex()).second);
        }
    }

    // About half of the digest's bits change with any bit of the content.
    void bitsScatter()
    {
        auto data = bytes(256);
        ContentHash original;
        original.addBytes(data.data(), data.size());
        const auto before = original.digest();
        for (const std::size_t bit : {0U, 63U, 511U, 1024U, 2047U}) {
            auto changed = data;
            changed[bit / 8] = static_cast<unsigned char>(changed[bit / 8] ^ (1U << bit % 8));
            ContentHash hash;
            hash.addBytes(changed.data(), changed.size());
            const auto after = hash.digest();
            const int flipped = std::popcount(before[0] ^ after[0]) + std::popcount(before[1] ^ after[1]);
            QVERIFY2(flipped > 32 && flipped < 96, QByteArray::number(flipped).constData());
        }
    }

    void neighboursAreNotConfused()
    {
        ContentHash a;
        a.add(std::string_view("ab"));
        a.add(std::string_view("c"));
        ContentHash b;
        b.add(std::string_view("a"));
        b.add(std::string_view("bc"));
        QVERIFY(a.hex() != b.hex());
    }
};

QTEST_APPLESS_MAIN(TestContentHash)
#include "tst_contenthash.moc"
