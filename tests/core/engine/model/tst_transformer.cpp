#include "engine/model/transformer.h"
#include "engine/tensor/hostallocator.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"
#include "reference/naivevit.h"
#include "reference/randomvit.h"
#include "reference/vitvariants.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace edgeflex;

namespace {

double largestDifference(const std::vector<float> &logits, const VitModel &model, const std::vector<float> &pixels,
                         std::int64_t batch)
{
    const auto imageFloats = pixels.size() / static_cast<std::size_t>(batch);
    const auto classes = static_cast<std::size_t>(model.spec.classes());
    double most = 0;
    double scale = 0;
    for (std::size_t image = 0; image < static_cast<std::size_t>(batch); ++image) {
        const std::vector<float> one(pixels.begin() + static_cast<std::ptrdiff_t>(image * imageFloats),
                                     pixels.begin() + static_cast<std::ptrdiff_t>((image + 1) * imageFloats));
        const std::vector<double> truth = reference::naiveLogits(model, one);
        for (std::size_t c = 0; c < classes; ++c) {
            most = std::max(most, std::abs(truth[c] - logits[image * classes + c]));
            scale = std::max(scale, std::abs(truth[c]));
        }
    }
    return most / scale;
}

std::vector<float> run(const Transformer &transformer, ScheduleKind kind, int batch, const std::vector<float> &pixels)
{
    std::vector<float> logits(static_cast<std::size_t>(batch * transformer.spec().classes()));
    transformer.run(transformer.schedule(kind, batch), pixels.data(), logits.data(), NoProgress());
    return logits;
}

ModelSpec withFormats(ModelSpec spec, NumberFormat format)
{
    for (LinearSpec *linear : spec.linears()) {
        if (linear->isAbsent())
            continue;
        linear->format = format;
        linear->groupSize = 32;
        linear->inputScale = format == NumberFormat::Int4 && linear->name.ends_with("fc2");
    }
    return spec;
}

} // namespace

class TestTransformer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalsTheReference_data()
    {
        QTest::addColumn<int>("variant");
        for (int i = 0; i < static_cast<int>(test::vitVariants().size()); ++i)
            QTest::newRow(test::vitVariants()[static_cast<std::size_t>(i)].name.c_str()) << i;
    }
    void equalsTheReference()
    {
        QFETCH(int, variant);
        const VitModel model = reference::randomVit(test::vitVariants()[static_cast<std::size_t>(variant)].spec, 7);
        NoProgress progress;
        const Transformer transformer(model, detectTarget(2), progress);
        const std::vector<float> pixels = reference::randomPixels(model.spec, 3, 11);
        for (const ScheduleKind kind : {ScheduleKind::Tight, ScheduleKind::Eager})
            QVERIFY(largestDifference(run(transformer, kind, 3, pixels), model, pixels, 3) < 1e-4);
    }

    // The timeline's predicted peak is the counting allocator's, whatever the shape, format and batch.
    void predictedPeakIsTheAllocators_data()
    {
        QTest::addColumn<int>("variant");
        QTest::addColumn<int>("format");
        QTest::addColumn<int>("batch");
        const auto variants = static_cast<int>(test::vitVariants().size());
        for (int variant = 0; variant < variants; ++variant) {
            for (const NumberFormat format : allNumberFormats()) {
                for (const int batch : {1, 2, 17})
                    QTest::addRow("%s, %s, batch %d",
                                  test::vitVariants()[static_cast<std::size_t>(variant)].name.c_str(),
                                  std::string(toString(format)).c_str(), batch)
                        << variant << int(format) << batch;
            }
        }
    }
    void predictedPeakIsTheAllocators()
    {
        QFETCH(int, variant);
        QFETCH(int, format);
        QFETCH(int, batch);
        const ModelSpec spec =
            withFormats(test::vitVariants()[static_cast<std::size_t>(variant)].spec, static_cast<NumberFormat>(format));
        const VitModel model = reference::randomStoredVit(spec, 3);
        NoProgress progress;
        const std::int64_t before = hostallocator::liveBytes();
        const Transformer transformer(model, detectTarget(2), progress);
        QCOMPARE(hostallocator::liveBytes() - before, weightBytes(spec));
        const std::vector<float> pixels = reference::randomPixels(spec, batch, 5);
        std::vector<float> logits(static_cast<std::size_t>(batch * spec.classes()));
        for (const ScheduleKind kind : {ScheduleKind::Tight, ScheduleKind::Eager}) {
            const Schedule schedule = transformer.schedule(kind, batch);
            hostallocator::resetPeak();
            transformer.run(schedule, pixels.data(), logits.data(), progress);
            QCOMPARE(hostallocator::peakBytes() - before, makeTimeline(schedule).peakBytes());
            QCOMPARE(hostallocator::liveBytes() - before, weightBytes(spec));
        }
    }

    void partsEqualTheWhole()
    {
        const VitModel model = reference::randomVit(test::smallVit(), 1);
        NoProgress progress;
        const Transformer transformer(model, detectTarget(2), progress);
        const std::vector<float> pixels = reference::randomPixels(model.spec, 4, 2);
        std::vector<float> tokens(static_cast<std::size_t>(4 * model.spec.tokens() * model.spec.width));
        std::vector<float> logits(static_cast<std::size_t>(4 * model.spec.classes()));
        transformer.embed(pixels.data(), 4, tokens.data());
        for (int block = 0; block < 2; ++block)
            transformer.runBlock(block, 4, tokens.data());
        transformer.classify(tokens.data(), 4, logits.data());
        QCOMPARE(logits, run(transformer, ScheduleKind::Tight, 4, pixels));
    }

    void exchangedLayerRunsAndComesBack()
    {
        const VitModel model = reference::randomVit(test::smallVit(), 1);
        NoProgress progress;
        Transformer transformer(model, detectTarget(2), progress);
        const std::vector<float> pixels = reference::randomPixels(model.spec, 1, 2);
        const std::vector<float> before = run(transformer, ScheduleKind::Tight, 1, pixels);
        const int index = transformer.linearIndex("blocks.1.mlp.fc1");
        const LinearWeights cast = castWeights(model.linear("blocks.1.mlp.fc1"), NumberFormat::Bf16);
        auto original = transformer.exchange(index, makeLinear(cast, transformer.target()));
        QVERIFY(transformer.spec().blocks[1].fc1.format == NumberFormat::Bf16);
        QVERIFY(run(transformer, ScheduleKind::Tight, 1, pixels) != before);
        transformer.exchange(index, std::move(original));
        QCOMPARE(run(transformer, ScheduleKind::Tight, 1, pixels), before);
        QVERIFY_EXCEPTION_THROWN(transformer.linearIndex("blocks.9.mlp.fc1"), Error);
    }

    void nanWeightsAreNamed_data()
    {
        QTest::addColumn<QString>("where");
        QTest::newRow("linear") << "blocks.1.attn.proj";
        QTest::newRow("norm") << "norm1";
        QTest::newRow("positions") << "position";
    }
    void nanWeightsAreNamed()
    {
        QFETCH(QString, where);
        VitModel model = reference::randomVit(test::smallVit(), 1);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        if (where == "norm1")
            model.weights.blocks[0].norm1.gamma.floats()[3] = nan;
        else if (where == "position")
            model.weights.positionEmbedding.floats()[5] = nan;
        else
            model.weights.blocks[1].proj.values.floats()[2] = nan;
        try {
            NoProgress progress;
            const Transformer transformer(model, detectTarget(1), progress);
            QFAIL("NaN was accepted");
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains(where), error.what());
        }
    }

    void cancelsBetweenOperations()
    {
        class Stop : public NoProgress
        {
        public:
            bool cancelled() const override { return true; }
        };
        const VitModel model = reference::randomVit(test::smallVit(), 1);
        NoProgress progress;
        const Transformer transformer(model, detectTarget(1), progress);
        const std::vector<float> pixels = reference::randomPixels(model.spec, 1, 2);
        std::vector<float> logits(static_cast<std::size_t>(model.spec.classes()));
        const std::int64_t live = hostallocator::liveBytes();
        QVERIFY_EXCEPTION_THROWN(
            transformer.run(transformer.schedule(ScheduleKind::Tight, 1), pixels.data(), logits.data(), Stop()),
            Cancelled);
        QCOMPARE(hostallocator::liveBytes(), live);
    }
};

QTEST_APPLESS_MAIN(TestTransformer)
#include "tst_transformer.moc"
