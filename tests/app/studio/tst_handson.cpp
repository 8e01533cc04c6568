#include "studiodriver.h"

#include "app/studio/exportdialog.h"
#include "app/studio/flippanel.h"
#include "app/studio/jobline.h"
#include "app/studio/sourcebar.h"
#include "app/studio/startpage.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "widgets/flipgallery.h"
#include "widgets/flipmodel.h"
#include "widgets/verdictline.h"

#include <QApplication>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QProcess>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QUndoStack>

#include <signal.h>

using namespace edgeflex;
using namespace edgeflex::test;

// The whole path with the real engine, and nothing called that a user could not click or type.
class tst_HandsOn : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    std::unique_ptr<StudioDriver> m_studio;

    MainWindow *window() { return &m_studio->window; }
    Document *document() { return m_studio->document(); }
    Workflow *workflow() { return m_studio->workflow(); }

    void click(QWidget *widget) { QTest::mouseClick(widget, Qt::LeftButton); }
    // Shortcuts are the active window's; without a window manager a closed dialog leaves none active.
    void activate()
    {
        window()->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window()));
    }
    void key(int key, Qt::KeyboardModifiers modifiers = Qt::ControlModifier)
    {
        activate();
        QTest::keyClick(window(), static_cast<Qt::Key>(key), modifiers);
    }
    // Clicks `entry` of the menu `title`.
    void clickMenu(const QString &title, const QString &entry)
    {
        const auto bare = [](QString text) {
            return text.remove('&');
        };
        for (QAction *top : window()->menuBar()->actions()) {
            if (bare(top->text()) != title)
                continue;
            QTest::mouseClick(window()->menuBar(), Qt::LeftButton, {},
                              window()->menuBar()->actionGeometry(top).center());
            QVERIFY(QTest::qWaitForWindowExposed(top->menu()));
            for (QAction *action : top->menu()->actions()) {
                if (bare(action->text()) == entry)
                    QTest::mouseClick(top->menu(), Qt::LeftButton, {}, top->menu()->actionGeometry(action).center());
            }
        }
    }
    // Puts `path` into the file dialog that is about to open, and confirms it.
    void answerFileDialog(const QString &path)
    {
        auto *timer = new QTimer(this);
        connect(timer, &QTimer::timeout, this, [timer, path] {
            auto *dialog = qobject_cast<QFileDialog *>(QApplication::activeModalWidget());
            if (!dialog || !dialog->isVisible())
                return;
            timer->deleteLater();
            dialog->findChild<QLineEdit *>("fileNameEdit")->setText(path); // typed, completions would come between
            auto *buttons = dialog->findChild<QDialogButtonBox *>();
            for (const auto which : {QDialogButtonBox::Open, QDialogButtonBox::Save}) {
                if (QPushButton *button = buttons->button(which))
                    QTest::mouseClick(button, Qt::LeftButton);
            }
        });
        timer->start(20);
    }
    void typeInto(QWidget *field, const QString &text)
    {
        field->window()->activateWindow();
        click(field);
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, text);
        QTest::keyClick(field, Qt::Key_Tab);
    }
    void drag(int block, double keep)
    {
        m_studio->press(block, m_studio->keepOf(block));
        m_studio->moveTo(block, keep);
        m_studio->release(block, keep);
    }
    void setAllFormats(NumberFormat format)
    {
        m_studio->layers()->setFocus();
        QTest::keyClick(m_studio->layers(), Qt::Key_A, Qt::ControlModifier);
        key(Qt::Key_1 + static_cast<int>(format));
        QVERIFY(document()->plan().format("blocks.1.mlp.fc1") == format);
    }
    template<class Widget>
    Widget *named(const QString &accessibleName)
    {
        for (Widget *widget : window()->findChildren<Widget *>()) {
            if (widget->accessibleName() == accessibleName)
                return widget;
        }
        return nullptr;
    }
    QPushButton *buttonIn(QWidget *parent, const QString &text)
    {
        for (QPushButton *button : parent->findChildren<QPushButton *>()) {
            if (button->text().remove('&').startsWith(text))
                return button;
        }
        return nullptr;
    }
    void show()
    {
        m_studio = std::make_unique<StudioDriver>(REAL_ENGINE);
        activate();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        useSettingsOf(m_folder.path());
        qputenv("XDG_CACHE_HOME", m_folder.filePath("cache").toLocal8Bit());
        QProcess world;
        world.start(SMALL_WORLD, {m_folder.path()});
        QVERIFY(world.waitForFinished(patience));
        QCOMPARE(world.exitCode(), 0);
        show();
    }
    void cleanupTestCase() { m_studio.reset(); }

    void opensAndProfiles()
    {
        answerFileDialog(m_folder.filePath("model"));
        key(Qt::Key_O);
        QTRY_VERIFY_WITH_TIMEOUT(document()->hasModel(), patience);
        answerFileDialog(m_folder.filePath("calibration"));
        clickMenu("File", "Calibration Images…");
        QTRY_VERIFY_WITH_TIMEOUT(document()->calibrationSummary(), patience);
        answerFileDialog(m_folder.filePath("data"));
        clickMenu("File", "Judging Images…");
        QTRY_VERIFY_WITH_TIMEOUT(workflow()->isReady(), patience);
        QVERIFY(m_studio->settle());
        QVERIFY(document()->session().profile);
        QCOMPARE(m_studio->banner(), QString());
    }

    void dragsMeasuresAndUndoes()
    {
        const CompressionPlan before = document()->plan();
        m_studio->press(0, m_studio->keepOf(0));
        for (const double keep : {0.9, 0.7, 0.5})
            m_studio->moveTo(0, keep);
        m_studio->release(0, 0.5);
        QCOMPARE(m_studio->keepOf(0), 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(document()->measured(), patience); // left alone, it is measured
        QVERIFY(m_studio->settle());
        QVERIFY(window()->findChild<VerdictLine *>()->text().contains("measured on 200 images"));
        key(Qt::Key_Z);
        QVERIFY(document()->plan() == before); // the drag is one edit
        key(Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(m_studio->keepOf(0), 0.5);
        QVERIFY(m_studio->settle());
    }

    void setsFormatsByKeys()
    {
        setAllFormats(NumberFormat::Int8);
        QTRY_VERIFY_WITH_TIMEOUT(document()->measured(), patience);
        QVERIFY(m_studio->settle());
    }

    void solves()
    {
        const std::int64_t whole = document()->baseline()->measurement.weightsBytes;
        const std::int64_t budget = whole * 45 / 100 / 1000 * 1000; // kB, as the field has it
        if (budget < 500'000) {                                     // the field's least
            clickMenu("Plan", "Keep Everything");
            typeInto(named<OptionalNumber>("Loss at most"), "3");
            QVERIFY(document()->session().budgets.maxDropPoints);
        } else {
            typeInto(named<OptionalNumber>("Weights at most"), QString::number(1e-6 * static_cast<double>(budget)));
        }
        click(m_studio->button("Solve"));
        QVERIFY(workflow()->isSolving());
        QVERIFY(m_studio->settle());
        const Variant *found = document()->measured();
        QVERIFY(found && found->quality == Quality::Final);
        QVERIFY(found->measurement.weightsBytes < whole);
    }

    void runsTheRecipe()
    {
        click(m_studio->button("Run EdgeFlex Recipe"));
        QVERIFY(m_studio->settle());
        QCOMPARE(document()->recipe().size(), std::size_t{4});
    }

    void cancels()
    {
        // A job on so small a model is short: Esc is pressed as soon as one runs.
        bool pressed = false;
        QObject context;
        connect(workflow(), &Workflow::changed, &context, [&] {
            if (!pressed && workflow()->isMeasuringPlan() && workflow()->queue()->state()) {
                pressed = true;
                QMetaObject::invokeMethod(
                    &context, [this] { key(Qt::Key_Escape, {}); }, Qt::QueuedConnection);
            }
        });
        setAllFormats(NumberFormat::Bf16); // which nothing before had
        QTRY_VERIFY_WITH_TIMEOUT(pressed, patience);
        QVERIFY(m_studio->settle());
        QVERIFY(workflow()->isReady());
    }

    void exports()
    {
        key(Qt::Key_E);
        auto *dialog = window()->findChild<ExportDialog *>();
        QVERIFY(dialog);
        typeInto(dialog->findChild<QLineEdit *>(), m_folder.filePath("small.onnx"));
        click(buttonIn(dialog, "Export"));
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(m_folder.filePath("small.onnx")).size() > 1000, patience);
        QVERIFY(m_studio->settle());
        QVERIFY(dialog->snippet().contains("small.onnx"));
        click(buttonIn(dialog, "Close"));
        QTRY_VERIFY(!window()->findChild<ExportDialog *>());
    }

    void reports_data()
    {
        QTest::addColumn<QString>("entry");
        QTest::addColumn<QString>("ending");
        QTest::newRow("pdf") << "PDF…"
                             << "pdf";
        QTest::newRow("html") << "HTML…"
                              << "html";
        QTest::newRow("csv") << "CSV…"
                             << "csv";
    }
    void reports()
    {
        QFETCH(QString, entry);
        QFETCH(QString, ending);
        const QString file = m_folder.filePath("report." + ending);
        answerFileDialog(file);
        clickMenu("Report", entry);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(file).size() > 1000, patience);
    }

    void losesNothingWithItsEngine()
    {
        const std::size_t before = document()->session().variants.size();
        const auto engine = window()->engine()->processId();
        bool killed = false;
        QObject context;
        connect(workflow()->queue(), &JobQueue::changed, &context, [&] {
            if (!killed && workflow()->isMeasuringPlan() && workflow()->queue()->state()) {
                killed = true;
                ::kill(static_cast<pid_t>(engine), SIGKILL);
            }
        });
        drag(1, m_studio->keepOf(1) > 0.6 ? 0.25 : 1.0); // still in BF16
        QTRY_VERIFY_WITH_TIMEOUT(killed, patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->banner().contains("Nothing is lost"), patience);
        QTRY_VERIFY_WITH_TIMEOUT(document()->measured(), patience);
        QVERIFY(m_studio->settle());
        QVERIFY(document()->session().variants.size() > before);
        QVERIFY(window()->engine()->processId() != engine);
    }

    void savesAndReopens()
    {
        const QString folder = m_folder.filePath("small.edgeflex");
        answerFileDialog(folder);
        key(Qt::Key_S);
        QVERIFY(QFileInfo::exists(folder + "/session.json"));
        Session saved = document()->session();
        for (Variant &variant : saved.variants) {
            if (!variant.isBaseline())
                variant.folder.clear(); // a solved model's folder is temporary
        }
        show();
        answerFileDialog(folder);
        clickMenu("File", "Open Session…");
        QTRY_VERIFY_WITH_TIMEOUT(document()->hasModel(), patience);
        QVERIFY(document()->session() == saved);
        QVERIFY(m_studio->settle());
        QCOMPARE(m_studio->banner(), QString());
    }

    // The images whose answer a plan changes, and the edit that did it.
    void findsTheEdit()
    {
        show();
        answerFileDialog(m_folder.filePath("balanced"));
        key(Qt::Key_O);
        QTRY_VERIFY_WITH_TIMEOUT(document()->hasModel(), patience);
        answerFileDialog(m_folder.filePath("calibration"));
        clickMenu("File", "Calibration Images…");
        QTRY_VERIFY_WITH_TIMEOUT(document()->calibrationSummary(), patience);
        answerFileDialog(m_folder.filePath("data"));
        clickMenu("File", "Judging Images…");
        QTRY_VERIFY_WITH_TIMEOUT(workflow()->isReady(), patience);
        QVERIFY(m_studio->settle());
        drag(0, 0.3);
        drag(1, 0.3);
        setAllFormats(NumberFormat::Int4);
        QTRY_VERIFY_WITH_TIMEOUT(document()->measured(), patience);
        QVERIFY(m_studio->settle());

        key(Qt::Key_5, Qt::AltModifier);
        VariantsPage *page = window()->page()->variants();
        QTabBar *tabs = page->details()->tabBar();
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(2).center());
        auto *gallery = page->findChild<FlipGallery *>();
        QVERIFY(gallery->isVisible());
        QVERIFY(gallery->model()->rowCount() > 0);
        const QModelIndex first = gallery->model()->index(0, 0);
        QTRY_VERIFY_WITH_TIMEOUT(first.data(Qt::DecorationRole).isValid(), patience);
        QTest::mouseClick(gallery->viewport(), Qt::LeftButton, {}, gallery->visualRect(first).center());
        click(m_studio->button("Which Edit Did It?"));
        const auto said = [&] {
            QString text;
            for (const QLabel *label : page->findChild<FlipPanel *>()->findChildren<QLabel *>())
                text += label->text();
            return text;
        };
        QTRY_VERIFY2_WITH_TIMEOUT(said().contains("did it"), qPrintable(said()), patience);
        QVERIFY(!window()->page()->view()->layers().isEmpty());
        QVERIFY(m_studio->settle());
    }
};

QTEST_MAIN(tst_HandsOn)
#include "tst_handson.moc"
