#include "widgets/flipgallery.h"

#include "widgets/chartcolors.h"
#include "widgets/flipdelegate.h"
#include "widgets/flipmodel.h"

#include <QPainter>

namespace edgeflex {

FlipGallery::FlipGallery(FlipModel *model, QWidget *parent) : QListView(parent), m_model(model)
{
    setAccessibleName(tr("Images whose answer changed"));
    setModel(model);
    setItemDelegate(new FlipDelegate(this));
    setViewMode(QListView::IconMode);
    setMovement(QListView::Static);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSpacing(2);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
    connect(model, &QAbstractItemModel::modelReset, this, &FlipGallery::lookSoon);
}

void FlipGallery::setHint(const QString &hint)
{
    m_hint = hint;
    viewport()->update();
}

void FlipGallery::paintEvent(QPaintEvent *event)
{
    QListView::paintEvent(event);
    if (m_model->rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(chartColors(palette()).faded);
    painter.drawText(viewport()->rect().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap, m_hint);
}

void FlipGallery::resizeEvent(QResizeEvent *event)
{
    QListView::resizeEvent(event);
    if (currentIndex().isValid())
        scrollTo(currentIndex()); // whose edit is told below, which takes room
    lookSoon();
}

void FlipGallery::showEvent(QShowEvent *event)
{
    QListView::showEvent(event);
    lookSoon();
}

void FlipGallery::scrollContentsBy(int dx, int dy)
{
    QListView::scrollContentsBy(dx, dy);
    lookSoon();
}

// Once the items are laid out, and not at every pixel of scrolling.
void FlipGallery::lookSoon()
{
    if (m_looking)
        return;
    m_looking = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_looking = false;
            look();
        },
        Qt::QueuedConnection);
}

void FlipGallery::look()
{
    if (!isVisible())
        return;
    const QRect sight = viewport()->rect().adjusted(0, 0, 0, viewport()->height() / 2);
    std::vector<std::int64_t> wanted;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex index = m_model->index(row);
        const QRect place = visualRect(index);
        if (place.top() > sight.bottom())
            break;
        if (sight.intersects(place) && !m_model->hasPicture(index))
            wanted.push_back(index.data(FlipModel::ImageRole).toLongLong());
    }
    if (!wanted.empty())
        Q_EMIT picturesWanted(wanted);
}

} // namespace edgeflex
