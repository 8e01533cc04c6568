#pragma once

#include <QWidget>

#include <cstdint>

class QComboBox;
class QLabel;
class QPushButton;
class QTabWidget;
class QTreeView;
class QTreeWidget;

namespace edgeflex {

class CompareBars;
class Document;
class FlipPanel;
class LayerChart;
class VariantTreeModel;
class ViewState;
class Workflow;
struct PairedDrop;
struct Variant;

// The history of what was measured as a tree of states, and any two of them side by side.
class VariantsPage : public QWidget
{
    Q_OBJECT

public:
    VariantsPage(Document *document, Workflow *workflow, ViewState *view, QWidget *parent = nullptr);

    QTreeView *tree() const { return m_tree; }
    QTabWidget *details() const { return m_details; }
    void compare(int a, int b); // ids
    void renameSelected();      // lets the selected state's name be edited

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeTree();
    QWidget *makeComparison(Workflow *workflow);
    void refresh();
    void fillBoxes();
    void showComparison();
    void select(int variant);
    QString statement(const Variant &a, const Variant &b) const;
    QString proofText(const PairedDrop &drop, std::int64_t images, const Variant &reference,
                      const Variant &variant) const;

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
    FlipPanel *m_flips = nullptr;
    QTabWidget *m_details = nullptr;
    bool m_stale = true;
    bool m_selecting = false;
};

} // namespace edgeflex
