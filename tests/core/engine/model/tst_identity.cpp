#include "engine/model/identity.h"

#include "engine/model/inspect.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace edgeflex;

class TestIdentity : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;

    // A model of tensors above 1 MiB, so that sampling has something to leave out.
    static VitModel wide()
    {
        VitShape shape;
        shape.imageSize = 8;
        shape.patchSize = 4;
        shape.width = 512;
        shape.depth = 1;
        shape.heads = 1;
        shape.mlpWidth = 1024;
        shape.classes = 3;
        return reference::randomVit(makeVitSpec(shape), 1);
    }

private Q_SLOTS:
    void initTestCase() { m_model = test::writeSmallModel(m_folder.path().toStdString() + "/model"); }

    void sameWeightsHaveTheSame()
    {
        const std::string identity = modelIdentity(m_model);
        QCOMPARE(identity.size(), std::size_t(32));
        saveModel(m_model, m_folder.path().toStdString() + "/copy");
        InspectOptions options;
        options.model.path = m_folder.path().toStdString() + "/copy";
        QCOMPARE(inspectModel(options).identity, identity);
        VitModel renamed = m_model;
        renamed.spec.name = "another name";
        renamed.path = "elsewhere";
        QCOMPARE(modelIdentity(renamed), identity);
    }

    void everyTensorCounts()
    {
        std::set<std::string> seen{modelIdentity(m_model)};
        const auto changed = [&](auto change) {
            VitModel model = m_model;
            change(model);
            return seen.insert(modelIdentity(model)).second;
        };
        const auto nudge = [](Tensor &tensor) {
            tensor = tensor.clone();
            tensor.floats()[tensor.elements() - 1] += 1;
        };
        for (const LinearSpec *linear : std::as_const(m_model.spec).linears()) {
            QVERIFY(changed([&](VitModel &model) { nudge(model.linear(linear->name).values); }));
            QVERIFY(changed([&](VitModel &model) { nudge(model.linear(linear->name).bias); }));
        }
        QVERIFY(changed([&](VitModel &model) { nudge(model.weights.blocks[1].norm2.beta); }));
        QVERIFY(changed([&](VitModel &model) { nudge(model.weights.norm.gamma); }));
        QVERIFY(changed([&](VitModel &model) { nudge(model.weights.positionEmbedding); }));
        QVERIFY(changed([&](VitModel &model) { nudge(model.weights.prefixTokens); }));
        // Of two layers that exchange their weights each has other weights.
        QVERIFY(changed([](VitModel &model) {
            std::swap(model.weights.blocks[0].fc1.values, model.weights.blocks[1].fc1.values);
        }));
    }

    void samplesOfLargeModels()
    {
        const VitModel model = wide();
        const std::string whole = modelIdentity(model);
        const std::string sampled = modelIdentity(model, 1000);
        QVERIFY(whole != sampled);
        QCOMPARE(modelIdentity(model, 1000), sampled);
        // All weights but a little: seen. One that no sample holds: not.
        VitModel trained = model;
        Tensor &values = trained.weights.blocks[0].fc1.values;
        values = values.clone();
        QVERIFY(values.bytes() > (1U << 20));
        values.floats()[values.elements() - 1] += 1;
        QVERIFY(modelIdentity(trained) != whole);
        QCOMPARE(modelIdentity(trained, 1000), sampled);
        for (std::int64_t i = 0; i < values.elements(); ++i)
            values.floats()[i] *= 1.0001F;
        QVERIFY(modelIdentity(trained, 1000) != sampled);
        // Small tensors count as a whole.
        VitModel shifted = model;
        Tensor &bias = shifted.weights.blocks[0].fc1.bias;
        bias = bias.clone();
        bias.floats()[bias.elements() - 1] += 1;
        QVERIFY(modelIdentity(shifted, 1000) != sampled);
    }
};

QTEST_APPLESS_MAIN(TestIdentity)
#include "tst_identity.moc"
