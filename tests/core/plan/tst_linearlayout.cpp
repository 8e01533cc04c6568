#include "plan/linearlayout.h"

#include <QTest>

using namespace edgeflex;

class TestLinearLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void bytesPerFormat_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<qlonglong>("bytes");
        // 768 x 192 with bias (3072 bytes).
        QTest::newRow("fp32") << int(NumberFormat::Fp32) << qlonglong(768 * 192 * 4 + 3072);
        QTest::newRow("fp16") << int(NumberFormat::Fp16) << qlonglong(768 * 192 * 2 + 3072);
        QTest::newRow("bf16") << int(NumberFormat::Bf16) << qlonglong(768 * 192 * 2 + 3072);
        QTest::newRow("int8") << int(NumberFormat::Int8) << qlonglong(768 * 192 + 2 * 3072 + 3072);
        // Three groups of 64: two bytes of scale and half a byte of zero point each.
        QTest::newRow("int4") << int(NumberFormat::Int4) << qlonglong(768 * 96 + 768 * 3 * 2 + 384 * 3 + 3072);
    }
    void bytesPerFormat()
    {
        QFETCH(int, format);
        QFETCH(qlonglong, bytes);
        LinearSpec linear{"layer", 768, 192, true, static_cast<NumberFormat>(format), 64, false};
        QCOMPARE(qlonglong(weightBytes(linear)), bytes);
        linear.inputScale = true;
        QCOMPARE(qlonglong(weightBytes(linear)), bytes + 192 * 4);
    }

    void missingInputsOfAGroupArePadded()
    {
        LinearSpec linear{"layer", 3, 5, false, NumberFormat::Int8, 2, false};
        QCOMPARE(weightBytes(linear), allocatedBytes(3 * 8) + 2 * allocatedBytes(3 * 4));
        linear.format = NumberFormat::Bf16;
        QCOMPARE(weightBytes(linear), allocatedBytes(3 * 6 * 2));
        linear.format = NumberFormat::Int4; // two outputs a byte, three groups
        QCOMPARE(weightBytes(linear), allocatedBytes(2 * 5) + allocatedBytes(2 * 3 * 3) + allocatedBytes(2 * 3));
    }

    void modelBytesAreParametersTimesFour()
    {
        const ModelSpec spec = makeVitSpec({});
        // Every array of ViT-Tiny is a multiple of 64 bytes but the head's bias (1000 floats) is 4000 -> 4032; the
        // class token is folded into the positions.
        QCOMPARE(weightBytes(spec), 4 * (spec.parameterCount() - spec.width) + 32);
    }

    void scratchGrowsWithRowsOnlyWhereInputsAreRounded()
    {
        ExecutionTarget target;
        LinearSpec linear{"layer", 768, 192, true, NumberFormat::Int8, 64, false};
        QCOMPARE(scratchBytes(linear, 197, target), allocatedBytes(197 * 192) + allocatedBytes(197 * 8));
        linear.format = NumberFormat::Int4;
        QCOMPARE(scratchBytes(linear, 197, target), scratchBytes(linear, 1, target));
        QCOMPARE(scratchBytes(linear, 1, target), std::int64_t(32 * 192 * 4)); // one panel a thread
        target.threads = 2;
        QCOMPARE(scratchBytes(linear, 1, target), std::int64_t(2 * 32 * 192 * 4));
        linear.format = NumberFormat::Bf16;
        QCOMPARE(scratchBytes(linear, 1, target), std::int64_t(2 * 32 * 192 * 4));
        target.bf16Compute = true;
        QCOMPARE(scratchBytes(linear, 3, target), allocatedBytes(3 * 192 * 2));
        linear.format = NumberFormat::Int4; // rounded rows; each thread's panel in BF16 and 64 inputs of it in FP32
        QCOMPARE(scratchBytes(linear, 3, target),
                 allocatedBytes(3 * 192 * 2) + 2 * std::int64_t(32 * 192 * 2 + 32 * 64 * 4));
        linear.format = NumberFormat::Fp32;
        QCOMPARE(scratchBytes(linear, 197, target), std::int64_t(0));
    }
};

QTEST_APPLESS_MAIN(TestLinearLayout)
#include "tst_linearlayout.moc"
