#include "engine/model/memoryguard.h"

#include "plan/error.h"

#include <QTest>

using namespace edgeflex;

class TestMemoryGuard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWithTheEstimate()
    {
        JobOptions job;
        job.memoryLimitBytes = 1'000'000'000;
        requireMemory(job, 1'000'000'000, "measuring x"); // just fits
        try {
            requireMemory(job, 2'500'000'000, "measuring x at batch 64");
            QFAIL("accepted");
        } catch (const Error &error) {
            const QString text = error.what();
            QVERIFY2(text.startsWith("measuring x at batch 64 needs about 2.50 GB"), error.what());
            QVERIFY2(text.contains("1.00 GB are allowed"), error.what());
        }
    }

    void machineHasSomeButNotEverything()
    {
        const std::int64_t available = availableMemoryBytes();
        QVERIFY(available > 0);
        requireMemory({}, 1, "nothing");
        QVERIFY_EXCEPTION_THROWN(requireMemory({}, std::int64_t(1) << 60, "everything"), Error);
    }
};

QTEST_APPLESS_MAIN(TestMemoryGuard)
#include "tst_memoryguard.moc"
