#include "engine/data/imagelimits.h"

#include "core/engine/data/datatest.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestImageLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sizes_data();
    void sizes();
};

void TestImageLimits::sizes_data()
{
    QTest::addColumn<quint64>("width");
    QTest::addColumn<quint64>("height");
    QTest::addColumn<quint64>("bytes");
    QTest::addColumn<QString>("problem"); // empty: accepted
    const quint64 most = std::numeric_limits<quint64>::max();
    QTest::newRow("one pixel") << quint64(1) << quint64(1) << quint64(1) << "";
    QTest::newRow("largest") << quint64(10000) << quint64(10000) << quint64(1000000) << "";
    QTest::newRow("one row too many") << quint64(10000) << quint64(10001) << quint64(1000000) << "megapixels";
    QTest::newRow("product overflows") << most << most << most << "megapixels";
    QTest::newRow("overflows to zero") << (quint64(1) << 32) << (quint64(1) << 32) << most << "megapixels";
    QTest::newRow("no width") << quint64(0) << quint64(5) << quint64(100) << "none";
    QTest::newRow("no height") << quint64(5) << quint64(0) << quint64(100) << "none";
    QTest::newRow("just enough bytes") << quint64(1000) << quint64(100) << quint64(1000) << "";
    QTest::newRow("one byte too few") << quint64(1000) << quint64(100) << quint64(999) << "too few";
}

void TestImageLimits::sizes()
{
    QFETCH(quint64, width);
    QFETCH(quint64, height);
    QFETCH(quint64, bytes);
    QFETCH(QString, problem);
    const std::string message = errorOf([&] { checkDeclaredSize(width, height, bytes, 100, "large.jpg"); });
    if (problem.isEmpty())
        QCOMPARE(message, std::string());
    else
        QVERIFY2(isSentenceWith(message, "large.jpg") && isSentenceWith(message, problem.toStdString()),
                 message.c_str());
}

QTEST_APPLESS_MAIN(TestImageLimits)
#include "tst_imagelimits.moc"
