#include "engine/bench/plainvariant.h"

#include "engine/model/transformer.h"
#include "plan/error.h"
#include "reference/naivevit.h"
#include "reference/randomvit.h"

#include <QTest>

using namespace edgeflex;

class TestPlainVariant : public QObject
{
    Q_OBJECT

    VitModel m_model;

private Q_SLOTS:
    void initTestCase()
    {
        VitShape shape;
        shape.imageSize = 16;
        shape.patchSize = 8;
        shape.width = 48;
        shape.depth = 2;
        shape.heads = 3;
        shape.mlpWidth = 64;
        shape.classes = 5;
        m_model = reference::randomVit(makeVitSpec(shape), 3);
    }

    // It has the planned shape, every array fits, and it runs.
    void isWhatThePlanSays_data()
    {
        QTest::addColumn<QString>("plan");
        for (const BenchPlan &plan : defaultBenchPlans())
            QTest::addRow("%s", toString(plan).c_str()) << QString::fromStdString(toString(plan));
    }
    void isWhatThePlanSays()
    {
        QFETCH(QString, plan);
        const BenchPlan words = benchPlanFromString(plan.toStdString());
        const VitModel variant = plainVariant(m_model, words);
        QVERIFY(variant.spec == plannedSpec(m_model.spec, words));
        NoProgress progress;
        const Transformer transformer(variant, detectTarget(1), progress);
        const std::vector<float> pixels = reference::randomPixels(variant.spec, 1, 4);
        std::vector<float> logits(static_cast<std::size_t>(variant.spec.classes()));
        transformer.run(transformer.schedule(ScheduleKind::Tight, 1), pixels.data(), logits.data(), progress);
        const std::vector<double> expected = reference::naiveLogits(variant, pixels);
        for (std::size_t i = 0; i < logits.size(); ++i)
            QVERIFY(std::abs(logits[i] - expected[i]) < 0.1);
    }

    // What stays are the first channels and the first dimensions of each head.
    void keepsTheFirst()
    {
        const VitModel variant = plainVariant(m_model, {NumberFormat::Fp32, 0.5, 0.5});
        const BlockWeights &before = m_model.weights.blocks[1];
        const BlockWeights &after = variant.weights.blocks[1];
        const auto at = [](const LinearWeights &layer, std::int64_t n, std::int64_t k) {
            return layer.values.floats()[n * layer.spec.inFeatures + k];
        };
        QCOMPARE(at(after.fc1, 31, 7), at(before.fc1, 31, 7));
        QCOMPARE(at(after.fc2, 7, 31), at(before.fc2, 7, 31));
        QCOMPARE(at(after.qkv, 8 + 3, 5), at(before.qkv, 16 + 3, 5));            // head 1's queries
        QCOMPARE(at(after.qkv, 24 + 16 + 1, 5), at(before.qkv, 48 + 32 + 1, 5)); // head 2's keys
        QCOMPARE(at(after.qkv, 48 + 7, 5), at(before.qkv, 96 + 7, 5));           // head 0's values
        QCOMPARE(at(after.proj, 5, 16 + 7), at(before.proj, 5, 32 + 7));         // head 2's values
    }

    void compressedModelsAreRefused()
    {
        const VitModel variant = plainVariant(m_model, {NumberFormat::Int8});
        bool refused = false;
        try {
            plainVariant(variant, {NumberFormat::Int4});
        } catch (const Error &) {
            refused = true;
        }
        QVERIFY(refused);
    }
};

QTEST_APPLESS_MAIN(TestPlainVariant)
#include "tst_plainvariant.moc"
