#include "engine/data/idx.h"
#include "engine/train/augmentation.h"
#include "engine/train/muon.h"
#include "engine/train/optimizer.h"
#include "engine/train/trainablevit.h"
#include "engine/train/trainingset.h"
#include "plan/error.h"
#include "reference/smallworld.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <numeric>
#include <set>

using namespace edgeflex;

namespace {

ModelSpec tinySpec()
{
    VitShape shape;
    shape.imageSize = 12;
    shape.channels = 1;
    shape.patchSize = 4;
    shape.width = 16;
    shape.depth = 2;
    shape.heads = 2;
    shape.mlpWidth = 32;
    shape.classes = 10;
    return makeVitSpec(shape);
}

} // namespace

class TestTrainingParts : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }

private Q_SLOTS:
    void streamsAreTheSameEverywhere()
    {
        RandomStream random{1, 2, 3};
        const std::uint64_t first = random.next();
        QCOMPARE(RandomStream({1, 2, 3}).next(), first);
        QVERIFY(RandomStream({1, 3, 2}).next() != first);
        QVERIFY(RandomStream({1, 2}).next() != first);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 20000; ++i) {
            const double value = random.bell();
            sum += value;
            squares += value * value;
            const int small = random.below(5);
            QVERIFY(small >= 0 && small < 5);
        }
        QVERIFY(std::abs(sum / 20000) < 0.03);
        QVERIFY(std::abs(squares / 20000 - 1) < 0.05);
    }

    // Of a folder with both pairs only the training pair is opened, and every twelfth image is held out.
    void readsTheTrainingPairAlone()
    {
        const std::string folder = test::writeSmallImages(path("fashion"), 60);
        for (const char *kind : {"images-idx3-ubyte", "labels-idx1-ubyte"}) {
            const QString base = QString::fromStdString(folder) + '/';
            QVERIFY(QFile::rename(base + "set-" + kind, base + "train-" + kind));
            QFile test(base + "t10k-" + kind);
            QVERIFY(test.open(QIODevice::WriteOnly));
            test.write("never read");
        }
        const TrainingSet images(folder);
        QCOMPARE(images.side(), 12);
        QCOMPARE(images.classes(), 10);
        QCOMPARE(images.heldOut(), (std::vector<std::int64_t>{0, 12, 24, 36, 48}));
        std::set<std::int64_t> all(images.training().begin(), images.training().end());
        all.insert(images.heldOut().begin(), images.heldOut().end());
        QCOMPARE(images.training().size(), std::size_t(55));
        QCOMPARE(all.size(), std::size_t(60));
        QVERIFY_EXCEPTION_THROWN(TrainingSet(folder + "/t10k-images-idx3-ubyte"), Error);
    }

    void writesBothSetsAsTheyAre()
    {
        const TrainingSet images(test::writeSmallImages(path("whole"), 60));
        writeTrainingSets(images, path("sets"));
        for (const auto &[name, chosen] : {std::pair("/training-images-idx3-ubyte", images.training()),
                                           {"/held-out-images-idx3-ubyte", images.heldOut()}}) {
            const auto written = openDataset(path("sets") + name);
            QCOMPARE(written->size(), static_cast<std::int64_t>(chosen.size()));
            for (std::int64_t i = 0; i < written->size(); ++i) {
                const std::int64_t image = chosen[static_cast<std::size_t>(i)];
                QCOMPARE(written->label(i), images.label(image));
                const Image copy = written->image(i);
                QVERIFY(std::equal(copy.pixels.begin(), copy.pixels.end(), images.pixels(image)));
            }
        }
        QVERIFY_EXCEPTION_THROWN(
            writeIdx(path("wrong-"), 2, 2, std::vector<std::uint8_t>(9), std::vector<std::uint8_t>(2)), Error);
    }

    // What the trainer feeds is what the engine's preprocessing makes of the same image.
    void plainImagesAreAsTheEnginePreparesThem()
    {
        const std::string folder = test::writeSmallImages(path("plain"), 24);
        const TrainingSet images(folder);
        ModelSpec spec = tinySpec();
        spec.preprocessing.mean = {0.286, 0.286, 0.286};
        spec.preprocessing.std = {0.353, 0.353, 0.353};
        spec.preprocessing.resizeShorter = spec.preprocessing.cropHeight = spec.preprocessing.cropWidth = 12;
        const TrainDemoOptions options;
        const Augmentation augmentation(images, spec.preprocessing, options);
        const auto dataset = openDataset(folder);
        for (const std::int64_t index : {0, 5, 23}) {
            std::vector<float> expected(144);
            std::vector<float> pixels(144);
            preprocess(dataset->image(index), spec.preprocessing, 1, expected.data());
            augmentation.plain(index, pixels.data());
            for (std::size_t i = 0; i < pixels.size(); ++i)
                QVERIFY(std::abs(pixels[i] - expected[i]) < 1e-6F);
            QCOMPARE(images.label(index), dataset->label(index));
        }
    }

    void augmentationKeepsTheTargetsWhole()
    {
        const TrainingSet images(test::writeSmallImages(path("augmented"), 24));
        Preprocessing preprocessing;
        TrainDemoOptions options;
        const Augmentation augmentation(images, preprocessing, options);
        std::vector<float> pixels(144);
        std::vector<float> target(10);
        RandomStream random{4};
        int mixed = 0;
        for (int i = 0; i < 200; ++i) {
            augmentation.make(1, 2, 0.5, random, pixels.data(), target.data());
            QVERIFY(std::abs(std::accumulate(target.begin(), target.end(), 0.0F) - 1) < 1e-5F);
            for (const float value : target)
                QVERIFY(value >= 0.0099F);
            const float own = target[static_cast<std::size_t>(images.label(1))];
            mixed += own < 0.909F && images.label(1) != images.label(2) ? 1 : 0;
            for (const float pixel : pixels)
                QVERIFY(std::isfinite(pixel));
        }
        QVERIFY(images.label(1) == images.label(2) || (mixed > 60 && mixed < 140));

        // With nothing to do but flip and shift, each pixel is one of the image or black.
        options.cutMix = options.erasing = options.labelSmoothing = 0;
        std::set<float> known{-1.0F};
        augmentation.plain(1, pixels.data());
        known.insert(pixels.begin(), pixels.end());
        for (int i = 0; i < 20; ++i) {
            augmentation.make(1, 2, 0, random, pixels.data(), target.data());
            for (const float pixel : pixels)
                QVERIFY(known.contains(pixel));
            QCOMPARE(target[static_cast<std::size_t>(images.label(1))], 1.0F);
        }
    }

    void parametersFillTheModel()
    {
        const ModelSpec spec = tinySpec();
        const ParameterLayout layout(spec);
        QCOMPARE(static_cast<std::int64_t>(layout.count()), spec.parameterCount());
        const std::vector<float> values = initialParameters(spec, layout, 3);
        QVERIFY(values == initialParameters(spec, layout, 3));
        QVERIFY(values != initialParameters(spec, layout, 4));
        const VitModel model = modelFromParameters(spec, layout, values, {{"made", "here"}});
        QCOMPARE(model.provenance.at("made"), std::string("here"));
        const ParameterSlot &qkv = layout.slot("blocks.1.attn.qkv.weight");
        QVERIFY(qkv.linearWeight);
        QVERIFY(!layout.slot("blocks.1.attn.qkv.bias").linearWeight);
        QVERIFY(!layout.slot("pos_embed").linearWeight);
        QCOMPARE(model.weights.blocks[1].qkv.values.floats()[5], values[qkv.offset + 5]);
        QCOMPARE(model.weights.norm.gamma.floats()[0], 1.0F);
    }

    // LibTorch's gradient of every kind of tensor is the slope of the loss along it.
    void gradientIsTheSlope()
    {
        const ModelSpec spec = tinySpec();
        const ParameterLayout layout(spec);
        std::vector<float> values = initialParameters(spec, layout, 3);
        const TrainableVit vit(spec, layout, 0, false);
        constexpr std::int64_t batch = 6;
        const std::vector<float> pixels = reference::randomPixels(spec, batch, 3);
        std::vector<float> targets(batch * 10, 0.01F);
        for (std::size_t i = 0; i < batch; ++i)
            targets[i * 10 + i] += 0.9F;
        std::vector<float> gradient(layout.count());
        std::vector<float> unused(layout.count());
        RandomStream random{1};
        const auto lossAt = [&](const std::vector<float> &at, std::vector<float> &slopes) {
            return vit.loss(at, pixels.data(), targets.data(), batch, batch, 1, random, slopes);
        };
        const double loss = lossAt(values, gradient);

        std::vector<float> logits(batch * 10);
        vit.logits(values, pixels.data(), batch, logits.data());
        double expected = 0;
        for (std::size_t i = 0; i < batch; ++i) {
            double sum = 0;
            for (std::size_t c = 0; c < 10; ++c)
                sum += std::exp(static_cast<double>(logits[i * 10 + c]));
            for (std::size_t c = 0; c < 10; ++c)
                expected -= targets[i * 10 + c] * (logits[i * 10 + c] - std::log(sum)) / batch;
        }
        QVERIFY(std::abs(loss - expected) < 1e-5);

        for (const ParameterSlot &slot : layout.slots()) {
            // Along the gradient itself, where the slope is steepest.
            double norm = 0;
            for (std::size_t i = slot.offset; i < slot.offset + slot.count; ++i)
                norm += static_cast<double>(gradient[i]) * gradient[i];
            norm = std::sqrt(norm);
            if (norm < 1e-4) // single precision hides it
                continue;
            constexpr double step = 5e-3;
            const auto moved = [&](double by) {
                std::vector<float> at = values;
                for (std::size_t i = slot.offset; i < slot.offset + slot.count; ++i)
                    at[i] += static_cast<float>(by * gradient[i] / norm);
                return lossAt(at, unused);
            };
            const double slope = (moved(step) - moved(-step)) / (2 * step);
            QVERIFY2(std::abs(slope - norm) < 0.02 * norm + 2e-4,
                     qPrintable(QString("%1: %2, not %3").arg(slot.name.c_str()).arg(norm).arg(slope)));
        }
    }

    void bf16ProductsAreNear()
    {
        const ModelSpec spec = tinySpec();
        const ParameterLayout layout(spec);
        const std::vector<float> values = initialParameters(spec, layout, 3);
        const std::vector<float> pixels = reference::randomPixels(spec, 4, 3);
        std::vector<float> targets(40, 0.1F);
        std::vector<float> exact(layout.count());
        std::vector<float> rounded(layout.count());
        RandomStream random{1};
        const double loss =
            TrainableVit(spec, layout, 0, false).loss(values, pixels.data(), targets.data(), 4, 4, 1, random, exact);
        const double near =
            TrainableVit(spec, layout, 0, true).loss(values, pixels.data(), targets.data(), 4, 4, 1, random, rounded);
        QVERIFY(std::abs(loss - near) < 0.02 * loss);
        double difference = 0;
        double size = 0;
        for (std::size_t i = 0; i < exact.size(); ++i) {
            difference += std::pow(static_cast<double>(exact[i]) - rounded[i], 2);
            size += std::pow(static_cast<double>(exact[i]), 2);
        }
        QVERIFY(difference < 0.002 * size);
    }

    // Patches that are not looked at get no gradient for their places; the loss is that of the others.
    void patchesCanBeLeftOut()
    {
        const ModelSpec spec = tinySpec();
        const ParameterLayout layout(spec);
        const std::vector<float> values = initialParameters(spec, layout, 3);
        const std::vector<float> pixels = reference::randomPixels(spec, 4, 3);
        const std::vector<float> targets(40, 0.1F);
        std::vector<float> gradient(layout.count());
        RandomStream random{1};
        TrainableVit(spec, layout, 0, false).loss(values, pixels.data(), targets.data(), 4, 4, 0.45, random, gradient);
        const float *const positions = gradient.data() + layout.slot("pos_embed").offset;
        int seen = 0;
        for (std::int64_t token = 1; token < spec.tokens(); ++token)
            seen += positions[token * spec.width] != 0.0F ? 1 : 0;
        QCOMPARE(seen, 4); // of nine
        QVERIFY(positions[0] != 0.0F);
    }

    void orthogonalizes_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("columns");
        QTest::newRow("wide") << 8 << 20;
        QTest::newRow("tall") << 20 << 8;
        QTest::newRow("square") << 6 << 6;
    }
    // A rotation times very unequal lengths comes out as nearly the rotation.
    void orthogonalizes()
    {
        QFETCH(int, rows);
        QFETCH(int, columns);
        const int rank = std::min(rows, columns);
        // Columns of the cosine transform are orthogonal.
        const auto wave = [](int size, int row, int column) {
            return std::sqrt((column == 0 ? 1.0 : 2.0) / size) *
                   std::cos(3.14159265358979 * (row + 0.5) * column / size);
        };
        std::vector<float> matrix(static_cast<std::size_t>(rows * columns));
        std::vector<float> out(matrix.size());
        for (int row = 0; row < rows; ++row)
            for (int column = 0; column < columns; ++column)
                for (int k = 0; k < rank; ++k)
                    matrix[static_cast<std::size_t>(row * columns + column)] +=
                        static_cast<float>(wave(rows, row, k) * wave(columns, column, k) * std::pow(0.6, k));
        orthogonalize(matrix.data(), rows, columns, out.data());
        for (int k = 0; k < rank; ++k) {
            double value = 0; // the singular value that belongs to the k-th pair of directions
            double squares = 0;
            for (int row = 0; row < rows; ++row) {
                double product = 0;
                for (int column = 0; column < columns; ++column)
                    product += static_cast<double>(out[static_cast<std::size_t>(row * columns + column)]) *
                               wave(columns, column, k);
                value += product * wave(rows, row, k);
                squares += product * product;
            }
            QVERIFY2(value > 0.6 && value < 1.3, qPrintable(QString("%1: %2").arg(k).arg(value)));
            QVERIFY(std::abs(squares - value * value) < 1e-4); // and no other direction
        }
    }

    // One step, worked out by hand.
    void optimizerStep()
    {
        const ModelSpec spec = tinySpec();
        const ParameterLayout layout(spec);
        TrainDemoOptions options;
        options.weightDecay = 0.5;
        options.averageDecay = 0.5;
        Optimizer optimizer(layout, options);
        TrainingWeights weights = TrainingWeights::startingFrom(std::vector<float>(layout.count(), 2.0F));
        const std::vector<std::vector<float>> gradients{std::vector<float>(layout.count(), 1.0F),
                                                        std::vector<float>(layout.count(), -3.0F)};
        optimizer.step(weights, gradients, 0.1);
        QCOMPARE(weights.steps, std::int64_t(1));
        // The first step of AdamW goes the learning rate's length whatever the slope.
        const std::size_t weight = layout.slot("head.weight").offset;
        const std::size_t bias = layout.slot("head.bias").offset;
        QVERIFY(std::abs(weights.values[weight] - (2 * (1 - 0.1 * 0.5) + 0.1)) < 1e-4);
        QVERIFY(std::abs(weights.values[bias] - 2.1) < 1e-4);
        const double follow = 1 - 2.0 / 11;
        QVERIFY(std::abs(weights.average[bias] - (2 + follow * 0.1)) < 1e-4);
        // The gradient's norm is held to 1.
        const double clipped = -1 / std::sqrt(static_cast<double>(layout.count()));
        QVERIFY(std::abs(weights.firstMoment[bias] - 0.1 * clipped) < 1e-6);
        // Muon's direction of a matrix of equal numbers is that matrix, of length about 1; keys are one of their own.
        const ParameterSlot &qkv = layout.slot("blocks.0.attn.qkv.weight");
        const std::size_t key = qkv.offset + qkv.count / 3;
        const double direction = (weights.values[key] - 2 * (1 - 0.1 * 0.5)) / (0.1 * 0.2 * std::sqrt(16.0));
        QVERIFY2(direction * 16 > 0.6 && direction * 16 < 1.3, qPrintable(QString::number(direction * 16)));
        QCOMPARE(weights.secondMoment[key], 0.0F);
    }
};

QTEST_APPLESS_MAIN(TestTrainingParts)
#include "tst_trainingparts.moc"
