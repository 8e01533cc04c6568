#pragma once

#include "plan/magnitudehistogram.h"
#include "widgets/chart.h"
#include "widgets/layerchart.h"

#include <QStringList>

#include <array>
#include <map>

namespace edgeflex {

struct ActivationProfile;

// How large the inputs of layers are: a curve for each kind of layer, from the smallest magnitude to the largest on a
// logarithmic axis, between the limits of FP16. Of all layers, or of those that are highlighted.
class RangeChart : public Chart
{
    Q_OBJECT

public:
    explicit RangeChart(QWidget *parent = nullptr);

    void setProfile(const ActivationProfile *profile); // nullptr: none
    void highlightLayers(const QStringList &layers);
    // Of the curve of one kind of layer, the share of its inputs in an octave; 0 where there is no such curve.
    double share(LayerPart part, std::size_t octave) const;
    // What lies in an octave, for the tool tip.
    QString describe(std::size_t octave) const;

protected:
    void applyColors() override;
    QString tipAt(const QPoint &position) const override;

private:
    static constexpr std::size_t partCount = 5;

    void draw();

    std::map<QString, MagnitudeHistogram> m_layers;
    QStringList m_highlighted;
    std::array<MagnitudeHistogram, partCount> m_sums; // by LayerPart, of what is drawn
    std::array<QCPGraph *, partCount> m_curves;
    std::array<QCPItemLine *, 2> m_limits; // the least normal half, the largest half
    std::array<QCPItemText *, 2> m_limitTexts;
    QCPItemText *m_hint;
};

} // namespace edgeflex
