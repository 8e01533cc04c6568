#pragma once

#include <QStyledItemDelegate>

namespace edgeflex {

// An image with both answers to it and what it is, as FlipModel has them.
class FlipDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace edgeflex
