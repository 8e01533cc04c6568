#include "jsonchecks.h"

#include "plan/ablation.h"

using namespace edgeflex;
using namespace edgeflex::test;

class TestAblation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void json()
    {
        Ablation value{"model",
                       0.75,
                       NumberFormat::Int8,
                       "data",
                       900,
                       256,
                       64,
                       wilson(700, 900),
                       1000,
                       {{AblationRow::Set::LeftOut, "refit", 0.5, 0.75, pairedDrop(30, 10, 900), 250}}};
        verifyRoundTrip(value);
        verifyRoundTrip(Ablation());
        verifyBadField<Ablation>(value, "/rows/0/set", "\"some\"", "rows[0].set");
        verifyBadField<Ablation>(value, "/rows/0/agreement", "2", "rows[0].agreement");
        verifyBadField<Ablation>(value, "/mlpKeep", "0", "mlpKeep");
        verifyBadField<Ablation>(value, "/format", "\"int7\"", "format");
        for (const auto set : {AblationRow::Set::Reference, AblationRow::Set::Alone, AblationRow::Set::Cumulative,
                               AblationRow::Set::LeftOut})
            QVERIFY(ablationSetFromString(toString(set)) == set);
    }
};

QTEST_APPLESS_MAIN(TestAblation)
#include "tst_ablation.moc"
