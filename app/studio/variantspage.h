#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QTreeView;
class QTreeWidget;

namespace edgeflex {

class CompareBars;
class Document;
class LayerChart;
class VariantTreeModel;
class ViewState;
struct Variant;

// The history of what was measured as a tree of states, and any two of them side by side.
class VariantsPage : public QWidget
{
    Q_OBJECT

public:
    VariantsPage(Document *document, ViewState *view, QWidget *parent = nullptr);

    QTreeView *tree() const { return m_tree; }
    void compare(int a, int b); // ids

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeTree();
    QWidget *makeComparison();
    void refresh();
    void fillBoxes();
    void showComparison();
    void select(int variant);
    QString statement(const Variant &a, const Variant &b) const;

    Document *m_document;
    ViewState *m_view;
    VariantTreeModel *m_model;
    QTreeView *m_tree = nullptr;
    QPushButton *m_use = nullptr;
    QPushButton *m_star = nullptr;
    QPushButton *m_rename = nullptr;
    QComboBox *m_a = nullptr;
    QComboBox *m_b = nullptr;
    QLabel *m_statement = nullptr;
    CompareBars *m_bars = nullptr;
    QTreeWidget *m_differences = nullptr;
    LayerChart *m_layers = nullptr;
    bool m_stale = true;
    bool m_selecting = false;
};

} // namespace edgeflex
