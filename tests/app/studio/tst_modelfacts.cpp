#include "app/studio/modelfacts.h"

#include "plan/results.h"

#include <QLocale>
#include <QTest>

using namespace edgeflex;

namespace {

QString valueOf(const QList<Fact> &facts, const QString &name)
{
    for (const Fact &fact : facts) {
        if (fact.name == name)
            return fact.value;
    }
    return {};
}

} // namespace

class tst_ModelFacts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void vitTiny()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        ModelSummary summary;
        summary.spec = makeVitSpec({});
        summary.parameters = 5717416;
        summary.fileBytes = 22880000;
        summary.macsPerImage = 1258000000;
        summary.spec.preprocessing.resizeShorter = 248;
        summary.spec.preprocessing.stated = true;
        QList<Fact> facts = modelFacts(summary);
        QCOMPARE(valueOf(facts, "Parameters"), QString("5,717,416"));
        QCOMPARE(valueOf(facts, "Tokens"), QString("197"));
        QCOMPARE(valueOf(facts, "Input"), QString("224 × 224 pixels, channels: 3, patches of 16"));
        QCOMPARE(valueOf(facts, "MACs per image"), QString("1.26\u00a0G"));
        QCOMPARE(valueOf(facts, "Resize"), QString("shorter side to 248, bicubic"));
        QCOMPARE(valueOf(facts, "Normalization"), QString("mean 0.5, deviation 0.5"));

        summary.spec.preprocessing.mean = {0.485, 0.456, 0.406};
        QCOMPARE(valueOf(modelFacts(summary), "Normalization"), QString("mean 0.485; 0.456; 0.406, deviation 0.5"));
        summary.spec.preprocessing.stated = false; // then the figures are a guess, and no fact
        QCOMPARE(valueOf(modelFacts(summary), "Normalization"), QString("not stated by the model"));
    }
};

QTEST_APPLESS_MAIN(tst_ModelFacts)
#include "tst_modelfacts.moc"
