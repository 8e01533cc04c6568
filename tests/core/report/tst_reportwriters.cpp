#include "core/report/smallreport.h"
#include "plan/error.h"
#include "reference/syntheticsession.h"
#include "report/csvwriter.h"
#include "report/htmlwriter.h"
#include "report/jsonwriter.h"
#include "report/markdownwriter.h"
#include "report/reportbuilder.h"
#include "report/svgchart.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// What is wrong with it as XML, or nothing.
QString xmlError(const std::string &text)
{
    QXmlStreamReader xml(QString::fromStdString(text));
    while (!xml.atEnd())
        xml.readNext();
    return xml.hasError() ? QString("line %1: %2").arg(xml.lineNumber()).arg(xml.errorString()) : QString();
}

} // namespace

class TestReportWriters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void markdown()
    {
        const std::string expected = R"(# m_1 \<b\>: report

1\. What it \*is\*

Measured until 2025-06-01T10:00:00Z

## Summary

> **Fits: yes.**

- Weights: **5.65 MB** (4.05x smaller)

- **Data**: /data/a\&b
- **Again**: 

**Before, after**

|  | Weights, MB |
| :--- | ---: |
| a\|b | 22.87 |
| **say "x"** | **-5.65** |
| short |  |

*Small.*

## More

**Figure 1: it**: In words.

Run:

```
edgeflex `x` \
    --y
```
)";
        QCOMPARE(QString::fromStdString(markdownReport(smallReport())), QString::fromStdString(expected));
    }

    void markdownFenceIsLongerThanTheCode()
    {
        Report report;
        report.sections = {{"", {Code{"", "```\nx"}}}};
        QVERIFY(markdownReport(report).find("````\n```\nx\n````\n") != std::string::npos);
    }

    void csv()
    {
        QCOMPARE(QString::fromStdString(csvReport(smallReport())), QString("\"Before, after\"\r\n"
                                                                           ",Weights (MB)\r\n"
                                                                           "a|b,22.87\r\n"
                                                                           "\"say \"\"x\"\"\",-5.65\r\n"
                                                                           "short,\r\n"));
    }

    void csvSeparatesTables()
    {
        const std::string text = csvReport(makeReport(syntheticSession()));
        QCOMPARE(QString::fromStdString(text).split("\r\n\r\n").size(), 6);
        QVERIFY(text.find("\r\n\r\nTable 2: Every measured variant\r\n#,Variant,") != std::string::npos);
    }

    void jsonHoldsEverything()
    {
        for (const Report &report : {smallReport(), makeReport(syntheticSession()), Report()}) {
            const std::string text = jsonReport(report);
            QVERIFY(reportFromJson(text, "report.json") == report);
            QCOMPARE(QString::fromStdString(jsonReport(reportFromJson(text, "report.json"))),
                     QString::fromStdString(text));
        }
    }

    void jsonThatIsNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("part");
        const QByteArray head = R"({"formatVersion":1,"title":"","subtitle":"","model":"","date":"","sections":)";
        QTest::newRow("text") << QByteArray("hello") << QByteArray("r.json");
        QTest::newRow("empty") << QByteArray("{}") << QByteArray("formatVersion");
        QTest::newRow("version") << QByteArray(R"({"formatVersion":2})") << QByteArray("formatVersion");
        QTest::newRow("block") << head + R"([{"title":"","blocks":[{"poem":{}}]}]})"
                               << QByteArray("sections[0].blocks[0]");
        QTest::newRow("word")
            << head + R"([{"title":"","blocks":[{"paragraph":{"text":"","role":"shout","tone":"good"}}]}]})"
            << QByteArray("paragraph.role");
    }
    void jsonThatIsNone()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, part);
        try {
            reportFromJson(text.toStdString(), "r.json");
            QFAIL("was read");
        } catch (const Error &error) {
            QVERIFY2(QByteArray(error.what()).contains(part), error.what());
        }
    }

    void html_data()
    {
        QTest::addColumn<int>("which");
        QTest::newRow("small") << 0;
        QTest::newRow("ViT-Tiny") << 1;
        QTest::newRow("nothing measured") << 2;
    }
    void html()
    {
        QFETCH(int, which);
        const Report report = which == 0   ? smallReport()
                              : which == 1 ? makeReport(syntheticSession())
                                           : makeReport(emptySyntheticSession(SyntheticModel::VitTiny));
        const std::string text = htmlReport(report);
        QCOMPARE(xmlError(text), QString());
        // Self-contained: nothing is loaded and nothing runs.
        for (const char *word : {"<script", "<link", "<img", "src=", "url(", "@import", "href="})
            QVERIFY2(text.find(word) == std::string::npos, word);
        QCOMPARE(QString::fromStdString(htmlReport(report)), QString::fromStdString(text));
    }

    void htmlEscapes()
    {
        const std::string text = htmlReport(smallReport());
        QVERIFY(text.find("<b>:") == std::string::npos);
        QVERIFY(text.find("m_1 &lt;b&gt;: report") != std::string::npos);
        QVERIFY(text.find("/data/a&amp;b") != std::string::npos);
        QVERIFY(text.find("variants &amp; more") != std::string::npos);
        QVERIFY(text.find("A &lt;panel&gt;") != std::string::npos);
        QVERIFY(text.find("\u22125.65") != std::string::npos);
        QVERIFY(text.find("4.05\u00d7 smaller") != std::string::npos);
    }

    void forbiddenLettersAreLeftOut()
    {
        QCOMPARE(escapeXml(std::string_view("a\x01\x1b\0b\n<&>\"'", 11)), "ab\n&lt;&amp;&gt;&quot;&#39;");
        Report report = smallReport();
        report.title = "\x02title";
        QCOMPARE(xmlError(htmlReport(report)), QString());
    }

    void svg()
    {
        const Figure figure{"caption", "In <words>.", {smallChart()}, 0.5};
        const std::string text = svgFigure(figure);
        QCOMPARE(xmlError(text), QString());
        QVERIFY(text.find("<title>In &lt;words&gt;.</title>") != std::string::npos);
        QVERIFY(text.find("nan") == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestReportWriters)
#include "tst_reportwriters.moc"
