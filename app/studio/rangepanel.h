#pragma once

#include <QSplitter>
#include <QStringList>

class QLabel;
class QSortFilterProxyModel;
class QTableView;

namespace edgeflex {

class Document;
class RangeChart;
class RiskTableModel;
class ViewState;

// What the calibration images showed of every layer's inputs: their ranges, how they are spread, outlier channels, and
// what 16-bit formats risk.
class RangePanel : public QSplitter
{
    Q_OBJECT

public:
    RangePanel(Document *document, ViewState *view, QWidget *parent = nullptr);

    void showProfile();
    void highlightLayers(const QStringList &layers);
    QTableView *table() const { return m_table; }
    RangeChart *chart() const { return m_chart; }
    QString outlierText() const;

private:
    void showOutliers(const QStringList &layers);

    Document *m_document;
    RiskTableModel *m_risks;
    QSortFilterProxyModel *m_sorted;
    QTableView *m_table;
    RangeChart *m_chart;
    QLabel *m_chartTitle;
    QLabel *m_outliers;
    bool m_marking = false;
};

} // namespace edgeflex
