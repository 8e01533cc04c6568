#include "widgets/picturestrip.h"

#include "widgets/chartcolors.h"

#include <QPainter>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr int gap = 8; // pixels
constexpr int usualSide = 104;
constexpr int leastSide = 72;
constexpr int usualPictures = 8;

} // namespace

PictureStrip::PictureStrip(const QString &name, QWidget *parent) : QWidget(parent)
{
    setAccessibleName(name);
}

void PictureStrip::setPictures(const QList<QImage> &pictures, const QStringList &captions)
{
    m_pictures = pictures;
    m_captions = captions;
    setAccessibleDescription(captions.join(", "));
    update();
}

void PictureStrip::setHint(const QString &hint)
{
    m_hint = hint;
    update();
}

QSize PictureStrip::sizeHint() const
{
    return {usualPictures * (usualSide + gap) + gap, usualSide + 2 * gap + fontMetrics().height()};
}

QSize PictureStrip::minimumSizeHint() const
{
    return {200, leastSide + 2 * gap + fontMetrics().height()};
}

void PictureStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ChartColors colors = chartColors(palette());
    painter.fillRect(rect(), colors.background);
    if (m_pictures.isEmpty()) {
        painter.setPen(colors.faded);
        painter.drawText(rect().adjusted(12, 4, -12, -4), Qt::AlignCenter | Qt::TextWordWrap, m_hint);
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const int lines = painter.fontMetrics().height();
    const auto count = static_cast<int>(m_pictures.size());
    const int side = std::min((width() - gap) / count - gap, height() - 2 * gap - lines);
    for (int i = 0; i < count && side > 0; ++i) {
        const QRect place(gap + i * (side + gap), gap, side, side);
        const QSize size = m_pictures[i].size().scaled(place.size(), Qt::KeepAspectRatio);
        QRect picture(QPoint(), size);
        picture.moveCenter(place.center());
        painter.drawImage(picture, m_pictures[i]);
        painter.setPen(colors.text);
        painter.drawText(QRect(place.left(), place.bottom() + 2, side, lines), Qt::AlignHCenter | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(m_captions.value(i), Qt::ElideRight, side));
    }
}

} // namespace edgeflex
