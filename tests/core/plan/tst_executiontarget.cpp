#include "jsonchecks.h"

#include "plan/executiontarget.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestExecutionTarget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void computes()
    {
        ExecutionTarget target;
        QVERIFY(target.computes(NumberFormat::Fp32) == NumberFormat::Fp32);
        QVERIFY(target.computes(NumberFormat::Fp16) == NumberFormat::Fp32);
        QVERIFY(target.computes(NumberFormat::Bf16) == NumberFormat::Fp32);
        QVERIFY(target.computes(NumberFormat::Int8) == NumberFormat::Int8);
        QVERIFY(target.computes(NumberFormat::Int4) == NumberFormat::Fp32);
        target.bf16Compute = true;
        QVERIFY(target.computes(NumberFormat::Bf16) == NumberFormat::Bf16);
        QVERIFY(target.computes(NumberFormat::Int4) == NumberFormat::Bf16);
        QVERIFY(target.computes(NumberFormat::Fp16) == NumberFormat::Fp32);
    }

    void json()
    {
        verifyRoundTrip(ExecutionTarget());
        const ExecutionTarget target{4, true, true, "AVX-512 VNNI"};
        verifyRoundTrip(target);
        verifyBadField<ExecutionTarget>(target, "/threads", "0", "threads");
        verifyBadField<ExecutionTarget>(target, "/threads", "remove", "threads");
        verifyBadField<ExecutionTarget>(target, "/int8DotProduct", "\"yes\"", "int8DotProduct");
        verifyBadField<ExecutionTarget>(target, "/bf16Compute", "null", "bf16Compute");
        verifyBadField<ExecutionTarget>(target, "/instructionSet", "[]", "instructionSet");
    }
};

QTEST_APPLESS_MAIN(TestExecutionTarget)
#include "tst_executiontarget.moc"
