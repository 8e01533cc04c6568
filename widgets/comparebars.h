#pragma once

#include <QString>
#include <QWidget>

#include <optional>
#include <vector>

namespace edgeflex {

// Figures of two states as pairs of bars: the upper one is A, the lower one B, each pair on an axis of its own.
class CompareBars : public QWidget
{
    Q_OBJECT

public:
    struct Row
    {
        QString title;
        std::optional<double> a;
        std::optional<double> b;
        QString aText;
        QString bText;
        QString change; // from A to B
    };

    explicit CompareBars(QWidget *parent = nullptr);

    void setRows(std::vector<Row> rows);
    const std::vector<Row> &rows() const { return m_rows; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int heightWith(int gap) const; // between rows, pixels

    std::vector<Row> m_rows;
};

} // namespace edgeflex
