#pragma once

#include <QString>
#include <QWidget>

#include <vector>

namespace edgeflex {

// Several ways, one a row, with the points of accuracy that each gains or loses against the first and its 95 %
// interval, on one axis.
class TrialChart : public QWidget
{
    Q_OBJECT

public:
    struct Row
    {
        QString text;
        QString figure;    // at the right: "75.5 %"
        double points = 0; // gained against the first
        double low = 0;
        double high = 0;
        bool marked = false; // the one to take notice of
    };

    explicit TrialChart(const QString &name, QWidget *parent = nullptr);

    void setRows(std::vector<Row> rows);
    void setHint(const QString &hint); // said while there are none

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::vector<Row> m_rows;
    QString m_hint;
};

} // namespace edgeflex
