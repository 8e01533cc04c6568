#include "checkpointbytes.h"
#include "testdata.h"

#include "engine/io/torchcheckpoint.h"

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;
using namespace std::string_literals;
namespace pk = edgeflex::test::pickle;

class TestTorchCheckpoint : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsContiguousTensors();
    void copiesTransposedTensors();
    void readsEveryType();
    void findsStateDicts_data();
    void findsStateDicts();
    void dropsWrapperPrefixes();
    void refusesBadFiles_data();
    void refusesBadFiles();
    void readsRealCheckpoints();

private:
    QTemporaryDir m_folder;
    std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }

    static std::vector<float> values(const Tensor &tensor)
    {
        const Tensor floats = tensor.toFloat();
        return {floats.floats(), floats.floats() + floats.elements()};
    }
};

void TestTorchCheckpoint::readsContiguousTensors()
{
    const std::string bytes = torchBytes(pk::dict({{"a", pk::tensor({{2, 3}, {3, 1}})},
                                                   {"tail", pk::tensor({{2}, {1}, "0", 6, 4})},
                                                   {"epoch", pk::integer(7)},
                                                   {"scalar", pk::tensor({{}, {}, "0", 6, 5})},
                                                   {"row", pk::tensor({{1, 6}, {999, 1}})},
                                                   {"none", pk::tensor({{0, 4}, {4, 1}})}}));
    const WeightFile file = parseTorchCheckpoint(asBytes(bytes), nullptr, "x.pth");
    QCOMPARE(file.tensors.size(), std::size_t{5});
    QCOMPARE(values(file.tensor("a")), (std::vector<float>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(values(file.tensor("tail")), (std::vector<float>{4, 5}));
    QCOMPARE(values(file.tensor("scalar")), (std::vector<float>{5}));
    QCOMPARE(file.tensor("row").elements(), 6);
    QCOMPARE(file.tensor("none").elements(), 0);
    // No copy: the tensor lies in the file.
    const std::byte *data = file.tensor("a").raw();
    QVERIFY(data >= asBytes(bytes).data() && data < asBytes(bytes).data() + bytes.size());
}

void TestTorchCheckpoint::copiesTransposedTensors()
{
    const std::string bytes =
        torchBytes(pk::dict({{"t", pk::tensor({{3, 2}, {1, 3}})}, {"every second", pk::tensor({{3}, {2}})}}));
    const WeightFile file = parseTorchCheckpoint(asBytes(bytes), nullptr, "x.pth");
    QCOMPARE(values(file.tensor("t")), (std::vector<float>{0, 3, 1, 4, 2, 5}));
    QCOMPARE(values(file.tensor("every second")), (std::vector<float>{0, 2, 4}));
}

void TestTorchCheckpoint::readsEveryType()
{
    const std::vector<std::pair<std::string, std::string>> types{
        {"DoubleStorage", valueBytes<double>({3})},
        {"FloatStorage", valueBytes<float>({3})},
        {"HalfStorage", valueBytes<std::uint16_t>({0x4200})},
        {"BFloat16Storage", valueBytes<std::uint16_t>({0x4040})},
        {"LongStorage", valueBytes<std::int64_t>({3})},
        {"IntStorage", valueBytes<std::int32_t>({3})},
        {"ShortStorage", valueBytes<std::int16_t>({3})},
        {"CharStorage", "\3"},
        {"ByteStorage", "\3"},
        {"BoolStorage", "\3"}};
    std::vector<std::pair<std::string, std::string>> items;
    std::vector<ZipFile> files;
    for (const auto &[type, data] : types) {
        items.emplace_back(type, pk::tensor({{1}, {1}, type, 1, 0, type}));
        files.push_back({"archive/data/" + type, data});
    }
    const std::string bytes = torchBytes(pk::dict(items), files);
    const WeightFile file = parseTorchCheckpoint(asBytes(bytes), nullptr, "x.pth");
    QCOMPARE(file.tensors.size(), types.size());
    for (const auto &[name, tensor] : file.tensors)
        QCOMPARE(values(tensor), std::vector<float>{3});
}

void TestTorchCheckpoint::findsStateDicts_data()
{
    QTest::addColumn<QByteArray>("pickled");
    const auto row = [](const char *name, const std::string &bytes) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()));
    };
    const std::string inner = pk::dict({{"a", pk::tensor({{6}, {1}})}});
    row("plain", inner);
    for (const char *key : {"model", "state_dict", "model_state_dict", "model_ema"})
        row(key, pk::dict({{"epoch", pk::integer(3)}, {key, inner}}));
    row("nested", pk::dict({{"model", pk::dict({{"state_dict", inner}})}}));
    row("ordered dict with metadata", pk::global("collections", "OrderedDict") + ")R(" + pk::text("a") +
                                          pk::tensor({{6}, {1}}) + "u}" + pk::text("_metadata") + "}sb");
}

void TestTorchCheckpoint::findsStateDicts()
{
    QFETCH(const QByteArray, pickled);
    const std::string bytes = torchBytes(pickled.toStdString());
    const WeightFile file = parseTorchCheckpoint(asBytes(bytes), nullptr, "x.pth");
    QCOMPARE(file.tensors.size(), std::size_t{1});
    QCOMPARE(file.tensor("a").elements(), 6);
}

void TestTorchCheckpoint::dropsWrapperPrefixes()
{
    const std::string bytes =
        torchBytes(pk::dict({{"module.a", pk::tensor({{6}, {1}})}, {"_orig_mod.module.b", pk::tensor({{6}, {1}})}}));
    const WeightFile file = parseTorchCheckpoint(asBytes(bytes), nullptr, "x.pth");
    QVERIFY(file.contains("a") && file.contains("b"));
}

void TestTorchCheckpoint::refusesBadFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const std::string &bytes, const char *says) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QString(says);
    };
    const auto one = [](const pk::TensorSpec &spec) {
        return torchBytes(pk::dict({{"a", pk::tensor(spec)}}));
    };
    const std::string good = one({{2, 3}, {3, 1}});
    constexpr std::int64_t huge = std::int64_t{1} << 62;
    row("empty", "", "empty");
    row("text", "hello, world", "not a zip archive");
    row("Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "git lfs pull");
    row("raw pickle", "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", "torch.save(model.state_dict()");
    row("tar", std::string(257, 'x') + "ustar" + std::string(250, '\0'), "torch.save(model.state_dict()");
    row("truncated", good.substr(0, good.size() / 2), "cut off");
    row("no pickle", zip({{"archive/data/0", "x"}}).bytes, "data.pkl");
    row("two checkpoints", zip({{"a/data.pkl", "x"}, {"b/data.pkl", "x"}}).bytes, "two checkpoints");
    row("TorchScript", torchBytes("}", {{"archive/code/__torch__.py", "x"}, {"archive/constants.pkl", "x"}}),
        "torch.jit.load");
    row("big endian", torchBytes("}", {{"archive/byteorder", "big"}}), "big-endian");
    row("compressed pickle", zip({{"archive/data.pkl", "x", 8}}).bytes, "compressed");
    row("compressed data",
        torchBytes(pk::dict({{"a", pk::tensor({{6}, {1}})}}), {{"archive/data/0", std::string(24, 'x'), 8}}),
        "compressed");
    row("calls os.system", torchBytes(pk::dict({{"a", pk::global("posix", "system") + pk::text("true") + "\x85R"}})),
        "posix.system");
    row("arguments of a training script", torchBytes(pk::global("argparse", "Namespace") + ")\x81"),
        "argparse.Namespace");
    row("a number", torchBytes(pk::integer(1)), "no state dict");
    row("no tensors", torchBytes(pk::dict({{"a", pk::integer(1)}})), "no state dict");
    row("wrapped too deep",
        torchBytes("}"s + pk::text("model") + "}" + pk::text("model") + "}" + pk::text("model") + "}" +
                   pk::text("model") + "}" + pk::text("model") + "}sssss"),
        "no state dict");
    row("dict within itself", torchBytes("}q"s + '\0' + pk::text("model") + "h" + '\0' + "s"), "no state dict");
    row("storage missing", one({{6}, {1}, "7"}), "data/7 is missing");
    row("storage outside", one({{6}, {1}, "../data.pkl"}), "is missing");
    row("storage claims more", one({{7}, {1}, "0", 7}), "claims 7 values");
    row("storage claims 2^62", one({{7}, {1}, "0", huge}), "claims");
    row("offset beyond", one({{1}, {1}, "0", 6, 7}), "begins beyond");
    row("offset overflow", one({{2}, {1}, "0", 6, std::numeric_limits<std::int64_t>::max()}), "begins beyond");
    row("negative offset", one({{2}, {1}, "0", 6, -1}), "begins beyond");
    row("offset and shape beyond", one({{2, 2}, {2, 1}, "0", 6, 3}), "reaches beyond");
    row("shape beyond", one({{7}, {1}}), "reaches beyond");
    row("shape overflow", one({{huge, huge}, {1, 1}}), "impossible shape");
    row("stride beyond", one({{2, 2}, {5, 1}}), "reaches beyond");
    row("stride overflow", one({{huge, 2}, {huge, 1}}), "impossible");
    row("stride sum overflow", one({{2, 2, 2, 2}, {huge, huge, huge, huge}}), "impossible strides");
    row("negative stride", one({{2}, {-1}}), "whole numbers");
    row("negative shape", one({{-2}, {1}}), "whole numbers");
    row("repeats by stride 0", one({{std::int64_t{1} << 40}, {0}}), "repeats its data");
    row("shape without strides", one({{2, 3}, {1}}), "impossible shape");
    row("rank 9", one({{1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1}}), "8 axes");
    row("complex", one({{1}, {1}, "0", 1, 0, "ComplexFloatStorage"}), "tensor a is of type torch.ComplexFloatStorage");
    row("tensor without a name", torchBytes("}K\x01"s + pk::tensor({{6}, {1}}) + "s"), "not text");
    row("same name twice", torchBytes(pk::dict({{"a", pk::tensor({{6}, {1}})}, {"module.a", pk::tensor({{6}, {1}})}})),
        "two tensors a");
}

void TestTorchCheckpoint::refusesBadFiles()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, says);
    const std::string file = path("bad.pth");
    writeFile(file, bytes.toStdString());
    QVERIFY(isSentence(failureOf([&] { readTorchCheckpoint(file); }), "bad.pth", says.toStdString()));
}

void TestTorchCheckpoint::readsRealCheckpoints()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    // Values as torch.load gives them.
    const WeightFile cifar = readTorchCheckpoint(realData() + "/checkpoints/vit_cifar10_blocks/vit.pt");
    QCOMPARE(cifar.tensors.size(), std::size_t{56});
    QCOMPARE(values(cifar.tensor("patch_embed.proj.weight"))[1], -0.12033100426197052F);
    QCOMPARE(values(cifar.tensor("blocks.3.mlp.3.bias"))[0], -0.07014603167772293F);
    const WeightFile mnist = readTorchCheckpoint(realData() + "/checkpoints/vit_mnist_torchvision/vit_weights.pth");
    QCOMPARE(mnist.tensors.size(), std::size_t{34});
    QCOMPARE(values(mnist.tensor("heads.pre_logits.weight"))[1], 0.12794144451618195F);
    QCOMPARE(mnist.tensor("encoder.pos_embedding").shape(), (std::vector<std::int64_t>{1, 197, 64}));
}

QTEST_APPLESS_MAIN(TestTorchCheckpoint)
#include "tst_torchcheckpoint.moc"
