#include "engine/compress/compressor.h"

#include "engine/compress/planner.h"
#include "engine/model/transformer.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "reference/naivevit.h"
#include "reference/smallworld.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>

using namespace edgeflex;

namespace {

std::vector<float> logitsOf(const VitModel &model, const std::vector<float> &pixels)
{
    NoProgress progress;
    const Transformer transformer(model, detectTarget(2), progress);
    std::vector<float> logits(static_cast<std::size_t>(8 * model.spec.classes()));
    transformer.run(transformer.schedule(ScheduleKind::Tight, 8), pixels.data(), logits.data(), progress);
    return logits;
}

double relativeError(const std::vector<float> &a, const std::vector<float> &b)
{
    double difference = 0;
    double size = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        difference += std::pow(a[i] - b[i], 2);
        size += std::pow(a[i], 2);
    }
    return std::sqrt(difference / size);
}

} // namespace

class TestCompressor : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;
    std::unique_ptr<Dataset> m_dataset;
    CalibrationImages m_images;
    std::vector<float> m_pixels;

    VitModel compressed(const CompressionPlan &plan, LayerErrors *errors = nullptr)
    {
        NoProgress progress;
        LayerErrors ignored;
        return compressWeights(m_model, plan, m_images, {}, errors ? *errors : ignored, progress);
    }

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_model = test::writeSmallModel(root + "/model");
        m_dataset = openDataset(test::writeSmallImages(root + "/images", 96));
        m_images = {m_dataset.get(), spreadIndices(96, 0), 8};
        std::vector<int> labels;
        BatchReader(*m_dataset, spreadIndices(96, 8), m_model.spec, 8).read(0, m_pixels, labels);
    }

    void identityPlanChangesNothing()
    {
        const VitModel same = compressed(identityPlan(m_model.spec));
        QCOMPARE(same.spec, m_model.spec);
        for (const LinearSpec *linear : m_model.spec.linears())
            QVERIFY(same.linear(linear->name).values.sameBytes(m_model.linear(linear->name).values));
    }

    // Rounding errors shrink with the bits, and the model executes what its spec says.
    void formatsExecute_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("fp16") << int(NumberFormat::Fp16) << 2e-3;
        QTest::newRow("bf16") << int(NumberFormat::Bf16) << 2e-2;
        QTest::newRow("int8") << int(NumberFormat::Int8) << 3e-2;
        QTest::newRow("int4") << int(NumberFormat::Int4) << 3e-1;
    }
    void formatsExecute()
    {
        QFETCH(int, format);
        QFETCH(double, tolerance);
        PlanOptions options;
        options.format = static_cast<NumberFormat>(format);
        const CompressionPlan plan = makePlan(m_model, options);
        const VitModel small = compressed(plan);
        QCOMPARE(small.spec, plannedSpec(m_model.spec, plan));
        for (const LinearSpec *linear : small.spec.linears())
            QVERIFY(linear->format == options.format);
        const std::vector<float> before = logitsOf(m_model, m_pixels);
        const std::vector<float> after = logitsOf(small, m_pixels);
        const double error = relativeError(before, after);
        QVERIFY2(error > 0 && error < tolerance, QByteArray::number(error).constData());
        // What runs is what is stored: the plain pass over the stored values agrees, but for rounded activations.
        const std::vector<float> one(m_pixels.begin(), m_pixels.begin() + 144);
        const std::vector<double> truth = reference::naiveLogits(small, one);
        std::vector<float> asFloat(truth.begin(), truth.end());
        const std::vector<float> ran(after.begin(), after.begin() + 10);
        const bool roundsActivations = detectTarget(1).computes(options.format) != NumberFormat::Fp32;
        QVERIFY(relativeError(asFloat, ran) < (roundsActivations ? 3e-2 : 1e-4));
    }

    // Heads that go and halves that become linear: what runs is what the plan says, in every format, and better than
    // leaving the half away.
    void heavyCutsExecute_data()
    {
        QTest::addColumn<int>("format");
        for (const NumberFormat format : allNumberFormats())
            QTest::newRow(std::string(toString(format)).c_str()) << int(format);
    }
    void heavyCutsExecute()
    {
        QFETCH(int, format);
        CompressionPlan plan = identityPlan(m_model.spec);
        for (auto &[layer, its] : plan.formats)
            its = static_cast<NumberFormat>(format);
        plan.blocks[0].headKeep = 0.5;
        plan.blocks[0].mlpKeep = 0;
        plan.blocks[1].headKeep = 0;
        LayerErrors errors;
        const VitModel small = compressed(plan, &errors);
        QCOMPARE(small.spec, plannedSpec(m_model.spec, plan));
        validate(small.spec);
        for (const char *layer : {"blocks.0.attn.proj", "blocks.0.mlp.fc2", "blocks.1.attn.proj"})
            QVERIFY(errors.at(layer).refit < errors.at(layer).removed);
        const std::vector<float> after = logitsOf(small, m_pixels);
        const std::vector<float> one(m_pixels.begin(), m_pixels.begin() + 144);
        const std::vector<double> truth = reference::naiveLogits(small, one);
        const bool roundsActivations =
            detectTarget(1).computes(static_cast<NumberFormat>(format)) != NumberFormat::Fp32;
        QVERIFY(relativeError({truth.begin(), truth.end()}, {after.begin(), after.begin() + 10}) <
                (roundsActivations ? 3e-2 : 1e-4));

        VitModel without = small;
        for (LinearWeights *layer : {&without.weights.blocks[0].fc2, &without.weights.blocks[1].proj}) {
            layer->values = Tensor::zeros(DType::F32, {m_model.spec.width, m_model.spec.width});
            layer->bias = Tensor::zeros(DType::F32, {m_model.spec.width});
            layer->scales = layer->zeroPoints = {};
            layer->spec.format = NumberFormat::Fp32;
        }
        without.spec.blocks[0].fc2 = without.weights.blocks[0].fc2.spec;
        without.spec.blocks[1].proj = without.weights.blocks[1].proj.spec;
        const std::vector<float> before = logitsOf(m_model, m_pixels);
        QVERIFY(relativeError(before, after) < relativeError(before, logitsOf(without, m_pixels)));
    }

    void whatIsCutIsNotCutAgain()
    {
        CompressionPlan plan = identityPlan(m_model.spec);
        plan.blocks[0].mlpKeep = 0;
        VitModel cut = compressed(plan);
        cut.path = "tuned";
        QVERIFY_EXCEPTION_THROWN(requireUncompressed(cut), Error);
    }

    void awqAndItsFoldsBeatPlainInt4()
    {
        CompressionPlan plan = identityPlan(m_model.spec);
        plan.int4GroupSize = 32;
        for (const LinearSpec *linear : m_model.spec.linears())
            plan.formats[linear->name] = NumberFormat::Int4;
        const std::vector<float> before = logitsOf(m_model, m_pixels);
        const double with = relativeError(before, logitsOf(compressed(plan), m_pixels));
        plan.awq = false;
        const double without = relativeError(before, logitsOf(compressed(plan), m_pixels));
        QVERIFY2(with < 1.1 * without, (QByteArray::number(with) + " " + QByteArray::number(without)).constData());
    }

    void stagesBeatPlainRounding_data()
    {
        QTest::addColumn<int>("format");
        QTest::newRow("int8") << int(NumberFormat::Int8);
        QTest::newRow("int4") << int(NumberFormat::Int4);
    }
    void stagesBeatPlainRounding()
    {
        QFETCH(int, format);
        PlanOptions options;
        options.format = static_cast<NumberFormat>(format);
        const std::vector<float> before = logitsOf(m_model, m_pixels);
        const double with = relativeError(before, logitsOf(compressed(makePlan(m_model, options)), m_pixels));
        options.awq = false;
        options.rounding = {false, false, false, false};
        const double without = relativeError(before, logitsOf(compressed(makePlan(m_model, options)), m_pixels));
        QVERIFY2(with < 0.9 * without, (QByteArray::number(with) + " " + QByteArray::number(without)).constData());
    }

    void prunedMatricesAreSmallerAndRefitHelps()
    {
        PlanOptions options;
        options.mlpKeep = 0.5;
        options.uniform = true;
        CompressionPlan plan = makePlan(m_model, options);
        LayerErrors errors;
        const VitModel refitted = compressed(plan, &errors);
        QCOMPARE(refitted.weights.blocks[0].fc1.values.shape(), (std::vector<std::int64_t>{32, 32}));
        QCOMPARE(refitted.weights.blocks[0].fc2.values.shape(), (std::vector<std::int64_t>{32, 32}));
        QVERIFY(weightBytes(refitted.spec) < weightBytes(m_model.spec));
        QCOMPARE(errors.size(), std::size_t(2));
        QVERIFY(errors.at("blocks.1.mlp.fc2").refit > 0 &&
                errors.at("blocks.1.mlp.fc2").refit < errors.at("blocks.1.mlp.fc2").removed);
        plan.refit = false;
        const VitModel cut = compressed(plan);
        const std::vector<float> before = logitsOf(m_model, m_pixels);
        QVERIFY(relativeError(before, logitsOf(refitted, m_pixels)) < relativeError(before, logitsOf(cut, m_pixels)));
    }

    void prunedHeadsAreSmallerAndTheRefitHelps()
    {
        CompressionPlan plan = identityPlan(m_model.spec);
        for (BlockPlan &block : plan.blocks)
            block.qkKeep = block.voKeep = 0.5;
        LayerErrors errors;
        const VitModel refitted = compressed(plan, &errors);
        QCOMPARE(refitted.spec, plannedSpec(m_model.spec, plan));
        QCOMPARE(refitted.weights.blocks[0].qkv.values.shape(), (std::vector<std::int64_t>{48, 32}));
        QCOMPARE(refitted.weights.blocks[0].proj.values.shape(), (std::vector<std::int64_t>{32, 16}));
        QVERIFY(weightBytes(refitted.spec) < weightBytes(m_model.spec));
        QVERIFY(errors.at("blocks.1.attn.proj").refit > 0 && errors.at("blocks.1.attn.proj").refit < 1);
        plan.refit = false;
        const VitModel cut = compressed(plan);
        const std::vector<float> before = logitsOf(m_model, m_pixels);
        const std::vector<float> after = logitsOf(refitted, m_pixels);
        QVERIFY(relativeError(before, after) < relativeError(before, logitsOf(cut, m_pixels)));
        // What runs is what is stored.
        const std::vector<float> one(m_pixels.begin(), m_pixels.begin() + 144);
        const std::vector<double> truth = reference::naiveLogits(refitted, one);
        QVERIFY(relativeError({truth.begin(), truth.end()}, {after.begin(), after.begin() + 10}) < 1e-4);
    }

    void lessIsLostWithMoreDimensions_data()
    {
        QTest::addColumn<int>("format");
        for (const NumberFormat format : allNumberFormats())
            QTest::addRow("%s", std::string(toString(format)).c_str()) << int(format);
    }
    void lessIsLostWithMoreDimensions()
    {
        QFETCH(int, format);
        CompressionPlan plan = identityPlan(m_model.spec);
        plan.int4GroupSize = 32;
        for (auto &[layer, its] : plan.formats)
            its = static_cast<NumberFormat>(format);
        const std::vector<float> before = logitsOf(m_model, m_pixels);
        const double whole = relativeError(before, logitsOf(compressed(plan), m_pixels));
        plan.blocks[0].qkKeep = 0.5;
        const double queries = relativeError(before, logitsOf(compressed(plan), m_pixels));
        plan.blocks[0].voKeep = 0.5;
        plan.blocks[1].qkKeep = 0.5;
        const VitModel small = compressed(plan);
        QCOMPARE(small.spec, plannedSpec(m_model.spec, plan));
        const double both = relativeError(before, logitsOf(small, m_pixels));
        QVERIFY2(both > queries && both < 0.7, QByteArray::number(both).constData());
        if (format != int(NumberFormat::Int4)) // whose rounding is no smaller
            QVERIFY(queries > whole);
    }

    void folderReopensBitExactly()
    {
        const std::string root = m_folder.path().toStdString();
        PlanOptions planned;
        planned.mlpKeep = 0.75;
        planned.attentionKeep = 0.5;
        planned.format = NumberFormat::Int4;
        const CompressionPlan plan = makePlan(m_model, planned);
        std::ofstream(root + "/plan.json") << nlohmann::json(plan).dump();
        CompressOptions options;
        options.model.path = root + "/model";
        options.calibration = root + "/images";
        options.plan = root + "/plan.json";
        options.out = root + "/tuned";
        NoProgress progress;
        const CompressResult result = compressModel(options, progress);
        QCOMPARE(result.plan, plan);
        QVERIFY(result.folderBytes > 0);
        QCOMPARE(result.calibrationImages, std::int64_t(96));
        const VitModel reopened = openModel({root + "/tuned", {}, {}, {}, {}, {}, {}});
        QCOMPARE(reopened.spec, result.spec);
        QCOMPARE(logitsOf(reopened, m_pixels), logitsOf(compressed(plan), m_pixels));
        QVERIFY(!reopened.provenance.empty());
        // What is already compressed cannot be compressed again.
        options.model.path = root + "/tuned";
        options.out = root + "/again";
        QVERIFY_EXCEPTION_THROWN(compressModel(options, progress), Error);
    }

    void refusesWhatWouldNotFit()
    {
        NoProgress progress;
        LayerErrors errors;
        JobOptions job;
        job.memoryLimitBytes = 10'000;
        QVERIFY_EXCEPTION_THROWN(compressWeights(m_model, identityPlan(m_model.spec), m_images, job, errors, progress),
                                 Error);
    }

    void cancelStops()
    {
        class StopAtThird : public NoProgress
        {
        public:
            void step(std::int64_t) override
            {
                if (++m_steps >= 3)
                    throw Cancelled();
            }

        private:
            int m_steps = 0;
        };
        StopAtThird progress;
        LayerErrors errors;
        QVERIFY_EXCEPTION_THROWN(compressWeights(m_model, identityPlan(m_model.spec), m_images, {}, errors, progress),
                                 Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestCompressor)
#include "tst_compressor.moc"
