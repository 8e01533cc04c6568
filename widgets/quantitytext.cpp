#include "widgets/quantitytext.h"

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

} // namespace

QString bytesText(std::int64_t bytes)
{
    static constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
    const Scaled value = scaled(bytes);
    return value.number + QChar::Nbsp + QLatin1String(units[static_cast<std::size_t>(value.thousands)]);
}

QString countText(std::int64_t count)
{
    static constexpr std::array prefixes{"", "k", "M", "G", "T"};
    const Scaled value = scaled(count);
    if (value.thousands == 0)
        return value.number;
    return value.number + QChar::Nbsp + QLatin1String(prefixes[static_cast<std::size_t>(value.thousands)]);
}

QString shareText(double share)
{
    return QLocale().toString(100 * share, 'f', 1) + QChar::Nbsp + '%';
}

} // namespace edgeflex
