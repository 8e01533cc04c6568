#include "handson.h"

#include "app/studio/exportdialog.h"
#include "app/studio/settingsdialog.h"
#include "app/studio/startpage.h"
#include "widgets/chartcolors.h"

#include <QApplication>
#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QMessageBox>
#include <QProcess>
#include <QTreeWidget>

#include <cstdio>

namespace edgeflex::test {
namespace {

constexpr int keptMs = 2000; // after which a crash may not lose an edit

// Settings, versions, keys; a window that is killed; a whole session without a mouse.
class MannersSteps : public QObject
{
    Q_OBJECT

public:
    explicit MannersSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;

private Q_SLOTS:
    void init() { QVERIFY(m_hands.isReady()); }

    void changesColours()
    {
        m_hands.key(Qt::Key_Comma);
        auto *dialog = m_hands.window()->findChild<SettingsDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        auto *colors = m_hands.named<QComboBox>("Colours", dialog);
        colors->setFocus();
        QTest::keyClick(colors, Qt::Key_End);
        QTRY_VERIFY(isDark(m_hands.window()->palette()));
        QTest::keyClick(colors, Qt::Key_Up);
        QTRY_VERIFY(!isDark(m_hands.window()->palette()));
        QTest::keyClick(colors, Qt::Key_Home);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!m_hands.window()->findChild<SettingsDialog *>());
    }

    void saysVersionsAndKeys()
    {
        QString about;
        m_hands.whenAsked([&](QDialog *dialog) {
            about = static_cast<QMessageBox *>(dialog)->text();
            QTest::keyClick(dialog, Qt::Key_Escape);
        });
        QVERIFY(m_hands.clickMenu("Help", "About EdgeFlex Studio"));
        for (const char *part : {EDGEFLEX_VERSION, "Qt 6", "oneDNN", "LibTorch", "Engine: edgeflex"})
            QVERIFY2(about.contains(part), qPrintable(about));
        int keys = 0;
        m_hands.whenAsked([&](QDialog *dialog) {
            for (QTreeWidgetItemIterator item(dialog->findChild<QTreeWidget *>()); *item; ++item)
                keys += !(*item)->text(1).isEmpty();
            QTest::keyClick(dialog, Qt::Key_Escape);
        });
        m_hands.key(Qt::Key_F1, {});
        QVERIFY(keys > 30);
    }

    // A window that is killed loses nothing that is older than two seconds: the next one offers it.
    void recoversAfterAKill()
    {
        const QString session = m_hands.document()->folder();
        QVERIFY(!session.isEmpty());
        m_hands.close();
        QProcess window;
        window.start(QCoreApplication::applicationFilePath(), {"--edit-until-killed", session});
        QVERIFY(window.waitForStarted());
        while (!window.canReadLine())
            QVERIFY2(window.waitForReadyRead(patience), window.readAllStandardError().constData());
        const double edited = window.readLine().trimmed().toDouble();
        QVERIFY(edited > 0 && edited < 1);
        QTest::qWait(keptMs);
        window.kill();
        QVERIFY(window.waitForFinished(patience));

        m_hands.show();
        QVERIFY(HandsOn::said(m_hands.window()->findChild<StartPage *>()).contains("ended unexpectedly"));
        m_hands.click(m_hands.button("Go On with It"));
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->hasModel(), patience);
        QCOMPARE(m_hands.studio().keepOf(0), edited);
        QCOMPARE(m_hands.document()->folder(), session);
        QVERIFY(m_hands.window()->isWindowModified());
        QVERIFY(m_hands.settle());
    }

    // Open, look, change, undo, solve, export: with keys alone.
    void worksWithoutAMouse()
    {
        const QString session = m_hands.document()->folder();
        m_hands.document()->saved(session);
        m_hands.show();
        if (m_hands.world().small) {
            m_hands.answerFileDialog(m_hands.world().model);
            m_hands.key(Qt::Key_O);
            QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->hasModel(), patience);
            // The images, by the mnemonics of their fields.
            m_hands.answerFileDialog(m_hands.world().calibration);
            m_hands.key(Qt::Key_C, Qt::AltModifier);
            QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->calibrationSummary(), patience);
            m_hands.answerFileDialog(m_hands.world().data);
            m_hands.key(Qt::Key_J, Qt::AltModifier);
            QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->dataSummary(), patience);
        } else { // what was measured before serves once more
            m_hands.answerFileDialog(session);
            m_hands.key(Qt::Key_S, Qt::AltModifier); // Open Session
            QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->hasModel(), patience);
        }
        QVERIFY(m_hands.settle());
        QVERIFY(m_hands.isReady());
        for (const auto page :
             {WorkPage::Profile, WorkPage::Setup, WorkPage::Tradeoff, WorkPage::Variants, WorkPage::Tune})
            m_hands.showPage(page);

        // Keys go where the focus is.
        const auto press = [this](int key, Qt::KeyboardModifiers modifiers = {}) {
            QVERIFY(m_hands.activate());
            QTest::keyClick(QApplication::focusWidget() ? QApplication::focusWidget() : m_hands.window(),
                            static_cast<Qt::Key>(key), modifiers);
        };
        const CompressionPlan before = m_hands.document()->plan();
        press(Qt::Key_Y, Qt::AltModifier); // to the table of layers
        QTRY_VERIFY(m_hands.studio().layers()->hasFocus());
        press(Qt::Key_Home);
        press(Qt::Key_Down);
        for (int i = 0; i < 4; ++i)
            press(Qt::Key_Minus);
        QVERIFY(m_hands.document()->plan() != before);
        QVERIFY(m_hands.measured());
        QVERIFY(m_hands.undoTo(before));

        press(Qt::Key_W, Qt::AltModifier); // to the budget of the weights
        QTRY_COMPARE(QApplication::focusWidget()->accessibleName(), QString("Weights at most"));
        const std::int64_t whole = m_hands.document()->baseline()->measurement.weightsBytes;
        QTest::keyClicks(QApplication::focusWidget(), QString::number(0.6e-6 * static_cast<double>(whole), 'f', 3));
        press(Qt::Key_Return, Qt::ControlModifier); // which takes what was typed
        QVERIFY(m_hands.document()->session().budgets.maxWeightsBytes);
        QTRY_VERIFY(m_hands.workflow()->isSolving());
        QVERIFY(m_hands.settle());
        QVERIFY(m_hands.document()->measured() && m_hands.document()->measured()->quality == Quality::Final);

        press(Qt::Key_E, Qt::ControlModifier);
        auto *dialog = m_hands.window()->findChild<ExportDialog *>();
        QVERIFY(dialog);
        auto *field = dialog->findChild<QLineEdit *>();
        const QString file = m_hands.path("keys.onnx");
        dialog->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), static_cast<QWidget *>(dialog));
        for (int tabs = 0; tabs < 20 && !field->hasFocus(); ++tabs)
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QVERIFY(field->hasFocus());
        QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(field, file);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(file).size() > 100000, patience);
        QVERIFY(m_hands.settle());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!m_hands.window()->findChild<ExportDialog *>());
    }
};

} // namespace

std::unique_ptr<QObject> makeMannersSteps(HandsOn &hands)
{
    return std::make_unique<MannersSteps>(hands);
}

int editUntilKilled(const QString &session)
{
    StudioDriver studio(REAL_ENGINE);
    studio.window.openSession(session);
    if (!studio.settle())
        return 1;
    studio.window.page()->showPage(WorkPage::Tune);
    studio.press(0, studio.keepOf(0));
    studio.moveTo(0, studio.keepOf(0) > 0.5 ? 0.35 : 0.8);
    studio.release(0, studio.keepOf(0));
    std::printf("%.17g\n", studio.keepOf(0));
    std::fflush(stdout);
    return QApplication::exec();
}

} // namespace edgeflex::test

#include "mannerssteps.moc"
