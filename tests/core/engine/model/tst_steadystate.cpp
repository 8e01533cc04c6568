#include "engine/model/transformer.h"
#include "engine/tensor/hostallocator.h"
#include "reference/randomvit.h"
#include "reference/vitvariants.h"

#include <QTest>

#include <atomic>
#include <cstdlib>
#include <new>

using namespace edgeflex;

namespace {

std::atomic<std::int64_t> allocations{0};

void *counted(std::size_t bytes)
{
    ++allocations;
    if (void *block = std::malloc(bytes > 0 ? bytes : 1))
        return block;
    throw std::bad_alloc();
}

} // namespace

// Every C++ allocation of this program.
void *operator new(std::size_t bytes)
{
    return counted(bytes);
}

void *operator new[](std::size_t bytes)
{
    return counted(bytes);
}

void operator delete(void *block) noexcept
{
    std::free(block);
}

void operator delete[](void *block) noexcept
{
    std::free(block);
}

void operator delete(void *block, std::size_t) noexcept
{
    std::free(block);
}

void operator delete[](void *block, std::size_t) noexcept
{
    std::free(block);
}

// Once its memory is there, a tight pass allocates nothing.
class TestSteadyState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesAllocateNothing_data()
    {
        QTest::addColumn<int>("variant");
        QTest::addColumn<int>("format");
        for (int variant = 0; variant < static_cast<int>(test::vitVariants().size()); ++variant) {
            for (const NumberFormat format : allNumberFormats())
                QTest::addRow("%s, %s", test::vitVariants()[static_cast<std::size_t>(variant)].name.c_str(),
                              std::string(toString(format)).c_str())
                    << variant << static_cast<int>(format);
        }
    }
    void passesAllocateNothing()
    {
        QFETCH(int, variant);
        QFETCH(int, format);
        ModelSpec spec = test::vitVariants()[static_cast<std::size_t>(variant)].spec;
        for (LinearSpec *linear : spec.linears()) {
            if (linear->isAbsent())
                continue;
            linear->format = static_cast<NumberFormat>(format);
            linear->groupSize = 32;
        }
        NoProgress progress;
        const Transformer transformer(reference::randomStoredVit(spec, 3), detectTarget(2), progress);
        const std::vector<float> pixels = reference::randomPixels(spec, 3, 5);
        std::vector<float> expected(static_cast<std::size_t>(3 * spec.classes()));
        std::vector<float> logits(expected.size());
        const Schedule schedule = transformer.schedule(ScheduleKind::Tight, 3);
        transformer.run(schedule, pixels.data(), expected.data(), progress);

        ExecutionMemory memory(schedule);
        transformer.run(schedule, memory, pixels.data(), logits.data(), progress);
        QCOMPARE(logits, expected);
        std::fill(logits.begin(), logits.end(), 0.0F);
        const std::int64_t before = allocations;
        const std::int64_t hostBefore = hostallocator::allocationCount();
        transformer.run(schedule, memory, pixels.data(), logits.data(), progress);
        const std::int64_t after = allocations;
        QCOMPARE(hostallocator::allocationCount(), hostBefore);
        QCOMPARE(after, before);
        QCOMPARE(logits, expected); // nothing of one pass is left in the next
    }
    void countingCounts()
    {
        const std::int64_t before = allocations;
        const auto value = std::make_unique<std::vector<int>>(100);
        QVERIFY(value && allocations >= before + 2);
    }
};

QTEST_APPLESS_MAIN(TestSteadyState)
#include "tst_steadystate.moc"
