#pragma once

#include <QDialog>

class QMenuBar;

namespace edgeflex {

// Every key there is: those of the menus, and those of the views.
class ShortcutsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit ShortcutsDialog(const QMenuBar *menus, QWidget *parent = nullptr);
};

} // namespace edgeflex
