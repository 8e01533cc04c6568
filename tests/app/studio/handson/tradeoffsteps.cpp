#include "handson.h"

#include "app/studio/tradeoffpage.h"

#include <QComboBox>
#include <QHelpEvent>
#include <QToolTip>

namespace edgeflex::test {
namespace {

class TradeoffSteps : public QObject
{
    Q_OBJECT

public:
    explicit TradeoffSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;

    TradeoffPage *page() { return m_hands.page()->tradeoff(); }
    QList<TradeoffPlot *> plots() { return page()->findChildren<TradeoffPlot *>(); }
    QPoint pointOf(TradeoffPlot *plot, int variant) { return plot->pixelOf(*plot->variantPoint(variant)); }
    // One with figures on both axes that no other is close to.
    int lonelyVariant(TradeoffPlot *plot)
    {
        for (const Variant &variant : m_hands.document()->variants()) {
            if (variant.plan == m_hands.document()->plan() || !plot->variantPoint(variant.id))
                continue;
            const bool lonely = std::ranges::none_of(m_hands.document()->variants(), [&](const Variant &other) {
                return other.id != variant.id && plot->variantPoint(other.id) &&
                       (pointOf(plot, other.id) - pointOf(plot, variant.id)).manhattanLength() < 30;
            });
            if (lonely)
                return variant.id;
        }
        return -1;
    }

private Q_SLOTS:
    void init()
    {
        QVERIFY(m_hands.isReady());
        m_hands.showPage(WorkPage::Tradeoff);
        QTest::qWait(50);
    }

    // A plan half-way between the original and what was solved, so that not all points lie close to one another.
    void measuresOneInBetween()
    {
        const CompressionPlan solved = m_hands.document()->plan();
        m_hands.showPage(WorkPage::Tune);
        QVERIFY(m_hands.clickMenu("Plan", "Keep Everything"));
        QTest::keyClick(m_hands.studio().layers(), Qt::Key_A, Qt::ControlModifier);
        m_hands.dragSlider(0, 0.6);
        QVERIFY(m_hands.document()->averageKeep().value() < 0.7);
        QVERIFY(m_hands.measured());
        QVERIFY(m_hands.undoTo(solved));
        QVERIFY(m_hands.settle());
    }

    // Accuracy over memory, over latency, and memory over latency; all that was measured is in each.
    void showsThreeSides()
    {
        QCOMPARE(plots().size(), 3);
        QCOMPARE(plots()[0]->xAxis->label(), QString("Weights, MB"));
        QVERIFY(plots()[1]->xAxis->label().startsWith("Latency"));
        QVERIFY(plots()[2]->over().has_value());
        for (TradeoffPlot *plot : plots()) {
            QVERIFY(!plot->front().empty());
            for (const Variant &variant : m_hands.document()->variants())
                QVERIFY2(plot->variantPoint(variant.id) || !variant.measurement.latency, variant.name.c_str());
        }
        auto *memory = m_hands.named<QComboBox>("Memory that is shown in both plots of it");
        memory->setFocus();
        QTest::keyClick(memory, Qt::Key_Down);
        QVERIFY(plots()[0]->xAxis->label().startsWith("Peak"));
        QTest::keyClick(memory, Qt::Key_Up);
    }

    void tellsWhatIsUnderThePointer()
    {
        const Variant *original = m_hands.document()->baseline();
        const QPoint at = pointOf(plots()[0], original->id);
        QHelpEvent help(QEvent::ToolTip, at, plots()[0]->mapToGlobal(at));
        QCoreApplication::sendEvent(plots()[0], &help);
        QTRY_VERIFY(QToolTip::text().contains("Original"));
        QToolTip::hideText();
    }

    void aClickTakesAPlanUp()
    {
        TradeoffPlot *plot = plots()[0];
        const CompressionPlan now = m_hands.document()->plan();
        const int wanted = lonelyVariant(plot);
        QVERIFY(wanted >= 0);
        QTest::mouseClick(plot, Qt::LeftButton, {}, pointOf(plot, wanted));
        QVERIFY(m_hands.document()->plan() == m_hands.document()->variant(wanted)->plan);
        m_hands.key(Qt::Key_Z);
        QVERIFY(m_hands.document()->plan() == now);
    }

    void aFrameFilters()
    {
        TradeoffPlot *plot = plots()[0];
        const int wanted = lonelyVariant(plot);
        const QPoint at = pointOf(plot, wanted);
        m_hands.drag(plot, at - QPoint(10, 10), at + QPoint(10, 10));
        QCOMPARE(page()->filtered(), QList<int>{wanted});
        m_hands.click(m_hands.button("Show All"));
        QVERIFY(page()->filtered().isEmpty());
    }
};

} // namespace

std::unique_ptr<QObject> makeTradeoffSteps(HandsOn &hands)
{
    return std::make_unique<TradeoffSteps>(hands);
}

} // namespace edgeflex::test

#include "tradeoffsteps.moc"
