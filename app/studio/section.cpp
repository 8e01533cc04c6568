#include "app/studio/section.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace edgeflex {

QLabel *heading(const QString &text, QWidget *buddy, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setBuddy(buddy);
    return label;
}

QWidget *section(QWidget *parent, const QList<QWidget *> &head, QWidget *view)
{
    auto *part = new QWidget(parent);
    auto *line = new QHBoxLayout;
    line->setSpacing(sectionGap);
    for (qsizetype i = 0; i < head.size(); ++i) {
        line->addWidget(head[i]);
        if (i == 0)
            line->addStretch(1);
    }
    auto *frame = new QFrame(part);
    frame->setFrameShape(QFrame::StyledPanel);
    auto *inside = new QVBoxLayout(frame);
    inside->setContentsMargins(1, 1, 1, 1);
    inside->addWidget(view);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addLayout(line);
    layout->addWidget(frame, 1);
    return part;
}

} // namespace edgeflex
