#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "plan/schedule.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace edgeflex;

namespace {

ModelSpec vitBase()
{
    VitShape shape;
    shape.width = 768;
    shape.heads = 12;
    shape.mlpWidth = 3072;
    return makeVitSpec(shape);
}

ExecutionTarget oneThread()
{
    ExecutionTarget target;
    target.threads = 1;
    return target;
}

} // namespace

class TestSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // PyTorch's eager peak as read from its allocator, in units of X = batch * tokens * width * 4 bytes:
    // attention 5 + 2 heads tokens / width, MLP 3 + 2 mlpWidth / width.
    void eagerPeakIsPyTorchs_data()
    {
        QTest::addColumn<int>("batch");
        QTest::newRow("batch 1") << 1;
        QTest::newRow("batch 8") << 8;
        QTest::newRow("batch 64") << 64;
    }
    void eagerPeakIsPyTorchs()
    {
        QFETCH(int, batch);
        const ModelSpec spec = vitBase();
        const Schedule schedule = makeSchedule(spec, ScheduleKind::Eager, batch, oneThread());
        const MemoryTimeline timeline = makeTimeline(schedule);
        const double x = 4.0 * batch * 197 * 768;
        double attention = 0;
        double mlp = 0;
        for (const MemoryMoment &moment : timeline.moments) {
            const Operation &operation = schedule.operations[static_cast<std::size_t>(moment.operation)];
            double &peak = operation.name.find("mlp") != std::string::npos ? mlp : attention;
            if (operation.block >= 0)
                peak = std::max(peak, static_cast<double>(moment.tensorBytes + moment.scratchBytes) / x);
        }
        QVERIFY(std::abs(attention - (5 + 2 * 12 * 197.0 / 768)) < 0.01);
        QVERIFY(std::abs(mlp - (3 + 2 * 3072.0 / 768)) < 0.01);
    }

    void tightKeepsOneResidualStream()
    {
        const ModelSpec spec = vitBase();
        const Schedule schedule = makeSchedule(spec, ScheduleKind::Tight, 64, oneThread());
        QCOMPARE(schedule.tensors.size(), std::size_t(1));
        QCOMPARE(schedule.tensors[0].bytes, std::int64_t(4) * 64 * 197 * 768);
        QCOMPARE(schedule.tensors[0].birth, 0);
        QCOMPARE(schedule.tensors[0].lastUse, static_cast<int>(schedule.operations.size()) - 1);
        // At batch 64 the scratch of one image's attention and one tile's MLP is small beside the stream.
        const MemoryTimeline timeline = makeTimeline(schedule);
        QVERIFY(timeline.peakActivationBytes < 3 * schedule.tensors[0].bytes / 2);
    }

    void macsAreTheModels()
    {
        const ModelSpec spec = vitBase();
        for (const ScheduleKind kind : {ScheduleKind::Eager, ScheduleKind::Tight}) {
            std::int64_t macs = 0;
            for (const Operation &operation : makeSchedule(spec, kind, 1, oneThread()).operations)
                macs += operation.macs;
            // ViT-B/16 at 224 px: 17.58 GMACs with attention's own products.
            QVERIFY(std::abs(static_cast<double>(macs) / 1e9 - 17.58) < 0.02);
        }
    }

    void everyInputIsAliveAndEveryTensorUsed()
    {
        const ModelSpec spec = vitBase();
        for (const ScheduleKind kind : {ScheduleKind::Eager, ScheduleKind::Tight}) {
            const Schedule schedule = makeSchedule(spec, kind, 3, oneThread());
            for (std::size_t i = 0; i < schedule.operations.size(); ++i) {
                for (const int input : schedule.operations[i].inputs) {
                    const ScheduledTensor &tensor = schedule.tensors.at(static_cast<std::size_t>(input));
                    QVERIFY(tensor.birth <= static_cast<int>(i));
                    QVERIFY(tensor.lastUse >= static_cast<int>(i));
                }
            }
            for (const ScheduledTensor &tensor : schedule.tensors)
                QVERIFY(tensor.lastUse > tensor.birth);
        }
    }

    void jsonRoundTrip()
    {
        const Schedule schedule = makeSchedule(vitBase(), ScheduleKind::Eager, 2, oneThread());
        QCOMPARE(nlohmann::json(schedule).get<Schedule>(), schedule);
    }

    void unknownKindIsRefused()
    {
        QVERIFY_EXCEPTION_THROWN(scheduleKindFromString("lazy"), Error);
        QVERIFY(scheduleKindFromString("eager") == ScheduleKind::Eager);
    }
};

QTEST_APPLESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
