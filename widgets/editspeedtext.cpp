#include "widgets/editspeedtext.h"

#include "widgets/quantitytext.h"

#include <QCoreApplication>

namespace edgeflex {
namespace {

struct SpeedWords
{
    Q_DECLARE_TR_FUNCTIONS(EditSpeed)
public:
    static QString time(const QString &what, const TimeSpread &time)
    {
        if (!time.hasSpread())
            return QString("%1 %2").arg(what, millisecondsText(time.median));
        return tr("%1 %2 (%3 to %4)")
            .arg(what, millisecondsText(time.median), millisecondsText(time.low), millisecondsText(time.high));
    }
    static QString interpolated() { return tr("by the nearest measured widths"); }
    static QString conditions(const LayerTimes &times)
    {
        return tr("Each layer alone, batch %1, %n threads, %2", nullptr, times.target.threads)
            .arg(times.batch)
            .arg(QString::fromStdString(times.target.instructionSet));
    }
};

} // namespace

QString editSpeedText(const EditSpeed &speed, const QString &edited, const QString &original)
{
    const QString both = SpeedWords::time(edited, speed.edited) + ", " + SpeedWords::time(original, speed.original);
    return speed.interpolated ? both + "; " + SpeedWords::interpolated() : both;
}

QString timingConditionsText(const LayerTimes &times)
{
    const QString conditions = SpeedWords::conditions(times);
    return times.machine.empty() ? conditions : conditions + ", " + QString::fromStdString(times.machine);
}

} // namespace edgeflex
