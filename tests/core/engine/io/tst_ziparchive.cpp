#include "checkpointbytes.h"

#include "engine/io/ziparchive.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestZipArchive : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStoredFiles();
    void readsZip64();
    void refusesBadArchives_data();
    void refusesBadArchives();
};

namespace {

const std::vector<ZipFile> twoFiles{{"a", "hello"}, {"b/c", "worlds"}};

// The end of an archive in ZIP64 form, all 32-bit fields saturated.
std::string withZip64End(const ZipBytes &zip, std::uint64_t entries, std::uint64_t bytes, std::uint64_t offset)
{
    const std::string end64 = std::string("PK\x06\x06") + littleEndian<std::uint64_t>(44) + std::string(12, '\0') +
                              littleEndian(entries) + littleEndian(entries) + littleEndian(bytes) +
                              littleEndian(offset);
    const std::string locator = std::string("PK\x06\x07") + std::string(4, '\0') +
                                littleEndian<std::uint64_t>(zip.end) + littleEndian<std::uint32_t>(1);
    const std::string end =
        std::string("PK\x05\x06") + std::string(4, '\0') + std::string(12, '\xff') + std::string(2, '\0');
    return zip.bytes.substr(0, zip.end) + end64 + locator + end;
}

} // namespace

void TestZipArchive::readsStoredFiles()
{
    const ZipBytes bytes = zip(twoFiles);
    const ZipArchive archive(asBytes(bytes.bytes), "x.zip");
    QCOMPARE(archive.entries().size(), std::size_t{2});
    const auto data = archive.entries().at("b/c").data;
    QCOMPARE(std::string(reinterpret_cast<const char *>(data.data()), data.size()), std::string("worlds"));
    QVERIFY(ZipArchive::isZip(asBytes(bytes.bytes)));
    QVERIFY(!ZipArchive::isZip(asBytes("PK")));
    const std::string commented = patched<std::uint16_t>(bytes.bytes, bytes.end + 20, 3) + "abc";
    QCOMPARE(ZipArchive(asBytes(commented), "x.zip").entries().size(), std::size_t{2});
    const std::string deflated = patched<std::uint16_t>(bytes.bytes, bytes.records[0] + 10, 8);
    QVERIFY(ZipArchive(asBytes(deflated), "x.zip").entries().at("a").compressed);
}

void TestZipArchive::readsZip64()
{
    const ZipBytes bytes = zip(twoFiles);
    const std::string zip64 = withZip64End(bytes, 2, bytes.end - bytes.directory, bytes.directory);
    QCOMPARE(ZipArchive(asBytes(zip64), "x.zip").entries().size(), std::size_t{2});

    // Sizes and offset of a file in the extra field.
    const std::string local = zip({{"a", "hello"}}).bytes.substr(0, 36);
    const std::string extra = littleEndian<std::uint16_t>(1) + littleEndian<std::uint16_t>(24) +
                              littleEndian<std::uint64_t>(5) + littleEndian<std::uint64_t>(5) +
                              littleEndian<std::uint64_t>(0);
    const std::string record = std::string("PK\x01\x02") + std::string(16, '\0') + std::string(8, '\xff') +
                               littleEndian<std::uint16_t>(1) + littleEndian(static_cast<std::uint16_t>(extra.size())) +
                               std::string(10, '\0') + std::string(4, '\xff') + "a" + extra;
    const auto whole = [&](const std::string &directory) {
        return local + directory + "PK\x05\x06" + std::string(4, '\0') + littleEndian<std::uint16_t>(1) +
               littleEndian<std::uint16_t>(1) + littleEndian(static_cast<std::uint32_t>(directory.size())) +
               littleEndian(static_cast<std::uint32_t>(local.size())) + std::string(2, '\0');
    };
    const std::string good = whole(record);
    QCOMPARE(ZipArchive(asBytes(good), "x.zip").entries().at("a").data.size(), std::size_t{5});
    const std::string lies = whole(patched<std::uint64_t>(record, 46 + 1 + 4 + 8, ~std::uint64_t{0} - 3));
    QVERIFY(isSentence(failureOf([&] { ZipArchive(asBytes(lies), "x.zip"); }), "x.zip", "two different sizes"));
}

void TestZipArchive::refusesBadArchives_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const std::string &bytes, const char *says) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QString(says);
    };
    const ZipBytes good = zip(twoFiles);
    const std::string &bytes = good.bytes;
    row("empty", "", "no central directory");
    row("truncated", bytes.substr(0, bytes.size() - 1), "cut off");
    row("only the front", bytes.substr(0, good.directory), "cut off");
    row("directory beyond the file", patched<std::uint32_t>(bytes, good.end + 16, 100'000), "outside the file");
    row("directory too long", patched<std::uint32_t>(bytes, good.end + 12, 1'000'000), "outside the file");
    row("more files than fit", patched<std::uint32_t>(bytes, good.end + 8, 0xff00ff00), "number of files");
    row("fewer files than there are", patched<std::uint32_t>(bytes, good.end + 8, 0x00010001), "more than its files");
    row("several disks", patched<std::uint16_t>(bytes, good.end + 4, 1), "one part of several");
    row("bad record", patched<char>(bytes, good.directory, 'X'), "not one");
    row("record name too long", patched<std::uint16_t>(bytes, good.records[1] + 28, 60'000), "cut off");
    row("encrypted", patched<std::uint16_t>(bytes, good.records[0] + 8, 1), "encrypted");
    row("size beyond the data",
        patched<std::uint32_t>(patched<std::uint32_t>(bytes, good.records[1] + 20, 5000), good.records[1] + 24, 5000),
        "beyond");
    row("two sizes", patched<std::uint32_t>(bytes, good.records[1] + 24, 5), "two different sizes");
    row("overlap",
        patched<std::uint32_t>(patched<std::uint32_t>(bytes, good.records[0] + 20, 20), good.records[0] + 24, 20),
        "overlaps");
    row("offset beyond the data", patched<std::uint32_t>(bytes, good.records[1] + 42, 0xfffffff0), "not where");
    row("offset into nothing", patched<std::uint32_t>(bytes, good.records[1] + 42, 3), "not where");
    row("local name differs", patched<char>(bytes, good.localHeaders[0] + 30, 'z'), "not where");
    row("local header too long", patched<std::uint16_t>(bytes, good.localHeaders[1] + 28, 65'535), "not where");
    row("same name twice", zip({{"a", "1"}, {"a", "2"}}).bytes, "twice");
    row("ZIP64 end missing", patched<std::uint32_t>(bytes, good.end + 16, 0xffffffff), "ZIP64 end record is missing");
    row("ZIP64 directory beyond the file", withZip64End(good, 2, good.end - good.directory, std::uint64_t{1} << 60),
        "outside the file");
    row("ZIP64 overflow", withZip64End(good, 2, ~std::uint64_t{0}, good.directory), "outside the file");
    row("ZIP64 number of files", withZip64End(good, std::uint64_t{1} << 62, good.end - good.directory, good.directory),
        "number of files");
    row("ZIP64 record misplaced",
        patched<std::uint64_t>(withZip64End(good, 2, 1, 1), good.end + 56 + 8, ~std::uint64_t{0}),
        "ZIP64 end record is not");
    row("ZIP64 sizes missing", patched<std::uint32_t>(bytes, good.records[0] + 20, 0xffffffff),
        "ZIP64 sizes of a are missing");
}

void TestZipArchive::refusesBadArchives()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, says);
    const std::string copy = bytes.toStdString();
    QVERIFY(isSentence(failureOf([&] { ZipArchive(asBytes(copy), "bad.zip"); }), "bad.zip", says.toStdString()));
}

QTEST_APPLESS_MAIN(TestZipArchive)
#include "tst_ziparchive.moc"
