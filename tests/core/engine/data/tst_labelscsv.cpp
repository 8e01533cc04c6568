#include "engine/data/labelscsv.h"

#include "core/engine/data/datatest.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestLabelsCsv : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void accepted_data();
    void accepted();
    void refused_data();
    void refused();
};

void TestLabelsCsv::accepted_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("plain") << QByteArray("file,label\na b.png,0\n\"c/d,e.png\",7\n");
    QTest::newRow("no last line end") << QByteArray("file,label\na b.png,0\n\"c/d,e.png\",7");
    QTest::newRow("CRLF") << QByteArray("file,label\r\na b.png,0\r\n\"c/d,e.png\",7\r\n");
    QTest::newRow("byte-order mark") << QByteArray("\xEF\xBB\xBF"
                                                   "file,label\na b.png,0\n\"c/d,e.png\",7\n");
    QTest::newRow("all quoted") << QByteArray("\"file\",\"label\"\n\"a b.png\",\"0\"\n\"c/d,e.png\",\"7\"\n");
    QTest::newRow("blanks") << QByteArray("\nfile , label\n\n  a b.png ,\t0\n \"c/d,e.png\" , 7 \n\n");
}

void TestLabelsCsv::accepted()
{
    QFETCH(QByteArray, text);
    const std::vector<LabelledFile> expected{{"a b.png", 0}, {"c/d,e.png", 7}};
    QCOMPARE(parseLabelsCsv(text.toStdString(), "labels.csv"), expected);
}

void TestLabelsCsv::refused_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("part");
    QTest::newRow("empty") << QByteArray() << "header";
    QTest::newRow("blank lines") << QByteArray("\n\r\n") << "header";
    QTest::newRow("no header") << QByteArray("a.png,3\n") << "line 1";
    QTest::newRow("other header") << QByteArray("path,class\na.png,3\n") << "line 1";
    QTest::newRow("only a header") << QByteArray("file,label\n") << "no images";
    QTest::newRow("one field") << QByteArray("file,label\na.png\n") << "line 2";
    QTest::newRow("three fields") << QByteArray("file,label\na.png,1,2\n") << "line 2";
    QTest::newRow("negative") << QByteArray("file,label\na.png,-1\n") << "line 2";
    QTest::newRow("a word") << QByteArray("file,label\na.png,1\nb.png,tench\n") << "line 3";
    QTest::newRow("fraction") << QByteArray("file,label\na.png,1.5\n") << "1.5";
    QTest::newRow("no label") << QByteArray("file,label\na.png,\n") << "line 2";
    QTest::newRow("large") << QByteArray("file,label\na.png,1000000\n") << "1000000";
    QTest::newRow("overflow") << QByteArray("file,label\na.png,99999999999999999999\n") << "line 2";
    QTest::newRow("no file") << QByteArray("file,label\n,1\n") << "line 2";
    QTest::newRow("absolute") << QByteArray("file,label\n/etc/passwd,1\n") << "/etc/passwd";
    QTest::newRow("parent") << QByteArray("file,label\n../a.png,1\n") << "../a.png";
    QTest::newRow("hidden parent") << QByteArray("file,label\na/../../b.png,1\n") << "line 2";
    QTest::newRow("twice") << QByteArray("file,label\na.png,1\n./a.png,2\n") << "second time";
    QTest::newRow("open quote") << QByteArray("file,label\n\"a.png,1\n") << "quote";
    QTest::newRow("behind a quote") << QByteArray("file,label\n\"a\"b.png,1\n") << "quote";
    QTest::newRow("zero byte") << QByteArray("file,label\na\0b.png,1\n", 21) << "zero byte";
}

void TestLabelsCsv::refused()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, part);
    const std::string message = errorOf([&] { parseLabelsCsv(text.toStdString(), "set/labels.csv"); });
    QVERIFY2(isSentenceWith(message, "set/labels.csv"), message.c_str());
    QVERIFY2(isSentenceWith(message, part.toStdString()), message.c_str());
}

QTEST_APPLESS_MAIN(TestLabelsCsv)
#include "tst_labelscsv.moc"
