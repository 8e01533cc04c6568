#include "engine/data/dataset.h"
#include "engine/evaluate/measure.h"
#include "engine/model/transformer.h"
#include "testdata.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

using namespace edgeflex;

// What is known of real checkpoints: logits by another implementation and counts of right answers.
class TestRealModels : public QObject
{
    Q_OBJECT

    static MeasureOptions options(const char *checkpoint, const char *data)
    {
        MeasureOptions options;
        options.model.path = test::realData() + "/checkpoints/" + checkpoint;
        options.data = test::realData() + "/" + data;
        options.repeats = 0;
        options.processMemory = false;
        return options;
    }

private Q_SLOTS:
    void init() { EDGEFLEX_NEEDS_REAL_DATA(); }

    // PIL's bicubic resize and NumPy's FP32 gave these logits for the first 20 images.
    void vitTinyLogits()
    {
        const MeasureOptions tiny = options("vit_tiny_patch16_224", "imagenet-val-900");
        QFile file(QString::fromStdString(tiny.data + "/reference_logits_vit_tiny.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject reference = QJsonDocument::fromJson(file.readAll()).object();
        const VitModel model = openModel(tiny.model);
        NoProgress progress;
        const Transformer transformer(model, detectTarget(2), progress);
        const auto dataset = openDataset(tiny.data);
        std::vector<std::int64_t> indices;
        for (std::int64_t i = 0; i < 20; ++i)
            indices.push_back(i);
        const BatchReader reader(*dataset, indices, model.spec, 20);
        std::vector<float> pixels;
        std::vector<int> labels;
        QCOMPARE(reader.read(0, pixels, labels), std::int64_t(20));
        std::vector<float> logits(20 * 1000);
        transformer.run(transformer.schedule(ScheduleKind::Tight, 20), pixels.data(), logits.data(), progress);
        double most = 0;
        for (std::size_t i = 0; i < 20; ++i) {
            const QString name = QString::fromStdString(dataset->name(static_cast<std::int64_t>(i)));
            const QJsonArray expected = reference[name].toArray();
            QVERIFY2(expected.size() == 1000, qPrintable(name));
            for (int c = 0; c < 1000; ++c)
                most =
                    std::max(most, std::abs(expected[c].toDouble() - logits[i * 1000 + static_cast<std::size_t>(c)]));
        }
        QVERIFY2(most < 0.01, QByteArray::number(most).constData());
    }

    void mnistCount()
    {
        MeasureOptions mnist = options("vit_mnist_torchvision", "mnist");
        mnist.model.mean = {{0.1307}};
        mnist.model.std = {{0.3081}};
        mnist.model.heads = 2;
        mnist.images = 1000;
        NoProgress progress;
        const Measurement result = measureModel(mnist, progress);
        QCOMPARE(result.images, std::int64_t(1000));
        // 9588 of all 10,000; of every tenth about as many.
        QVERIFY2(std::abs(result.top1.rate - 0.9588) < 0.02, QByteArray::number(result.top1.rate).constData());
    }

    // The first 1,017 records are exact copies of CIFAR-10's.
    void cifarCount()
    {
        MeasureOptions cifar = options("vit_cifar10_blocks", "cifar-10-batches-bin/test_batch.exact1017.bin");
        cifar.model.mean = {{0.4914, 0.4822, 0.4465}};
        cifar.model.std = {{0.2470, 0.2435, 0.2616}};
        cifar.model.heads = 4;
        NoProgress progress;
        const Measurement result = measureModel(cifar, progress);
        QCOMPARE(result.images, std::int64_t(1017));
        QVERIFY2(std::abs(result.top1.rate - 0.738) < 0.003, QByteArray::number(result.top1.rate).constData());
    }
};

QTEST_APPLESS_MAIN(TestRealModels)
#include "tst_realmodels.moc"
