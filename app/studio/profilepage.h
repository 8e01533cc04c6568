#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QTabWidget;

namespace edgeflex {

class ChannelPanel;
class Document;
class LayerChart;
class MemoryPanel;
class RangePanel;
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
    QTabWidget *tabs() const { return m_tabs; }
    MemoryPanel *memory() const { return m_memory; }
    ChannelPanel *channels() const { return m_channels; }
    RangePanel *ranges() const { return m_ranges; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeLayers();
    void refresh();
    void showLayers();
    void selectLayers(const QStringList &layers);

    Document *m_document;
    ViewState *m_view;
    LayerChart *m_chart = nullptr;
    QComboBox *m_figure = nullptr;
    QLabel *m_summary = nullptr;
    QTabWidget *m_tabs = nullptr;
    MemoryPanel *m_memory;
    ChannelPanel *m_channels;
    RangePanel *m_ranges;
    bool m_stale = true;
    bool m_profileStale = true;
};

} // namespace edgeflex
