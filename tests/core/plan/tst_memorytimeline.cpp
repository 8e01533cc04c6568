#include "plan/memorytimeline.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace edgeflex;

namespace {

// Three operations: a lives 0..1, b 1..2, c only during 2.
Schedule small()
{
    Schedule schedule;
    schedule.weightBytes = 1000;
    schedule.tensors = {{"a", 100, 0, 1}, {"b", 30, 1, 2}, {"c", 60, 2, 2}};
    schedule.operations.resize(3);
    schedule.operations[1].scratchBytes = 5;
    return schedule;
}

} // namespace

class TestMemoryTimeline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sweepsLiveSets()
    {
        const MemoryTimeline timeline = makeTimeline(small());
        QCOMPARE(timeline.moments.size(), std::size_t(3));
        QCOMPARE(timeline.moments[0].tensorBytes, std::int64_t(100));
        QCOMPARE(timeline.moments[1].tensorBytes, std::int64_t(130));
        QCOMPARE(timeline.moments[1].scratchBytes, std::int64_t(5));
        QCOMPARE(timeline.moments[2].tensorBytes, std::int64_t(90));
        QCOMPARE(timeline.peakActivationBytes, std::int64_t(135));
        QCOMPARE(timeline.peakOperation, 1);
        QCOMPARE(timeline.peakTensors, (std::vector<int>{0, 1})); // largest first
        QCOMPARE(timeline.peakBytes(), std::int64_t(1135));
    }

    void emptyScheduleHasOnlyWeights()
    {
        Schedule schedule;
        schedule.weightBytes = 7;
        const MemoryTimeline timeline = makeTimeline(schedule);
        QCOMPARE(timeline.peakBytes(), std::int64_t(7));
        QVERIFY(timeline.moments.empty());
    }

    void jsonRoundTrip()
    {
        const MemoryTimeline timeline = makeTimeline(small());
        QCOMPARE(nlohmann::json(timeline).get<MemoryTimeline>(), timeline);
    }
};

QTEST_APPLESS_MAIN(TestMemoryTimeline)
#include "tst_memorytimeline.moc"
