#include "widgets/layerdelegates.h"

#include "widgets/chartcolors.h"
#include "widgets/layertreemodel.h"
#include "widgets/quantitytext.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QSpinBox>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr int margin = 6; // pixels at either side of a cell
constexpr int grooveHeight = 4;
constexpr double handleRadius = 5.5;
constexpr char shownText[] = "shownText"; // what an editor was given, as it shows it

// The cell's background as the style draws it, selection included, without its text.
void drawEmptyCell(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    QStyleOptionViewItem cell = option;
    cell.index = index;
    cell.widget = option.widget;
    cell.text.clear();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, option.widget);
}

QColor textColor(const QStyleOptionViewItem &option)
{
    return option.palette.color(option.state & QStyle::State_Selected ? QPalette::HighlightedText : QPalette::Text);
}

QColor fadedColor(const QStyleOptionViewItem &option)
{
    const bool selected = option.state & QStyle::State_Selected;
    return blend(option.palette.color(selected ? QPalette::Highlight : QPalette::Base), textColor(option), 0.6);
}

// Under words that stand for an edit that makes smaller and not faster.
void drawWave(QPainter *painter, const QStyleOptionViewItem &option, double left, double right)
{
    const double y = option.rect.center().y() + option.fontMetrics.height() / 2.0;
    QPainterPath wave(QPointF(left, y));
    bool up = true;
    for (double x = left; x < right; x += 4, up = !up)
        wave.quadTo(x + 1, y + (up ? -2.5 : 2.5), x + 4, y);
    painter->setPen(
        QPen(option.state & QStyle::State_Selected ? textColor(option) : chartColors(option.palette).plan, 1.2));
    painter->setBrush(Qt::NoBrush);
    painter->drawPath(wave);
}

// A text that stands for a list to choose from; faint where it says nothing special, with a wave where it is slow.
void drawChoice(QPainter *painter, const QStyleOptionViewItem &option, const QString &text, bool faint, bool slow)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(faint ? fadedColor(option) : textColor(option));
    const QRect words = option.rect.adjusted(margin, 0, -margin - 12, 0);
    painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter, text);
    if (slow)
        drawWave(painter, option, words.left(), words.left() + option.fontMetrics.horizontalAdvance(text));
    painter->setPen(QPen(fadedColor(option), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF tip(option.rect.right() - margin - 4, option.rect.center().y() + 2.5);
    painter->drawPolyline(QPolygonF{tip + QPointF(-3.5, -3.5), tip, tip + QPointF(3.5, -3.5)});
    painter->restore();
}

void drawWords(QPainter *painter, const QStyleOptionViewItem &option, const QString &text, bool faint)
{
    painter->save();
    painter->setPen(faint ? fadedColor(option) : textColor(option));
    painter->drawText(option.rect.adjusted(margin, 0, -margin, 0), Qt::AlignLeft | Qt::AlignVCenter, text);
    painter->restore();
}

// A list whose choice is done at once. The signals of `delegate` are the editor's news.
QComboBox *choiceBox(QAbstractItemDelegate *delegate, QWidget *parent, const QStringList &texts,
                     const QVariantList &values)
{
    auto *box = new QComboBox(parent);
    int widest = 0;
    for (qsizetype i = 0; i < texts.size(); ++i) {
        box->addItem(texts[i], values.value(i));
        widest = std::max(widest, box->fontMetrics().horizontalAdvance(texts[i]));
    }
    box->view()->setMinimumWidth(widest + 3 * margin);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    QObject::connect(box, &QComboBox::activated, delegate, [delegate, box] {
        Q_EMIT delegate->commitData(box);
        Q_EMIT delegate->closeEditor(box);
    });
    return box;
}

int percentWidth(const QFontMetrics &metrics)
{
    return metrics.horizontalAdvance(QString("100") + QChar::Nbsp + '%') + margin;
}

} // namespace

QRect KeepDelegate::track(const QRect &cell, const QFontMetrics &metrics)
{
    const int end = static_cast<int>(std::ceil(handleRadius));
    return {cell.left() + margin + end, cell.top(),
            std::max(1, cell.width() - 2 * margin - 2 * end - percentWidth(metrics)), cell.height()};
}

double KeepDelegate::keepAt(int x, const QRect &track, double step)
{
    const double share = std::clamp(static_cast<double>(x - track.left()) / std::max(1, track.width()), 0.0, 1.0);
    const double steps = std::round(share / step);
    return std::clamp(steps * step, std::min(step, 1.0), 1.0);
}

void KeepDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    drawEmptyCell(painter, option, index);
    const QVariant keep = index.data(LayerTreeModel::KeepRole);
    const QString text = index.data(Qt::DisplayRole).toString();
    if (const QVariant heads = index.data(LayerTreeModel::HeadsRole); heads.isValid()) {
        const QList<int> counts = index.data(LayerTreeModel::HeadCountsRole).value<QList<int>>();
        drawChoice(painter, option, text, heads == counts.first(), false);
        return;
    }
    if (!keep.isValid()) {
        drawWords(painter, option, text, false);
        return;
    }
    const bool selected = option.state & QStyle::State_Selected;
    const QColor accent = selected ? textColor(option) : chartColors(option.palette).variant;
    const QColor groove =
        blend(option.palette.color(selected ? QPalette::Highlight : QPalette::Base), textColor(option), 0.22);
    const QRect range = track(option.rect, option.fontMetrics);
    const double y = range.center().y() + 0.5;
    const double x = range.left() + keep.toDouble() * range.width();
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(groove);
    painter->drawRoundedRect(QRectF(range.left(), y - grooveHeight / 2.0, range.width(), grooveHeight), 2, 2);
    painter->setBrush(accent);
    painter->drawRoundedRect(QRectF(range.left(), y - grooveHeight / 2.0, x - range.left(), grooveHeight), 2, 2);
    painter->setPen(QPen(option.palette.color(selected ? QPalette::Highlight : QPalette::Base), 1.5));
    painter->drawEllipse(QPointF(x, y), handleRadius, handleRadius);
    painter->setPen(keep.toDouble() < 1 ? textColor(option) : fadedColor(option));
    painter->drawText(option.rect.adjusted(0, 0, -margin, 0), Qt::AlignRight | Qt::AlignVCenter, text);
    if (index.data(LayerTreeModel::KeepSlowerRole).toBool())
        drawWave(painter, option, option.rect.right() - margin - option.fontMetrics.horizontalAdvance(text),
                 option.rect.right() - margin);
    painter->restore();
}

QWidget *KeepDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    if (index.data(LayerTreeModel::HeadsRole).isValid()) {
        QVariantList counts;
        for (const int heads : index.data(LayerTreeModel::HeadCountsRole).value<QList<int>>())
            counts += heads;
        QComboBox *box = choiceBox(const_cast<KeepDelegate *>(this), parent,
                                   index.data(LayerTreeModel::HeadChoicesRole).toStringList(), counts);
        box->setAccessibleName(tr("Heads that stay"));
        return box;
    }
    auto *box = new QSpinBox(parent);
    box->setRange(1, 100);
    box->setSuffix(QString(QChar::Nbsp) + '%');
    box->setSingleStep(std::max(1, static_cast<int>(100 * index.data(LayerTreeModel::KeepStepRole).toDouble())));
    box->setFrame(false);
    box->setAccessibleName(index.data(LayerTreeModel::PartRole).toInt() == LayerTreeModel::AttentionPart
                               ? tr("Share of the heads' dimensions that stay")
                               : tr("Share of the MLP's channels that stay"));
    return box;
}

// The view calls this whenever figures of the row arrive, too: what was typed or stepped to meanwhile stays.
void KeepDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    if (auto *choice = qobject_cast<QComboBox *>(editor))
        choice->setCurrentIndex(choice->findData(index.data(LayerTreeModel::HeadsRole)));
    auto *box = qobject_cast<QSpinBox *>(editor);
    if (!box)
        return;
    const QVariant shown = box->property(shownText);
    if (shown.isValid() && box->text() != shown.toString())
        return;
    box->setValue(qRound(100 * index.data(LayerTreeModel::KeepRole).toDouble()));
    box->setProperty(shownText, box->text());
}

void KeepDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    if (auto *box = qobject_cast<QSpinBox *>(editor)) {
        box->interpretText();
        model->setData(index, box->value() / 100.0, LayerTreeModel::KeepRole);
    } else if (auto *choice = qobject_cast<QComboBox *>(editor); choice && choice->currentIndex() >= 0) {
        model->setData(index, choice->currentData(), LayerTreeModel::HeadsRole);
    }
}

void KeepDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &) const
{
    editor->setGeometry(option.rect);
}

void FormatDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    drawEmptyCell(painter, option, index);
    const int format = index.data(LayerTreeModel::FormatRole).toInt();
    const QString text = index.data(Qt::DisplayRole).toString();
    if (index.data(LayerTreeModel::RemovedRole).toBool())
        drawWords(painter, option, text, true);
    else
        drawChoice(painter, option, text, format == static_cast<int>(NumberFormat::Fp32),
                   index.data(LayerTreeModel::SlowerRole).toBool());
}

QWidget *FormatDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    QVariantList formats;
    for (const NumberFormat format : allNumberFormats())
        formats += static_cast<int>(format);
    QComboBox *box = choiceBox(const_cast<FormatDelegate *>(this), parent,
                               index.data(LayerTreeModel::ChoicesRole).toStringList(), formats);
    box->setAccessibleName(tr("Number format"));
    return box;
}

void FormatDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    if (auto *box = qobject_cast<QComboBox *>(editor))
        box->setCurrentIndex(box->findData(index.data(LayerTreeModel::FormatRole)));
}

void FormatDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const
{
    auto *box = qobject_cast<QComboBox *>(editor);
    if (box && box->currentIndex() >= 0)
        model->setData(index, box->currentData(), LayerTreeModel::FormatRole);
}

void FormatDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                                          const QModelIndex &) const
{
    editor->setGeometry(option.rect);
}

void BytesDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    drawEmptyCell(painter, option, index);
    const double before = index.data(LayerTreeModel::BeforeRole).toDouble();
    const double now = index.data(LayerTreeModel::NowRole).toDouble();
    const int shareWidth = option.fontMetrics.horizontalAdvance(QString("100") + QChar::Nbsp + '%') + 2 * margin;
    painter->save();
    painter->setPen(index.data(LayerTreeModel::RemovedRole).toBool() ? fadedColor(option) : textColor(option));
    painter->drawText(option.rect.adjusted(margin, 0, -shareWidth, 0), Qt::AlignRight | Qt::AlignVCenter,
                      index.data(Qt::DisplayRole).toString());
    if (before > 0 && std::abs(now - before) > 0.5) {
        painter->setPen(fadedColor(option));
        painter->drawText(option.rect.adjusted(0, 0, -margin, 0), Qt::AlignRight | Qt::AlignVCenter,
                          QLocale().toString(100 * now / before, 'f', 0) + QChar::Nbsp + '%');
    }
    painter->restore();
}

} // namespace edgeflex
