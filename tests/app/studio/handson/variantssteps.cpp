#include "handson.h"

#include "app/studio/flippanel.h"
#include "app/studio/plandifference.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "widgets/comparebars.h"
#include "widgets/flipgallery.h"
#include "widgets/flipmodel.h"
#include "widgets/layerchart.h"
#include "widgets/varianttreemodel.h"

#include <QComboBox>
#include <QLineEdit>
#include <QTabBar>
#include <QTabWidget>
#include <QTreeView>
#include <QTreeWidget>

namespace edgeflex::test {
namespace {

class VariantsSteps : public QObject
{
    Q_OBJECT

public:
    explicit VariantsSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;
    int m_changed = -1; // a state that answers otherwise than the original

    VariantsPage *page() { return m_hands.page()->variants(); }
    VariantTreeModel *model() { return static_cast<VariantTreeModel *>(page()->tree()->model()); }
    QModelIndex rowOf(int variant, int column = 0) { return model()->indexOf(variant).siblingAtColumn(column); }
    void choose(const char *box, int variant)
    {
        auto *states = m_hands.named<QComboBox>(box);
        states->setFocus();
        QTest::keyClick(states, Qt::Key_Home);
        while (states->currentData().toInt() != variant) {
            const int before = states->currentIndex();
            QTest::keyClick(states, Qt::Key_Down);
            QVERIFY(states->currentIndex() > before);
        }
    }

private Q_SLOTS:
    void init()
    {
        QVERIFY(m_hands.isReady());
        m_hands.showPage(m_changed < 0 ? WorkPage::Tune : WorkPage::Variants);
    }

    // Two edits that change answers, the second a child of the first.
    void remembersWhatCameFromWhat()
    {
        QVERIFY(m_hands.clickMenu("Plan", "Keep Everything"));
        for (const int block : {0, 1, 2})
            m_hands.dragSlider(block, 0.3);
        QVERIFY(m_hands.measured());
        const int first = m_hands.document()->measured()->id;
        QVERIFY(m_hands.setAllFormats(NumberFormat::Int4));
        QVERIFY(m_hands.measured());
        m_changed = m_hands.document()->measured()->id;
        QCOMPARE(m_hands.document()->measured()->parent, first);
        m_hands.showPage(WorkPage::Variants);
        QCOMPARE(rowOf(m_changed).parent(), rowOf(first));
        QCOMPARE(rowOf(first).parent(), rowOf(m_hands.document()->baseline()->id));
    }

    void namesAndStars()
    {
        m_hands.click(page()->tree(), rowOf(m_changed));
        QCOMPARE(m_hands.page()->view()->variant(), m_changed);
        QTest::keyClick(page()->tree(), Qt::Key_F2);
        auto *field = page()->tree()->findChild<QLineEdit *>();
        QVERIFY(field);
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, "all in INT4");
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(m_hands.document()->variant(m_changed)->name, std::string("all in INT4"));
        m_hands.click(page()->tree(), rowOf(m_changed, VariantTreeModel::Star));
        QVERIFY(m_hands.document()->variant(m_changed)->starred);
        m_hands.key(Qt::Key_B); // the key takes it back
        QVERIFY(!m_hands.document()->variant(m_changed)->starred);
        m_hands.key(Qt::Key_Z);
        QVERIFY(m_hands.document()->variant(m_changed)->starred);
    }

    void comparesAnyTwo()
    {
        choose("State A", m_hands.document()->baseline()->id);
        choose("State B", m_changed);
        QVERIFY(page()->findChild<CompareBars *>()->rows().size() >= 4);
        const QString said = HandsOn::said(page());
        QVERIFY2(said.contains("exact McNemar p = ") && said.contains("Proven: at most"), qPrintable(said));

        m_hands.click(page()->details()->tabBar(), 0);
        auto *differences = m_hands.named<QTreeWidget>("What the plans do differently");
        const Variant &changed = *m_hands.document()->variant(m_changed);
        const auto truth =
            planDifferences(m_hands.document()->spec(), m_hands.document()->baseline()->plan, changed.plan);
        QCOMPARE(differences->topLevelItemCount(), static_cast<int>(truth.size()));
        m_hands.click(differences, differences->model()->index(0, 0));
        QCOMPARE(m_hands.page()->view()->layers(), truth.first().layers);

        m_hands.click(page()->details()->tabBar(), 1);
        const auto *chart = m_hands.named<LayerChart>("Weights of every layer in both states");
        QVERIFY(chart);
        for (int place = 0; place < chart->barCount(); ++place)
            QVERIFY(chart->bar(place).now < chart->bar(place).before);
    }

    // The images whose answer changed, and the edit that did it.
    void findsTheEdit()
    {
        m_hands.click(page()->details()->tabBar(), 2);
        auto *gallery = page()->findChild<FlipGallery *>();
        QVERIFY(gallery->isVisible());
        const auto truth = answerChanges(*m_hands.document()->baseline()->measurement.answers,
                                         *m_hands.document()->variant(m_changed)->measurement.answers);
        QVERIFY(!truth.empty());
        QCOMPARE(gallery->model()->rowCount(), static_cast<int>(truth.size()));
        const QModelIndex first = gallery->model()->index(0, 0);
        QTRY_VERIFY_WITH_TIMEOUT(first.data(Qt::DecorationRole).isValid(), patience);
        QVERIFY(first.data(FlipModel::AnswerARole).toString() != first.data(FlipModel::AnswerBRole).toString());
        m_hands.click(gallery, first);
        m_hands.click(m_hands.button("Which Edit Did It?"));
        const auto *panel = page()->findChild<FlipPanel *>();
        QTRY_VERIFY2_WITH_TIMEOUT(HandsOn::said(panel).contains("did it"), qPrintable(HandsOn::said(panel)), patience);
        // It names a choice that lies between the two plans, and marks its layers.
        const QStringList layers = m_hands.page()->view()->layers();
        QVERIFY(!layers.isEmpty());
        const Variant &changed = *m_hands.document()->variant(m_changed);
        for (const QString &layer : layers) {
            const int block = layer.section('.', 1, 1).toInt();
            const bool edited = changed.plan.format(layer.toStdString()) == NumberFormat::Int4 ||
                                (layer.startsWith("blocks.") && block < 3);
            QVERIFY2(edited, qPrintable(layer));
        }
        QVERIFY(m_hands.settle());
    }
};

} // namespace

std::unique_ptr<QObject> makeVariantsSteps(HandsOn &hands)
{
    return std::make_unique<VariantsSteps>(hands);
}

} // namespace edgeflex::test

#include "variantssteps.moc"
