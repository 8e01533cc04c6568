#include "engine/tune/modeltimes.h"

#include "engine/evaluate/measuring.h"
#include "engine/kernels/linear.h"
#include "engine/tune/latencycache.h"
#include "engine/tune/layertiming.h"
#include "plan/compressionplan.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

// Stopped once the first layer is timed.
class StoppedEarly : public NoProgress
{
public:
    void stage(std::string_view name, std::int64_t) override { m_layers = name == "layer times"; }
    void step(std::int64_t) override { m_stopped = m_layers; }
    bool cancelled() const override { return m_stopped; }

private:
    bool m_layers = false;
    bool m_stopped = false;
};

class TestModelTimes : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;
    TimesOptions m_options;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_model = test::writeSmallModel(root + "/model");
        m_options.model.path = root + "/model";
        m_options.batch = 2;
        m_options.job.threads = 1;
    }
    void init() { m_options.cacheFolder = m_folder.path().toStdString() + "/" + QTest::currentTestFunction(); }

    void measuresOnceOnAMachine()
    {
        NoProgress progress;
        const LayerTimes first = measureModelTimes(m_options, progress);
        QCOMPARE(first.machine, cpuName());
        QCOMPARE(first.target, detectTarget(1));
        QVERIFY(first.fp32Milliseconds > 0);
        QVERIFY(measureModelTimes(m_options, progress) == first);
        TimesOptions again = m_options;
        again.again = true;
        QVERIFY(measureModelTimes(again, progress) != first);
    }

    // What the table says is what is answered, down to a figure that no processor would give.
    void asksTheTable()
    {
        NoProgress progress;
        const LayerTimes before = measureModelTimes(m_options, progress);
        LatencyCache table(m_options.cacheFolder, cpuName(), detectTarget(1));
        const LinearSpec &head = m_model.spec.head;
        table.addProduct({NumberFormat::Int8, head.outFeatures, head.inFeatures, 2, 0, false}, 1234);
        table.addPass(modelShapeKey(m_model.spec, 2), 4321);
        const LayerTimes after = measureModelTimes(m_options, progress);
        QVERIFY(after.layers.at("head").at(NumberFormat::Int8) == TimeSpread(1234));
        QCOMPARE(after.fp32Milliseconds, 4321.0);
        QCOMPARE(after.mlps, before.mlps);
    }

    void whatIsStoppedGoesOn()
    {
        StoppedEarly stopped;
        QVERIFY_EXCEPTION_THROWN(measureModelTimes(m_options, stopped), Cancelled);
        const LatencyTable part = LatencyCache(m_options.cacheFolder, cpuName(), detectTarget(1)).table();
        QCOMPARE(part.products.size(), allNumberFormats().size());
        QCOMPARE(part.passes.size(), std::size_t(1));
        NoProgress progress;
        measureModelTimes(m_options, progress);
        const LatencyTable whole = LatencyCache(m_options.cacheFolder, cpuName(), detectTarget(1)).table();
        QVERIFY(whole.products.size() > part.products.size());
        for (const auto &[shape, time] : part.products)
            QVERIFY(whole.products.at(shape) == time);
    }

    void namesAndPreprocessingDoNotMatter()
    {
        ModelSpec spec = m_model.spec;
        spec.name = "another";
        spec.classNames.assign(static_cast<std::size_t>(spec.classes()), "a class");
        spec.preprocessing.mean = {0.1, 0.2, 0.3};
        QCOMPARE(modelShapeKey(spec, 2), modelShapeKey(m_model.spec, 2));
        QVERIFY(modelShapeKey(spec, 3) != modelShapeKey(spec, 2));
        spec.blocks[1].fc1.outFeatures = spec.blocks[1].fc2.inFeatures = 48;
        QVERIFY(modelShapeKey(spec, 2) != modelShapeKey(m_model.spec, 2));
    }

    void refusesWithASentence()
    {
        NoProgress progress;
        TimesOptions options = m_options;
        options.batch = 0;
        QVERIFY_EXCEPTION_THROWN(measureModelTimes(options, progress), Error);
        options = m_options;
        options.model.path = m_folder.path().toStdString() + "/nowhere";
        QVERIFY_EXCEPTION_THROWN(measureModelTimes(options, progress), Error);
    }
};

QTEST_APPLESS_MAIN(TestModelTimes)
#include "tst_modeltimes.moc"
