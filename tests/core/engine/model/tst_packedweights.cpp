#include "../io/checkpointbytes.h"

#include "engine/model/packedweights.h"

#include "engine/io/safetensors.h"
#include "engine/kernels/linear.h"
#include "engine/model/savedmodel.h"
#include "engine/model/transformer.h"
#include "engine/tensor/hostallocator.h"
#include "plan/linearlayout.h"
#include "reference/notes.h"
#include "reference/randomvit.h"

#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <filesystem>
#include <functional>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

ModelSpec mixedSpec()
{
    ModelSpec spec = makeVitSpec({8, 3, 4, 48, 2, 3, 72, 7}); // odd widths, and more than one panel
    spec.patchEmbed.format = NumberFormat::Fp16;
    spec.blocks[0].qkv.format = NumberFormat::Int8;
    spec.blocks[0].proj.format = NumberFormat::Int4;
    spec.blocks[0].fc1.format = NumberFormat::Bf16;
    spec.blocks[0].fc2.format = NumberFormat::Int4;
    spec.blocks[0].fc2.groupSize = 32;
    spec.blocks[0].fc2.inputScale = true;
    spec.blocks[1].fc2.format = NumberFormat::Int8;
    spec.blocks[1].fc2.inputScale = true;
    spec.blocks[1].proj.inputScale = true; // of FP32
    return spec;
}

VitModel opened(const std::string &folder)
{
    ModelSource source;
    source.path = folder;
    return openModel(source);
}

std::vector<float> logits(const VitModel &model, std::string *notes = nullptr)
{
    Notes progress;
    const Transformer transformer(model, detectTarget(1), progress);
    if (notes)
        *notes = progress.text;
    const std::vector<float> pixels = reference::randomPixels(model.spec, 2, 3);
    std::vector<float> result(static_cast<std::size_t>(2 * model.spec.classes()));
    transformer.run(transformer.schedule(ScheduleKind::Tight, 2), pixels.data(), result.data(), progress);
    return result;
}

} // namespace

class TestPackedWeights : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    const VitModel m_model = reference::randomStoredVit(mixedSpec(), 5);
    const std::vector<float> m_logits = logits(m_model);

    std::string path(const std::string &name) const { return m_folder.path().toStdString() + "/" + name; }

    // A folder with packed weights that `spoil` has had its way with.
    std::string spoiled(const std::string &name, const std::function<void(const std::string &file)> &spoil) const
    {
        const std::string folder = path(name);
        saveModel(m_model, folder, Packed::Too);
        spoil(folder + "/" + savedPackedFile);
        return folder;
    }

    // Written anew with other arrays or words.
    static void rewrite(const std::string &file, const std::function<void(WeightFile &)> &change)
    {
        WeightFile weights = readSafetensors(file);
        for (auto &[name, tensor] : weights.tensors)
            tensor = tensor.clone();
        change(weights);
        writeSafetensors(file, weights.tensors, weights.metadata);
    }

private Q_SLOTS:
    void answersTheSame()
    {
        const std::string folder = path("same");
        saveModel(m_model, folder, Packed::Too);
        const VitModel model = opened(folder);
        QVERIFY(model.packed && model.packedNote.empty());
        QVERIFY(logits(model) == m_logits); // bit for bit
        // The file can be left away.
        std::filesystem::remove(folder + "/" + savedPackedFile);
        const VitModel without = opened(folder);
        QVERIFY(!without.packed && without.packedNote.empty());
        QVERIFY(logits(without) == m_logits);
    }

    // Mapped or packed, weights count as what they take.
    void countsAsMemory()
    {
        const std::string folder = path("counted");
        saveModel(m_model, folder, Packed::Too);
        const VitModel model = opened(folder);
        const std::int64_t before = hostallocator::liveBytes();
        const std::int64_t allocations = hostallocator::allocationCount();
        {
            NoProgress progress;
            Transformer transformer(model, detectTarget(1), progress);
            QCOMPARE(hostallocator::liveBytes() - before, weightBytes(model.spec));
            const Transformer moved = std::move(transformer);
            QCOMPARE(hostallocator::liveBytes() - before, weightBytes(model.spec));
        }
        QCOMPARE(hostallocator::liveBytes(), before);
        // Nothing of a linear layer was copied: positions, prefix tokens while they are added, and the norms.
        const auto norms = static_cast<std::int64_t>(2 * (2 * model.spec.blocks.size() + 1));
        QCOMPARE(hostallocator::allocationCount() - allocations, norms + 2);
    }

    void everyArrayStartsACacheLine()
    {
        const std::string folder = path("aligned");
        saveModel(m_model, folder, Packed::Too);
        for (const auto &[name, tensor] : readSafetensors(folder + "/" + savedPackedFile).tensors)
            QVERIFY2(reinterpret_cast<std::uintptr_t>(tensor.raw()) % 64 == 0 && tensor.bytes() % 64 == 0,
                     name.c_str());
    }

    void aLayerThatWasChangedIsPackedAgain()
    {
        const std::string folder = path("changed");
        saveModel(m_model, folder, Packed::Too);
        VitModel model = opened(folder);
        QVERIFY(model.packed->layer(model.weights.head));
        model.weights.head.bias = model.weights.head.bias.clone();
        QVERIFY(!model.packed->layer(model.weights.head));
        QVERIFY(logits(model) == m_logits);
        model.weights.head.bias.floats()[3] += 1;
        QCOMPARE(logits(model)[3], m_logits[3] + 1);
        LinearWeights other = model.weights.blocks[0].proj;
        other.spec.groupSize = 32;
        QVERIFY(!model.packed->layer(other));
    }

    void ofOtherWeightsIsNotUsed()
    {
        const std::string folder = path("others");
        const VitModel other = reference::randomStoredVit(mixedSpec(), 6);
        saveModel(m_model, folder, Packed::Too);
        saveModel(other, folder); // leaves the file of the weights before
        const VitModel model = opened(folder);
        QVERIFY(!model.packed);
        std::string notes;
        QVERIFY(logits(model, &notes) == logits(other));
        QVERIFY2(notes.find("made of other weights") != std::string::npos, notes.c_str());
        QVERIFY2(notes.find(savedPackedFile) != std::string::npos, notes.c_str());
    }

    // One weight in the middle, where no sample is taken: seen by what was written last.
    void aChangeOfOneWeightIsSeen()
    {
        const std::string folder = path("one");
        const VitModel large = reference::randomStoredVit(makeVitSpec({8, 3, 4, 192, 1, 3, 768, 7}), 5);
        saveModel(large, folder, Packed::Too);
        const std::string file = folder + "/" + savedWeightsFile;
        {
            WeightFile weights = readSafetensors(file);
            for (auto &[name, tensor] : weights.tensors)
                tensor = tensor.clone();
            Tensor &fc1 = weights.tensors.at("blocks.0.mlp.fc1.weight");
            fc1.floats()[fc1.elements() / 2] += 1;
            writeSafetensors(file, weights.tensors, weights.metadata);
        }
        const auto packed = std::filesystem::last_write_time(folder + "/" + savedPackedFile);
        std::filesystem::last_write_time(file, packed + std::chrono::seconds(1));
        std::string notes;
        (void)logits(opened(folder), &notes);
        QVERIFY2(notes.find("made of other weights") != std::string::npos, notes.c_str());
        // Later, but the same.
        saveModel(large, folder, Packed::Too);
        std::filesystem::last_write_time(file, std::filesystem::last_write_time(folder + "/" + savedPackedFile) +
                                                   std::chrono::seconds(1));
        QVERIFY(opened(folder).packed);
    }

    void badFiles_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"empty", "cut in the header", "cut in the data", "no file of the kind", "layout",
                                 "no layout", "identity", "array missing", "array too short", "array too long",
                                 "array of another type", "array of another rank", "an array more", "a folder"})
            QTest::newRow(what) << what;
    }
    void badFiles()
    {
        QFETCH(QString, what);
        const std::string folder = spoiled(what.toStdString(), [&](const std::string &file) {
            const auto resize = [&](double share) {
                std::filesystem::resize_file(
                    file, static_cast<std::uintmax_t>(share * static_cast<double>(std::filesystem::file_size(file))));
            };
            const std::string values = "blocks.0.attn.qkv.values";
            const auto reshape = [&](DType type, std::vector<std::int64_t> shape) {
                rewrite(file,
                        [&](WeightFile &weights) { weights.tensors[values] = Tensor::zeros(type, std::move(shape)); });
            };
            const std::int64_t bytes = arrayBytes(m_model.spec.blocks[0].qkv).values;
            if (what == "empty")
                resize(0);
            else if (what == "cut in the header")
                resize(0.01);
            else if (what == "cut in the data")
                resize(0.9);
            else if (what == "no file of the kind")
                writeTextFile(file, std::string(5000, 'x'));
            else if (what == "layout")
                rewrite(file, [](WeightFile &weights) { weights.metadata["layout"] = "0"; });
            else if (what == "no layout")
                rewrite(file, [](WeightFile &weights) { weights.metadata.erase("layout"); });
            else if (what == "identity")
                rewrite(file, [](WeightFile &weights) { weights.metadata["identity"][0] ^= 1; });
            else if (what == "array missing")
                rewrite(file, [&](WeightFile &weights) { weights.tensors.erase(values); });
            else if (what == "array too short")
                reshape(DType::U8, {bytes - 64});
            else if (what == "array too long")
                reshape(DType::U8, {bytes + 64});
            else if (what == "array of another type")
                reshape(DType::I8, {bytes});
            else if (what == "array of another rank")
                reshape(DType::U8, {bytes / 64, 64});
            else if (what == "an array more")
                rewrite(file, [](WeightFile &weights) { weights.tensors["more"] = Tensor::zeros(DType::U8, {64}); });
            else if (what == "a folder") {
                std::filesystem::remove(file);
                std::filesystem::create_directory(file);
            }
        });
        const VitModel model = opened(folder);
        QVERIFY(!model.packed);
        std::string notes;
        QVERIFY(logits(model, &notes) == m_logits);
        QVERIFY2(notes.find("the weights are packed anew") != std::string::npos, notes.c_str());
        QVERIFY2(notes.find(savedPackedFile) != std::string::npos, notes.c_str());
    }

    void everyCutIsSeen()
    {
        const std::string folder = path("cuts");
        saveModel(m_model, folder, Packed::Too);
        const std::string file = folder + "/" + savedPackedFile;
        const auto whole = static_cast<std::int64_t>(std::filesystem::file_size(file));
        for (std::int64_t size = whole - 1; size > 0; size -= whole / 40) {
            std::filesystem::resize_file(file, static_cast<std::uintmax_t>(size));
            QVERIFY(!opened(folder).packed);
        }
    }

    // The shapes of the one, the sizes of the other: a smaller model's file is not read beyond its end.
    void ofAnotherModelIsNotUsed()
    {
        ModelSpec spec = mixedSpec();
        spec.blocks[0].fc1.outFeatures = spec.blocks[0].fc2.inFeatures = 64;
        const std::string smaller = path("smaller");
        saveModel(reference::randomStoredVit(spec, 5), smaller, Packed::Too);
        const std::string folder = spoiled("larger", [&](const std::string &file) {
            std::filesystem::copy_file(smaller + "/" + savedPackedFile, file,
                                       std::filesystem::copy_options::overwrite_existing);
            const std::string identity =
                readSafetensors(spoiled("right", [](const std::string &) {}) + "/" + savedPackedFile)
                    .metadata.at("identity");
            rewrite(file, [&](WeightFile &weights) { weights.metadata["identity"] = identity; });
        });
        const VitModel model = opened(folder);
        QVERIFY(!model.packed);
        QVERIFY(logits(model) == m_logits);
    }
};

QTEST_APPLESS_MAIN(TestPackedWeights)
#include "tst_packedweights.moc"
