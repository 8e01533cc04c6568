#include "jsonchecks.h"

#include "plan/preprocessing.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestPreprocessing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void words()
    {
        for (const Interpolation each : {Interpolation::Nearest, Interpolation::Bilinear, Interpolation::Bicubic})
            QVERIFY(interpolationFromString(toString(each)) == each);
        QVERIFY(failure([] { interpolationFromString("lanczos"); }).find("nearest, bilinear or bicubic") !=
                std::string::npos);
    }

    void json()
    {
        Preprocessing value;
        verifyRoundTrip(value);
        value = {256, 224, 192, Interpolation::Bilinear, {0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}, true};
        verifyRoundTrip(value);
    }

    void badFields_data()
    {
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("bad");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char *pointer, const char *bad, const char *field) {
            QTest::newRow((std::string(pointer) + " " + bad).c_str())
                << QByteArray(pointer) << QByteArray(bad) << QByteArray(field);
        };
        row("/resizeShorter", "-1", "resizeShorter");
        row("/resizeShorter", "1e9", "resizeShorter");
        row("/cropHeight", "224.5", "cropHeight");
        row("/cropWidth", "\"224\"", "cropWidth");
        row("/cropWidth", "99999999999", "cropWidth");
        row("/interpolation", "\"lanczos\"", "interpolation");
        row("/interpolation", "3", "interpolation");
        row("/mean", "[0.5]", "mean");
        row("/mean/1", "null", "mean[1]");
        row("/std/2", "0", "std[2]");
        row("/std/0", "-1", "std[0]");
        row("/stated", "1", "stated");
        row("/stated", "remove", "stated");
    }

    void badFields()
    {
        QFETCH(QByteArray, pointer);
        QFETCH(QByteArray, bad);
        QFETCH(QByteArray, field);
        verifyBadField<Preprocessing>(Preprocessing(), pointer.toStdString(), bad.toStdString(), field.toStdString());
    }
};

QTEST_APPLESS_MAIN(TestPreprocessing)
#include "tst_preprocessing.moc"
