#include "engine/export/onnxwriter.h"

#include "engine/export/verification.h"
#include "needsonnxruntime.h"
#include "onnxmodel.pb.h"
#include "plan/error.h"
#include "reference/naivevit.h"
#include "reference/randomvit.h"
#include "reference/vitvariants.h"
#include "testdata.h"

#include <cstring>
#include <fstream>
#include <iterator>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::string contents(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void overwrite(const std::string &path, const std::string &text)
{
    std::ofstream(path, std::ios::binary) << text;
}

onnx::Model parsed(const std::string &path)
{
    onnx::Model model;
    if (!model.ParseFromString(contents(path)))
        throw std::logic_error(path + " does not parse");
    return model;
}

std::map<std::string, onnx::Tensor> initializers(const onnx::Model &model)
{
    std::map<std::string, onnx::Tensor> tensors;
    for (const onnx::Tensor &tensor : model.graph().initializer())
        tensors[tensor.name()] = tensor;
    return tensors;
}

std::string externalValue(const onnx::Tensor &tensor, const std::string &key)
{
    for (const onnx::StringEntry &entry : tensor.external_data())
        if (entry.key() == key)
            return entry.value();
    return {};
}

class CancelsAt : public NoProgress
{
public:
    explicit CancelsAt(std::int64_t at) : m_at(at) {}
    void step(std::int64_t done) override
    {
        if (done == m_at)
            throw Cancelled();
    }

private:
    std::int64_t m_at;
};

} // namespace

class TestOnnxWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->filePath("model.onnx").toStdString();
    }

    void inlineFileParsesBackWithEveryWeight()
    {
        const VitModel model = reference::randomVit(smallVit(), 1);
        const OnnxFile file = writeOnnx(model, m_path, m_progress);
        QVERIFY(file.dataPath.empty());
        QCOMPARE(file.bytes, static_cast<std::int64_t>(std::filesystem::file_size(m_path)));
        const onnx::Model read = parsed(m_path);
        QCOMPARE(read.producer_name(), std::string("EdgeFlex Studio"));
        const auto tensors = initializers(read);
        const onnx::Tensor &fc2 = tensors.at("blocks.0.mlp.fc2.weight");
        QCOMPARE(fc2.dims_size(), 2);
        QCOMPARE(fc2.dims(0), std::int64_t(40));
        QCOMPARE(fc2.dims(1), std::int64_t(24));
        const Tensor &stored = model.weights.blocks[0].fc2.values;
        QCOMPARE(fc2.raw_data().size(), stored.bytes());
        for (std::int64_t k = 0; k < 40; ++k) {
            for (std::int64_t n = 0; n < 24; ++n) {
                float value = 0;
                std::memcpy(&value, fc2.raw_data().data() + (k * 24 + n) * 4, sizeof value);
                QCOMPARE(value, stored.floats()[n * 40 + k]);
            }
        }
        // Every parameter once, and nothing large besides.
        std::int64_t floats = 0;
        for (const auto &[name, tensor] : tensors) {
            std::int64_t count = 1;
            for (const std::int64_t extent : tensor.dims())
                count *= extent;
            const int type = tensor.data_type();
            QCOMPARE(tensor.raw_data().size(), static_cast<std::size_t>(count) * (type == onnx::Tensor::FLOAT ? 4 : 8));
            if (type == onnx::Tensor::FLOAT && !tensor.dims().empty())
                floats += count;
        }
        QCOMPARE(floats, model.spec.parameterCount());
    }

    void agreesWithTheReferenceInOnnxRuntime_data()
    {
        QTest::addColumn<int>("index");
        int index = 0;
        for (const VitVariant &variant : vitVariants())
            QTest::addRow("%s", variant.name.c_str()) << index++;
    }
    void agreesWithTheReferenceInOnnxRuntime()
    {
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        QFETCH(int, index);
        const VitModel model = reference::randomVit(vitVariants()[static_cast<std::size_t>(index)].spec, 11);
        writeOnnx(model, m_path, m_progress);
        compareWithReference(model, runtime);
    }

    void externalDataIsAlignedAndAgrees()
    {
        const VitModel model = reference::randomVit(smallVit(), 12);
        const OnnxFile file = writeOnnx(model, m_path, m_progress, 0);
        QCOMPARE(file.dataPath, m_path + ".data");
        const std::string data = contents(file.dataPath);
        QCOMPARE(file.bytes, static_cast<std::int64_t>(std::filesystem::file_size(m_path) + data.size()));
        int external = 0;
        std::size_t end = 0;
        const auto tensors = initializers(parsed(m_path));
        for (const auto &[name, tensor] : tensors) {
            if (tensor.data_location() != onnx::Tensor::EXTERNAL)
                continue;
            ++external;
            QVERIFY(!tensor.has_raw_data());
            // Relative, so that both files can be moved together.
            QCOMPARE(externalValue(tensor, "location"), std::string("model.onnx.data"));
            const std::size_t offset = std::stoul(externalValue(tensor, "offset"));
            const std::size_t length = std::stoul(externalValue(tensor, "length"));
            QCOMPARE(offset % 4096, std::size_t(0));
            std::size_t floats = 1;
            for (const std::int64_t extent : tensor.dims())
                floats *= static_cast<std::size_t>(extent);
            QCOMPARE(length, floats * sizeof(float));
            QVERIFY(offset + length <= data.size());
            end = std::max(end, offset + length);
        }
        QCOMPARE(external, 3); // patch_embed and both qkv; the others are smaller than a page
        QCOMPARE(end, data.size());
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        compareWithReference(model, runtime);
    }

    void replacesWholeOrNotAtAll()
    {
        const VitModel model = reference::randomVit(smallVit(), 13);
        overwrite(m_path, "before");
        overwrite(m_path + ".data", "data before");
        CancelsAt cancels(5);
        QVERIFY_EXCEPTION_THROWN(writeOnnx(model, m_path, cancels, 0), Cancelled);
        QCOMPARE(contents(m_path), std::string("before"));
        QCOMPARE(contents(m_path + ".data"), std::string("data before"));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 2);
        writeOnnx(model, m_path, m_progress, 0);
        QCOMPARE(parsed(m_path).graph().output(0).name(), std::string("logits"));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files).size(), 2);
    }

    void placesThatCannotBeWrittenAreNamed()
    {
        const VitModel model = reference::randomVit(smallVit(), 14);
        overwrite(m_path, "a file");
        for (const std::string &path : {m_folder->path().toStdString(), m_path + "/model.onnx"}) {
            try {
                writeOnnx(model, path, m_progress);
                QFAIL("written");
            } catch (const Error &error) {
                QVERIFY2(QString(error.what()).contains(QString::fromStdString(path)), error.what());
            }
        }
    }

private:
    // Several images at once and one: the batch is dynamic.
    void compareWithReference(const VitModel &model, const OnnxRuntime &runtime)
    {
        OnnxSession session(runtime, m_path, 1);
        const ModelSpec &spec = model.spec;
        for (const std::int64_t batch : {3, 1}) {
            const std::vector<float> pixels = reference::randomPixels(spec, batch, 99);
            const std::vector<double> truth = reference::naiveLogits(model, pixels);
            const std::vector<float> logits =
                session.run(pixels, batch, spec.channels, spec.imageHeight, spec.imageWidth);
            QCOMPARE(logits.size(), truth.size());
            for (std::size_t i = 0; i < truth.size(); ++i)
                QVERIFY2(std::abs(logits[i] - truth[i]) < 2e-5 * (1 + std::abs(truth[i])),
                         qPrintable(QString("logit %1: %2, not %3").arg(i).arg(double(logits[i])).arg(truth[i])));
        }
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_path;
    NoProgress m_progress;
};

QTEST_APPLESS_MAIN(TestOnnxWriter)
#include "tst_onnxwriter.moc"
