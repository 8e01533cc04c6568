#include "handson.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPointer>
#include <QTabBar>
#include <QTimer>
#include <QUrl>

namespace edgeflex::test {
namespace {

constexpr int askMs = 20;

QString bare(QString text)
{
    return text.remove('&');
}

} // namespace

HandsOn::HandsOn(World world) : m_world(std::move(world))
{
    show();
}

void HandsOn::show()
{
    m_studio.reset(); // first: one engine at a time
    m_studio = std::make_unique<StudioDriver>(REAL_ENGINE);
    (void)activate();
}

bool HandsOn::measured()
{
    const auto isMeasured = [this] {
        return document()->measured() != nullptr;
    };
    // On a busy machine it may take too long to be done unasked.
    const auto isOffered = [this] {
        return workflow()->waitsForButton() && button("Measure Plan")->isEnabled();
    };
    if (!QTest::qWaitFor([&] { return isMeasured() || isOffered(); }, patience))
        return false;
    if (!isMeasured())
        click(button("Measure Plan"));
    return QTest::qWaitFor(isMeasured, patience) && settle();
}

bool HandsOn::activate()
{
    window()->activateWindow();
    return QTest::qWaitForWindowActive(window());
}

void HandsOn::key(int key, Qt::KeyboardModifiers modifiers)
{
    QVERIFY(activate());
    QTest::keyClick(window(), static_cast<Qt::Key>(key), modifiers);
}

void HandsOn::click(QWidget *widget)
{
    QVERIFY(widget && widget->isVisible() && widget->isEnabled());
    QTest::mouseClick(widget, Qt::LeftButton);
}

void HandsOn::click(QAbstractItemView *view, const QModelIndex &index, Qt::KeyboardModifiers modifiers)
{
    QVERIFY(view && view->isVisible() && index.isValid());
    view->scrollTo(index);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, modifiers, view->visualRect(index).center());
}

void HandsOn::click(QTabBar *tabs, int tab)
{
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(tab).center());
}

void HandsOn::toggle(const QString &checkBox, QWidget *parent)
{
    for (QCheckBox *box : parent->findChildren<QCheckBox *>()) {
        if (bare(box->text()) != checkBox || !box->isVisible())
            continue;
        const bool before = box->isChecked();
        QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
        QVERIFY(box->isChecked() != before);
        return;
    }
    QFAIL(qPrintable("there is no " + checkBox));
}

void HandsOn::drag(QWidget *widget, const QPoint &from, const QPoint &to)
{
    QTest::mousePress(widget, Qt::LeftButton, {}, from);
    QTest::mouseMove(widget, (from + to) / 2);
    QTest::mouseMove(widget, to);
    QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
}

bool HandsOn::clickMenu(const QString &title, const QString &entry)
{
    for (QAction *top : window()->menuBar()->actions()) {
        if (bare(top->text()) != title)
            continue;
        QTest::mouseClick(window()->menuBar(), Qt::LeftButton, {}, window()->menuBar()->actionGeometry(top).center());
        if (!QTest::qWaitForWindowExposed(top->menu()))
            return false;
        for (QAction *action : top->menu()->actions()) {
            if (bare(action->text()) != entry || !action->isEnabled())
                continue;
            QTest::mouseClick(top->menu(), Qt::LeftButton, {}, top->menu()->actionGeometry(action).center());
            return true;
        }
        QTest::keyClick(top->menu(), Qt::Key_Escape);
    }
    return false;
}

void HandsOn::showPage(WorkPage::Page page)
{
    key(Qt::Key_1 + static_cast<int>(page), Qt::AltModifier);
    QCOMPARE(this->page()->page(), page);
    QTest::qWait(30); // a frame
}

void HandsOn::typeInto(QWidget *field, const QString &text)
{
    QVERIFY(field);
    field->window()->activateWindow();
    QTest::mouseClick(field, Qt::LeftButton);
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(field, text);
    QTest::keyClick(field, Qt::Key_Tab);
}

void HandsOn::dragSlider(int block, double keep)
{
    m_studio->layers()->scrollTo(m_studio->block(block));
    m_studio->press(block, m_studio->keepOf(block));
    m_studio->moveTo(block, keep);
    m_studio->release(block, keep);
}

bool HandsOn::undoTo(const CompressionPlan &plan)
{
    constexpr int most = 100;
    for (int edits = 0; edits < most && document()->plan() != plan; ++edits)
        key(Qt::Key_Z);
    return document()->plan() == plan;
}

bool HandsOn::setAllFormats(NumberFormat format)
{
    m_studio->layers()->setFocus();
    QTest::keyClick(m_studio->layers(), Qt::Key_A, Qt::ControlModifier);
    key(Qt::Key_1 + static_cast<int>(format));
    return document()->plan().format("blocks.1.mlp.fc1") == format;
}

void HandsOn::drop(const QString &path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    const QPoint at = window()->rect().center();
    // A widget hears of a drop only after the pointer has entered it.
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window(), &event);
}

void HandsOn::whenAsked(std::function<void(QDialog *)> act)
{
    auto *timer = new QTimer(window());
    QObject::connect(timer, &QTimer::timeout, timer, [timer, act = std::move(act)] {
        auto *dialog = qobject_cast<QDialog *>(QApplication::activeModalWidget());
        if (!dialog || !dialog->isVisible())
            return;
        timer->stop();
        timer->deleteLater();
        act(dialog);
    });
    timer->start(askMs);
}

void HandsOn::answerFileDialog(const QString &path)
{
    whenAsked([path](QDialog *dialog) {
        dialog->findChild<QLineEdit *>("fileNameEdit")->setText(path); // typed, completions would come between
        auto *buttons = dialog->findChild<QDialogButtonBox *>();
        for (const auto which : {QDialogButtonBox::Open, QDialogButtonBox::Save}) {
            if (QPushButton *button = buttons->button(which))
                QTest::mouseClick(button, Qt::LeftButton);
        }
    });
}

void HandsOn::answerQuestion(int button)
{
    whenAsked([button](QDialog *dialog) {
        if (auto *box = qobject_cast<QMessageBox *>(dialog))
            QTest::mouseClick(box->button(static_cast<QMessageBox::StandardButton>(button)), Qt::LeftButton);
    });
}

QPushButton *HandsOn::buttonIn(QWidget *parent, const QString &text)
{
    for (QPushButton *button : parent->findChildren<QPushButton *>()) {
        if (bare(button->text()).startsWith(text))
            return button;
    }
    return nullptr;
}

QString HandsOn::said(const QWidget *part)
{
    QStringList texts;
    for (const QLabel *label : part->findChildren<QLabel *>())
        texts += label->text();
    return texts.join('\n');
}

QModelIndex HandsOn::rowOf(const QAbstractItemView *view, const QString &text)
{
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        const QModelIndex index = view->model()->index(row, 0);
        if (index.data().toString().startsWith(text))
            return index;
    }
    return {};
}

QString HandsOn::lastBlockLayer(const char *suffix) const
{
    return QString("blocks.%1.%2").arg(m_world.blocks - 1).arg(suffix);
}

} // namespace edgeflex::test
