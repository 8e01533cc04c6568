#include "engine/tune/ablate.h"

#include "engine/model/vitmodel.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>

using namespace edgeflex;

class TestAblate : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    AblateOptions m_options;
    VitModel m_model;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_model = test::writeSmallModel(root + "/model");
        m_options.model.path = root + "/model";
        m_options.calibration = test::writeSmallImages(root + "/images", 60);
        m_options.data = test::writeSmallImages(root + "/judge", 40, 77);
        m_options.mlpKeep = 0.5;
        m_options.job.threads = 2;
    }

    void everyStageAloneOnTopAndLeftOut()
    {
        NoProgress progress;
        const Ablation result = ablate(m_options, progress);
        QCOMPARE(result.images, std::int64_t(40));
        QVERIFY(result.calibrationImages > 40 && result.calibrationImages < 60);
        QCOMPARE(result.baselineWeightsBytes, weightBytes(m_model.spec));
        std::map<AblationRow::Set, std::vector<const AblationRow *>> sets;
        for (const AblationRow &row : result.rows)
            sets[row.set].push_back(&row);
        const std::size_t stages = 11;
        QCOMPARE(sets[AblationRow::Set::Reference].size(), std::size_t(3));
        for (const auto set : {AblationRow::Set::Alone, AblationRow::Set::Cumulative, AblationRow::Set::LeftOut})
            QCOMPARE(sets[set].size(), stages);
        const AblationRow &none = *sets[AblationRow::Set::Reference][0];
        const AblationRow &all = *sets[AblationRow::Set::Reference][1];
        const AblationRow &solved = *sets[AblationRow::Set::Reference][2];
        QVERIFY(all.kl < none.kl); // stages are worth something
        QVERIFY(solved.weightsBytes <= all.weightsBytes);
        QCOMPARE(sets[AblationRow::Set::Cumulative].back()->kl, all.kl); // the last has them all
        for (const AblationRow &row : result.rows) {
            QVERIFY(row.weightsBytes < result.baselineWeightsBytes / 2);
            QVERIFY(row.agreement >= 0 && row.agreement <= 1);
            if (row.stage == "refit" && row.set == AblationRow::Set::Alone)
                QVERIFY(row.kl != none.kl);
        }
    }

    void stagesWithoutWorkAreNotListed()
    {
        AblateOptions options = m_options;
        options.mlpKeep = 1;
        options.format = NumberFormat::Int8;
        NoProgress progress;
        const Ablation result = ablate(options, progress);
        int shifts = 0;
        for (const AblationRow &row : result.rows) {
            QVERIFY(row.stage != "refit");
            shifts += row.stage == "centred inputs";
        }
        QCOMPARE(shifts, 3);
    }

    void nothingToAblateIsSaid()
    {
        AblateOptions options = m_options;
        options.mlpKeep = 1;
        options.format = NumberFormat::Fp32;
        NoProgress progress;
        QVERIFY_EXCEPTION_THROWN(ablate(options, progress), Error);
    }
};

QTEST_APPLESS_MAIN(TestAblate)
#include "tst_ablate.moc"
