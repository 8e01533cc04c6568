#include "widgets/flipdelegate.h"

#include "widgets/chartcolors.h"
#include "widgets/flipmodel.h"

#include <QApplication>
#include <QImage>
#include <QPainter>

namespace edgeflex {
namespace {

constexpr int side = 96; // pixels of a picture
constexpr int edge = 6;
constexpr int lines = 3;
constexpr int characters = 20; // of an answer that are seen at least, on average

} // namespace

QSize FlipDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const int text = option.fontMetrics.averageCharWidth() * characters;
    return {std::max(side, text) + 2 * edge, side + lines * option.fontMetrics.height() + 3 * edge};
}

void FlipDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const ChartColors colors = chartColors(option.palette);
    QStyleOptionViewItem panel = option;
    panel.showDecorationSelected = true;
    const QWidget *widget = option.widget;
    const QStyle *style = widget ? widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &panel, painter, widget);
    if (option.state & QStyle::State_HasFocus) {
        QStyleOptionFocusRect focus;
        focus.QStyleOption::operator=(option);
        focus.rect = option.rect.adjusted(1, 1, -1, -1);
        style->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, widget);
    }

    painter->save();
    painter->setRenderHint(QPainter::SmoothPixmapTransform);
    const QRect cell = option.rect.adjusted(edge, edge, -edge, -edge);
    const QRect place(cell.center().x() - side / 2, cell.top(), side, side);
    const auto picture = index.data(Qt::DecorationRole).value<QImage>();
    if (picture.isNull()) {
        painter->setPen(colors.grid);
        painter->drawRect(place.adjusted(0, 0, -1, -1));
    } else {
        QRect inside(QPoint(), picture.size().scaled(place.size(), Qt::KeepAspectRatio));
        inside.moveCenter(place.center());
        painter->drawImage(inside, picture);
    }
    const bool selected = option.state & QStyle::State_Selected;
    const QColor plain = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
    const auto kind = static_cast<FlipModel::Kind>(index.data(FlipModel::KindRole).toInt());
    int y = place.bottom() + edge;
    const auto line = [&](const QString &text, const QColor &color) {
        const QRect room(cell.left(), y, cell.width(), option.fontMetrics.height());
        painter->setPen(selected ? plain : color);
        painter->drawText(room, Qt::AlignHCenter | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(text, Qt::ElideRight, room.width()));
        y += option.fontMetrics.height();
    };
    const auto answer = [&](const QString &text, bool right) { // told apart by a sign, not by colour alone
        line(QString(right ? QChar(0x2713) : QChar(0x2717)) + ' ' + text, right ? colors.good : colors.bad);
    };
    answer(index.data(FlipModel::AnswerARole).toString(), kind == FlipModel::Kind::Lost);
    answer(index.data(FlipModel::AnswerBRole).toString(), kind == FlipModel::Kind::Won);
    line(index.data(FlipModel::TruthRole).toString(), plain);
    painter->restore();
}

} // namespace edgeflex
