#include "handson.h"

#include "app/studio/channelpanel.h"
#include "app/studio/effectpanel.h"
#include "app/studio/memorypanel.h"
#include "app/studio/profilepage.h"
#include "app/studio/rangepanel.h"
#include "app/studio/viewstate.h"
#include "widgets/channelmap.h"
#include "widgets/layerchart.h"
#include "widgets/rangechart.h"
#include "widgets/risktablemodel.h"
#include "widgets/tensortablemodel.h"
#include "widgets/timelinechart.h"

#include <QComboBox>
#include <QHeaderView>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QWheelEvent>

namespace edgeflex::test {
namespace {

class ProfileSteps : public QObject
{
    Q_OBJECT

public:
    explicit ProfileSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;

    ProfilePage *page() { return m_hands.page()->profile(); }
    LayerChart *chart() { return page()->findChild<LayerChart *>(); }
    TimelineChart *timeline() { return page()->memory()->findChild<TimelineChart *>(); }
    int layerCount() { return static_cast<int>(m_hands.document()->spec().linears().size()); }
    // The middle of a bar, low enough to be in it.
    QPoint barPoint(int place)
    {
        return {qRound(chart()->xAxis->coordToPixel(place)), chart()->axisRect()->bottom() - 2};
    }
    QPoint operationPoint(int operation)
    {
        return {qRound(timeline()->xAxis->coordToPixel(operation + 0.5)), timeline()->axisRect()->center().y()};
    }

private Q_SLOTS:
    void everyFigureOfEveryLayer()
    {
        QVERIFY(m_hands.isReady());
        m_hands.showPage(WorkPage::Profile);
        QCOMPARE(chart()->barCount(), layerCount());
        auto *figure = m_hands.named<QComboBox>("Figure that is shown of every layer");
        QVERIFY(figure);
        figure->setFocus();
        QStringList axes{chart()->yAxis->label()};
        for (int i = 1; i < figure->count(); ++i) {
            QTest::keyClick(figure, Qt::Key_Down);
            axes += chart()->yAxis->label();
            for (int place = 0; place < chart()->barCount(); ++place)
                QVERIFY2(chart()->bar(place).now > 0, qPrintable(chart()->bar(place).layer + ", " + axes.last()));
            QTRY_VERIFY(HandsOn::said(page()).contains("Attention ")); // apart from the MLPs
        }
        QCOMPARE(axes, (QStringList{"Weights, MB", "Output, MB", "Time, ms", "MACs, millions"}));
    }

    void sortsAndZooms()
    {
        m_hands.toggle("Largest first", page());
        for (int place = 1; place < chart()->barCount(); ++place)
            QVERIFY(chart()->bar(place - 1).now >= chart()->bar(place).now);
        const double whole = chart()->xAxis->range().size();
        const QPointF middle = chart()->axisRect()->center();
        QWheelEvent wheel(middle, chart()->mapToGlobal(middle), {}, {0, 120}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(chart(), &wheel);
        QVERIFY(chart()->xAxis->range().size() < whole);
        QTest::mouseDClick(chart(), Qt::LeftButton, {}, middle.toPoint());
        QCOMPARE(chart()->xAxis->range().size(), whole);
        m_hands.toggle("Largest first", page());
    }

    // What is clicked in one view is marked in all.
    void selectsEverywhere()
    {
        constexpr int place = 4; // fc2 of the first block
        QTest::mouseClick(chart(), Qt::LeftButton, {}, barPoint(place));
        const QString layer = chart()->bar(place).layer;
        QCOMPARE(m_hands.page()->view()->layers(), QStringList{layer});
        QCOMPARE(m_hands.studio().layers()->selectedLayers(), QStringList{layer});
        QVERIFY(timeline()->highlighted().first >= 0);
    }

    // The tensors that are listed at the peak make up the waterline, to the byte.
    void explainsThePeak()
    {
        const MemoryTimeline &memory = m_hands.document()->figures().timeline;
        QTest::mouseClick(timeline(), Qt::LeftButton, {}, operationPoint(memory.peakOperation));
        QCOMPARE(timeline()->chosenOperation(), memory.peakOperation);
        QVERIFY(HandsOn::said(page()).contains("The peak, "));
        const auto *table = m_hands.named<QTableView>("What is in memory");
        QVERIFY(table);
        const auto bytes = [&] {
            qlonglong sum = 0;
            for (int row = 0; row < table->model()->rowCount(); ++row)
                sum += table->model()->index(row, 0).data(TensorTableModel::BytesRole).toLongLong();
            return sum;
        };
        QCOMPARE(bytes(), static_cast<qlonglong>(memory.peakBytes()));
        // And elsewhere what is live there.
        const auto last = static_cast<int>(memory.moments.size()) - 1;
        QTest::mouseClick(timeline(), Qt::LeftButton, {}, operationPoint(last));
        const MemoryMoment &moment = memory.moments.back();
        QCOMPARE(bytes(), static_cast<qlonglong>(memory.weightBytes + moment.tensorBytes + moment.scratchBytes));
        QVERIFY(!HandsOn::said(page()).contains("The peak, "));
    }

    void lowersThePeak()
    {
        EffectPanel *lowering = page()->memory()->lowering();
        QTRY_VERIFY_WITH_TIMEOUT(lowering->isComplete() && lowering->model()->rowCount() > 0, patience);
        const std::int64_t before = m_hands.document()->figures().timeline.peakBytes();
        QTableView *table = lowering->table();
        m_hands.click(table, table->model()->index(0, 0));
        QTest::keyClick(table, Qt::Key_Return);
        QVERIFY(m_hands.document()->figures().timeline.peakBytes() < before);
        // Before and after, one over the other.
        QTRY_VERIFY(timeline()->peakOperation() >= 0);
        const PlanFigures &figures = m_hands.document()->figures();
        QCOMPARE(figures.original.peakBytes(), before);
        const QCPGraph *outline = nullptr;
        for (int i = 0; i < timeline()->graphCount(); ++i) {
            if (timeline()->graph(i)->name() == "Original")
                outline = timeline()->graph(i);
        }
        QVERIFY(outline && outline->visible() && outline->dataCount() > 1);
        m_hands.key(Qt::Key_Z);
        QCOMPARE(m_hands.document()->figures().timeline.peakBytes(), before);
    }

    void ordersChannels()
    {
        m_hands.click(page()->tabs()->tabBar(), 1);
        ChannelMap *map = page()->channels()->map();
        QCOMPARE(map->rows(), m_hands.world().blocks);
        const QString byNumber = map->describe(0, 0);
        QVERIFY2(byNumber.startsWith("blocks.0.mlp.fc2\nChannel"), qPrintable(byNumber));
        m_hands.toggle("In order", page()->channels());
        const auto sizeAt = [&](int column) {
            return map->describe(0, column).section(": ", -1).toDouble();
        };
        QVERIFY(sizeAt(0) >= sizeAt(20) && sizeAt(20) >= sizeAt(200));
        // A row is a layer.
        const int row = m_hands.world().blocks - 1;
        QTest::mouseClick(map, Qt::LeftButton, {},
                          QPoint(map->axisRect()->center().x(), qRound(map->yAxis->coordToPixel(row))));
        QCOMPARE(m_hands.page()->view()->layers(), QStringList{m_hands.lastBlockLayer("mlp.fc2")});
        auto *suffix = m_hands.named<QComboBox>("Channels that are shown");
        suffix->setFocus();
        QTest::keyClick(suffix, Qt::Key_Down);
        QVERIFY(map->describe(0, 0).startsWith("blocks.0.mlp.fc1"));
        auto *figure = m_hands.named<QComboBox>("Figure that is shown of every channel");
        const double mean = sizeAt(0);
        figure->setFocus();
        QTest::keyClick(figure, Qt::Key_Down);
        QVERIFY(sizeAt(0) > mean); // the largest
    }

    void rangesAndRisks()
    {
        m_hands.click(page()->tabs()->tabBar(), 2);
        RangePanel *ranges = page()->ranges();
        QTableView *table = ranges->table();
        QCOMPARE(table->model()->rowCount(), layerCount());
        for (int row = 0; row < layerCount(); ++row)
            QVERIFY(table->model()->index(row, RiskTableModel::Overflow).data(RiskTableModel::LevelRole).isValid());
        // By a click on the column's head, the largest range first or last.
        QHeaderView *head = table->horizontalHeader();
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {},
                          QPoint(head->sectionViewportPosition(RiskTableModel::Largest) + 20, head->height() / 2));
        const auto largest = [&](int row) {
            return table->model()->index(row, RiskTableModel::Largest).data(RiskTableModel::SortRole).toDouble();
        };
        const bool rising = largest(0) < largest(layerCount() - 1);
        for (int row = 1; row < layerCount(); ++row)
            QVERIFY(rising ? largest(row - 1) <= largest(row) : largest(row - 1) >= largest(row));

        const QString layer = m_hands.lastBlockLayer("mlp.fc2");
        m_hands.click(table, HandsOn::rowOf(table, layer));
        QCOMPARE(m_hands.page()->view()->layers(), QStringList{layer});
        double sum = 0;
        for (std::size_t octave = 0; octave < MagnitudeHistogram::octaves; ++octave)
            sum += ranges->chart()->share(LayerPart::Fc2, octave);
        QVERIFY2(sum > 0.99 && sum <= 1 + 1e-9, qPrintable(QString::number(sum)));
        QCOMPARE(ranges->chart()->share(LayerPart::Qkv, 20), 0.0);
        const LayerProfile &profile =
            *std::ranges::find(m_hands.document()->session().profile->layers, layer.toStdString(), &LayerProfile::name);
        const std::vector<int> outliers = outlierChannels(profile);
        QVERIFY(ranges->outlierText().contains(outliers.empty() ? QString("No channel's largest input")
                                                                : QString::number(outliers.front()) + " ("));
    }
};

} // namespace

std::unique_ptr<QObject> makeProfileSteps(HandsOn &hands)
{
    return std::make_unique<ProfileSteps>(hands);
}

} // namespace edgeflex::test

#include "profilesteps.moc"
