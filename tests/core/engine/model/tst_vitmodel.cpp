#include "../io/checkpointbytes.h"
#include "smallcheckpoint.h"
#include "testdata.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestVitModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensFoldersAndFiles();
    void findsLayersByName();
    void refusesBadPaths_data();
    void refusesBadPaths();
    void opensRealTiny();
    void opensRealMnist();
    void opensRealCifar();

private:
    QTemporaryDir m_folder;
    std::string path(const std::string &name) const { return m_folder.path().toStdString() + "/" + name; }
};

void TestVitModel::opensFoldersAndFiles()
{
    const std::string folder = path("folder");
    writeSafetensors(folder + "/weights.safetensors", timmTensors(), {});
    ModelSource source = sourceOf(folder + "/", 2);
    const VitModel byFolder = openModel(source);
    QCOMPARE(byFolder.spec.name, std::string("folder"));
    QCOMPARE(byFolder.fileBytes,
             static_cast<std::int64_t>(std::filesystem::file_size(folder + "/weights.safetensors")));
    source.path = folder + "/weights.safetensors";
    const VitModel byFile = openModel(source);
    QCOMPARE(byFile.spec.name, std::string("weights.safetensors"));
    QCOMPARE(differences(byFolder, byFile), std::vector<std::string>());

    writeFile(folder + "/config.json", R"({"architecture":"vit_small_custom","num_classes":5,
        "model_args":{"num_heads":4,"img_size":4}})");
    const VitModel withConfig = openModel(sourceOf(folder));
    QCOMPARE(withConfig.spec.heads, 4);
    QCOMPARE(withConfig.spec.name, std::string("vit_small_custom"));
}

void TestVitModel::findsLayersByName()
{
    VitModel model = mapSmall(timmTensors());
    QVERIFY(&model.linear("blocks.1.mlp.fc2") == &model.weights.blocks[1].fc2);
    QVERIFY(&std::as_const(model).linear("patch_embed") == &model.weights.patchEmbed);
    QVERIFY(&model.linear("head") == &model.weights.head);
    QVERIFY(isSentence(failureOf([&] { model.linear("blocks.2.mlp.fc2"); }), "small", "blocks.2.mlp.fc2"));
}

void TestVitModel::refusesBadPaths_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("says");
    std::filesystem::create_directories(path("empty"));
    std::filesystem::create_directories(path("parts"));
    writeFile(path("parts/model.safetensors.index.json"), "{}");
    std::filesystem::create_directories(path("two"));
    writeFile(path("two/a.pth"), "x");
    writeFile(path("two/b.pt"), "x");
    writeFile(path("photo.jpg"), "\xff\xd8\xff");
    writeFile(path("pointer.pth"), "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    writeFile(path("nothing.pth"), "");
    std::filesystem::create_directories(path("folder.pth"));
    std::filesystem::create_directories(path("bomb"));
    writeFile(path("bomb/config.json"), std::string(100'000, '['));
    writeSafetensors(path("bomb/model.safetensors"), timmTensors(), {});
    std::filesystem::create_directories(path("half"));
    writeFile(path("half/config.json"), R"({"edgeflex":{"formatVersion":1}})");
    writeSafetensors(path("half/model.safetensors"), timmTensors(), {});
    const auto row = [](const char *name, const char *says) {
        QTest::newRow(name) << QString(name) << QString(says);
    };
    row("missing", "does not exist");
    row("empty", "holds no model");
    row("parts", "several parts");
    row("two", "2 checkpoints");
    row("photo.jpg", "not a checkpoint");
    row("pointer.pth", "git lfs pull");
    row("nothing.pth", "is empty");
    row("folder.pth", "holds no model");
    row("bomb", "config.json");
    row("half", "spec");
}

void TestVitModel::refusesBadPaths()
{
    QFETCH(const QString, name);
    QFETCH(const QString, says);
    QVERIFY(isSentence(failureOf([&] { openModel(sourceOf(path(name.toStdString()), 2)); }), name.toStdString(),
                       says.toStdString()));
    QVERIFY(!failureOf([] { openModel(sourceOf("")); }).empty());
}

void TestVitModel::opensRealTiny()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const std::string folder = realData() + "/checkpoints/vit_tiny_patch16_224";
    const VitModel model = openModel(sourceOf(folder));
    QCOMPARE(model.spec.name, std::string("vit_tiny_patch16_224"));
    QCOMPARE(model.spec.naming, std::string("timm"));
    QCOMPARE(model.spec.parameterCount(), 5717416);
    QCOMPARE(model.spec.heads, 3);
    QCOMPARE(model.spec.imageHeight, 224);
    QCOMPARE(model.spec.tokens(), 197);
    QCOMPARE(model.spec.classes(), 1000);
    QCOMPARE(model.fileBytes, 22883456);
    const Preprocessing expected{248, 224, 224, Interpolation::Bicubic, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, true};
    QVERIFY(model.spec.preprocessing == expected);
    QCOMPARE(model.weights.patchEmbed.values.floats()[1], 0.022290466353297234F);
    QCOMPARE(model.weights.norm.gamma.floats()[0], 6.0425705909729F);
    ModelSource source = sourceOf(folder, 4);
    QVERIFY(isSentence(failureOf([&] { openModel(source); }), "vit_tiny_patch16_224", "--heads says 4"));
}

void TestVitModel::opensRealMnist()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    ModelSource source = sourceOf(realData() + "/checkpoints/vit_mnist_torchvision/vit_weights.pth");
    QVERIFY(isSentence(failureOf([&] { openModel(source); }), "vit_weights.pth", "--heads N"));
    source.heads = 2;
    source.mean = {0.1307};
    source.std = {0.3081};
    const VitModel model = openModel(source);
    QCOMPARE(model.spec.naming, std::string("torchvision"));
    QCOMPARE(model.spec.width, 64);
    QCOMPARE(model.spec.blocks.size(), std::size_t{2});
    QCOMPARE(model.spec.channels, 1);
    QCOMPARE(model.spec.imageHeight, 28);
    QCOMPARE(model.spec.preLogits.at(0).outFeatures, 32);
    QCOMPARE(model.spec.layerNormEps, 1e-6);
    QVERIFY(model.spec.preprocessing.stated);
    QCOMPARE(model.spec.preprocessing.mean[0], 0.1307);
    QCOMPARE(model.weights.head.values.floats()[1], -0.5345422625541687F);
}

void TestVitModel::opensRealCifar()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const VitModel model = openModel(sourceOf(realData() + "/checkpoints/vit_cifar10_blocks", 4));
    QCOMPARE(model.spec.naming, std::string("in_proj blocks"));
    QCOMPARE(model.spec.width, 128);
    QCOMPARE(model.spec.headDim, 32);
    QCOMPARE(model.spec.blocks.size(), std::size_t{4});
    QCOMPARE(model.spec.blocks[3].mlpWidth(), 256);
    QCOMPARE(model.spec.imageHeight, 32);
    QCOMPARE(model.spec.patchSize, 4);
    QCOMPARE(model.spec.layerNormEps, 1e-5);
    QVERIFY(!model.spec.preprocessing.stated);
    QCOMPARE(model.weights.blocks[3].fc2.bias.floats()[0], -0.07014603167772293F);
}

QTEST_APPLESS_MAIN(TestVitModel)
#include "tst_vitmodel.moc"
