#include "widgets/quantitytext.h"

#include <QLocale>
#include <QTest>

using namespace edgeflex;

class tst_QuantityText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void bytes_data()
    {
        QTest::addColumn<qlonglong>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("0") << 0LL << "0\u00a0B";
        QTest::newRow("999") << 999LL << "999\u00a0B";
        QTest::newRow("1000") << 1000LL << "1.00\u00a0kB";
        QTest::newRow("999499") << 999499LL << "999\u00a0kB";
        QTest::newRow("999500") << 999500LL << "1.00\u00a0MB";
        QTest::newRow("5717416") << 5717416LL << "5.72\u00a0MB";
        QTest::newRow("9994999") << 9994999LL << "9.99\u00a0MB";
        QTest::newRow("9995000") << 9995000LL << "10.0\u00a0MB";
        QTest::newRow("22869664") << 22869664LL << "22.9\u00a0MB";
        QTest::newRow("345e9") << 345000000000LL << "345\u00a0GB";
        QTest::newRow("largest") << 9223372036854775807LL << "9223372\u00a0TB";
        QTest::newRow("negative") << -5717416LL << "-5.72\u00a0MB";
    }
    void bytes()
    {
        QFETCH(qlonglong, value);
        QFETCH(QString, text);
        QCOMPARE(bytesText(value), text);
    }

    void countsAndShares()
    {
        QCOMPARE(countText(197), QString("197"));
        QCOMPARE(countText(1258000000), QString("1.26\u00a0G"));
        QCOMPARE(shareText(0.0731), QString("7.3\u00a0%"));
        QCOMPARE(shareText(1), QString("100.0\u00a0%"));
    }

    void times()
    {
        QCOMPARE(millisecondsText(0), QString("0.00\u00a0ms"));
        QCOMPARE(millisecondsText(0.0018), QString("1.8\u00a0\u00b5s"));
        QCOMPARE(millisecondsText(0.0224), QString("22\u00a0\u00b5s"));
        QCOMPARE(millisecondsText(0.0994), QString("99\u00a0\u00b5s"));
        QCOMPARE(millisecondsText(0.0996), QString("0.10\u00a0ms"));
        QCOMPARE(millisecondsText(12.34), QString("12.3\u00a0ms"));
        QCOMPARE(millisecondsText(123.4), QString("123\u00a0ms"));
    }

    void powersOfTen()
    {
        QCOMPARE(scientificText(0), QString("0"));
        QCOMPARE(scientificText(0.051), QString("0.051"));
        QCOMPARE(scientificText(4096), QString("4096"));
        QCOMPARE(scientificText(2.14e-7), QString("2.1\u00b710\u207b\u2077"));
        QCOMPARE(scientificText(1e-6), QString("10\u207b\u2076"));
        QCOMPARE(scientificText(9.99e-7), QString("1.0\u00b710\u207b\u2076"));
        QCOMPARE(scientificText(-30000), QString("\u22123.0\u00b710\u2074"));
    }

    void numbersWithTheirSign()
    {
        QCOMPARE(numberText(-0.5, 2), QString("\u22120.50"));
        QCOMPARE(numberText(-0.04, 1), QString("0.0"));
        QCOMPARE(numberText(1.25, 1), QLocale::c().toString(1.25, 'f', 1));
        QCOMPARE(intervalText(-0.04, 0.31), QString("0.0\u00a0\u00b1\u00a00.3"));
    }

    void followsTheLanguage()
    {
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        QCOMPARE(bytesText(5717416), QString("5,72\u00a0MB"));
        QCOMPARE(shareText(0.5), QString("50,0\u00a0%"));
    }
};

QTEST_APPLESS_MAIN(tst_QuantityText)
#include "tst_quantitytext.moc"
