#include "app/studio/startpage.h"

#include "app/studio/section.h"
#include "widgets/chartcolors.h"

#include <QDir>
#include <QFileInfo>
#include <QFrame>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr int pageWidth = 860; // pixels, at most
constexpr int startWidth = 280;
constexpr int buttonHeight = 34;
constexpr int dropHeight = 96;
constexpr int rowPadding = 8;
constexpr int folderRole = Qt::UserRole;

// Where something can be dropped; the window takes it.
class DropArea : public QWidget
{
public:
    explicit DropArea(const QString &text, QWidget *parent) : QWidget(parent), m_text(text)
    {
        setFixedHeight(dropHeight);
        setAccessibleName(text);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const ChartColors colors = chartColors(palette());
        painter.setPen(QPen(colors.outline, 1.5, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 8, 8);
        // An arrow into a tray.
        const QPointF centre(width() / 2.0, 30);
        painter.setPen(QPen(colors.faded, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.drawLine(centre + QPointF(0, -14), centre + QPointF(0, 6));
        painter.drawPolyline(QPolygonF{centre + QPointF(-6, 0), centre + QPointF(0, 6), centre + QPointF(6, 0)});
        painter.drawPolyline(QPolygonF{centre + QPointF(-14, 6), centre + QPointF(-14, 13), centre + QPointF(14, 13),
                                       centre + QPointF(14, 6)});
        painter.setPen(colors.faded);
        painter.drawText(rect().adjusted(12, 50, -12, -8), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, m_text);
    }

private:
    QString m_text;
};

// A session's name, and under it in grey where it lies and when it was saved.
class SessionDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const override
    {
        return {100, 2 * option.fontMetrics.height() + rowPadding};
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem cell = option;
        initStyleOption(&cell, index);
        cell.text.clear();
        option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, option.widget);
        const bool selected = option.state & QStyle::State_Selected;
        const QColor text = option.palette.color(selected ? QPalette::HighlightedText : QPalette::Text);
        const QFileInfo folder(index.data(folderRole).toString());
        const QRect lines = option.rect.adjusted(8, rowPadding / 2, -8, -rowPadding / 2);
        painter->save();
        QFont bold = option.font;
        bold.setBold(true);
        painter->setFont(bold);
        painter->setPen(text);
        painter->drawText(lines, Qt::AlignLeft | Qt::AlignTop,
                          painter->fontMetrics().elidedText(folder.fileName(), Qt::ElideRight, lines.width()));
        painter->setFont(option.font);
        painter->setPen(blend(option.palette.color(selected ? QPalette::Highlight : QPalette::Base), text, 0.65));
        const QString when = QLocale().toString(folder.lastModified(), QLocale::ShortFormat);
        const int room = lines.width() - painter->fontMetrics().horizontalAdvance(when) - 12;
        painter->drawText(
            lines, Qt::AlignLeft | Qt::AlignBottom,
            painter->fontMetrics().elidedText(QDir::toNativeSeparators(folder.path()), Qt::ElideMiddle, room));
        painter->drawText(lines, Qt::AlignRight | Qt::AlignBottom, when);
        painter->restore();
    }
};

} // namespace

StartPage::StartPage(QWidget *parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_text(new QLabel(this)),
      m_choices(new QWidget(this)),
      m_leftCard(new QFrame(this))
{
    fillLeft();
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() * 1.8);
    large.setBold(true);
    m_title->setFont(large);
    m_title->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);

    auto *choices = new QVBoxLayout(m_choices);
    choices->setContentsMargins(0, 0, 0, 0);
    choices->setSpacing(20);
    auto *columns = new QHBoxLayout;
    columns->setSpacing(28);
    columns->addWidget(makeStart());
    columns->addWidget(makeRecent(), 1);
    choices->addLayout(columns);
    choices->addWidget(new DropArea(tr("Or drop a model, images or a session anywhere in this window"), m_choices));

    auto *page = new QWidget(this);
    page->setMaximumWidth(pageWidth);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(24, 24, 24, 24);
    column->setSpacing(14);
    column->addStretch(2);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addWidget(m_leftCard);
    column->addWidget(m_choices);
    column->addStretch(3);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addStretch(1);
    layout->addWidget(page, 100);
    layout->addStretch(1);
    showRecent({});
    setOpening({});
}

QWidget *StartPage::makeStart()
{
    auto *start = new QWidget(m_choices);
    start->setFixedWidth(startWidth);
    auto *layout = new QVBoxLayout(start);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(heading(tr("Start"), nullptr, start));
    const auto add = [&](const QString &text, const QString &tip, void (StartPage::*signal)()) {
        auto *button = new QPushButton(text, start);
        button->setToolTip(tip);
        button->setMinimumHeight(buttonHeight);
        connect(button, &QPushButton::clicked, this, signal);
        layout->addWidget(button);
        return button;
    };
    add(tr("Open Model &Folder…"), tr("A folder with a model and its configuration, as timm and Hugging Face write it"),
        &StartPage::folderWanted)
        ->setDefault(true);
    add(tr("Open Model F&ile…"), tr("A .safetensors, .pth, .pt or .bin file"), &StartPage::fileWanted);
    add(tr("Open &Session…"), tr("A folder that was saved here or written by “edgeflex session”"),
        &StartPage::sessionWanted);
    m_demo = add(tr("Try the &Demo"), {}, &StartPage::demoWanted);
    layout->addStretch(1);
    return start;
}

QWidget *StartPage::makeRecent()
{
    auto *recent = new QWidget(m_choices);
    m_recent = new QListWidget(recent);
    m_recent->setAccessibleName(tr("Recent sessions"));
    m_recent->setItemDelegate(new SessionDelegate(m_recent));
    m_recent->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_recent->setMinimumHeight(150);
    m_noRecent = new QLabel(tr("Sessions that you save appear here."), recent);
    m_noRecent->setAlignment(Qt::AlignCenter);
    m_noRecent->setEnabled(false);
    connect(m_recent, &QListWidget::itemActivated, this,
            [this](QListWidgetItem *item) { Q_EMIT recentWanted(item->data(folderRole).toString()); });
    connect(m_recent, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *item) { Q_EMIT recentWanted(item->data(folderRole).toString()); });
    auto *layout = new QVBoxLayout(recent);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(heading(tr("Recent sessions"), m_recent, recent));
    layout->addWidget(m_recent, 1);
    layout->addWidget(m_noRecent, 1);
    return recent;
}

void StartPage::fillLeft()
{
    QFrame *card = m_leftCard;
    card->setFrameShape(QFrame::StyledPanel);
    card->setAutoFillBackground(true);
    card->setBackgroundRole(QPalette::AlternateBase);
    m_leftText = new QLabel(card);
    m_leftText->setWordWrap(true);
    m_leftText->setTextFormat(Qt::PlainText);
    auto *open = new QPushButton(tr("Go On with It"), card);
    open->setToolTip(tr("Open the session as it was"));
    auto *discard = new QPushButton(tr("Discard"), card);
    discard->setToolTip(tr("Throw the session away"));
    connect(open, &QPushButton::clicked, this, [this] { Q_EMIT leftWanted(m_left.first()); });
    connect(discard, &QPushButton::clicked, this, [this] { Q_EMIT leftDiscarded(m_left.first()); });
    auto *layout = new QHBoxLayout(card);
    layout->setContentsMargins(12, 8, 8, 8);
    layout->addWidget(m_leftText, 1);
    layout->addWidget(open);
    layout->addWidget(discard);
    card->hide();
}

void StartPage::setOpening(const QString &path)
{
    m_choices->setVisible(path.isEmpty());
    m_leftCard->setVisible(path.isEmpty() && !m_left.isEmpty());
    if (path.isEmpty()) {
        m_title->setText(tr("Fit a Vision Transformer on an edge device"));
        m_text->setText(tr("Open a model, give images to calibrate on and others to judge on, then move the sliders, "
                           "or give a budget and let it be solved."));
    } else {
        m_title->setText(tr("Opening %1…").arg(QFileInfo(path).fileName()));
        m_text->setText(tr("The engine reads the shape of the model; its weights stay on the disk."));
    }
}

void StartPage::setLeft(const QList<Autosave::Left> &left)
{
    m_left = left;
    m_leftCard->setVisible(!left.isEmpty() && m_choices->isVisibleTo(this));
    if (!left.isEmpty())
        m_leftText->setText(tr("The window ended unexpectedly. The session with %1, as it was at %2, is kept.")
                                .arg(left.first().model, QLocale().toString(left.first().when, QLocale::ShortFormat)));
}

void StartPage::showRecent(const QStringList &folders)
{
    m_recent->clear();
    for (const QString &folder : folders) {
        auto *item = new QListWidgetItem(QFileInfo(folder).fileName(), m_recent);
        item->setData(folderRole, folder);
        item->setToolTip(QDir::toNativeSeparators(folder));
    }
    m_recent->setVisible(!folders.isEmpty());
    m_noRecent->setVisible(folders.isEmpty());
}

void StartPage::setDemo(const QString &whyNot)
{
    m_demo->setEnabled(whyNot.isEmpty());
    m_demo->setToolTip(whyNot.isEmpty() ? tr("A Vision Transformer for Fashion-MNIST, fitted into a quarter of its "
                                             "weights")
                                        : whyNot);
}

} // namespace edgeflex
