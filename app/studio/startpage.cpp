#include "app/studio/startpage.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr int textWidth = 560; // pixels
constexpr int buttonHeight = 30;
constexpr int buttonPadding = 10;

} // namespace

StartPage::StartPage(QWidget *parent)
    : QWidget(parent), m_title(new QLabel(this)), m_text(new QLabel(this)), m_buttons(new QWidget(this))
{
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() * 1.8);
    large.setBold(true);
    m_title->setFont(large);
    m_title->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setFixedWidth(textWidth);

    auto *folder = new QPushButton(tr("Open Model &Folder…"), m_buttons);
    auto *file = new QPushButton(tr("Open Model F&ile…"), m_buttons);
    auto *session = new QPushButton(tr("Open &Session…"), m_buttons);
    folder->setDefault(true);
    connect(folder, &QPushButton::clicked, this, &StartPage::folderWanted);
    connect(file, &QPushButton::clicked, this, &StartPage::fileWanted);
    connect(session, &QPushButton::clicked, this, &StartPage::sessionWanted);
    auto *buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->setSpacing(8);
    for (QPushButton *button : {folder, file, session}) {
        button->setMinimumHeight(buttonHeight);
        button->setMinimumWidth(button->sizeHint().width() + 2 * buttonPadding);
        buttons->addWidget(button);
    }

    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(16);
    layout->addStretch(2);
    auto *column = new QVBoxLayout;
    column->setSpacing(16);
    column->addWidget(m_title, 0, Qt::AlignLeft);
    column->addWidget(m_text, 0, Qt::AlignLeft);
    column->addWidget(m_buttons, 0, Qt::AlignLeft);
    auto *centre = new QHBoxLayout;
    centre->addStretch(1);
    centre->addLayout(column);
    centre->addStretch(1);
    layout->addLayout(centre);
    layout->addStretch(3);
    setOpening({});
}

void StartPage::setOpening(const QString &path)
{
    m_buttons->setVisible(path.isEmpty());
    if (path.isEmpty()) {
        m_title->setText(tr("Open a Vision Transformer"));
        m_text->setText(
            tr("1.  A folder with a model and its configuration, or a .safetensors, .pth, .pt or .bin file."
               "\n2.  Images to calibrate on, and others to judge on.\n3.  Then move the sliders, or give a "
               "budget and let it be solved.\n\nModels, images and sessions can also be dropped here."));
    } else {
        m_title->setText(tr("Opening %1…").arg(QFileInfo(path).fileName()));
        m_text->setText(tr("The engine reads the shape of the model; its weights stay on the disk."));
    }
}

} // namespace edgeflex
