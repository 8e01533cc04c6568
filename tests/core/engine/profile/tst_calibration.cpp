#include "engine/profile/calibration.h"

#include "engine/kernels/linear.h"
#include "engine/model/identity.h"
#include "plan/error.h"
#include "reference/cancelling.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <set>

using namespace edgeflex;

namespace {

using Depth = StatisticsCollector::Depth;

const WantedLayers everything{{0, Depth::Gram}, {1, Depth::Gram}, {2, Depth::Gram}, {3, Depth::Gram}};

bool same(const Moments &a, const Moments &b)
{
    return a.tokens == b.tokens && a.mean == b.mean && a.gram == b.gram;
}

bool same(const LinearStatistics &a, const LinearStatistics &b)
{
    return a.features == b.features && a.tokens == b.tokens && a.meanAbs == b.meanAbs && a.maxAbs == b.maxAbs &&
           a.meanSquare == b.meanSquare && same(a.fit, b.fit) && same(a.validation, b.validation);
}

bool same(const BlockStatistics &a, const BlockStatistics &b)
{
    return same(a.qkv, b.qkv) && same(a.proj, b.proj) && same(a.fc1, b.fc1) && same(a.fc2, b.fc2);
}

class Recording : public NoProgress
{
public:
    void stage(std::string_view name, std::int64_t) override { stages += std::string(name) + "\n"; }
    void note(std::string_view sentence) override { notes += std::string(sentence) + "\n"; }
    std::string stages;
    std::string notes;
};

} // namespace

class TestCalibration : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;
    std::unique_ptr<Dataset> m_dataset;
    std::unique_ptr<Transformer> m_fp32;
    CalibrationImages m_images;
    std::string m_key;

    std::string root(const std::string &name) { return m_folder.path().toStdString() + "/" + name; }
    Calibration calibration(const std::string &cache) { return Calibration(*m_fp32, m_images, root(cache), m_key); }
    std::string file(const std::string &cache, int part)
    {
        return root(cache) + "/" + m_key + "/part-00" + std::to_string(part) + ".stats";
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_model = test::writeSmallModel(root("model"));
        m_dataset = openDataset(test::writeSmallImages(root("images"), 50));
        m_images = {m_dataset.get(), spreadIndices(50, 0), 8};
        NoProgress progress;
        m_fp32 = std::make_unique<Transformer>(m_model, detectTarget(1), progress);
        m_key = Calibration::key(modelIdentity(m_model), m_model.spec, m_images);
    }

    // What a collector sees, but for the Gram matrices' rounding.
    void statisticsAreTheModels()
    {
        NoProgress progress;
        Calibration fresh = calibration("truth");
        QCOMPARE(fresh.parts(), 4);
        const BlockStatistics second = fresh.block(1, everything, progress);
        TokenStream stream(m_images, m_model.spec);
        stream.embed(*m_fp32, nullptr, progress);
        stream.advance(*m_fp32, 0, progress);
        StatisticsCollector collector(m_model.spec,
                                      {{5, Depth::Gram}, {6, Depth::Gram}, {7, Depth::Gram}, {8, Depth::Gram}});
        stream.observe(*m_fp32, 1, collector, progress);
        const LinearStatistics fc2 = collector.statistics(8);
        QCOMPARE(second.fc2.meanAbs, fc2.meanAbs);
        QCOMPARE(second.fc2.meanSquare, fc2.meanSquare);
        QCOMPARE(second.fc2.validation.mean, fc2.validation.mean);
        QCOMPARE(second.fc2.fit.gram.size(), fc2.fit.gram.size());
        for (std::size_t i = 0; i < fc2.fit.gram.size(); ++i)
            QCOMPARE(second.fc2.fit.gram[i], static_cast<double>(static_cast<float>(fc2.fit.gram[i])));
        const std::vector<LinearStatistics> head = fresh.outside(3, progress);
        QCOMPARE(head.size(), std::size_t(1));
        QCOMPARE(head.front().features, m_model.spec.head.inFeatures);
        QCOMPARE(head.front().tokens, std::int64_t(50));
        QCOMPARE(fresh.outside(0, progress).front().features, m_model.spec.patchEmbed.inFeatures);
    }

    void cacheGivesTheSameBits()
    {
        NoProgress progress;
        const BlockStatistics first = calibration("hits").block(1, everything, progress);
        Calibration again = calibration("hits");
        QVERIFY(again.has(0) && again.has(1) && again.has(2) && !again.has(3));
        Recording recording;
        again.collect(2, recording);
        QVERIFY(recording.stages.empty()); // nothing to do
        QVERIFY(same(again.block(1, everything, recording), first));
    }

    void parts()
    {
        NoProgress progress;
        Calibration value = calibration("parts");
        value.block(0, {{3, Depth::Channels}}, progress);
        QVERIFY(value.has(0) && value.has(1) && !value.has(2));
        value.collect(3, progress);
        for (int part = 0; part < 4; ++part)
            QVERIFY(value.has(part));
    }

    void damagedFilesAreMadeAnew_data()
    {
        QTest::addColumn<int>("damage");
        for (int damage = 0; damage < 5; ++damage)
            QTest::addRow("%d", damage) << damage;
    }
    void damagedFilesAreMadeAnew()
    {
        QFETCH(int, damage);
        const std::string cache = "damaged " + std::to_string(damage);
        NoProgress progress;
        const BlockStatistics first = calibration(cache).block(0, everything, progress);
        const std::string path = file(cache, 1);
        const auto size = std::filesystem::file_size(path);
        switch (damage) {
        case 0:
            std::filesystem::resize_file(path, size / 2);
            break;
        case 1:
            std::filesystem::resize_file(path, 0);
            break;
        case 2:   // a bit in the last Gram matrix
        case 3: { // and in the header
            std::fstream edited(path, std::ios::in | std::ios::out | std::ios::binary);
            edited.seekp(damage == 2 ? static_cast<std::streamoff>(size) - 3 : 40);
            edited.put('\x55');
            break;
        }
        case 4: // another part's file
            std::filesystem::copy_file(file(cache, 0), path, std::filesystem::copy_options::overwrite_existing);
            break;
        }
        const auto before = std::filesystem::file_size(path);
        QVERIFY(same(calibration(cache).block(0, everything, progress), first));
        QCOMPARE(std::filesystem::file_size(path), size); // and the file is whole again
        QVERIFY(before != size || damage >= 2);
        QVERIFY(same(calibration(cache).block(0, everything, progress), first));
    }

    void resumesAfterACancel()
    {
        NoProgress progress;
        const BlockStatistics whole = calibration("uncut").block(1, everything, progress);
        // Wherever it is cut: the next time goes on, with this object or another.
        bool partly = false;
        for (int looks = 1; looks < 900; looks += 29) {
            const std::string cache = "cut " + std::to_string(looks);
            Calibration value = calibration(cache);
            bool cut = false;
            try {
                test::Cancelling cancelling(looks);
                value.collect(2, cancelling);
            } catch (const Cancelled &) {
                cut = true;
            }
            partly = partly || (cut && value.has(1) && !value.has(2));
            if (value.has(1) && cut) {
                const auto written = std::filesystem::last_write_time(file(cache, 1));
                QVERIFY(same(value.block(1, everything, progress), whole));
                QCOMPARE(std::filesystem::last_write_time(file(cache, 1)), written); // not collected again
            }
            QVERIFY(same(calibration(cache).block(1, everything, progress), whole));
        }
        QVERIFY(partly);
    }

    void withoutACacheMemoryDoes()
    {
        Recording recording;
        NoProgress progress;
        Calibration value(*m_fp32, m_images, "/proc/no/such/place", m_key);
        const BlockStatistics first = value.block(1, everything, recording);
        QVERIFY(QString::fromStdString(recording.notes).contains("not kept for the next time"));
        QCOMPARE(QString::fromStdString(recording.notes).count('\n'), 1); // said once
        QVERIFY(value.has(0) && value.has(1) && value.has(2));
        QVERIFY(same(value.block(1, everything, progress), first));
        QVERIFY(same(calibration("hits").block(1, everything, progress), first));
    }

    void keysTellAllThatMatters()
    {
        const std::string identity = modelIdentity(m_model);
        std::set<std::string> seen{m_key};
        const auto differs = [&](const std::string &itsIdentity, const ModelSpec &spec,
                                 const CalibrationImages &images) {
            return seen.insert(Calibration::key(itsIdentity, spec, images)).second;
        };
        QVERIFY(differs("another", m_model.spec, m_images));
        ModelSpec spec = m_model.spec;
        spec.preprocessing.mean = {0.1, 0.1, 0.1};
        QVERIFY(differs(identity, spec, m_images));
        spec = m_model.spec;
        spec.layerNormEps = 1e-5;
        QVERIFY(differs(identity, spec, m_images));
        QVERIFY(differs(identity, m_model.spec, {m_dataset.get(), spreadIndices(50, 40), 8}));
        QVERIFY(differs(identity, m_model.spec, {m_dataset.get(), spreadIndices(50, 0), 4}));
        QVERIFY(differs(identity, m_model.spec, {m_dataset.get(), spreadIndices(50, 0), 8, true}));
        spec = m_model.spec;
        spec.name = "another name";
        QVERIFY(!differs(identity, spec, m_images));
    }
};

QTEST_APPLESS_MAIN(TestCalibration)
#include "tst_calibration.moc"
