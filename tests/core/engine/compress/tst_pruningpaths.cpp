#include "engine/compress/pruningpaths.h"

#include "engine/model/identity.h"
#include "reference/cancelling.h"
#include "reference/notes.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <memory>

using namespace edgeflex;

class TestPruningPaths : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;
    std::unique_ptr<Dataset> m_dataset;
    CalibrationImages m_images;
    std::unique_ptr<Transformer> m_fp32;

    std::unique_ptr<Calibration> calibration(const std::string &root) const
    {
        return std::make_unique<Calibration>(*m_fp32, m_images, root,
                                             Calibration::key(modelIdentity(m_model), m_model.spec, m_images));
    }
    // The one file of a block's path below a cache.
    static std::filesystem::path fileOf(const std::string &root)
    {
        for (const auto &entry : std::filesystem::recursive_directory_iterator(root))
            if (entry.path().extension() == ".path")
                return entry.path();
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_model = test::writeSmallModel(root + "/model");
        m_dataset = openDataset(test::writeSmallImages(root + "/images", 48));
        m_images = {m_dataset.get(), spreadIndices(48, 0), 8};
        NoProgress progress;
        m_fp32 = std::make_unique<Transformer>(m_model, detectTarget(1), progress);
    }

    void filesAreWholeOrNothing()
    {
        const PruningPath path{{2, 0, 1}, {0, 0.25, 0.5, 1}};
        std::vector<std::byte> bytes = encodePath(path);
        QVERIFY(decodePath(bytes, 3) == path);
        QVERIFY(!decodePath(bytes, 4));
        QVERIFY(!decodePath(std::span(bytes).first(bytes.size() - 1), 3));
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] ^= std::byte{4};
            QVERIFY(!decodePath(bytes, 3));
            bytes[i] ^= std::byte{4};
        }
        QVERIFY(!decodePath(encodePath({{2, 0, 2}, {0, 0.25, 0.5, 1}}), 3)); // no permutation
    }

    void anotherTimeTheyAreLookedUp()
    {
        const std::string root = m_folder.path().toStdString() + "/looked-up";
        test::Notes notes;
        const auto first = calibration(root);
        PruningPaths making(m_model, *first);
        const PruningPath path = making.path(1, ImportanceScore::Obs, notes);
        const BlockStatistics statistics = first->block(1, {{3, StatisticsCollector::Depth::Gram}}, notes);
        QVERIFY(path == pruningPath(ImportanceScore::Obs, m_model.weights.blocks[1].fc2, statistics.fc2));

        // Not even the statistics are needed then.
        for (const auto &entry : std::filesystem::recursive_directory_iterator(root))
            if (entry.path().extension() == ".stats")
                std::filesystem::remove(entry.path());
        const auto second = calibration(root);
        PruningPaths reading(m_model, *second);
        QVERIFY(reading.path(1, ImportanceScore::Obs, notes) == path);
        for (const auto &entry : std::filesystem::recursive_directory_iterator(root))
            QVERIFY(entry.path().extension() != ".stats");
    }

    void damagedFilesAreMadeAnew()
    {
        const std::string root = m_folder.path().toStdString() + "/damaged";
        NoProgress progress;
        const auto first = calibration(root);
        const PruningPath path = PruningPaths(m_model, *first).path(0, ImportanceScore::Flap, progress);
        std::ofstream(fileOf(root), std::ios::binary) << "damaged";
        const auto second = calibration(root);
        QVERIFY(PruningPaths(m_model, *second).path(0, ImportanceScore::Flap, progress) == path);
        QVERIFY(std::filesystem::file_size(fileOf(root)) > 100);
    }

    void withoutACacheTheyAreMade()
    {
        test::Notes notes;
        const auto none = calibration("/proc/no/such/place");
        PruningPaths paths(m_model, *none);
        QCOMPARE(paths.path(0, ImportanceScore::Obs, notes).order.size(), std::size_t(64));
        QVERIFY(notes.text.find("not kept for the next time") != std::string::npos);
    }

    void cancelStops()
    {
        const auto fresh = calibration(m_folder.path().toStdString() + "/cancelled");
        PruningPaths paths(m_model, *fresh);
        test::Cancelling cancelling(2);
        QVERIFY_EXCEPTION_THROWN(paths.path(0, ImportanceScore::Obs, cancelling), Cancelled);
        NoProgress progress;
        QCOMPARE(paths.path(0, ImportanceScore::Obs, progress).order.size(), std::size_t(64));
    }
};

QTEST_APPLESS_MAIN(TestPruningPaths)
#include "tst_pruningpaths.moc"
