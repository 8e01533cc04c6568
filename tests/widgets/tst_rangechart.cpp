#include "widgets/rangechart.h"

#include "plan/layerprofile.h"

#include <QTest>

using namespace edgeflex;

class tst_RangeChart : public QObject
{
    Q_OBJECT

    static LayerProfile layer(const std::string &name, const std::vector<float> &inputs)
    {
        LayerProfile profile;
        profile.name = name;
        for (const float input : inputs)
            profile.inputHistogram.add(input);
        return profile;
    }
    static std::size_t octave(int exponent)
    {
        return static_cast<std::size_t>(exponent - MagnitudeHistogram::leastExponent);
    }

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void sumsByKindOfLayer()
    {
        ActivationProfile profile;
        profile.layers = {layer("blocks.0.mlp.fc1", {1, 1, 4, 0}), layer("blocks.1.mlp.fc1", {4, 4, 4, 4}),
                          layer("blocks.0.attn.qkv", {0.5F}), layer("head", {2})};
        RangeChart chart;
        QCOMPARE(chart.describe(octave(0)), QString());
        chart.setProfile(&profile);
        QCOMPARE(chart.share(LayerPart::Fc1, octave(0)), 0.25);
        QCOMPARE(chart.share(LayerPart::Fc1, octave(2)), 0.625);
        QCOMPARE(chart.share(LayerPart::Qkv, octave(-1)), 1.0);
        QCOMPARE(chart.share(LayerPart::Other, octave(1)), 1.0);
        QCOMPARE(chart.share(LayerPart::Fc2, octave(0)), 0.0);
        QCOMPARE(chart.describe(octave(0)),
                 QString("Magnitudes from 1 to 2\nqkv: 0.0\u00a0%\nfc1: 25.0\u00a0%\nOther layers: 0.0\u00a0%"));

        chart.highlightLayers({"blocks.0.mlp.fc1"});
        QCOMPARE(chart.share(LayerPart::Fc1, octave(0)), 0.5);
        QCOMPARE(chart.share(LayerPart::Qkv, octave(-1)), 0.0);
        QCOMPARE(chart.describe(octave(2)), QString("Magnitudes from 4 to 8\nfc1: 25.0\u00a0%"));
        chart.highlightLayers({});
        QCOMPARE(chart.share(LayerPart::Fc1, octave(2)), 0.625);
        chart.setProfile(nullptr);
        QCOMPARE(chart.share(LayerPart::Fc1, octave(2)), 0.0);
    }
};

QTEST_MAIN(tst_RangeChart)
#include "tst_rangechart.moc"
