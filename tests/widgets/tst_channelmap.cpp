#include "widgets/channelmap.h"

#include "app/studio/fakeworld.h"

#include <QTest>

using namespace edgeflex;

class tst_ChannelMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void countsOutliers()
    {
        LayerProfile layer;
        QVERIFY(outlierChannels(layer).empty());
        layer.inputMaxAbs.assign(100, 1.0F);
        QVERIFY(outlierChannels(layer).empty());
        layer.inputMaxAbs[3] = 7;
        layer.inputMaxAbs[50] = 5;
        layer.inputMaxAbs[80] = 9;
        QCOMPARE(outlierChannels(layer), (std::vector<int>{80, 3}));
    }

    void hidesNoOutlier()
    {
        ModelSpec spec = makeVitSpec({});
        ActivationProfile profile = fake::profile(spec, ScheduleKind::Tight, 1);
        for (LayerProfile &layer : profile.layers) {
            if (layer.name == "blocks.4.mlp.fc2")
                layer.inputMaxAbs[701] = 90;
        }
        ChannelMap map;
        map.setProfile(&profile, "mlp.fc2", ChannelMap::Figure::Largest);
        QCOMPARE(map.rows(), 12);
        // 768 channels in 384 columns: the larger of two.
        QVERIFY(map.describe(4, 350).contains("90"));
        QVERIFY(map.describe(4, 350).contains("Channels 700 to 701"));
        QVERIFY(map.describe(4, 349).contains(": 3"));
        QVERIFY(map.describe(3, 350).contains("blocks.3.mlp.fc2"));
        QCOMPARE(map.describe(12, 0), QString());
        // In order the outlier is the first of its row; in the others nothing is that large.
        map.setOrdered(true);
        QVERIFY(map.describe(4, 0).contains("places 1 to 2: 90"));
        QVERIFY(map.describe(4, 350).contains(": 3"));
        QVERIFY(map.describe(3, 0).contains(": 3"));
        map.setOrdered(false);
        QVERIFY(map.describe(4, 350).contains("90"));
        map.setProfile(nullptr, "mlp.fc2", ChannelMap::Figure::Largest);
        QCOMPARE(map.rows(), 0);
    }
};

QTEST_MAIN(tst_ChannelMap)
#include "tst_channelmap.moc"
