#include "widgets/layertreeview.h"

#include "widgets/layerdelegates.h"
#include "widgets/layertreemodel.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QPointer>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace edgeflex;

class tst_LayerTreeView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QLocale::setDefault(QLocale::c());
        m_view = std::make_unique<LayerTreeView>();
        m_model = new LayerTreeModel(m_view.get());
        m_spec = makeVitSpec({});
        m_plan = identityPlan(m_spec);
        m_model->setSpec(m_spec, 1);
        m_view->setLayerModel(m_model);
        m_view->resize(600, 500);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        connect(m_view.get(), &LayerTreeView::keepChosen, this, [this](const QList<int> &blocks, double keep) {
            for (const int block : blocks)
                m_plan.blocks[static_cast<std::size_t>(block)].mlpKeep = keep;
            m_model->setPlan(m_plan);
        });
    }
    void cleanup() { m_view.reset(); }

    void drags()
    {
        QSignalSpy chosen(m_view.get(), &LayerTreeView::keepChosen);
        const QModelIndex row = m_model->index(3, LayerTreeModel::Keep);
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, m_view->sliderPoint(row, 1.0));
        for (const double keep : {0.8, 0.6, 0.5})
            QTest::mouseMove(m_view->viewport(), m_view->sliderPoint(row, keep));
        // A hand does not stay within the row.
        QTest::mouseMove(m_view->viewport(), m_view->sliderPoint(row, 0.25) + QPoint(0, 90));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, m_view->sliderPoint(row, 0.25));
        QCOMPARE(chosen.size(), 4);
        QCOMPARE(m_plan.blocks[2].mlpKeep, 0.25);
        QCOMPARE(chosen[0][0].value<QList<int>>(), QList<int>{2});
        const int gesture = chosen[0][2].toInt();
        QVERIFY(gesture > 0);
        for (const auto &step : chosen)
            QCOMPARE(step[2].toInt(), gesture);
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, m_view->sliderPoint(row, 0.5));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, m_view->sliderPoint(row, 0.5));
        QVERIFY(chosen.last()[2].toInt() != gesture);
    }

    void sliderSnapsToWidths()
    {
        const QRect track(10, 0, 100, 20);
        const double step = 16.0 / 768;
        for (int x = 0; x <= 130; ++x) {
            const double keep = KeepDelegate::keepAt(x, track, step);
            QVERIFY(keep >= step && keep <= 1);
            const double width = keep * 768;
            QVERIFY(std::abs(width - std::round(width)) < 1e-9);
        }
        QCOMPARE(KeepDelegate::keepAt(0, track, step), step);
        QCOMPARE(KeepDelegate::keepAt(500, track, step), 1.0);
    }

    void keysStep()
    {
        m_view->setCurrentIndex(m_model->index(3, 0));
        QTest::keyClick(m_view.get(), Qt::Key_Minus);
        QCOMPARE(m_plan.blocks[2].mlpKeep, 752.0 / 768);
        QTest::keyClick(m_view.get(), Qt::Key_Plus);
        QCOMPARE(m_plan.blocks[2].mlpKeep, 1.0);
        QTest::keyClick(m_view.get(), Qt::Key_Plus); // there is no more
        QCOMPARE(m_plan.blocks[2].mlpKeep, 1.0);
    }

    void digitsOpenThePercentage()
    {
        m_view->setCurrentIndex(m_model->index(3, 0));
        QTest::keyClick(m_view.get(), Qt::Key_4);
        auto *box = m_view->findChild<QSpinBox *>();
        QVERIFY(box);
        QTest::qWait(30); // nobody types faster
        QTest::keyClicks(box, "0");
        QTest::keyClick(box, Qt::Key_Return);
        QTRY_COMPARE(m_plan.blocks[2].mlpKeep, 0.4);
    }

    // By keys alone, one right after the other: a format from the list, then a share.
    void digitsFollowAChoiceFromTheList()
    {
        connect(m_view.get(), &LayerTreeView::formatChosen, this,
                [this](const QStringList &layers, NumberFormat format) {
                    for (const QString &layer : layers)
                        m_plan.formats[layer.toStdString()] = format;
                    m_model->setPlan(m_plan);
                });
        m_view->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        m_view->setCurrentIndex(m_model->index(3, 0));
        QTest::keyClick(m_view.get(), Qt::Key_F2);
        const QPointer<QComboBox> list = m_view->findChild<QComboBox *>();
        QVERIFY(list);
        QTRY_VERIFY(list->view()->isVisible());
        for (int row = 0; row < static_cast<int>(NumberFormat::Int8); ++row)
            QTest::keyClick(list->view(), Qt::Key_Down);
        QTest::keyClick(list->view(), Qt::Key_Return);
        QVERIFY(m_plan.format("blocks.2.mlp.fc2") == NumberFormat::Int8);
        QTRY_VERIFY(!list);
        m_view->activateWindow(); // which a window manager does where a list has closed
        QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
        QTest::keyClick(m_view.get(), Qt::Key_4);
        QTest::qWait(30);
        QWidget *box = m_view->indexWidget(m_model->index(3, LayerTreeModel::Keep));
        QVERIFY(box);
        QTest::keyClicks(box, "0");
        QTest::keyClick(box, Qt::Key_Return);
        QTRY_COMPARE(m_plan.blocks[2].mlpKeep, 0.4);
    }

    // Figures arrive while a share is typed: what is typed stays.
    void newsDoNotReplaceWhatIsTyped()
    {
        m_view->setCurrentIndex(m_model->index(3, 0));
        QTest::keyClick(m_view.get(), Qt::Key_4);
        auto *box = m_view->findChild<QSpinBox *>();
        QVERIFY(box);
        QTest::qWait(30);
        m_model->setRefits({{"blocks.2.mlp.fc2", {}}});
        QTest::keyClicks(box, "5");
        m_model->setPlan(m_plan);
        QTest::keyClick(box, Qt::Key_Return);
        QTRY_COMPARE(m_plan.blocks[2].mlpKeep, 0.45);
    }

    void aFormatIsForAllSelected()
    {
        QSignalSpy chosen(m_view.get(), &LayerTreeView::formatChosen);
        m_view->setCurrentIndex(m_model->index(2, 0));
        QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(m_view->selectedBlocks(), (QList<int>{1, 2}));
        QTest::keyClick(m_view.get(), Qt::Key_F2);
        auto *box = m_view->findChild<QComboBox *>();
        QVERIFY(box);
        box->setCurrentIndex(box->findData(static_cast<int>(NumberFormat::Int8)));
        Q_EMIT box->activated(box->currentIndex());
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toStringList().size(), 8);
        QVERIFY(chosen[0][1].value<NumberFormat>() == NumberFormat::Int8);
    }

    void aClickOnTheFormatKeepsTheSelection()
    {
        QSignalSpy chosen(m_view.get(), &LayerTreeView::formatChosen);
        m_view->setCurrentIndex(m_model->index(1, 0));
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {},
                          m_view->visualRect(m_model->index(3, LayerTreeModel::Format)).center());
        QCOMPARE(m_view->selectedBlocks().size(), 6);
        auto *box = m_view->findChild<QComboBox *>();
        QVERIFY(box);
        box->setCurrentIndex(2);
        Q_EMIT box->activated(2);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toStringList().size(), 24);
    }

    void dragsAllSelectedBlocks()
    {
        m_view->setCurrentIndex(m_model->index(1, 0));
        QTest::keyClick(m_view.get(), Qt::Key_Down, Qt::ShiftModifier);
        const QModelIndex row = m_model->index(2, LayerTreeModel::Keep);
        QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, m_view->sliderPoint(row, 0.5));
        QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, m_view->sliderPoint(row, 0.5));
        QCOMPARE(m_plan.blocks[0].mlpKeep, 0.5);
        QCOMPARE(m_plan.blocks[1].mlpKeep, 0.5);
        QCOMPARE(m_plan.blocks[2].mlpKeep, 1.0);
    }

private:
    std::unique_ptr<LayerTreeView> m_view;
    LayerTreeModel *m_model = nullptr;
    ModelSpec m_spec;
    CompressionPlan m_plan;
};

QTEST_MAIN(tst_LayerTreeView)
#include "tst_layertreeview.moc"
