#pragma once

#include <QList>
#include <QString>

class QLabel;
class QWidget;

namespace edgeflex {

inline constexpr int sectionGap = 8; // pixels between the parts of a page

// Its mnemonic leads to `buddy`.
QLabel *heading(const QString &text, QWidget *buddy, QWidget *parent);
// A part of a page: a line with its heading and what belongs there, and the framed view under it.
QWidget *section(QWidget *parent, const QList<QWidget *> &head, QWidget *view);

} // namespace edgeflex
