#include "engine/train/demotrainer.h"

#include "engine/io/weightfile.h"
#include "engine/kernels/linear.h"
#include "engine/model/transformer.h"
#include "engine/train/trainablevit.h"
#include "engine/train/trainingstate.h"
#include "plan/error.h"
#include "reference/smallworld.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <cstring>

using namespace edgeflex;

namespace {

// Stops as a user does, amid the epoch after `epochs`.
class StopsAfter : public NoProgress
{
public:
    explicit StopsAfter(int epochs) : m_epochs(epochs) {}
    void note(std::string_view sentence) override { m_epochs -= sentence.starts_with("epoch ") ? 1 : 0; }
    void step(std::int64_t) override
    {
        if (m_epochs <= 0 && ++m_steps > 1) // within an epoch, not at its border
            m_cancelled = true;
        if (m_cancelled)
            throw Cancelled();
    }
    bool cancelled() const override { return m_cancelled; }

private:
    int m_epochs;
    int m_steps = 0;
    bool m_cancelled = false;
};

class Losses : public NoProgress
{
public:
    void note(std::string_view sentence) override
    {
        const std::size_t at = sentence.find("loss ");
        if (at != std::string_view::npos)
            values.push_back(std::stod(std::string(sentence.substr(at + 5))));
    }
    std::vector<double> values;
};

QByteArray contents(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// The message of the Error that `work` throws.
template<typename Work>
QString failure(Work work)
{
    try {
        work();
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

std::vector<float> savedValues(const std::string &folder, const ParameterLayout &layout)
{
    const WeightFile file = readSafetensors(folder + "/model.safetensors");
    std::vector<float> values(layout.count());
    for (const ParameterSlot &slot : layout.slots())
        std::memcpy(values.data() + slot.offset, file.tensor(slot.name).raw(), slot.count * sizeof(float));
    return values;
}

} // namespace

class TestDemoTrainer : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    TrainDemoOptions m_options;

    std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }

private Q_SLOTS:
    void initTestCase()
    {
        m_options.data = test::writeSmallImages(path("images"), 240);
        m_options.epochs = 3;
        m_options.seed = 7;
        m_options.batch = 40; // shards of unequal size, and images left over
        m_options.width = 32;
        m_options.depth = 2;
        m_options.heads = 2;
        m_options.mlpWidth = 64;
        m_options.warmUpEpochs = 0.5;
        m_options.averageDecay = 0.9;
        m_options.job.threads = 2;
    }

    void lossFallsAndTheImagesAreLearnt()
    {
        TrainDemoOptions options = m_options;
        options.out = path("learnt");
        options.epochs = 7;
        options.batch = 16;
        options.learningRate = 1e-2;
        options.patches = 1;
        options.cutMix = options.erasing = options.dropPath = options.labelSmoothing = 0;
        options.shift = 0;
        Losses progress;
        const TrainDemoResult result = trainDemo(options, progress);
        QCOMPARE(progress.values.size(), std::size_t(7));
        QVERIFY2(progress.values.back() < 0.6 * progress.values.front(),
                 qPrintable(QString("%1 -> %2").arg(progress.values.front()).arg(progress.values.back())));
        QCOMPARE(result.trainingImages, std::int64_t(220));
        QCOMPARE(result.heldOut.total, std::int64_t(20));
        QVERIFY2(result.heldOut.correct >= 15, qPrintable(QString::number(result.heldOut.correct)));
        QCOMPARE(result.parameters, result.spec.parameterCount());
    }

    // The model that was trained is the model that is run.
    void engineAgreesWithLibTorch()
    {
        TrainDemoOptions options = m_options;
        options.out = path("agreement");
        NoProgress progress;
        trainDemo(options, progress);
        const VitModel model = openModel({options.out, {}, {}, {}, {}, {}, {}});
        const ParameterLayout layout(model.spec);
        const TrainableVit vit(model.spec, layout, 0, false);

        constexpr int batch = 5;
        const std::vector<float> pixels = reference::randomPixels(model.spec, batch, 3);
        std::vector<float> expected(batch * 10);
        vit.logits(savedValues(options.out, layout), pixels.data(), batch, expected.data());
        const Transformer transformer(model, detectTarget(2), progress);
        std::vector<float> logits(batch * 10);
        transformer.run(transformer.schedule(ScheduleKind::Tight, batch), pixels.data(), logits.data(), progress);
        double largest = 0;
        for (std::size_t i = 0; i < logits.size(); ++i) {
            QVERIFY2(std::abs(logits[i] - expected[i]) < 1e-3,
                     qPrintable(QString("%1: %2 and %3").arg(i).arg(logits[i]).arg(expected[i])));
            largest = std::max(largest, std::abs(static_cast<double>(logits[i])));
        }
        QVERIFY(largest > 0.1); // not equal for want of any signal
    }

    void saysWhatItIs()
    {
        TrainDemoOptions options = m_options;
        options.out = path("described");
        options.epochs = 1;
        NoProgress progress;
        trainDemo(options, progress);
        const VitModel model = openModel({options.out, {}, {}, {}, {}, {}, {}});
        QVERIFY(model.spec.preprocessing.stated);
        QCOMPARE(model.spec.preprocessing.mean[0], 0.2860);
        QCOMPARE(model.spec.preprocessing.std[0], 0.3530);
        QCOMPARE(model.spec.preprocessing.cropHeight, 12);
        QCOMPARE(model.spec.channels, 1);
        QCOMPARE(model.spec.classNames.size(), std::size_t(10));
        QCOMPARE(model.spec.classNames[9], std::string("Ankle boot"));
        QCOMPARE(model.provenance.at("seed"), std::string("7"));
        QCOMPARE(model.provenance.at("epochs"), std::string("1 of 1"));
        QCOMPARE(model.provenance.at("LibTorch"), trainingLibrary());
        for (const char *key : {"made", "recipe", "data", "held out", "held-out accuracy", "EdgeFlex", "oneDNN"})
            QVERIFY2(!model.provenance.at(key).empty(), key);
        QVERIFY(!hasTrainingState(options.out)); // it is done
    }

    void resumeContinuesExactly()
    {
        NoProgress progress;
        TrainDemoOptions whole = m_options;
        whole.out = path("whole");
        whole.job.threads = 1; // whatever the number of threads
        const TrainDemoResult expected = trainDemo(whole, progress);

        TrainDemoOptions parts = m_options;
        parts.out = path("parts");
        StopsAfter stop(2);
        QVERIFY_EXCEPTION_THROWN(trainDemo(parts, stop), Cancelled);
        QVERIFY(hasTrainingState(parts.out));
        QCOMPARE(openModel({parts.out, {}, {}, {}, {}, {}, {}}).provenance.at("epochs"), std::string("2 of 3"));
        QVERIFY(contents(parts.out + "/model.safetensors") != contents(whole.out + "/model.safetensors"));
        QVERIFY(failure([&] { trainDemo(parts, progress); }).contains("--resume"));

        parts.resume = true;
        TrainDemoOptions other = parts;
        other.learningRate *= 2;
        QVERIFY(failure([&] { trainDemo(other, progress); }).contains("other options"));
        const TrainDemoResult result = trainDemo(parts, progress);
        QCOMPARE(contents(parts.out + "/model.safetensors"), contents(whole.out + "/model.safetensors"));
        QCOMPARE(result.loss, expected.loss);
        QVERIFY(result.heldOut == expected.heldOut);
        QVERIFY(!hasTrainingState(parts.out));
        QVERIFY(failure([&] { trainDemo(parts, progress); }).contains("no unfinished training"));
    }

    void resumeAfterTheLastEpochFinishes()
    {
        class DiesAtTheEnd : public NoProgress
        {
            void note(std::string_view sentence) override
            {
                if (sentence.starts_with("epoch 2 of 2"))
                    throw Cancelled();
            }
        };
        TrainDemoOptions options = m_options;
        options.out = path("last");
        options.epochs = 2;
        DiesAtTheEnd death;
        QVERIFY_EXCEPTION_THROWN(trainDemo(options, death), Cancelled);
        const QByteArray before = contents(options.out + "/model.safetensors");
        options.resume = true;
        NoProgress progress;
        QCOMPARE(trainDemo(options, progress).heldOut.total, std::int64_t(20));
        QCOMPARE(contents(options.out + "/model.safetensors"), before);
        QVERIFY(!hasTrainingState(options.out));
    }

    void cancelLeavesNothing()
    {
        TrainDemoOptions options = m_options;
        options.out = path("cancelled/model");
        StopsAfter stop(0);
        QVERIFY_EXCEPTION_THROWN(trainDemo(options, stop), Cancelled);
        const QDir folder(m_folder.filePath("cancelled"));
        QVERIFY2(folder.isEmpty(), qPrintable(folder.entryList().join(' ')));
    }

    void damagedStateIsRefused()
    {
        TrainDemoOptions options = m_options;
        options.out = path("damaged");
        StopsAfter stop(1);
        QVERIFY_EXCEPTION_THROWN(trainDemo(options, stop), Cancelled);
        const std::string state = options.out + "/" + trainingStateFile;
        QVERIFY(QFile::resize(QString::fromStdString(state), 5000));
        options.resume = true;
        NoProgress progress;
        QVERIFY(failure([&] { trainDemo(options, progress); }).contains(QString::fromStdString(state)));
    }

    void refusesWhatDoesNotFit()
    {
        NoProgress progress;
        const auto refused = [&](auto change) {
            TrainDemoOptions options = m_options;
            options.out = path("refused");
            change(options);
            const QString sentence = failure([&] { trainDemo(options, progress); });
            if (QDir(m_folder.filePath("refused")).exists())
                return QString("it wrote a folder");
            return sentence;
        };
        QVERIFY(refused([](TrainDemoOptions &o) { o.heads = 3; }).contains("multiple of the heads"));
        QVERIFY(refused([](TrainDemoOptions &o) { o.patchSize = 5; }).contains("patches of 5 pixels"));
        QVERIFY(refused([](TrainDemoOptions &o) { o.epochs = 0; }).contains("epochs"));
        QVERIFY(refused([](TrainDemoOptions &o) { o.dropPath = 1; }).contains("below 1"));
        QVERIFY(refused([](TrainDemoOptions &o) { o.job.threads = -1; }).contains("threads"));
        QVERIFY(refused([](TrainDemoOptions &o) { o.job.memoryLimitBytes = 1000; }).contains("memory"));
        QVERIFY(refused([](TrainDemoOptions &o) { o.data += "/nowhere"; }).contains("does not exist"));
        QVERIFY(refused([&](TrainDemoOptions &o) { o.data = path("t10k-images-idx3-ubyte"); }).contains("test set"));
        QVERIFY(refused([&](TrainDemoOptions &o) { o.out = path("images"); }).contains("not written by EdgeFlex"));
        QVERIFY(refused([](TrainDemoOptions &o) { o.learningRate = 1e30; }).contains("no longer a number"));
    }
};

QTEST_APPLESS_MAIN(TestDemoTrainer)
#include "tst_demotrainer.moc"
