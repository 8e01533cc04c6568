#include "../io/checkpointbytes.h"
#include "smallcheckpoint.h"

#include "engine/model/savedmodel.h"
#include "plan/linearlayout.h"
#include "reference/randomvit.h"
#include "reference/vitvariants.h"

#include <QRegularExpression>
#include <QTemporaryDir>

using namespace edgeflex;
using namespace edgeflex::test;

class TestSavedModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reopensBitExactly_data();
    void reopensBitExactly();
    void prunedHeadsReopen();
    void linearHalvesReopen();
    void savesOverItself();
    void refusesForeignFolders();
    void recognizesItsOwn();
    void opensByItsWeightsFile();
    void refusesBadFolders_data();
    void refusesBadFolders();

private:
    QTemporaryDir m_folder;
    std::string path(const std::string &name) const { return m_folder.path().toStdString() + "/" + name; }
};

namespace {

// A layer of arbitrary bytes in `format`.
void reformat(LinearWeights &weights, LinearSpec &spec, NumberFormat format, bool inputScale)
{
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    const auto bytes = [&](DType dtype, std::vector<std::int64_t> shape) {
        Tensor tensor = Tensor::allocate(dtype, std::move(shape));
        for (std::size_t i = 0; i < tensor.bytes(); ++i)
            tensor.raw()[i] = static_cast<std::byte>((i * 37 + 11) % 59);
        return tensor;
    };
    spec.format = format;
    spec.groupSize = 32;
    spec.inputScale = inputScale;
    switch (format) {
    case NumberFormat::Fp32:
        break;
    case NumberFormat::Fp16:
        weights.values = bytes(DType::F16, {n, k});
        break;
    case NumberFormat::Bf16:
        weights.values = bytes(DType::BF16, {n, k});
        break;
    case NumberFormat::Int8:
        weights.values = bytes(DType::I8, {n, k});
        weights.scales = smallTensor("scales", {n});
        for (std::int64_t i = 0; i < n; ++i)
            weights.scales.floats()[i] = 0.01F * static_cast<float>(i + 1);
        break;
    case NumberFormat::Int4:
        weights.values = bytes(DType::U8, {n, (k + 1) / 2});
        weights.scales = bytes(DType::F16, {n, int4Groups(k, 32)});
        weights.zeroPoints = bytes(DType::U8, {n, (int4Groups(k, 32) + 1) / 2});
        // The spare nibble of an odd number of groups is zero.
        for (std::size_t i = 0; i < weights.zeroPoints.bytes(); ++i)
            weights.zeroPoints.raw()[i] &= std::byte{0x0f};
        break;
    }
    if (inputScale)
        weights.inputScale = smallTensor("inputScale", {k});
    weights.spec = spec;
}

VitModel model(NumberFormat format)
{
    VitModel result = mapSmall(timmTensors());
    result.spec.name = "small \xff name"; // file names need not be UTF-8
    result.spec.preprocessing.mean = {0.1, 1.0 / 3, 0.3};
    result.spec.layerNormEps = 1e-5;
    result.spec.classNames = {"a", "b", "c", "d", "\xc3\xa9"};
    result.provenance = {{"plan", "uniform"}, {"base", "small.pth"}};
    for (std::size_t i = 0; i < 2; ++i) {
        reformat(result.weights.blocks[i].qkv, result.spec.blocks[i].qkv, format, false);
        reformat(result.weights.blocks[i].fc2, result.spec.blocks[i].fc2, format, i == 1);
    }
    return result;
}

} // namespace

void TestSavedModel::reopensBitExactly_data()
{
    QTest::addColumn<int>("format");
    for (const NumberFormat format : allNumberFormats())
        QTest::newRow(std::string(toString(format)).c_str()) << static_cast<int>(format);
}

void TestSavedModel::reopensBitExactly()
{
    QFETCH(const int, format);
    VitModel original = model(static_cast<NumberFormat>(format));
    const std::string folder = path("nested/round" + std::to_string(format));
    saveModel(original, folder);
    const VitModel reopened = openModel(sourceOf(folder));
    QCOMPARE(differences(original, reopened), std::vector<std::string>());
    original.spec.name = "small \xef\xbf\xbd name";
    QVERIFY(original.spec == reopened.spec);
    QVERIFY(original.provenance == reopened.provenance);
    QCOMPARE(reopened.path, folder);
    QCOMPARE(reopened.fileBytes, static_cast<std::int64_t>(std::filesystem::file_size(folder + "/config.json") +
                                                           std::filesystem::file_size(folder + "/model.safetensors")));
    // And once more, from what was read.
    saveModel(reopened, folder + "again");
    QCOMPARE(fileBytes(folder + "again/model.safetensors"), fileBytes(folder + "/model.safetensors"));
    QCOMPARE(fileBytes(folder + "again/config.json"), fileBytes(folder + "/config.json"));
}

void TestSavedModel::prunedHeadsReopen()
{
    ModelSpec spec = makeVitSpec({8, 3, 4, 48, 2, 2, 16, 5}); // heads of 24
    spec.blocks[0].qkv.outFeatures = 2 * (2 * 8 + 16);
    spec.blocks[0].proj.inFeatures = 2 * 16;
    spec.blocks[1].qkv.outFeatures = 2 * (2 * 16 + 24);
    spec.blocks[1].qkv.format = NumberFormat::Int8;
    const VitModel original = reference::randomStoredVit(spec, 4);
    const std::string folder = path("heads");
    saveModel(original, folder);
    const VitModel reopened = openModel(sourceOf(folder));
    QVERIFY(reopened.spec == original.spec);
    QCOMPARE(reopened.spec.qkDim(reopened.spec.blocks[0]), std::int64_t(8));
    QCOMPARE(reopened.spec.voDim(reopened.spec.blocks[1]), std::int64_t(24));
    QCOMPARE(differences(original, reopened), std::vector<std::string>());
    // A size that is of no pruned head.
    QString config = QString::fromStdString(fileBytes(folder + "/config.json"));
    QVERIFY(config.contains("\"outFeatures\": 64"));
    config.replace("\"outFeatures\": 64", "\"outFeatures\": 60");
    writeFile(folder + "/config.json", config.toStdString());
    QVERIFY(isSentence(failureOf([&] { openModel(sourceOf(folder)); }), "heads", "attn.qkv"));
}

void TestSavedModel::linearHalvesReopen()
{
    for (const test::VitVariant &variant : test::vitVariants()) {
        if (variant.name != "linear halves" && variant.name != "unequal numbers of heads")
            continue;
        ModelSpec spec = variant.spec;
        spec.blocks[0].proj.format = NumberFormat::Int4;
        spec.blocks[1].fc2.format = NumberFormat::Int8;
        const VitModel original = reference::randomStoredVit(spec, 4);
        const std::string folder = path(variant.name);
        saveModel(original, folder, Packed::Too);
        const VitModel reopened = openModel(sourceOf(folder));
        QVERIFY(reopened.spec == original.spec);
        QVERIFY(reopened.packed && reopened.packedNote.empty());
        QCOMPARE(differences(original, reopened), std::vector<std::string>());
        // A head more removed than there are; a layer that is half there.
        QString config = QString::fromStdString(fileBytes(folder + "/config.json"));
        config.replace(QRegularExpression("\"removedHeads\": [0-9]+"), "\"removedHeads\": 3");
        writeFile(folder + "/config.json", config.toStdString());
        QVERIFY(isSentence(failureOf([&] { openModel(sourceOf(folder)); }), variant.name.c_str(), "head"));
    }
}

void TestSavedModel::savesOverItself()
{
    const std::string folder = path("itself");
    saveModel(model(NumberFormat::Int8), folder);
    writeFile(folder + "/plan.json", "{}");
    VitModel opened = openModel(sourceOf(folder));
    opened.provenance["again"] = "yes";
    saveModel(opened, folder); // its weights are views of the file that is replaced
    const VitModel reopened = openModel(sourceOf(folder));
    QCOMPARE(differences(model(NumberFormat::Int8), reopened), std::vector<std::string>());
    QCOMPARE(reopened.provenance.at("again"), std::string("yes"));
    QVERIFY(std::filesystem::exists(folder + "/plan.json"));
}

void TestSavedModel::refusesForeignFolders()
{
    const std::string folder = path("timm");
    std::filesystem::create_directory(folder);
    writeFile(folder + "/config.json", R"({"architecture":"vit_tiny_patch16_224"})");
    writeFile(folder + "/model.safetensors", "x");
    QVERIFY(isSentence(failureOf([&] { saveModel(model(NumberFormat::Fp32), folder); }), "timm", "was not written by"));
    QCOMPARE(fileBytes(folder + "/model.safetensors"), std::string("x"));
}

void TestSavedModel::recognizesItsOwn()
{
    const std::string folder = path("own");
    QVERIFY(!isSavedModel(folder));
    saveModel(model(NumberFormat::Fp16), folder);
    QVERIFY(isSavedModel(folder));
    writeFile(folder + "/config.json", "{");
    QVERIFY(!isSavedModel(folder));
    std::filesystem::remove(folder + "/config.json");
    QVERIFY(!isSavedModel(folder));
}

void TestSavedModel::opensByItsWeightsFile()
{
    const std::string folder = path("byfile");
    saveModel(model(NumberFormat::Int4), folder);
    QCOMPARE(differences(openModel(sourceOf(folder)), openModel(sourceOf(folder + "/model.safetensors"))),
             std::vector<std::string>());
    ModelSource source = sourceOf(folder);
    source.mean = {0.25};
    source.std = {0.5};
    QCOMPARE(openModel(source).spec.preprocessing.mean[1], 0.25);
    source.heads = 4;
    QVERIFY(isSentence(failureOf([&] { openModel(source); }), "byfile", "--heads says 4"));
}

void TestSavedModel::refusesBadFolders_data()
{
    QTest::addColumn<QString>("find"); // in config.json
    QTest::addColumn<QString>("replace");
    QTest::addColumn<QString>("tensor"); // removed, or added with a shape
    QTest::addColumn<int>("size");       // -1: removed
    QTest::addColumn<QString>("says");
    const auto config = [](const char *name, const char *find, const char *replace, const char *says) {
        QTest::newRow(name) << QString(find) << QString(replace) << QString() << 0 << QString(says);
    };
    const auto tensor = [](const char *name, const char *which, int size, const char *says) {
        QTest::newRow(name) << QString() << QString() << QString(which) << size << QString(says);
    };
    config("version", "\"formatVersion\": 1", "\"formatVersion\": 2", "format version 2");
    config("no version", "\"formatVersion\": 1", "\"x\": 1", "formatVersion");
    config("no spec", "\"spec\"", "\"spek\"", "spec");
    config("heads", "\"heads\": 2", "\"heads\": 3", "attn.qkv");
    config("huge width", "\"width\": 8", "\"width\": 4611686018427387904", "width");
    config("width", "\"width\": 8", "\"width\": 16", "patch_embed");
    config("image", "\"patchSize\": 2", "\"patchSize\": 4", "patch_embed");
    config("format", "\"format\": \"fp32\"", "\"format\": \"fp64\"", "fp64");
    config("layer renamed", "\"blocks.0.attn.qkv\"", "\"blocks.0.attn.kqv\"", "blocks.0.attn.kqv");
    config("epsilon", "\"layerNormEps\": 1e-05", "\"layerNormEps\": -1", "layerNormEps");
    config("class names", "\"a\",", "", "class names");
    tensor("missing weight", "blocks.0.mlp.fc1.weight", -1, "no tensor blocks.0.mlp.fc1.weight");
    tensor("missing scale", "blocks.0.attn.qkv.weight_scale", -1, "no tensor blocks.0.attn.qkv.weight_scale");
    tensor("missing positions", "pos_embed", -1, "no tensor pos_embed");
    tensor("unknown tensor", "blocks.7.secret", 3, "blocks.7.secret");
    tensor("wrong shape", "norm.weight", 9, "norm.weight is F32 [9]");
    tensor("wrong type", "blocks.0.mlp.fc2.weight", 9, "asks for I8 [8, 16]");
}

void TestSavedModel::refusesBadFolders()
{
    QFETCH(const QString, find);
    QFETCH(const QString, replace);
    QFETCH(const QString, tensor);
    QFETCH(const int, size);
    QFETCH(const QString, says);
    const std::string folder = path(std::string("bad ") + QTest::currentDataTag());
    saveModel(model(NumberFormat::Int8), folder);
    if (!find.isEmpty()) {
        QString config = QString::fromStdString(fileBytes(folder + "/config.json"));
        QVERIFY2(config.contains(find), qPrintable(config));
        config.replace(config.indexOf(find), find.size(), replace);
        writeFile(folder + "/config.json", config.toStdString());
    }
    if (!tensor.isEmpty()) {
        WeightFile file = readSafetensors(folder + "/model.safetensors");
        if (size < 0)
            QCOMPARE(file.tensors.erase(tensor.toStdString()), std::size_t{1});
        else
            file.tensors[tensor.toStdString()] = smallTensor("x", {size});
        writeSafetensors(folder + "/model.safetensors", file.tensors, {});
    }
    QVERIFY(isSentence(failureOf([&] { openModel(sourceOf(folder)); }), "bad ", says.toStdString()));
}

QTEST_APPLESS_MAIN(TestSavedModel)
#include "tst_savedmodel.moc"
