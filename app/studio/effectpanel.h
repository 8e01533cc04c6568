#pragma once

#include "widgets/effecttablemodel.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QTableView;

namespace edgeflex {

class Document;

// A list of edits and what each would buy and cost. The figures are predicted one by one while nothing else is to do,
// so that many of them never hold up the window. Activating an edit does it.
class EffectPanel : public QWidget
{
    Q_OBJECT

public:
    EffectPanel(Document *document, const QString &name, const QString &empty, QWidget *parent = nullptr);

    // `source` makes the edits; asked whenever the plan has changed and the panel is visible.
    void setSource(std::function<std::vector<Effect>()> source);
    void refresh(); // ask it again, soon
    QTableView *table() const { return m_table; }
    EffectTableModel *model() const { return m_model; }
    bool isComplete() const { return !m_stale && !m_next.isActive(); }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void predictNext();
    void activate(const QModelIndex &row);

    Document *m_document;
    EffectTableModel *m_model;
    QTableView *m_table;
    QLabel *m_empty;
    std::function<std::vector<Effect>()> m_source;
    QTimer m_next;
    int m_row = 0;
    bool m_stale = true;
};

} // namespace edgeflex
