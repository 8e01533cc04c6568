#include "handson.h"

#include "app/studio/viewstate.h"

#include <QSlider>

namespace edgeflex::test {
namespace {

// A budget is given and solved for, some layers pinned; then along the solver's front.
class SolveSteps : public QObject
{
    Q_OBJECT

public:
    explicit SolveSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;

private Q_SLOTS:
    void init()
    {
        QVERIFY(m_hands.isReady());
        m_hands.showPage(WorkPage::Tune);
    }

    void solvesAroundWhatIsPinned()
    {
        QVERIFY(m_hands.clickMenu("Plan", "Keep Everything"));
        QVERIFY(m_hands.document()->isOriginal());
        m_hands.click(m_hands.studio().layers(), m_hands.studio().block(1));
        m_hands.click(m_hands.button("Pin"));
        QVERIFY(m_hands.document()->isPinned("blocks.1.mlp.fc1"));
        const std::int64_t whole = m_hands.document()->baseline()->measurement.weightsBytes;
        const double megabytes = 1e-6 * static_cast<double>(whole / 2);
        m_hands.typeInto(m_hands.named<OptionalNumber>("Weights at most"), QString::number(megabytes, 'f', 3));
        QVERIFY(m_hands.document()->session().budgets.maxWeightsBytes);
        m_hands.click(m_hands.button("Solve"));
        QVERIFY(m_hands.workflow()->isSolving());
        QVERIFY(m_hands.settle());
        const Variant *found = m_hands.document()->measured();
        QVERIFY(found && found->quality == Quality::Final);
        QVERIFY(found->measurement.weightsBytes <= *m_hands.document()->session().budgets.maxWeightsBytes);
        QVERIFY(found->plan.format("blocks.1.mlp.fc1") == NumberFormat::Fp32);
        QCOMPARE(found->plan.blocks[1].mlpKeep, 1.0);
        m_hands.click(m_hands.button("Pin")); // the selection is as it was
        QVERIFY(!m_hands.document()->isPinned("blocks.1.mlp.fc1"));
    }

    void goesAlongTheFront()
    {
        const std::vector<ParetoPoint> front = m_hands.document()->front();
        QVERIFY(front.size() > 2);
        const CompressionPlan solved = m_hands.document()->plan();
        auto *slider = m_hands.named<QSlider>("Place on the solver's front");
        QVERIFY(slider);
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Home);
        QTest::keyClick(slider, Qt::Key_Right);
        QVERIFY(m_hands.document()->plan() == front[1].plan);

        // The same points in the plot, once what they lose is predicted: a click takes the plan up.
        TradeoffPlot *plot = m_hands.studio().plot(TradeoffPlot::Cost::Weights);
        QTRY_COMPARE_WITH_TIMEOUT(m_hands.document()->frontDrops().size(), front.size(), patience);
        QTest::qWait(50); // a frame
        bool taken = false;
        for (std::size_t i = front.size(); i-- > 0 && !taken;) {
            const QPoint at = plot->pixelOf(
                {1e-6 * static_cast<double>(front[i].weightsBytes), -m_hands.document()->frontDrops()[i]});
            if (!plot->axisRect()->rect().contains(at))
                continue; // far below what is shown
            QTest::mouseClick(plot, Qt::LeftButton, {}, at);
            taken = std::ranges::any_of(front, [&](const ParetoPoint &point) {
                return point.plan == m_hands.document()->plan() && point.plan != front[1].plan;
            });
        }
        QVERIFY(taken);
        QVERIFY(m_hands.undoTo(solved));
        QVERIFY(m_hands.settle());
    }

    void saysHowThePlanStands()
    {
        // A budget that cannot be met is said to be missed.
        m_hands.typeInto(m_hands.named<OptionalNumber>("Latency at most"), "1");
        QTRY_VERIFY(m_hands.document()->session().budgets.maxLatencyRatio);
        m_hands.key(Qt::Key_Z);
        QTRY_VERIFY(!m_hands.document()->session().budgets.maxLatencyRatio);
    }
};

} // namespace

std::unique_ptr<QObject> makeSolveSteps(HandsOn &hands)
{
    return std::make_unique<SolveSteps>(hands);
}

} // namespace edgeflex::test

#include "solvesteps.moc"
