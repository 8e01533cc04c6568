#include "widgets/errorbanner.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

namespace edgeflex {

ErrorBanner::ErrorBanner(QWidget *parent) : QFrame(parent), m_text(new QLabel(this)), m_action(new QPushButton(this))
{
    setAccessibleName(tr("Error"));
    setFrameShape(QFrame::NoFrame);
    setAutoFillBackground(true);

    auto *icon = new QLabel(this);
    icon->setPixmap(style()->standardIcon(QStyle::SP_MessageBoxWarning, nullptr, this).pixmap(22, 22));
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText); // the sentence may quote a hostile file
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *close = new QToolButton(this);
    close->setText(QString(QChar(0x2715))); // drawn in the text's colour, unlike the style's icon
    close->setAutoRaise(true);
    close->setToolTip(tr("Hide this message"));
    close->setAccessibleName(tr("Hide this message"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);

    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        if (m_act)
            m_act();
    });
    m_action->hide();

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 6, 6, 6);
    layout->setSpacing(10);
    layout->addWidget(icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    layout->addWidget(close);
    applyColors();
    hide();
}

void ErrorBanner::show(const QString &sentence)
{
    m_text->setText(sentence);
    m_text->setAccessibleName(sentence);
    m_action->hide();
    m_act = {};
    QFrame::show();
}

void ErrorBanner::showWithAction(const QString &sentence, const QString &action, std::function<void()> act)
{
    show(sentence);
    m_action->setText(action);
    m_action->setToolTip(sentence);
    m_act = std::move(act);
    m_action->show();
}

QString ErrorBanner::sentence() const
{
    return isHidden() ? QString() : m_text->text();
}

void ErrorBanner::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange)
        applyColors();
}

void ErrorBanner::applyColors()
{
    QPalette colors = palette();
    const bool dark = colors.color(QPalette::Base).lightness() < 128;
    colors.setColor(QPalette::Window, dark ? QColor(0x5a, 0x22, 0x1c) : QColor(0xfd, 0xe3, 0xdc));
    m_action->setPalette(palette()); // a button like any other
    colors.setColor(QPalette::WindowText, dark ? QColor(0xff, 0xe9, 0xe4) : QColor(0x5c, 0x16, 0x0c));
    setPalette(colors);
}

} // namespace edgeflex
