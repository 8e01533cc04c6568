#include "jsonchecks.h"

#include "plan/quantity.h"

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

class TestQuantity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("bytes");
        const auto row = [](const char *text, std::int64_t bytes) {
            QTest::newRow(text) << QByteArray(text) << qint64(bytes);
        };
        row("0", 0);
        row("123456", 123456);
        row("123456B", 123456);
        row("5.7MB", 5'700'000);
        row("5MiB", 5 << 20);
        row("0.5MiB", 1 << 19);
        row("800kB", 800'000);
        row("800 KB", 800'000);
        row("3KiB", 3072);
        row("12 GB", 12'000'000'000);
        row("12GiB", std::int64_t(12) << 30);
        row("2TB", 2'000'000'000'000);
        row("1TiB", std::int64_t(1) << 40);
        row("0.29MB", 290'000); // 0.29 * 10^6 is below 290000 in binary
        row("1.0000001kB", 1000);
        row("0.9999999999999999999999999999kB", 999);
        row("9223372036854775807", std::numeric_limits<std::int64_t>::max());
        row("9223372.036854775807TB", std::numeric_limits<std::int64_t>::max());
    }

    void bytes()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, bytes);
        QCOMPARE(qint64(bytesFromString(text.toStdString())), bytes);
    }

    void badBytes_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"",
                                 " ",
                                 "MB",
                                 "-5MB",
                                 "+5MB",
                                 "5.MB",
                                 ".5MB",
                                 "5,7MB",
                                 "5.7",
                                 "1.5B",
                                 "5mb",
                                 "5M",
                                 "5 MB ",
                                 " 5MB",
                                 "5  MB",
                                 "5MBB",
                                 "1e6",
                                 "0x10",
                                 "nan",
                                 "inf",
                                 "5.7.1MB",
                                 "5 ",
                                 "9223372036854775808",
                                 "99999999999999999999",
                                 "9223372.036854775808TB",
                                 "10000000TiB",
                                 "5\xC2\xB5"
                                 "B"})
            QTest::newRow(text) << QByteArray(text);
    }

    void badBytes()
    {
        QFETCH(QByteArray, text);
        const std::string sentence = failure([&] { bytesFromString(text.toStdString()); });
        QVERIFY(!sentence.empty());
        QVERIFY(sentence.find('"' + text.toStdString() + '"') == 0);
    }

    void formattedBytes_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QByteArray>("text");
        const auto row = [](std::int64_t bytes, const char *text) {
            QTest::newRow(text) << qint64(bytes) << QByteArray(text);
        };
        row(0, "0 B");
        row(999, "999 B");
        row(1000, "1.00 kB");
        row(5'717'416, "5.72 MB");
        row(999'994, "999.99 kB");
        row(999'995, "1.00 MB");
        row(999'999'999, "1.00 GB");
        row(12'000'000'000, "12.00 GB");
        row(-2'500'000, "-2.50 MB");
        row(std::numeric_limits<std::int64_t>::max(), "9223.37 PB");
        row(std::numeric_limits<std::int64_t>::min(), "-9223.37 PB");
    }

    void formattedBytes()
    {
        QFETCH(qint64, bytes);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(formatBytes(bytes)), text);
    }

    void percent()
    {
        QCOMPARE(formatPercent(0.8312), std::string("83.12 %"));
        QCOMPARE(formatPercent(1, 0), std::string("100 %"));
        QCOMPARE(formatPercent(-0.00456, 1), std::string("-0.5 %"));
    }

    void duration_data()
    {
        QTest::addColumn<double>("seconds");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("zero") << 0.0 << QByteArray("0.0 s");
        QTest::newRow("seconds") << 12.34 << QByteArray("12.3 s");
        QTest::newRow("just below a minute") << 59.94 << QByteArray("59.9 s");
        QTest::newRow("rounds to a minute") << 59.96 << QByteArray("1 min 00 s");
        QTest::newRow("minutes") << 245.0 << QByteArray("4 min 05 s");
        QTest::newRow("rounds to an hour") << 3599.7 << QByteArray("1 h 00 min");
        QTest::newRow("hours") << 7500.0 << QByteArray("2 h 05 min");
        QTest::newRow("negative") << -3.0 << QByteArray("0.0 s");
        QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << QByteArray("unknown");
        QTest::newRow("NaN") << std::numeric_limits<double>::quiet_NaN() << QByteArray("unknown");
    }

    void duration()
    {
        QFETCH(double, seconds);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(formatDuration(seconds)), text);
    }
};

QTEST_APPLESS_MAIN(TestQuantity)
#include "tst_quantity.moc"
