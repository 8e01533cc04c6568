#pragma once

#include <QWidget>

class QPushButton;
class QTableView;

namespace edgeflex {

class VariantTableModel;

// A table of variants: the chosen one is marked on the plots, and its plan can be taken.
class VariantPanel : public QWidget
{
    Q_OBJECT

public:
    // `empty` is what the panel says while the table has no rows.
    VariantPanel(VariantTableModel *model, const QString &name, const QString &empty, QWidget *parent = nullptr);

    void select(int variantId); // -1: none
    QTableView *table() const { return m_table; }

Q_SIGNALS:
    void variantChosen(int id);
    void planWanted(int id);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void showEmpty();

    VariantTableModel *m_model;
    QTableView *m_table;
    QString m_empty;
    bool m_selecting = false;
};

} // namespace edgeflex
