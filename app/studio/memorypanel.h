#pragma once

#include "widgets/effecttablemodel.h"

#include <QSplitter>

class QLabel;
class QTableView;

namespace edgeflex {

class Document;
class EffectPanel;
class TensorTableModel;
class TimelineChart;
class ViewState;

// Memory while one batch runs: when it is taken, which tensors hold it at the peak or where it was clicked, and which
// edits would lower the peak.
class MemoryPanel : public QSplitter
{
    Q_OBJECT

public:
    MemoryPanel(Document *document, ViewState *view, QWidget *parent = nullptr);

    void showPlan(); // of the document, as it is
    void highlightLayers(const QStringList &layers);
    EffectPanel *lowering() const { return m_lowering; }

private:
    void showMoment();
    std::vector<Effect> editsThatLower() const;

    Document *m_document;
    TensorTableModel *m_tensors;
    TimelineChart *m_timeline;
    QLabel *m_moment;
    QTableView *m_tensorTable;
    EffectPanel *m_lowering;
};

} // namespace edgeflex
