#include "checkpointbytes.h"
#include "testdata.h"

#include "engine/io/safetensors.h"

#include <limits>
#include <stdexcept>

using namespace edgeflex;
using namespace edgeflex::test;

class TestSafetensors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEveryType();
    void readsScalarsAndEmptyTensors();
    void tensorsOutliveTheFile();
    void writesWhatItReads();
    void layoutIsAligned();
    void failedWriteLeavesTheOldFile();
    void writerRefusesOtherShapes();
    void refusesBadFiles_data();
    void refusesBadFiles();
    void readsRealCheckpoint();

private:
    QTemporaryDir m_folder;
    std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }
};

void TestSafetensors::readsEveryType()
{
    const std::string data = valueBytes<double>({1.5}) + valueBytes<std::int64_t>({-7}) + valueBytes<float>({2.5F}) +
                             valueBytes<std::int32_t>({-3}) + valueBytes<std::uint16_t>({0x3c00, 0x3f80, 0xfffe}) +
                             "\x05\xfb\x01";
    const std::string bytes = safetensorsBytes(
        R"({"f64":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"i64":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},)"
        R"("f32":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},"i32":{"dtype":"I32","shape":[1],"data_offsets":[20,24]},)"
        R"("f16":{"dtype":"F16","shape":[1],"data_offsets":[24,26]},"bf16":{"dtype":"BF16","shape":[1],"data_offsets":[26,28]},)"
        R"("i16":{"dtype":"I16","shape":[1],"data_offsets":[28,30]},"u8":{"dtype":"U8","shape":[1],"data_offsets":[30,31]},)"
        R"("i8":{"dtype":"I8","shape":[1],"data_offsets":[31,32]},"bool":{"dtype":"BOOL","shape":[1],"data_offsets":[32,33]},)"
        R"("__metadata__":{"format":"pt"}})",
        data);
    const WeightFile file = parseSafetensors(asBytes(bytes), nullptr, "types");
    const auto value = [&](const char *name) {
        return file.tensor(name).toFloat().floats()[0];
    };
    QCOMPARE(value("f64"), 1.5F);
    QCOMPARE(value("i64"), -7.0F);
    QCOMPARE(value("f32"), 2.5F);
    QCOMPARE(value("i32"), -3.0F);
    QCOMPARE(value("f16"), 1.0F);
    QCOMPARE(value("bf16"), 1.0F);
    QCOMPARE(value("i16"), -2.0F);
    QCOMPARE(value("u8"), 5.0F);
    QCOMPARE(value("i8"), -5.0F);
    QCOMPARE(value("bool"), 1.0F);
    QCOMPARE(file.tensors.size(), std::size_t{10});
    QCOMPARE(file.metadata.at("format"), std::string("pt"));
    QVERIFY(isSentence(failureOf([&] { file.tensor("missing"); }), "types", "missing"));
}

void TestSafetensors::readsScalarsAndEmptyTensors()
{
    const std::string bytes = safetensorsBytes(R"({"none":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},)"
                                               R"("one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}})",
                                               valueBytes<float>({4}));
    const WeightFile file = parseSafetensors(asBytes(bytes), nullptr, "small");
    QCOMPARE(file.tensor("none").elements(), 0);
    QCOMPARE(file.tensor("one").elements(), 1);
    QCOMPARE(file.tensor("one").toFloat().floats()[0], 4.0F);
}

void TestSafetensors::tensorsOutliveTheFile()
{
    const std::string file = path("outlive.safetensors");
    writeSafetensors(file, {{"a", Tensor::fromFloats({2}, {1, 2})}}, {});
    const Tensor tensor = readSafetensors(file).tensor("a");
    std::filesystem::remove(file);
    QCOMPARE(tensor.toFloat().floats()[1], 2.0F);
}

void TestSafetensors::writesWhatItReads()
{
    const std::string file = path("deep/folders/round.safetensors");
    std::map<std::string, Tensor> tensors{{"a", Tensor::fromFloats({2, 3}, {1, -2, 3, 4.5F, 5, 6})},
                                          {"b", Tensor::zeros(DType::I8, {5})},
                                          {"c", Tensor::zeros(DType::F16, {1, 2})},
                                          {"nan", Tensor::fromFloats({1}, {std::numeric_limits<float>::quiet_NaN()})}};
    tensors["b"].as<std::int8_t>()[4] = -9;
    writeSafetensors(file, tensors, {{"made", "by a test"}});
    const WeightFile read = readSafetensors(file);
    QCOMPARE(read.tensors.size(), tensors.size());
    for (const auto &[name, tensor] : tensors)
        QVERIFY2(read.tensor(name).sameBytes(tensor), name.c_str());
    QCOMPARE(read.metadata.at("made"), std::string("by a test"));
}

void TestSafetensors::layoutIsAligned()
{
    const std::string file = path("aligned.safetensors");
    writeSafetensors(file,
                     {{"byte", Tensor::zeros(DType::U8, {3})},
                      {"half", Tensor::zeros(DType::F16, {3})},
                      {"float", Tensor::zeros(DType::F32, {3})},
                      {"odd", Tensor::zeros(DType::I8, {1})}},
                     {});
    const std::string bytes = fileBytes(file);
    std::uint64_t header = 0;
    std::memcpy(&header, bytes.data(), 8);
    QCOMPARE(header % 8, std::uint64_t{0});
    for (const auto &[name, tensor] : readSafetensors(file).tensors)
        QCOMPARE(reinterpret_cast<std::uintptr_t>(tensor.raw()) % elementBytes(tensor.dtype()), std::uintptr_t{0});
}

void TestSafetensors::failedWriteLeavesTheOldFile()
{
    const std::string file = path("kept.safetensors");
    writeSafetensors(file, {{"a", Tensor::fromFloats({1}, {7})}}, {});
    {
        SafetensorsWriter writer(file, {{"b", DType::F32, {1}}}, {});
        QVERIFY_EXCEPTION_THROWN(writer.commit(), std::logic_error);
    }
    QCOMPARE(readSafetensors(file).tensor("a").toFloat().floats()[0], 7.0F);
    std::size_t leftovers = 0;
    for (const auto &entry : std::filesystem::directory_iterator(m_folder.path().toStdString()))
        leftovers += entry.path().filename().string().starts_with("kept.safetensors.");
    QCOMPARE(leftovers, std::size_t{0});
}

void TestSafetensors::writerRefusesOtherShapes()
{
    SafetensorsWriter writer(path("wrong.safetensors"), {{"a", DType::F32, {2}}}, {});
    QVERIFY_EXCEPTION_THROWN(writer.write(Tensor::zeros(DType::F32, {3})), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(writer.write(Tensor::zeros(DType::F16, {2})), std::logic_error);
    QVERIFY_EXCEPTION_THROWN(
        SafetensorsWriter(path("twice.safetensors"), {{"a", DType::F32, {}}, {"a", DType::F32, {}}}, {}),
        std::logic_error);
}

void TestSafetensors::refusesBadFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const std::string &bytes, const char *says) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QString(says);
    };
    const std::string data = valueBytes<float>({1, 2});
    const auto one = [&](const std::string &entry) {
        return safetensorsBytes("{\"a\":" + entry + "}", data);
    };
    row("too short", "abc", "3 bytes");
    row("truncated header", littleEndian<std::uint64_t>(200) + "{\"a\"", "cut off");
    row("header beyond file", littleEndian<std::uint64_t>(50'000'000) + "{}", "cut off");
    row("huge header", littleEndian<std::uint64_t>(~std::uint64_t{0}) + "{}", "header would have");
    row("empty header", littleEndian<std::uint64_t>(0), "not JSON");
    row("not JSON", safetensorsBytes("{\"a\":", ""), "not JSON");
    row("invalid UTF-8", safetensorsBytes("{\"\xff\":1}", ""), "not JSON");
    row("not an object", safetensorsBytes("[1]", ""), "not an object");
    row("nesting bomb", safetensorsBytes(std::string(100'000, '['), ""), "nested too deeply");
    row("nested object bomb", safetensorsBytes(R"({"a":{"b":{"c":{"d":{"e":1}}}}})", ""), "nested too deeply");
    row("entry not an object", one("7"), "no dtype");
    row("missing field", one(R"({"dtype":"F32","shape":[2]})"), "no dtype, shape or data_offsets");
    row("unknown field", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1})"), "unknown field");
    row("unknown dtype", one(R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})"),
        "tensor a has the dtype F8_E4M3");
    row("dtype not text", one(R"({"dtype":4,"shape":[2],"data_offsets":[0,8]})"), "has the dtype 4");
    row("negative shape", one(R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})"), "whole number");
    row("fractional shape", one(R"({"dtype":"F32","shape":[2.0],"data_offsets":[0,8]})"), "whole number");
    row("shape above 64 bits", one(R"({"dtype":"F32","shape":[36893488147419103232],"data_offsets":[0,8]})"),
        "whole number");
    row("overflowing shape", one(R"({"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,8]})"),
        "shape and dtype");
    row("overflowing bytes", one(R"({"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0]})"),
        "shape and dtype");
    row("extent overflowing beside a zero",
        one(R"({"dtype":"F32","shape":[0,9223372036854775807,4],"data_offsets":[0,8]})"), "impossible shape");
    row("wrong product", one(R"({"dtype":"F32","shape":[3],"data_offsets":[0,8]})"), "shape and dtype");
    row("rank", one(R"({"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]})"), "at most 8");
    row("offsets reversed", one(R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})"), "ends before it begins");
    row("offset out of file", one(R"({"dtype":"F32","shape":[4],"data_offsets":[0,16]})"), "beyond the end");
    row("offset near 2^64",
        one(R"({"dtype":"F32","shape":[2],"data_offsets":[18446744073709551607,18446744073709551615]})"),
        "beyond the end");
    row("three offsets", one(R"({"dtype":"F32","shape":[2],"data_offsets":[0,4,8]})"), "begin and an end");
    row("negative offset", one(R"({"dtype":"F32","shape":[2],"data_offsets":[-8,0]})"), "whole number");
    row("bytes at the end", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4]})"), "belong to no tensor");
    row("hole", one(R"({"dtype":"F32","shape":[1],"data_offsets":[4,8]})"), "belong to no tensor");
    row("overlap",
        safetensorsBytes(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                         R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                         data),
        "overlaps");
    row("same name twice",
        safetensorsBytes(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                         R"("a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
                         data),
        "\"a\" twice");
    row("same field twice", one(R"({"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]})"),
        "\"dtype\" twice");
    row("metadata not an object", safetensorsBytes(R"({"__metadata__":[1]})", ""), "__metadata__");
    row("metadata not text", safetensorsBytes(R"({"__metadata__":{"a":1}})", ""), "metadata \"a\"");
    row("control characters in a name", safetensorsBytes("{\"a\\n\\u001b[31m\":7}", ""), "a??[31m");
    row("Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 22883456\n",
        "git lfs pull");
    row("empty", "", "empty");
}

void TestSafetensors::refusesBadFiles()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, says);
    const std::string file = path("bad.safetensors");
    writeFile(file, bytes.toStdString());
    QVERIFY(isSentence(failureOf([&] { readSafetensors(file); }), "bad.safetensors", says.toStdString()));
}

void TestSafetensors::readsRealCheckpoint()
{
    EDGEFLEX_NEEDS_REAL_DATA();
    const WeightFile file = readSafetensors(realData() + "/checkpoints/vit_tiny_patch16_224/model.safetensors");
    std::int64_t parameters = 0;
    for (const auto &[name, tensor] : file.tensors)
        parameters += tensor.elements();
    QCOMPARE(parameters, 5717416);
    // As the safetensors Python package reads them.
    QCOMPARE(file.tensor("cls_token").toFloat().floats()[0], -0.3557218015193939F);
    QCOMPARE(file.tensor("blocks.0.attn.qkv.weight").shape(), (std::vector<std::int64_t>{576, 192}));
    QCOMPARE(file.tensor("blocks.0.attn.qkv.weight").toFloat().floats()[1], 0.17692747712135315F);
    QCOMPARE(file.tensor("head.bias").toFloat().floats()[1], 7.996381464181468e-05F);
}

QTEST_APPLESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
