#include "engine/export/openvino.h"

#include "engine/export/onnxwriter.h"
#include "engine/export/verification.h"
#include "plan/error.h"
#include "reference/naivevit.h"
#include "reference/randomvit.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace edgeflex;

class TestOpenVino : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMissingRuntimeHasAReason_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("named");
        QTest::newRow("no such file") << QByteArray("/nowhere/libopenvino_c.so") << "/nowhere/libopenvino_c.so";
        QTest::newRow("another library") << QByteArray("libm.so.6") << "libm.so.6 is not OpenVINO";
        QTest::newRow("no library") << QByteArray(EDGEFLEX_SOURCE_DIR "/CMakeLists.txt") << "CMakeLists.txt";
    }
    void aMissingRuntimeHasAReason()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, named);
        const QByteArray before = qgetenv("EDGEFLEX_OPENVINO");
        qputenv("EDGEFLEX_OPENVINO", value);
        const OpenVinoSearch search = findOpenVino();
        before.isNull() ? qunsetenv("EDGEFLEX_OPENVINO") : qputenv("EDGEFLEX_OPENVINO", before);
        QVERIFY(!search.runtime);
        const QString reason = QString::fromStdString(search.reason);
        QVERIFY2(reason.contains(named), search.reason.c_str());
        QVERIFY2(reason.contains("EDGEFLEX_OPENVINO"), search.reason.c_str());
        QVERIFY2(!reason.contains('\n'), search.reason.c_str());
    }

    void answersAsWeDo()
    {
        const OpenVinoSearch search = findOpenVino();
        if (!search.runtime)
            QSKIP(search.reason.c_str());
        VitShape shape;
        shape.imageSize = 16;
        shape.patchSize = 8;
        shape.width = 48;
        shape.depth = 2;
        shape.classes = 5;
        const VitModel model = reference::randomVit(makeVitSpec(shape), 3);
        QTemporaryDir folder;
        const std::string file = folder.filePath("model.onnx").toStdString();
        NoProgress progress;
        writeOnnx(model, file, progress);
        OpenVinoModel loaded(*search.runtime, file, OpenVinoModel::Precision::Fp32, 1, 2, 3, 16, 16);
        const std::vector<float> pixels = reference::randomPixels(model.spec, 2, 4);
        const std::vector<float> logits = loaded.run(pixels);
        QCOMPARE(logits.size(), std::size_t(10));
        for (std::size_t image = 0; image < 2; ++image) {
            const auto pixel = pixels.begin() + static_cast<std::ptrdiff_t>(image * pixels.size() / 2);
            const std::vector<double> expected = reference::naiveLogits(
                model, std::vector<float>(pixel, pixel + static_cast<std::ptrdiff_t>(pixels.size() / 2)));
            for (std::size_t i = 0; i < 5; ++i)
                QVERIFY(std::abs(logits[5 * image + i] - expected[i]) < 1e-4);
        }
        std::ofstream(file) << "not a model";
        for (const std::string &bad : {file, folder.filePath("none.onnx").toStdString()}) {
            std::string sentence;
            try {
                OpenVinoModel(*search.runtime, bad, OpenVinoModel::Precision::Fp32, 1, 1, 3, 16, 16);
            } catch (const Error &error) {
                sentence = error.what();
            }
            QVERIFY2(sentence.find(bad) != std::string::npos, sentence.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(TestOpenVino)
#include "tst_openvino.moc"
