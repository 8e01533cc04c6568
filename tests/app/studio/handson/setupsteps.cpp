#include "handson.h"

#include "app/studio/firstpictures.h"
#include "app/studio/setuppage.h"
#include "widgets/picturestrip.h"

#include <QMessageBox>

namespace edgeflex::test {
namespace {

// The setup page, with a model that states a wrong mean and deviation, until that is put right.
class SetupSteps : public QObject
{
    Q_OBJECT

public:
    explicit SetupSteps(HandsOn &hands) : m_hands(hands) {}

private Q_SLOTS:
    // Nobody asked: it is checked as soon as nothing else is to do, and told wherever the user is.
    void warnsByItself()
    {
        if (!m_hands.world().small)
            QSKIP("the model would have to be measured whole, in vain");
        QVERIFY(m_hands.isReady());
        QVERIFY2(m_hands.studio().banner().contains("prepared wrongly"), qPrintable(m_hands.studio().banner()));
        QVERIFY(m_hands.page()->page() != WorkPage::Setup);
        m_hands.click(m_hands.button("Look at It"));
        QCOMPARE(m_hands.page()->page(), WorkPage::Setup);
        QCOMPARE(m_hands.studio().banner(), QString());
    }

    void findsTheBetterWay()
    {
        QVERIFY(m_hands.document()->hasModel());
        // Asked for, it does not wait until the model is measured, which would be of no use like this.
        if (!m_hands.world().small)
            QVERIFY(m_hands.clickMenu("Plan", "Check How Images Are Prepared"));
        QCOMPARE(m_hands.page()->page(), WorkPage::Setup);
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.workflow()->lint(), patience);
        const QString said = HandsOn::said(m_hands.page()->setup());
        QVERIFY2(m_hands.workflow()->lint()->better(), qPrintable(said));
        QVERIFY(said.contains("is better beyond chance"));
    }

    void saysWhatWasRecognised()
    {
        const QString said = HandsOn::said(m_hands.page()->setup());
        QVERIFY2(said.contains(m_hands.world().shape), qPrintable(said));
        QVERIFY(said.contains(QLocale().toString(m_hands.document()->spec().classes())));
        QVERIFY(said.contains("mean 0.9, deviation 12"));
    }

    void showsTheFirstImages()
    {
        const auto *strip = m_hands.page()->setup()->findChild<PictureStrip *>();
        QTRY_COMPARE_WITH_TIMEOUT(strip->count(), FirstPictures::mostShown, patience);
        QVERIFY(!strip->accessibleDescription().isEmpty());
    }

    // The better way is taken: the model is read again and answers better.
    void usesTheBetterWay()
    {
        QVERIFY(m_hands.workflow()->lint());
        const Proportion wrong = m_hands.workflow()->lint()->trials.front().top1;
        m_hands.answerQuestion(QMessageBox::Discard);
        m_hands.click(m_hands.button("Use the Better One"));
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->hasModel() && m_hands.document()->session().model.mean, patience);
        QVERIFY(m_hands.settle());
        QVERIFY(m_hands.isReady());
        const Proportion right = m_hands.document()->baseline()->measurement.top1;
        QVERIFY2(right.rate > wrong.rate + 0.25, qPrintable(QString("%1, before %2").arg(right.rate).arg(wrong.rate)));
    }

    // Asked for by the menu, the check says that nothing is better any more, or what still is.
    void checksAgain()
    {
        QVERIFY(m_hands.clickMenu("Plan", "Check How Images Are Prepared"));
        QVERIFY(m_hands.settle());
        QVERIFY(m_hands.workflow()->lint());
        const QString said = HandsOn::said(m_hands.page()->setup());
        QVERIFY(said.contains("better beyond chance"));
        QVERIFY(!said.contains("mean 0.9"));
    }

private:
    HandsOn &m_hands;
};

} // namespace

std::unique_ptr<QObject> makeSetupSteps(HandsOn &hands)
{
    return std::make_unique<SetupSteps>(hands);
}

} // namespace edgeflex::test

#include "setupsteps.moc"
