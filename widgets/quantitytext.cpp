#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <cmath>

namespace edgeflex {
namespace {

struct Scaled
{
    QString number;
    int thousands = 0; // the number is in units of 1000^thousands
};

Scaled scaled(std::int64_t value)
{
    double number = static_cast<double>(value);
    int thousands = 0;
    // 999.5 would be printed as 1000.
    while (std::abs(number) >= 999.5 && thousands < 4) {
        number /= 1000;
        ++thousands;
    }
    const double size = std::abs(number);
    const int decimals = thousands == 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    return {QLocale().toString(number, 'f', decimals), thousands};
}

struct QuantityText
{
    Q_DECLARE_TR_FUNCTIONS(QuantityText)
};

} // namespace

QString bytesText(std::int64_t bytes)
{
    static constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
    const Scaled value = scaled(bytes);
    return value.number + QChar::Nbsp + QLatin1String(units[static_cast<std::size_t>(value.thousands)]);
}

QString roundBytesText(std::int64_t bytes)
{
    QString text = bytesText(bytes);
    const qsizetype unit = text.indexOf(QChar::Nbsp);
    QString number = text.left(unit);
    const QString point = QLocale().decimalPoint();
    if (number.contains(point)) {
        while (number.endsWith('0'))
            number.chop(1);
        if (number.endsWith(point))
            number.chop(point.size());
    }
    return number + text.mid(unit);
}

QString countText(std::int64_t count)
{
    static constexpr std::array prefixes{"", "k", "M", "G", "T"};
    const Scaled value = scaled(count);
    if (value.thousands == 0)
        return value.number;
    return value.number + QChar::Nbsp + QLatin1String(prefixes[static_cast<std::size_t>(value.thousands)]);
}

QString numberText(double value, int decimals)
{
    const QString size = QLocale().toString(std::abs(value), 'f', decimals);
    const bool nothing = std::abs(value) < 0.5 * std::pow(10, -decimals);
    return value < 0 && !nothing ? QChar(0x2212) + size : size;
}

QString intervalText(double value, double error)
{
    return numberText(value, 1) + QChar::Nbsp + QChar(0xb1) + QChar::Nbsp + numberText(error, 1);
}

QString shareText(double share)
{
    return QLocale().toString(100 * share, 'f', 1) + QChar::Nbsp + '%';
}

QString millisecondsText(double milliseconds)
{
    constexpr double least = 0.0995; // below, two decimals of a millisecond are too few
    if (milliseconds > 0 && milliseconds < least) {
        const double microseconds = 1000 * milliseconds;
        return QLocale().toString(microseconds, 'f', microseconds >= 9.95 ? 0 : 1) + QChar::Nbsp + QChar(0xb5) + 's';
    }
    const int decimals = milliseconds >= 99.95 ? 0 : milliseconds >= 9.995 ? 1 : 2;
    return QLocale().toString(milliseconds, 'f', decimals) + QChar::Nbsp + "ms";
}

QString scientificText(double value)
{
    constexpr int digits = 2;
    const double size = std::abs(value);
    if (!(size > 0) || !std::isfinite(size) || (size >= 0.001 && size < 10000))
        return QLocale().toString(value, 'g', size >= 100 ? digits + 2 : digits);
    // "-2.1e-07", whose power is rewritten.
    const QString plain = QString::number(value, 'e', digits - 1);
    const qsizetype letter = plain.indexOf('e');
    QString power = QString::number(plain.mid(letter + 1).toInt());
    static constexpr char16_t superscripts[] = u"\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
    for (QChar &digit : power)
        digit = digit == '-' ? QChar(0x207b) : QChar(superscripts[digit.digitValue()]);
    const QString ten = QString("10") + power;
    const bool power10 = std::abs(value / std::pow(10, plain.mid(letter + 1).toInt()) - 1) < 1e-9;
    return power10 ? ten : numberText(plain.left(letter).toDouble(), digits - 1) + QChar(0xb7) + ten;
}

QString speedText(double ratio)
{
    if (!(ratio > 0))
        return {};
    const double times = ratio < 1 ? 1 / ratio : ratio;
    const QString number = QLocale().toString(times, 'f', times < 9.95 ? 1 : 0) + QChar(0xd7);
    if (std::abs(ratio - 1) < 0.05)
        return QuantityText::tr("as fast");
    return ratio < 1 ? QuantityText::tr("%1 faster").arg(number) : QuantityText::tr("%1 slower").arg(number);
}

QString pointsLostText(double points, double error)
{
    const QString number = intervalText(std::abs(points), error);
    return points < -0.05 ? QuantityText::tr("gains %1 points").arg(number)
                          : QuantityText::tr("loses %1 points").arg(number);
}

QString formatText(NumberFormat format)
{
    const std::string_view word = toString(format);
    return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size())).toUpper();
}

QString durationText(double seconds)
{
    const auto whole = static_cast<qlonglong>(std::ceil(seconds));
    if (whole < 60)
        return QuantityText::tr("%1 s").arg(whole);
    return QuantityText::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60);
}

} // namespace edgeflex
