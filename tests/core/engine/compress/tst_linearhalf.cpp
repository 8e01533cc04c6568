#include "engine/compress/linearhalf.h"

#include "reference/naivevit.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <memory>

using namespace edgeflex;

class TestLinearHalf : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;
    std::unique_ptr<Dataset> m_dataset;

    LinearHalf fitted(const VitModel &model, int block, BlockPart half) const
    {
        NoProgress progress;
        const Transformer transformer(model, detectTarget(1), progress);
        TokenStream stream({m_dataset.get(), spreadIndices(96, 0), 8}, model.spec);
        stream.embed(transformer, nullptr, progress);
        for (int before = 0; before < block; ++before)
            stream.advance(transformer, before, progress);
        return fitLinearHalf(transformer, block, half, stream, false, progress);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_model = test::writeSmallModel(root + "/model");
        m_dataset = openDataset(test::writeSmallImages(root + "/images", 96));
    }

    // An MLP whose activations are all far above zero is linear: its layers multiplied.
    void whatIsLinearIsFound()
    {
        VitModel model = m_model;
        LinearWeights &fc1 = model.weights.blocks[1].fc1;
        fc1.bias = fc1.bias.clone();
        for (std::int64_t i = 0; i < fc1.bias.elements(); ++i)
            fc1.bias.floats()[i] = 30;
        const LinearHalf half = fitted(model, 1, BlockPart::Mlp);
        QCOMPARE(half.layer.spec.name, std::string("blocks.1.mlp.fc2"));
        QCOMPARE(half.layer.spec.outFeatures, model.spec.width);
        QCOMPARE(half.layer.spec.inFeatures, model.spec.width);
        half.layer.check();
        QVERIFY2(half.error.refit < 1e-6, QByteArray::number(half.error.refit).constData());
        // The model with the layer in the MLP's place answers as it did.
        VitModel linear = model;
        linear.spec.blocks[1].fc1 = absentLinear("blocks.1.mlp.fc1");
        linear.spec.blocks[1].fc2 = half.layer.spec;
        linear.weights.blocks[1].fc1 = {linear.spec.blocks[1].fc1, {}, {}, {}, {}, {}};
        linear.weights.blocks[1].fc2 = half.layer;
        const std::vector<float> pixels = reference::randomPixels(model.spec, 1, 2);
        const std::vector<double> before = reference::naiveLogits(model, pixels);
        const std::vector<double> after = reference::naiveLogits(linear, pixels);
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY(std::abs(after[i] - before[i]) < 1e-2);
    }

    // With all of what varies explained in part, and never worse than nothing but the mean.
    void explainsSomeOfEveryHalf_data()
    {
        QTest::addColumn<int>("block");
        QTest::addColumn<bool>("attention");
        for (const int block : {0, 1})
            for (const bool attention : {false, true})
                QTest::addRow("%s of block %d", attention ? "attention" : "MLP", block) << block << attention;
    }
    void explainsSomeOfEveryHalf()
    {
        QFETCH(int, block);
        QFETCH(bool, attention);
        const LinearHalf half = fitted(m_model, block, attention ? BlockPart::Attention : BlockPart::Mlp);
        QCOMPARE(half.layer.spec.name, layerName(block, attention ? "attn.proj" : "mlp.fc2"));
        QVERIFY(half.error.refit > 0 && half.error.refit < 1);
        QVERIFY(half.error.removed >= 1); // the mean is missing, too
    }

    void withoutBiases()
    {
        ModelSpec spec = m_model.spec;
        for (LinearSpec *linear : spec.linears())
            linear->bias = false;
        const VitModel model = reference::randomVit(spec, 3);
        const LinearHalf half = fitted(model, 0, BlockPart::Attention);
        QVERIFY(half.layer.bias.empty() && !half.layer.spec.bias);
        QVERIFY(half.error.refit < half.error.removed);
    }
};

QTEST_GUILESS_MAIN(TestLinearHalf)
#include "tst_linearhalf.moc"
