#include "engine/export/exporter.h"

#include "engine/model/vitmodel.h"
#include "needsonnxruntime.h"
#include "plan/error.h"
#include "reference/naivevit.h"
#include "reference/notes.h"
#include "reference/randomvit.h"
#include "reference/vitvariants.h"
#include "testdata.h"

#include <fstream>
#include <random>

using namespace edgeflex;
using namespace edgeflex::test;

using Verification = ExportResult::Verification;

namespace {

// Images of CIFAR-10's size and classes.
ModelSpec cifarVit()
{
    VitShape shape;
    shape.imageSize = 32;
    shape.patchSize = 8;
    shape.width = 24;
    shape.depth = 2;
    shape.heads = 3;
    shape.mlpWidth = 64;
    shape.classes = 10;
    ModelSpec spec = makeVitSpec(shape);
    spec.name = "cifar";
    spec.preprocessing.cropHeight = spec.preprocessing.cropWidth = 32;
    spec.preprocessing.stated = true;
    return spec;
}

// A layer of every format.
VitModel mixedModel()
{
    VitModel model = reference::randomVit(cifarVit(), 21);
    std::mt19937 random(21);
    const auto store = [&](LinearSpec &spec, NumberFormat format) {
        spec.format = format;
        spec.groupSize = 32;
        model.linear(spec.name) = reference::randomStoredLinear(spec, random);
    };
    store(model.spec.blocks[0].qkv, NumberFormat::Int8);
    store(model.spec.blocks[0].fc1, NumberFormat::Fp16);
    store(model.spec.blocks[1].proj, NumberFormat::Bf16);
    model.spec.blocks[1].fc2.inputScale = true;
    store(model.spec.blocks[1].fc2, NumberFormat::Int4);
    return model;
}

void writeCifarBatch(const std::string &path, int images)
{
    std::mt19937 random(3);
    std::string bytes;
    for (int image = 0; image < images; ++image) {
        bytes.push_back(static_cast<char>(image % 10));
        for (int i = 0; i < 3 * 32 * 32; ++i)
            bytes.push_back(static_cast<char>(random() & 0xffU));
    }
    std::ofstream(path, std::ios::binary) << bytes;
}

} // namespace

class TestExporter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_options = {};
        m_options.model.path = path("model");
        m_options.out = path("out");
        m_options.verify = true;
        m_options.images = 4;
        m_options.job.threads = 1;
    }

    void onnxIsVerifiedInOnnxRuntime()
    {
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        saveModel(reference::randomVit(cifarVit(), 20), m_options.model.path);
        m_options.to = ExportFormat::Onnx;
        const ExportResult result = exportModel(m_options, m_progress);
        QVERIFY2(result.verification == Verification::Verified, result.verificationNote.c_str());
        QCOMPARE(result.out, m_options.out);
        QCOMPARE(result.bytes, static_cast<std::int64_t>(std::filesystem::file_size(m_options.out)));
        QCOMPARE(result.verifiedImages, std::int64_t(4));
        QCOMPARE(result.top1Agreement, 1.0);
        QVERIFY(result.maxLogitDifference < 1e-4);
        QVERIFY(result.verificationNote.find(runtime.version()) != std::string::npos);
    }

    void layersOfOtherFormatsAreVerifiedAsTheFp32TheyAreWrittenIn()
    {
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        const VitModel model = mixedModel();
        saveModel(model, m_options.model.path);
        m_options.to = ExportFormat::Onnx;
        const ExportResult result = exportModel(m_options, m_progress);
        QVERIFY2(result.verification == Verification::Verified, result.verificationNote.c_str());
        QVERIFY2(result.verificationNote.find("4 quantized") != std::string::npos, result.verificationNote.c_str());
        QVERIFY2(m_progress.text.find("4 layers") != std::string::npos, m_progress.text.c_str());
        // And truly the model that was saved, not what the engine made of it.
        const std::vector<float> pixels = reference::randomPixels(model.spec, 1, 5);
        const std::vector<double> truth = reference::naiveLogits(model, pixels);
        const std::vector<float> logits = OnnxSession(runtime, m_options.out, 1).run(pixels, 1, 3, 32, 32);
        QCOMPARE(logits.size(), truth.size());
        for (std::size_t i = 0; i < truth.size(); ++i)
            QVERIFY(std::abs(logits[i] - truth[i]) < 1e-4 * (1 + std::abs(truth[i])));
    }

    void imagesOfADataSetAreCompared()
    {
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        saveModel(reference::randomVit(cifarVit(), 22), m_options.model.path);
        writeCifarBatch(path("test_batch.bin"), 3);
        m_options.to = ExportFormat::Onnx;
        m_options.data = path("test_batch.bin");
        const ExportResult result = exportModel(m_options, m_progress);
        QVERIFY2(result.verification == Verification::Verified, result.verificationNote.c_str());
        QCOMPARE(result.verifiedImages, std::int64_t(3));
        QVERIFY2(result.verificationNote.find("3 images") != std::string::npos, result.verificationNote.c_str());
    }

    void withoutARuntimeTheFileIsWrittenButNotVerified()
    {
        saveModel(reference::randomVit(cifarVit(), 23), m_options.model.path);
        m_options.to = ExportFormat::Onnx;
        const QByteArray before = qgetenv("EDGEFLEX_ONNXRUNTIME");
        qputenv("EDGEFLEX_ONNXRUNTIME", "/nowhere/libonnxruntime.so");
        const ExportResult result = exportModel(m_options, m_progress);
        if (before.isEmpty())
            qunsetenv("EDGEFLEX_ONNXRUNTIME");
        else
            qputenv("EDGEFLEX_ONNXRUNTIME", before);
        QVERIFY(result.verification == Verification::NotVerified);
        QVERIFY2(result.verificationNote.find("/nowhere") != std::string::npos, result.verificationNote.c_str());
        QCOMPARE(result.verifiedImages, std::int64_t(0));
        QVERIFY(std::filesystem::is_regular_file(m_options.out));
    }

    void safetensorsReopenBitExactly_data()
    {
        QTest::addColumn<bool>("mixed");
        QTest::newRow("FP32") << false;
        QTest::newRow("all formats") << true;
    }
    void safetensorsReopenBitExactly()
    {
        QFETCH(bool, mixed);
        saveModel(mixed ? mixedModel() : reference::randomVit(cifarVit(), 24), m_options.model.path);
        const ExportResult result = exportModel(m_options, m_progress);
        QVERIFY2(result.verification == Verification::Verified, result.verificationNote.c_str());
        QCOMPARE(result.maxLogitDifference, 0.0);
        QCOMPARE(result.verifiedImages, std::int64_t(4));
        std::int64_t bytes = 0;
        for (const auto &entry : std::filesystem::directory_iterator(m_options.out))
            bytes += static_cast<std::int64_t>(entry.file_size());
        QCOMPARE(result.bytes, bytes);
    }

    void verificationIsDoneOnlyWhenAskedFor()
    {
        saveModel(reference::randomVit(cifarVit(), 25), m_options.model.path);
        m_options.verify = false;
        for (const ExportFormat format : {ExportFormat::Safetensors, ExportFormat::Onnx}) {
            m_options.to = format;
            m_options.out = path(std::string(toString(format)));
            const ExportResult result = exportModel(m_options, m_progress);
            QVERIFY(result.verification == Verification::NotAsked);
            QVERIFY(result.verificationNote.empty());
            QVERIFY(result.bytes > 0);
        }
    }

    void badRequestsEndInOneSentence_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QString>("named");
        QTest::newRow("no output") << 0 << "export to";
        QTest::newRow("no model") << 1 << "absent";
        QTest::newRow("no images") << 2 << "0";
        QTest::newRow("no data set") << 3 << "absent";
        QTest::newRow("too little memory") << 4 << "memory";
        QTest::newRow("an output that cannot be written") << 5 << "test_batch.bin";
    }
    void badRequestsEndInOneSentence()
    {
        QFETCH(int, fault);
        QFETCH(QString, named);
        saveModel(reference::randomVit(cifarVit(), 26), m_options.model.path);
        switch (fault) {
        case 0:
            m_options.out.clear();
            break;
        case 1:
            m_options.model.path = path("absent");
            break;
        case 2:
            m_options.images = 0;
            break;
        case 3:
            m_options.data = path("absent");
            break;
        case 4:
            m_options.job.memoryLimitBytes = 1000;
            break;
        case 5:
            writeCifarBatch(path("test_batch.bin"), 1);
            m_options.out = path("test_batch.bin") + "/out";
            break;
        }
        try {
            exportModel(m_options, m_progress);
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains(named), error.what());
            QVERIFY2(!QString(error.what()).contains('\n'), error.what());
            return;
        }
        QFAIL("not refused");
    }

    void realVitTinyIsVerifiedOnRealImages()
    {
        EDGEFLEX_NEEDS_REAL_DATA();
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        m_options.model.path = realData() + "/checkpoints/vit_tiny_patch16_224";
        m_options.data = realData() + "/imagenet-val-900";
        m_options.images = 3;
        m_options.to = ExportFormat::Onnx;
        const ExportResult result = exportModel(m_options, m_progress);
        QVERIFY2(result.verification == Verification::Verified, result.verificationNote.c_str());
        QCOMPARE(result.top1Agreement, 1.0);
    }

private:
    std::string path(const std::string &name) const
    {
        return m_folder->filePath(QString::fromStdString(name)).toStdString();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    ExportOptions m_options;
    Notes m_progress;
};

QTEST_APPLESS_MAIN(TestExporter)
#include "tst_exporter.moc"
