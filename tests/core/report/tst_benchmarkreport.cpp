#include "report/benchmarkreport.h"

#include "report/markdownwriter.h"
#include "report/svgchart.h"

#include <QTest>
#include <QXmlStreamReader>

using namespace edgeflex;

namespace {

Benchmark example()
{
    Benchmark benchmark;
    benchmark.conditions.machine = "Some CPU";
    benchmark.conditions.repeats = 3;
    benchmark.notes = {"OpenVINO is not installed"};
    BenchmarkTable timed;
    timed.model = "/models/vit-base/";
    timed.provenance = "synthesized weights";
    timed.batch = 8;
    timed.times = {{"FP32", "FP32 AVX2", true, {80, 82, 81}},
                   {"INT8", "INT8 AVX2", true, {20, 20.5, 27}},
                   {std::string(int8ProductsName), "oneDNN", false, {16, 16.4, 18}},
                   {"ONNX Runtime FP32", "ONNX Runtime 1.21.0", false, {100, 82, 81}}};
    BenchmarkTable weighed;
    weighed.model = "/models/vit-huge";
    weighed.memory = {{"FP32", ScheduleKind::Tight, 1000, 1000, 20, 2000, 4000, 100},
                      {"FP32", ScheduleKind::Eager, 1000, 1000, 20, 3000, 5000, 100},
                      {"INT4", ScheduleKind::Tight, 125, 125, 20, 250, 1000, 10}};
    benchmark.tables = {timed, weighed};
    return benchmark;
}

} // namespace

class TestBenchmarkReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void markdown()
    {
        const QString text = QString::fromStdString(markdownReport(benchmarkReport(example())));
        QVERIFY2(text.contains("## vit-base, batch 8"), qPrintable(text));
        QVERIFY(text.contains("no accuracy claimed"));
        QVERIFY2(text.contains("| INT8 | 20.50 (20.02 to 26.68) | 4.00 (3.05 to 4.95) |"), qPrintable(text));
        QVERIFY(text.contains("| ONNX Runtime FP32 | 82.00 (81.05 to 99.10) | 1 |"));
        QVERIFY(text.contains("takes 1.25 ("));
        QVERIFY(text.contains("## vit-huge, batch 1"));
        QVERIFY(text.contains("| INT4 | 125 B | 125 B | 250 B (-87.5 %) | 1.00 kB (-75.0 %) | 10 |"));
        QVERIFY(text.contains("| FP32, eager | 1.00 kB | 1.00 kB | 3.00 kB (+50.0 %) |"));
        QVERIFY(text.contains("OpenVINO is not installed."));
        QVERIFY(text.contains("Some CPU"));
    }

    // Without ONNX Runtime ours is what others are compared with.
    void reference()
    {
        Benchmark benchmark = example();
        benchmark.tables[0].times.pop_back();
        const QString text = QString::fromStdString(markdownReport(benchmarkReport(benchmark)));
        QVERIFY(text.contains("as fast as FP32"));
        QCOMPARE(benchmarkFigure(benchmark).panels.at(0).x.label, "Times as fast as FP32");
    }

    void figure()
    {
        const Figure figure = benchmarkFigure(example());
        const Chart &chart = figure.panels.at(0);
        QCOMPARE(chart.series.size(), std::size_t(1)); // what was timed
        QCOMPARE(chart.series[0].points.size(), std::size_t(4));
        QCOMPARE(chart.series[0].points[1].x, 4.0);
        QCOMPARE(chart.y.ticks[1].text, "INT8");
        QXmlStreamReader xml(QByteArray::fromStdString(svgFile(figure)));
        bool styled = false;
        while (!xml.atEnd())
            styled = (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == u"style") || styled;
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QVERIFY(styled);
    }
};

QTEST_APPLESS_MAIN(TestBenchmarkReport)
#include "tst_benchmarkreport.moc"
