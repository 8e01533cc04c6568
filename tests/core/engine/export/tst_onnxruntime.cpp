#include "engine/export/onnxruntime.h"

#include "engine/export/onnxwriter.h"
#include "needsonnxruntime.h"
#include "plan/error.h"
#include "reference/naivevit.h"
#include "reference/randomvit.h"
#include "reference/vitvariants.h"
#include "testdata.h"

#include <fstream>
#include <iterator>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// Sets the variable while it lives.
class RuntimeVariable
{
public:
    explicit RuntimeVariable(const QByteArray &value)
        : m_before(qgetenv(name)), m_wasSet(qEnvironmentVariableIsSet(name))
    {
        qputenv(name, value);
    }
    ~RuntimeVariable()
    {
        if (m_wasSet)
            qputenv(name, m_before);
        else
            qunsetenv(name);
    }
    RuntimeVariable(const RuntimeVariable &) = delete;
    RuntimeVariable &operator=(const RuntimeVariable &) = delete;

private:
    static constexpr const char *name = "EDGEFLEX_ONNXRUNTIME";
    QByteArray m_before;
    bool m_wasSet;
};

std::string contents(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

class TestOnnxRuntime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMissingRuntimeHasAReason_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("named");
        QTest::newRow("no such file") << QByteArray("/nowhere/libonnxruntime.so") << "/nowhere/libonnxruntime.so";
        QTest::newRow("another library") << QByteArray("libm.so.6") << "libm.so.6 is not ONNX Runtime";
        QTest::newRow("no library") << QByteArray(EDGEFLEX_SOURCE_DIR "/CMakeLists.txt") << "CMakeLists.txt";
        QTest::newRow("a folder without it") << QByteArray(EDGEFLEX_SOURCE_DIR) << "folder";
    }
    void aMissingRuntimeHasAReason()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, named);
        const RuntimeVariable variable(value);
        const OnnxRuntimeSearch search = findOnnxRuntime();
        QVERIFY(!search.runtime);
        const QString reason = QString::fromStdString(search.reason);
        QVERIFY2(reason.contains(named), search.reason.c_str());
        QVERIFY2(reason.contains("EDGEFLEX_ONNXRUNTIME"), search.reason.c_str());
        QVERIFY2(!reason.contains('\n'), search.reason.c_str());
    }

    void theVariableNamesTheLibraryOrItsFolder()
    {
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        QVERIFY(QString::fromStdString(runtime.version()).startsWith("1."));
        const std::filesystem::path library = runtime.library();
        const RuntimeVariable variable(QByteArray::fromStdString(library.string()));
        QVERIFY(findOnnxRuntime().runtime);
        const RuntimeVariable folder(QByteArray::fromStdString(library.parent_path().string()));
        const OnnxRuntimeSearch found = findOnnxRuntime();
        QVERIFY(found.runtime);
        QCOMPARE(found.runtime->version(), runtime.version());
    }

    void badFilesEndInOneSentence_data()
    {
        QTest::addColumn<int>("fault");
        QTest::newRow("missing") << 0;
        QTest::newRow("a folder") << 1;
        QTest::newRow("empty") << 2;
        QTest::newRow("text") << 3;
        QTest::newRow("a PNG") << 4;
        QTest::newRow("truncated in the graph") << 5;
        QTest::newRow("truncated in the last weight") << 6;
        QTest::newRow("without its external data") << 7;
        QTest::newRow("with truncated external data") << 8;
        QTest::newRow("with a damaged operator") << 9;
        QTest::newRow("with a damaged shape") << 10;
    }
    void badFilesEndInOneSentence()
    {
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        QFETCH(int, fault);
        const QTemporaryDir folder;
        const std::string path = folder.filePath("model.onnx").toStdString();
        const VitModel model = reference::randomVit(smallVit(), 1);
        NoProgress progress;
        writeOnnx(model, path, progress, fault == 7 || fault == 8 ? 0 : onnxInlineLimitBytes);
        std::string bytes = contents(path);
        const auto replace = [&bytes](const std::string &from, const std::string &to) {
            const std::size_t at = bytes.find(from);
            QVERIFY(at != std::string::npos);
            bytes.replace(at, from.size(), to);
        };
        switch (fault) {
        case 0:
            std::filesystem::remove(path);
            break;
        case 1:
            std::filesystem::remove(path);
            std::filesystem::create_directory(path);
            break;
        case 2:
            bytes.clear();
            break;
        case 3:
            bytes = "this is no model\n";
            break;
        case 4:
            bytes = std::string("\x89PNG\r\n\x1a\n") + std::string(100, '\0');
            break;
        case 5:
            bytes.resize(200);
            break;
        case 6:
            bytes.pop_back();
            break;
        case 7:
            std::filesystem::remove(path + ".data");
            break;
        case 8:
            std::filesystem::resize_file(path + ".data", 5000);
            break;
        case 9:
            replace("Softmax", "Softmix");
            break;
        case 10:
            replace("blocks.1.mlp.fc1.weight", "blocks.1.mlp.fc2.weight");
            break;
        }
        if (fault >= 2 && fault != 7 && fault != 8)
            std::ofstream(path, std::ios::binary) << bytes;
        try {
            OnnxSession session(runtime, path, 1);
            QFAIL("loaded");
        } catch (const Error &error) {
            const QString sentence = error.what();
            QVERIFY2(sentence.contains("model.onnx"), error.what());
            QVERIFY2(!sentence.contains('\n') && sentence.size() < 600, error.what());
        }
    }

    void imagesOfAnotherSizeAreRefused()
    {
        EDGEFLEX_NEEDS_ONNXRUNTIME(runtime);
        const QTemporaryDir folder;
        const std::string path = folder.filePath("model.onnx").toStdString();
        const VitModel model = reference::randomVit(smallVit(), 2);
        NoProgress progress;
        writeOnnx(model, path, progress);
        OnnxSession session(runtime, path, 2);
        try {
            session.run(std::vector<float>(3 * 8 * 8), 1, 3, 8, 8);
            QFAIL("executed");
        } catch (const Error &error) {
            QVERIFY2(QString(error.what()).contains("model.onnx"), error.what());
        }
        QVERIFY_EXCEPTION_THROWN(session.run(std::vector<float>(5), 1, 3, 16, 16), std::logic_error);
        // And it goes on working.
        QCOMPARE(session.run(reference::randomPixels(model.spec, 2, 3), 2, 3, 16, 16).size(), std::size_t(14));
    }
};

QTEST_APPLESS_MAIN(TestOnnxRuntime)
#include "tst_onnxruntime.moc"
