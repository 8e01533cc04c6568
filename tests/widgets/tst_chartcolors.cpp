#include "widgets/chartcolors.h"

#include <QTest>

#include <cmath>

using namespace edgeflex;

namespace {

// Contrast of WCAG 2.1, 1 to 21.
double contrast(const QColor &a, const QColor &b)
{
    const auto luminance = [](const QColor &color) {
        const auto linear = [](double c) {
            return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
    };
    const double x = luminance(a) + 0.05;
    const double y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

} // namespace

class tst_ChartColors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readable_data()
    {
        QTest::addColumn<QColor>("base");
        QTest::addColumn<QColor>("text");
        QTest::newRow("light") << QColor(Qt::white) << QColor(Qt::black);
        QTest::newRow("dark") << QColor(0x1c, 0x1c, 0x20) << QColor(0xe8, 0xe8, 0xec);
    }
    void readable()
    {
        QFETCH(QColor, base);
        QFETCH(QColor, text);
        QPalette palette;
        palette.setColor(QPalette::Base, base);
        palette.setColor(QPalette::Text, text);
        const ChartColors colors = chartColors(palette);
        QCOMPARE(colors.background, base);
        QCOMPARE(colors.text, text);
        for (const QColor &ink : {colors.peak, colors.good, colors.bad, colors.faded, colors.budget}) // are written in
            QVERIFY2(contrast(ink, base) >= 4.5, qPrintable(ink.name()));
        for (const QColor &mark : {colors.variant, colors.plan, colors.recipe, colors.budget})
            QVERIFY2(contrast(mark, base) >= 3, qPrintable(mark.name()));
        for (const QColor &fill : {colors.weights, colors.tensors, colors.scratch})
            QVERIFY2(contrast(fill, base) >= 1.5, qPrintable(fill.name()));
        QVERIFY(contrast(colors.weights, colors.tensors) >= 1.5); // they touch
    }
};

QTEST_MAIN(tst_ChartColors)
#include "tst_chartcolors.moc"
