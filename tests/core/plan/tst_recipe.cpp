#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/recipe.h"

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::int64_t keptChannels(const CompressionPlan &plan)
{
    std::int64_t sum = 0;
    for (const BlockSpec &block : plannedSpec(sampleSpec(), plan).blocks)
        sum += block.mlpWidth();
    return sum;
}

} // namespace

class TestRecipe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stepsFitTheModel_data()
    {
        QTest::addColumn<bool>("measured");
        QTest::addColumn<double>("keep");
        for (const bool measured : {false, true})
            for (const double keep : {1.0, 0.9, 0.75, 0.5, 0.3, 0.01}) // 0.3: below all widths that were measured
                QTest::addRow("%g %s", keep, measured ? "measured" : "blind") << measured << keep;
    }
    void stepsFitTheModel()
    {
        QFETCH(bool, measured);
        QFETCH(double, keep);
        const ModelSpec spec = sampleSpec();
        const auto sensitivity = measured ? std::optional(sampleSensitivity()) : std::nullopt;
        for (const NumberFormat awq : {NumberFormat::Int8, NumberFormat::Int4}) {
            const std::vector<RecipeStep> steps = edgeFlexRecipe(spec, sensitivity, keep, awq);
            QCOMPARE(steps.size(), std::size_t(4));
            QCOMPARE(steps[0].plan, identityPlan(spec));
            for (const RecipeStep &step : steps) {
                plannedSpec(spec, step.plan); // throws where it does not fit
                verifyRoundTrip(step.plan);
            }
            const std::int64_t least = 2 * mlpWidthStep(96);
            QVERIFY(static_cast<double>(keptChannels(steps[1].plan)) <= std::max(keep * 192, double(least)) + 1e-9);
            // Each step has all of the one before.
            QCOMPARE(steps[2].plan.blocks, steps[1].plan.blocks);
            QCOMPARE(steps[3].plan.blocks, steps[1].plan.blocks);
            for (const LinearSpec *linear : spec.linears()) {
                QVERIFY(steps[1].plan.format(linear->name) == NumberFormat::Fp32);
                QVERIFY(steps[2].plan.format(linear->name) == NumberFormat::Fp16);
                const bool inBlock = linear->name.starts_with("blocks.");
                QVERIFY(steps[3].plan.format(linear->name) == (inBlock ? awq : NumberFormat::Fp16));
            }
        }
    }

    // Block 1 hardly minds being pruned.
    void sensitivityDecidesWhereItIsKnown()
    {
        const ModelSpec spec = sampleSpec();
        const CompressionPlan blind = edgeFlexRecipe(spec, {}, 0.75)[1].plan;
        QCOMPARE(blind.blocks[0], blind.blocks[1]);
        const CompressionPlan seeing = edgeFlexRecipe(spec, sampleSensitivity(), 0.75)[1].plan;
        QVERIFY(seeing.blocks[0].mlpKeep > seeing.blocks[1].mlpKeep);
    }

    void senselessSharesAreRefused()
    {
        for (const double keep : {0.0, -1.0, 1.1})
            QVERIFY(!failure([&] { edgeFlexRecipe(sampleSpec(), {}, keep); }).empty());
    }
};

QTEST_APPLESS_MAIN(TestRecipe)
#include "tst_recipe.moc"
