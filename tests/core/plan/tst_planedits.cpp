#include "jsonchecks.h"

#include "plan/planedits.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestPlanEdits : public QObject
{
    Q_OBJECT

    const ModelSpec m_spec = makeVitSpec({});

private Q_SLOTS:
    void nothingToDo()
    {
        const CompressionPlan plan = identityPlan(m_spec);
        QCOMPARE(planEdits(m_spec, plan, plan).size(), std::size_t(1));
        CompressionPlan a = plan;
        CompressionPlan b = plan;
        a.blocks[0].mlpKeep = 0.51;
        b.blocks[0].mlpKeep = 0.505; // snaps to the same width
        QCOMPARE(planEdits(m_spec, a, b).size(), std::size_t(1));
    }

    void oneChoiceAtATime()
    {
        const CompressionPlan from = identityPlan(m_spec);
        CompressionPlan to = from;
        to.formats["head"] = NumberFormat::Int8;
        to.formats["blocks.3.mlp.fc2"] = NumberFormat::Int4;
        to.formats["blocks.0.attn.qkv"] = NumberFormat::Int8;
        to.blocks[3].mlpKeep = 0.5;
        to.blocks[1].qkKeep = 0.5;
        to.blocks[1].voKeep = 0.5;
        const std::vector<CompressionPlan> plans = planEdits(m_spec, from, to);
        QCOMPARE(plans.size(), std::size_t(7));
        QVERIFY(sameWork(m_spec, plans.front(), from));
        QVERIFY(sameWork(m_spec, plans.back(), to));
        for (std::size_t i = 1; i < plans.size(); ++i) {
            QVERIFY(!sameWork(m_spec, plans[i - 1], plans[i]));
            int choices = 0;
            for (std::size_t block = 0; block < from.blocks.size(); ++block) {
                const BlockPlan &before = plans[i - 1].blocks[block];
                const BlockPlan &after = plans[i].blocks[block];
                choices += (before.mlpKeep != after.mlpKeep) + (before.qkKeep != after.qkKeep) +
                           (before.voKeep != after.voKeep);
            }
            for (const LinearSpec *linear : m_spec.linears())
                choices += plans[i - 1].format(linear->name) != plans[i].format(linear->name);
            QCOMPARE(choices, 1);
        }
        // From the images to the logits.
        QVERIFY(plans[1].format("blocks.0.attn.qkv") == NumberFormat::Int8);
        QVERIFY(plans[5].format("blocks.3.mlp.fc2") == NumberFormat::Int4 &&
                plans[5].format("head") == NumberFormat::Fp32);
    }

    // What concerns no layer comes first, also where it matters only to a layer that comes later.
    void stagesComeFirst()
    {
        const CompressionPlan from = identityPlan(m_spec);
        CompressionPlan to = from;
        to.int4GroupSize = 32;
        to.formats["head"] = NumberFormat::Int4;
        QCOMPARE(planEdits(m_spec, from, to).size(), std::size_t(2));
        QVERIFY(sameWork(m_spec, planEdits(m_spec, from, to).back(), to));
        to.refit = false;
        const std::vector<CompressionPlan> plans = planEdits(m_spec, from, to);
        QCOMPARE(plans.size(), std::size_t(3));
        QVERIFY(!plans[1].refit && plans[1].format("head") == NumberFormat::Fp32);
    }

    void refusesOtherModels()
    {
        CompressionPlan plan = identityPlan(m_spec);
        plan.blocks.pop_back();
        QVERIFY(!failure([&] { planEdits(m_spec, identityPlan(m_spec), plan); }).empty());
        QVERIFY(!failure([&] { planEdits(m_spec, plan, identityPlan(m_spec)); }).empty());
    }
};

QTEST_APPLESS_MAIN(TestPlanEdits)
#include "tst_planedits.moc"
