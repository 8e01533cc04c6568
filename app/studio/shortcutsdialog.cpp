#include "app/studio/shortcutsdialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QMenu>
#include <QMenuBar>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr QSize usualSize(520, 560);

QString bare(QString text)
{
    return text.remove('&');
}

void addMenu(QTreeWidgetItem *group, const QMenu *menu, const QString &before)
{
    for (const QAction *action : menu->actions()) {
        if (action->menu()) {
            addMenu(group, action->menu(), bare(action->text()) + ": ");
        } else if (!action->shortcut().isEmpty()) {
            QStringList keys;
            for (const QKeySequence &key : action->shortcuts())
                keys += key.toString(QKeySequence::NativeText);
            new QTreeWidgetItem(group, {before + bare(action->text()), keys.join(", ")});
        }
    }
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const QMenuBar *menus, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("Keyboard Shortcuts"));
    resize(usualSize);
    auto *list = new QTreeWidget(this);
    list->setAccessibleName(tr("Keyboard Shortcuts"));
    list->setHeaderLabels({tr("What"), tr("Keys")});
    list->setRootIsDecorated(false);
    list->setSelectionMode(QAbstractItemView::NoSelection);
    const auto addGroup = [list](const QString &name) {
        auto *group = new QTreeWidgetItem(list, {name});
        QFont bold = list->font();
        bold.setBold(true);
        group->setFont(0, bold);
        return group;
    };
    for (const QAction *menu : menus->actions()) {
        QTreeWidgetItem *group = addGroup(bare(menu->text()));
        addMenu(group, menu->menu(), {});
        if (group->childCount() == 0)
            delete group;
    }
    const auto plus = QKeySequence(Qt::Key_Plus).toString(QKeySequence::NativeText);
    QTreeWidgetItem *table = addGroup(tr("Table of layers"));
    new QTreeWidgetItem(table, {tr("Keep a step more or less"), plus + ", -"});
    new QTreeWidgetItem(table, {tr("Type the share that stays"), "0 … 9"});
    new QTreeWidgetItem(table, {tr("Choose a format"), "F2"});
    new QTreeWidgetItem(table, {tr("Show or hide the layers of a block"), QString("→, ←")});
    new QTreeWidgetItem(
        table, {tr("Select all layers"), QKeySequence(QKeySequence::SelectAll).toString(QKeySequence::NativeText)});
    QTreeWidgetItem *grid = addGroup(tr("Grid of sensitivity"));
    new QTreeWidgetItem(
        grid, {tr("Choose a cell or take it back"), QKeySequence(Qt::Key_Space).toString(QKeySequence::NativeText)});
    QTreeWidgetItem *plots = addGroup(tr("Tables of variants and edits"));
    new QTreeWidgetItem(
        plots, {tr("Use the plan of the chosen row"), QKeySequence(Qt::Key_Return).toString(QKeySequence::NativeText)});
    list->expandAll();
    list->setItemsExpandable(false);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    list->header()->setStretchLastSection(false);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(list);
    layout->addWidget(buttons);
}

} // namespace edgeflex
