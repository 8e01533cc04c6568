#include "widgets/layerchart.h"

#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

class tst_LayerChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void sumsAttentionAndMlpApart()
    {
        LayerChart chart;
        QCOMPARE(chart.summary(), QString());
        chart.setBars(bars(), "MB");
        QCOMPARE(chart.summary(), QString("Attention 30\u00a0%, MLP 60\u00a0%, other layers 10\u00a0%"));
    }

    void sorts()
    {
        LayerChart chart;
        chart.setBars(bars(), "MB");
        QCOMPARE(chart.bar(0).layer, QString("patch_embed"));
        chart.setSorted(true);
        QCOMPARE(chart.bar(0).layer, QString("blocks.0.mlp.fc2"));
        QCOMPARE(chart.bar(3).layer, QString("patch_embed")); // equals stay in the order of the model
        chart.setSorted(false);
        QCOMPARE(chart.bar(4).layer, QString("blocks.0.mlp.fc2"));
    }

    void zoomsAndChooses()
    {
        LayerChart chart;
        chart.resize(500, 250);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        std::vector<LayerChart::Bar> many;
        for (int i = 0; i < 40; ++i)
            many.push_back({QString("blocks.%1.mlp.fc1").arg(i), 1, 1, "1"});
        chart.setBars(many, "MB");
        chart.replot();
        const double all = chart.xAxis->range().size();
        QVERIFY(all >= 40);
        chart.xAxis->scaleRange(0.25, 20);
        QVERIFY(chart.xAxis->range().size() < all / 3);
        chart.xAxis->setRange(-100, 300); // not beyond the bars
        QVERIFY(chart.xAxis->range().lower >= -1 && chart.xAxis->range().upper <= 40);
        QSignalSpy chosen(&chart, &LayerChart::layersClicked);
        const QPoint bar(qRound(chart.xAxis->coordToPixel(7)), chart.axisRect()->rect().center().y());
        QTest::mouseClick(&chart, Qt::LeftButton, {}, bar);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toStringList(), QStringList{"blocks.7.mlp.fc1"});
    }

private:
    static std::vector<LayerChart::Bar> bars()
    {
        return {{"patch_embed", 1, 1, "1"},
                {"blocks.0.attn.qkv", 2, 2, "2"},
                {"blocks.0.attn.proj", 1, 1, "1"},
                {"blocks.0.mlp.fc1", 4, 2, "2"},
                {"blocks.0.mlp.fc2", 4, 4, "4"}};
    }
};

QTEST_MAIN(tst_LayerChart)
#include "tst_layerchart.moc"
