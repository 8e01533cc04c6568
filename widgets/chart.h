#pragma once

#include "widgets/qcustomplotwrapper.h"

namespace edgeflex {

// What the charts have in common: colours and fonts follow the palette and the font, and the tool tip says what lies
// under the pointer.
class Chart : public QCustomPlot
{
    Q_OBJECT

public:
    using QCustomPlot::QCustomPlot;

protected:
    // Gives everything drawn its colours and fonts; called when those change, and by the chart itself when it is made.
    virtual void applyColors() = 0;
    // What lies at a position of the widget; empty: nothing.
    virtual QString tipAt(const QPoint &position) const = 0;

    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;
};

} // namespace edgeflex
