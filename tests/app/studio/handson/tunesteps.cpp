#include "handson.h"

#include "app/studio/effectpanel.h"
#include "app/studio/viewstate.h"
#include "plan/linearlayout.h"
#include "widgets/layerdelegates.h"
#include "widgets/sensitivitygrid.h"
#include "widgets/sensitivitygridmodel.h"
#include "widgets/verdictline.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLineEdit>
#include <QPointer>
#include <QSlider>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QToolTip>

namespace edgeflex::test {
namespace {

// A plan is made by sliders, lists, keys and the grid of sensitivity.
class TuneSteps : public QObject
{
    Q_OBJECT

public:
    explicit TuneSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;

    LayerTreeView *layers() { return m_hands.studio().layers(); }
    const CompressionPlan &plan() { return m_hands.document()->plan(); }
    NumberFormat format(const char *layer) { return plan().format(layer); }
    void undo() { m_hands.key(Qt::Key_Z); }

private Q_SLOTS:
    void init()
    {
        QVERIFY(m_hands.isReady());
        m_hands.showPage(WorkPage::Tune);
    }

    // The handle stops at widths that fill the kernels' tiles, and says so while it is moved.
    void aSliderSnapsAndSaysWhy()
    {
        StudioDriver &studio = m_hands.studio();
        studio.press(0, 1.0);
        studio.moveTo(0, 0.62);
        QTRY_VERIFY(QToolTip::text().contains("which fill the kernels' tiles"));
        studio.release(0, 0.62);
        const std::int64_t whole = m_hands.document()->spec().blocks[0].mlpWidth();
        const std::int64_t kept = keptMlpWidth(whole, studio.keepOf(0));
        QCOMPARE(kept % mlpWidthStep(whole), std::int64_t(0));
        QVERIFY(kept < whole * 7 / 10 && kept > whole / 2);
        undo(); // the drag is one edit
        QVERIFY(m_hands.document()->isOriginal());
    }

    // Left alone, a plan is measured, its interval narrowing; a new move gives that up at once.
    void aPlanAtRestIsMeasured()
    {
        QList<double> widths;
        QObject context;
        connect(m_hands.document(), &Document::predictionChanged, &context, [&] {
            if (const auto soFar = m_hands.document()->soFar(); soFar && soFar->top1.total > 0)
                widths += soFar->drop.high - soFar->drop.low;
        });
        m_hands.dragSlider(0, 0.5);
        QCOMPARE(m_hands.studio().keepOf(0), 0.5);
        QTRY_VERIFY(m_hands.window()->findChild<VerdictLine *>()->text().contains("predicted"));
        QVERIFY(m_hands.measured());
        QVERIFY(!widths.isEmpty());
        QVERIFY(widths.last() <= widths.first());
        const auto images = m_hands.document()->dataSummary()->images;
        QVERIFY(m_hands.window()->findChild<VerdictLine *>()->text().contains(
            QString("measured on %1 images").arg(images)));
        // What the refit won back where channels went.
        const QModelIndex fc2 = layers()->model()->index(3, LayerTreeModel::Refit, m_hands.studio().block(0));
        QVERIFY2(fc2.data().toString().startsWith('+'), qPrintable(fc2.data().toString()));

        QElapsedTimer abandoned;
        connect(m_hands.workflow()->queue(), &JobQueue::changed, &context, [&] {
            if (!abandoned.isValid() && m_hands.workflow()->isMeasuringPlan() && m_hands.workflow()->queue()->state()) {
                abandoned.start();
                QMetaObject::invokeMethod(
                    &context, [this] { m_hands.dragSlider(1, 0.75); }, Qt::QueuedConnection);
            }
        });
        m_hands.dragSlider(1, 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(abandoned.isValid(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.studio().keepOf(1) == 0.75, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_hands.workflow()->isMeasuringPlan(), patience);
        QVERIFY2(abandoned.elapsed() < EngineClient::cancelGraceMs + Workflow::restMs,
                 qPrintable(QString::number(abandoned.elapsed())));
        QVERIFY(m_hands.measured());
        QCOMPARE(m_hands.document()->measured()->plan.blocks[1].mlpKeep, 0.75);
    }

    void chosenFromAList()
    {
        // By keys: the list of the current row, down to INT8.
        m_hands.click(layers(), m_hands.studio().block(2));
        QTest::keyClick(layers(), Qt::Key_F2);
        const QPointer<QComboBox> box =
            qobject_cast<QComboBox *>(layers()->indexWidget(m_hands.studio().block(2, LayerTreeModel::Format)));
        QVERIFY(box);
        QTRY_VERIFY(box->view()->isVisible());
        while (box->view()->currentIndex().row() < static_cast<int>(NumberFormat::Int8))
            QTest::keyClick(box->view(), Qt::Key_Down);
        QTest::keyClick(box->view(), Qt::Key_Return);
        QTRY_VERIFY(format("blocks.2.attn.qkv") == NumberFormat::Int8);
        QVERIFY(format("blocks.2.mlp.fc2") == NumberFormat::Int8);
        // And a share is typed.
        QTRY_VERIFY(!box);
        QVERIFY(m_hands.activate()); // no window manager does it where the list has closed
        QVERIFY(layers()->hasFocus());
        QTest::keyClick(layers(), Qt::Key_4);
        QTest::qWait(30); // nobody types faster
        QWidget *field = layers()->indexWidget(m_hands.studio().block(2, LayerTreeModel::Keep));
        QVERIFY(field);
        QTest::keyClicks(field, "0");
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY2(std::abs(m_hands.studio().keepOf(2) - 0.4) < 0.03,
                     qPrintable(QString::number(m_hands.studio().keepOf(2))));
        undo();
        QCOMPARE(m_hands.studio().keepOf(2), 1.0);
        undo();
        QVERIFY(format("blocks.2.attn.qkv") == NumberFormat::Fp32);
    }

    void severalAtOnce()
    {
        m_hands.click(layers(), m_hands.studio().block(2));
        m_hands.click(layers(), m_hands.studio().block(4), Qt::ShiftModifier);
        m_hands.dragSlider(3, 0.6);
        for (const int block : {2, 3, 4})
            QVERIFY(std::abs(m_hands.studio().keepOf(block) - 0.6) < 0.03);
        QCOMPARE(m_hands.studio().keepOf(5), 1.0);
        m_hands.key(Qt::Key_4); // all selected: INT8
        for (const char *layer : {"blocks.2.mlp.fc1", "blocks.4.attn.proj"})
            QVERIFY(format(layer) == NumberFormat::Int8);
        QVERIFY(format("blocks.5.attn.proj") == NumberFormat::Fp32);

        // Block 2 as an example for all, then whole again.
        m_hands.click(layers(), m_hands.studio().block(2));
        m_hands.click(m_hands.button("Apply to Similar"));
        for (int block = 0; block < m_hands.world().blocks; ++block)
            QCOMPARE(m_hands.studio().keepOf(block), m_hands.studio().keepOf(2));
        m_hands.click(m_hands.button("Reset"));
        QCOMPARE(m_hands.studio().keepOf(2), 1.0);
        QVERIFY(format("blocks.2.mlp.fc1") == NumberFormat::Fp32);
        for (int edits = 0; edits < 4; ++edits)
            undo();
        QCOMPARE(m_hands.studio().keepOf(4), 1.0);
    }

    void findsLayers()
    {
        m_hands.key(Qt::Key_F);
        auto *field = m_hands.named<QLineEdit>("Find layers");
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, "2.mlp.fc1");
        int shown = 0;
        for (int row = 0; row < layers()->model()->rowCount(); ++row)
            shown += !layers()->isRowHidden(row, {});
        QCOMPARE(shown, 1);
        QVERIFY(!layers()->isRowHidden(3, {}));
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(field, Qt::Key_Delete);
        QVERIFY(!layers()->isRowHidden(0, {}));
    }

    // Every prune ratio and format on one axis; a click chooses, another takes back, a head chooses for all.
    void theGridMakesThePlan()
    {
        m_hands.key(Qt::Key_G);
        SensitivityGrid *grid = m_hands.page()->tune()->grid();
        QVERIFY(grid->isVisible());
        const QAbstractItemModel *model = grid->model();
        int losses = 0;
        int keepColumn = -1;
        int int8Column = -1;
        for (int column = 0; column < model->columnCount(); ++column) {
            const QModelIndex cell = model->index(2, column); // block 1
            losses += cell.data(SensitivityGridModel::LossRole).isValid();
            // Not every choice is faster here; the grid knows which.
            QCOMPARE(cell.data(SensitivityGridModel::SlowerRole).typeId(), QMetaType::Bool);
            if (cell.data(SensitivityGridModel::KeepRole).isValid())
                keepColumn = column;
            else if (cell.data(SensitivityGridModel::FormatRole).toInt() == static_cast<int>(NumberFormat::Int8))
                int8Column = column;
        }
        QCOMPARE(losses, model->columnCount());
        const CompressionPlan before = plan();
        const QModelIndex share = model->index(4, keepColumn); // block 3
        m_hands.click(grid, share);
        QVERIFY(std::abs(m_hands.studio().keepOf(3) - share.data(SensitivityGridModel::KeepRole).toDouble()) < 1e-9);
        QVERIFY(share.data(SensitivityGridModel::ChosenRole).toBool());
        m_hands.click(grid, share);
        QVERIFY(plan() == before);
        // By the space bar, and a column's head for every row.
        grid->setCurrentIndex(model->index(2, int8Column));
        QTest::keyClick(grid, Qt::Key_Space);
        const auto int8Layers = model->index(2, int8Column).data(SensitivityGridModel::LayersRole).toStringList();
        QVERIFY(plan().format(int8Layers.first().toStdString()) == NumberFormat::Int8);
        QHeaderView *head = grid->horizontalHeader();
        const QPoint on(head->sectionViewportPosition(int8Column) + head->sectionSize(int8Column) / 2,
                        head->height() - 8);
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, on);
        for (int row = 1; row <= m_hands.world().blocks; ++row)
            QVERIFY(model->index(row, int8Column).data(SensitivityGridModel::ChosenRole).toBool());
        QVERIFY(m_hands.undoTo(before));
        m_hands.key(Qt::Key_G);
        QVERIFY(!m_hands.page()->tune()->showsGrid());
    }

    void allBlocksTogether()
    {
        auto *slider = m_hands.named<QSlider>("Share of all MLP channels that stay, percent");
        QVERIFY(slider);
        const double before = m_hands.document()->averageKeep().value();
        slider->setFocus();
        for (int i = 0; i < 4; ++i)
            QTest::keyClick(slider, Qt::Key_PageDown);
        QVERIFY(m_hands.document()->averageKeep().value() < before - 0.1);
        auto *formats = m_hands.named<QComboBox>("Format of all layers");
        formats->setFocus();
        for (int i = 0; i < formats->count() && formats->currentData() != static_cast<int>(NumberFormat::Int8); ++i)
            QTest::keyClick(formats, Qt::Key_Down);
        for (const LinearSpec *linear : m_hands.document()->spec().linears())
            QVERIFY(plan().format(linear->name) == NumberFormat::Int8);
        QVERIFY(m_hands.measured());
    }

    // What each edit of the selected layers would buy and cost, and it does so when it is made.
    void whatAnEditBuys()
    {
        m_hands.click(layers(), m_hands.studio().block(1));
        EffectPanel *effects = m_hands.page()->tune()->effects();
        auto *tabs = m_hands.page()->tune()->findChild<QTabWidget *>();
        m_hands.click(tabs->tabBar(), tabs->indexOf(effects));
        QTRY_VERIFY_WITH_TIMEOUT(effects->isComplete() && effects->model()->rowCount() > 8, patience);
        const QModelIndex half = HandsOn::rowOf(effects->table(), "MLP kept: 50 %");
        QVERIFY(half.isValid());
        const Prediction promised = *effects->model()->effect(half.row()).prediction;
        m_hands.click(effects->table(), half);
        QTest::keyClick(effects->table(), Qt::Key_Return);
        QCOMPARE(m_hands.studio().keepOf(1), 0.5);
        QCOMPARE(m_hands.document()->prediction()->weightsBytes, promised.weightsBytes);
        QCOMPARE(m_hands.document()->prediction()->peakBytes, promised.peakBytes);
        QVERIFY(m_hands.measured());
        m_hands.click(tabs->tabBar(), 0);
    }
};

} // namespace

std::unique_ptr<QObject> makeTuneSteps(HandsOn &hands)
{
    return std::make_unique<TuneSteps>(hands);
}

} // namespace edgeflex::test

#include "tunesteps.moc"
