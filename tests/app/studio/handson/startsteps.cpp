#include "handson.h"

#include "app/studio/demofiles.h"

#include "app/studio/sourcedialog.h"
#include "app/studio/startpage.h"

#include <QListWidget>

namespace edgeflex::test {
namespace {

// The welcome page: the demo, the ways in, a model that is broken, and the world's model with its images.
class StartSteps : public QObject
{
    Q_OBJECT

public:
    explicit StartSteps(HandsOn &hands) : m_hands(hands) {}

private Q_SLOTS:
    void welcomes()
    {
        const auto *start = m_hands.window()->findChild<StartPage *>();
        QVERIFY(start->isVisible());
        for (const char *text : {"Open Model Folder", "Open Model File", "Open Session", "Try the Demo"})
            QVERIFY2(m_hands.button(text) && m_hands.button(text)->isVisible(), text);
        QVERIFY(m_hands.named<QWidget>("Or drop a model, images or a session anywhere in this window"));
        QVERIFY(HandsOn::said(start).contains("Sessions that you save appear here."));
    }

    void triesTheDemo()
    {
        if (!m_hands.button("Try the Demo")->isEnabled()) // where it is not beside the program, it says so
            QSKIP("the demo's model is not beside the test");
        m_hands.click(m_hands.button("Try the Demo"));
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->hasModel(), patience);
        const DemoFiles demo = findDemo(QApplication::applicationDirPath());
        if (demo.session.isEmpty() && demo.data.isEmpty()) { // then it says what is missing
            QVERIFY2(m_hands.studio().banner().contains("dataset-fashion-mnist"),
                     qPrintable(m_hands.studio().banner()));
        } else if (!demo.data.isEmpty()) {
            QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->dataSummary(), patience);
            QCOMPARE(m_hands.document()->dataSummary()->images, 10000);
        }
        m_hands.document()->saved({});
        m_hands.show(); // the rest goes on with fewer images
    }

    void saysWhatIsBroken()
    {
        m_hands.answerFileDialog(m_hands.world().broken);
        m_hands.click(m_hands.button("Open Model Folder"));
        QTRY_VERIFY_WITH_TIMEOUT(!m_hands.studio().banner().isEmpty(), patience);
        QVERIFY2(m_hands.studio().banner().contains("model.safetensors"), qPrintable(m_hands.studio().banner()));
        QVERIFY(m_hands.window()->findChild<StartPage *>()->isVisible());
        // The next step is offered, and may be declined.
        m_hands.click(m_hands.button("Say More About the Model"));
        auto *dialog = m_hands.window()->findChild<SourceDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!m_hands.window()->findChild<SourceDialog *>());
    }

    // The model that misstates how its images are prepared, which the setup page is to find out.
    void opensByKeyDropAndMenu()
    {
        m_hands.answerFileDialog(m_hands.world().wrong);
        m_hands.key(Qt::Key_O);
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->hasModel(), patience);
        QCOMPARE(static_cast<int>(m_hands.document()->spec().blocks.size()), m_hands.world().blocks);
        QCOMPARE(m_hands.studio().banner(), QString());
        m_hands.drop(m_hands.world().calibration);
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->calibrationSummary(), patience);
        m_hands.answerFileDialog(m_hands.world().data);
        QVERIFY(m_hands.clickMenu("File", "Judging Images…"));
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->dataSummary(), patience);
        if (m_hands.world().small) {
            QVERIFY(m_hands.settle());
            QVERIFY(m_hands.isReady());
        }
    }

private:
    HandsOn &m_hands;
};

} // namespace

std::unique_ptr<QObject> makeStartSteps(HandsOn &hands)
{
    return std::make_unique<StartSteps>(hands);
}

} // namespace edgeflex::test

#include "startsteps.moc"
