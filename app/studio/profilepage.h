#pragma once

#include "widgets/effecttablemodel.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QSortFilterProxyModel;
class QTabWidget;
class QTableView;

namespace edgeflex {

class ChannelMap;
class Document;
class EffectPanel;
class LayerChart;
class RiskTableModel;
class TensorTableModel;
class TimelineChart;
class ViewState;

// Where the bytes and the time of a plan go: one figure for every layer, memory while one batch runs and what its peak
// is made of, every channel's inputs, and what 16-bit formats risk.
class ProfilePage : public QWidget
{
    Q_OBJECT

public:
    enum class Figure { Weights, Activations, Time, Macs };

    ProfilePage(Document *document, ViewState *view, QWidget *parent = nullptr);

    void showFigure(Figure figure);
    void showTab(int tab); // memory, channels, 16-bit formats
    EffectPanel *lowering() const { return m_lowering; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeLayers();
    QWidget *makeMemory();
    QWidget *makeChannels();
    QWidget *makeRisks();
    void refresh();
    void showLayers();
    void showMemory();
    void showProfile();
    void selectLayers(const QStringList &layers);
    std::vector<Effect> editsThatLower() const;

    Document *m_document;
    ViewState *m_view;
    LayerChart *m_chart = nullptr;
    QComboBox *m_figure = nullptr;
    QLabel *m_summary = nullptr;
    QTabWidget *m_tabs = nullptr;
    TimelineChart *m_timeline = nullptr;
    QLabel *m_moment = nullptr;
    TensorTableModel *m_tensors;
    QTableView *m_tensorTable = nullptr;
    EffectPanel *m_lowering = nullptr;
    ChannelMap *m_channels = nullptr;
    QComboBox *m_suffix = nullptr;
    QComboBox *m_channelFigure = nullptr;
    RiskTableModel *m_risks;
    QSortFilterProxyModel *m_sortedRisks;
    QTableView *m_riskTable = nullptr;
    bool m_stale = true;
    bool m_profileStale = true;
    bool m_marking = false;
};

} // namespace edgeflex
