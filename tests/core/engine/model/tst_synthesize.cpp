#include "../io/checkpointbytes.h"
#include "smallcheckpoint.h"

#include "engine/model/synthesize.h"

#include <QTemporaryDir>

#include <cmath>

using namespace edgeflex;
using namespace edgeflex::test;

class TestSynthesize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sizes_data();
    void sizes();
    void opensAsSaved();
    void isDeterministic();
    void valuesAreRealistic();
    void refusesUnknownArchitectures();
    void cancelLeavesNothing();

private:
    QTemporaryDir m_folder;
    std::string path(const char *name) const { return m_folder.filePath(name).toStdString(); }
    std::string tiny() const { return path("tiny"); }
};

void TestSynthesize::initTestCase()
{
    NoProgress progress;
    synthesizeModel({"vit-tiny", 10, 3, tiny()}, progress);
}

void TestSynthesize::sizes_data()
{
    QTest::addColumn<qint64>("parameters");
    // timm's counts for 1000 classes.
    QTest::newRow("vit-tiny") << qint64{5717416};
    QTest::newRow("vit-small") << qint64{22050664};
    QTest::newRow("vit-base") << qint64{86567656};
    QTest::newRow("vit-large") << qint64{304326632};
    QTest::newRow("vit-huge") << qint64{632045800};
}

void TestSynthesize::sizes()
{
    QFETCH(const qint64, parameters);
    SynthesizeOptions options;
    options.architecture = QTest::currentDataTag();
    QCOMPARE(synthesizedSpec(options).parameterCount(), parameters);
}

void TestSynthesize::opensAsSaved()
{
    const VitModel model = openModel(sourceOf(tiny()));
    QCOMPARE(model.spec.classes(), 10);
    QCOMPARE(model.spec.heads, 3);
    const Preprocessing expected{248, 224, 224, Interpolation::Bicubic, {0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}, true};
    QVERIFY(model.spec.preprocessing == expected);
    QCOMPARE(model.provenance.at("made"), std::string("synthesized weights: speed of a shape, no accuracy"));
}

void TestSynthesize::isDeterministic()
{
    NoProgress progress;
    synthesizeModel({"vit-tiny", 10, 3, path("again")}, progress);
    QVERIFY(fileBytes(tiny() + "/model.safetensors") == fileBytes(path("again/model.safetensors")));
    synthesizeModel({"vit-tiny", 10, 4, path("other")}, progress);
    QVERIFY(fileBytes(tiny() + "/model.safetensors") != fileBytes(path("other/model.safetensors")));
    // Worked out apart from this code: what every platform must give.
    const VitModel model = openModel(sourceOf(tiny()));
    std::uint32_t bits[2];
    std::memcpy(bits, model.weights.head.values.raw(), 8);
    QCOMPARE(bits[0], 1009003167U);
    QCOMPARE(bits[1], 1006888410U);
}

void TestSynthesize::valuesAreRealistic()
{
    const VitModel model = openModel(sourceOf(tiny()));
    const Tensor &values = model.weights.blocks[5].fc1.values;
    double sum = 0;
    double squares = 0;
    float largest = 0;
    for (std::int64_t i = 0; i < values.elements(); ++i) {
        sum += values.floats()[i];
        squares += double{values.floats()[i]} * values.floats()[i];
        largest = std::max(largest, std::abs(values.floats()[i]));
    }
    const auto count = static_cast<double>(values.elements());
    QVERIFY(std::abs(sum / count) < 5 * 0.02 / std::sqrt(count));
    QVERIFY(std::abs(std::sqrt(squares / count) - 0.02) < 0.0003);
    QVERIFY(largest > 0.05F && largest < 0.0701F);
    int outliers = 0;
    const Tensor &gamma = model.weights.blocks[2].norm1.gamma;
    for (std::int64_t i = 0; i < gamma.elements(); ++i) {
        QVERIFY(gamma.floats()[i] > 0.7F);
        outliers += gamma.floats()[i] > 4;
    }
    QVERIFY(outliers >= 1 && outliers <= 3);
    forEachTensor(model, [&](const std::string &name, const Tensor &tensor) {
        for (std::int64_t i = 0; i < tensor.elements(); ++i)
            QVERIFY2(std::isfinite(tensor.floats()[i]), name.c_str());
    });
}

void TestSynthesize::refusesUnknownArchitectures()
{
    NoProgress progress;
    QVERIFY(isSentence(failureOf([&] {
                           synthesizeModel({"vit-colossal", 10, 0, path("x")}, progress);
                       }),
                       "vit-colossal", "vit-tiny, vit-small, vit-base, vit-large, vit-huge"));
    QVERIFY(isSentence(failureOf([&] {
                           synthesizeModel({"vit-tiny", 0, 0, path("x")}, progress);
                       }),
                       "", "number of classes"));
    QVERIFY(!std::filesystem::exists(path("x")));
}

void TestSynthesize::cancelLeavesNothing()
{
    class CancelAtOnce : public NoProgress
    {
        void step(std::int64_t) override { throw Cancelled(); }
    } progress;
    QVERIFY_EXCEPTION_THROWN(synthesizeModel({"vit-tiny", 10, 0, path("parent/cancelled")}, progress), Cancelled);
    QVERIFY(std::filesystem::is_empty(path("parent")));
}

QTEST_APPLESS_MAIN(TestSynthesize)
#include "tst_synthesize.moc"
