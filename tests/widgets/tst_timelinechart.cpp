#include "widgets/timelinechart.h"

#include "widgets/chartcolors.h"

#include <QTest>

using namespace edgeflex;

namespace {

const QCPGraph *graphNamed(const TimelineChart &chart, const QString &name)
{
    for (int i = 0; i < chart.graphCount(); ++i) {
        if (chart.graph(i)->name() == name)
            return chart.graph(i);
    }
    return nullptr;
}

} // namespace

class tst_TimelineChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void drawsTheTimeline_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("batch");
        QTest::newRow("tight, 1") << static_cast<int>(ScheduleKind::Tight) << 1;
        QTest::newRow("tight, 7") << static_cast<int>(ScheduleKind::Tight) << 7;
        QTest::newRow("eager, 1") << static_cast<int>(ScheduleKind::Eager) << 1;
        QTest::newRow("eager, 64") << static_cast<int>(ScheduleKind::Eager) << 64;
    }
    void drawsTheTimeline()
    {
        QFETCH(int, kind);
        QFETCH(int, batch);
        const Schedule schedule =
            makeSchedule(makeVitSpec({}), static_cast<ScheduleKind>(kind), batch, ExecutionTarget());
        const MemoryTimeline timeline = makeTimeline(schedule);
        TimelineChart chart;
        chart.setTimelines(schedule, timeline);
        const QCPGraph *activations = graphNamed(chart, "Scratch");
        double highestActivation = 0;
        for (int i = 0; i < activations->dataCount(); ++i)
            highestActivation = std::max(highestActivation, activations->dataMainValue(i));
        QVERIFY(std::abs(highestActivation * 1e6 - static_cast<double>(timeline.peakActivationBytes)) < 1);
        chart.setShowWeights(true);

        const QCPGraph *top = graphNamed(chart, "Scratch");
        QVERIFY(top);
        QCOMPARE(top->dataCount(), static_cast<int>(timeline.moments.size()) + 1);
        double highest = 0;
        for (int i = 0; i < top->dataCount(); ++i) {
            const double live = graphNamed(chart, "Tensors")->dataMainValue(i);
            QVERIFY(graphNamed(chart, "Weights")->dataMainValue(i) <= live);
            QVERIFY(live <= top->dataMainValue(i));
            highest = std::max(highest, top->dataMainValue(i));
        }
        QVERIFY(std::abs(highest * 1e6 - static_cast<double>(timeline.peakBytes())) < 1);
        QVERIFY(chart.yAxis->range().contains(highest));
        const QString peak =
            QString::fromStdString(schedule.operations[static_cast<std::size_t>(timeline.peakOperation)].name);
        QVERIFY2(chart.summary().contains(peak), qPrintable(chart.summary()));
        QCOMPARE(chart.accessibleDescription(), chart.summary());
        QVERIFY(chart.describe(timeline.peakOperation).startsWith(peak));
        QCOMPARE(chart.describe(-1), QString());
        QCOMPARE(chart.describe(static_cast<int>(schedule.operations.size())), QString());
    }

    void marksTheOperationsOfALayer()
    {
        const Schedule schedule = makeSchedule(makeVitSpec({}), ScheduleKind::Tight, 1, ExecutionTarget());
        TimelineChart chart;
        chart.setTimelines(schedule, makeTimeline(schedule));
        QCOMPARE(chart.highlighted(), std::pair(-1, -1));
        chart.highlightLayers({"blocks.3.mlp.fc1"});
        const auto [first, last] = chart.highlighted();
        QCOMPARE(first, last);
        QCOMPARE(schedule.operations[static_cast<std::size_t>(first)].block, 3);
        QVERIFY(schedule.operations[static_cast<std::size_t>(first)].kind == OperationKind::MlpBlock);
        chart.highlightLayers({"blocks.99.mlp.fc1"});
        QCOMPARE(chart.highlighted(), std::pair(-1, -1));
        chart.highlightLayers({"head"});
        QCOMPARE(chart.highlighted().first, static_cast<int>(schedule.operations.size()) - 1);
        chart.clear();
        QCOMPARE(chart.highlighted(), std::pair(-1, -1));
        QCOMPARE(chart.summary(), QString());
    }

    void followsThePalette()
    {
        TimelineChart chart;
        QPalette dark;
        dark.setColor(QPalette::Base, Qt::black);
        dark.setColor(QPalette::Text, Qt::white);
        chart.setPalette(dark);
        QCOMPARE(chart.yAxis->labelColor(), QColor(Qt::white));
        chart.resize(400, 300);
        const QImage picture = chart.grab().toImage();
        QCOMPARE(picture.pixelColor(1, 1), QColor(Qt::black));
    }
};

QTEST_MAIN(tst_TimelineChart)
#include "tst_timelinechart.moc"
