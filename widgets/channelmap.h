#pragma once

#include "plan/layerprofile.h"
#include "widgets/chart.h"

#include <QStringList>

namespace edgeflex {

// How large each channel's inputs are in every block, as a heat map: a row a block, a column a channel or a few of
// them, on a logarithmic axis. For fc2 these are the MLP's channels, and how large they are is how much they matter, as
// EdgeFlex-Transformer (arXiv 2512.19741) judges it.
class ChannelMap : public Chart
{
    Q_OBJECT

public:
    enum class Figure {
        Mean,   // mean |x| over the calibration tokens
        Largest // max |x|
    };

    explicit ChannelMap(QWidget *parent = nullptr);

    // Layers "blocks.N.<suffix>" of a profile; nothing: no profile.
    void setProfile(const ActivationProfile *profile, const QString &suffix, Figure figure);
    // Every row by itself from its largest channel to its smallest, instead of by the channels' numbers.
    void setOrdered(bool ordered);
    // How many channels a plan keeps of each row, which is marked where rows are ordered; nothing: no plan says.
    void setKept(const std::vector<std::int64_t> &channels);
    void highlightLayers(const QStringList &layers);
    int rows() const { return static_cast<int>(m_layers.size()); }
    // What lies at a row and a column of the picture, for the tool tip.
    QString describe(int row, int column) const;

Q_SIGNALS:
    void layersClicked(const QStringList &layers);

protected:
    void applyColors() override;
    QString tipAt(const QPoint &position) const override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void orderChannels();
    void draw();
    void drawKept();

    QStringList m_layers;
    std::vector<std::vector<float>> m_values; // by row and channel
    std::vector<std::vector<int>> m_order;    // of each row, the channel at each place
    std::vector<std::int64_t> m_kept;
    bool m_ordered = false;
    Figure m_figure = Figure::Mean;
    int m_columns = 0;
    QStringList m_highlighted;
    QCPColorMap *m_map;
    QCPColorScale *m_scale;
    QCPCurve *m_keptLine;
    QCPItemText *m_hint;
    std::vector<QCPItemRect *> m_marks;
};

// Channels whose largest input is more than `times` the median of the layer's channels, the largest first.
std::vector<int> outlierChannels(const LayerProfile &layer, double times = 6);

} // namespace edgeflex
