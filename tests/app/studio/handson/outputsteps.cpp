#include "handson.h"

#include "app/studio/exportdialog.h"
#include "app/studio/sessionstore.h"

#include <QFileInfo>
#include <QLineEdit>

namespace edgeflex::test {
namespace {

// What leaves the window: a model, reports, the session.
class OutputSteps : public QObject
{
    Q_OBJECT

public:
    explicit OutputSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;

private Q_SLOTS:
    void init() { QVERIFY(m_hands.isReady()); }

    void exports()
    {
        m_hands.key(Qt::Key_E);
        auto *dialog = m_hands.window()->findChild<ExportDialog *>();
        QVERIFY(dialog);
        const QString file = m_hands.path("small.onnx");
        m_hands.typeInto(dialog->findChild<QLineEdit *>(), file);
        m_hands.click(HandsOn::buttonIn(dialog, "Export"));
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(file).size() > 100000, patience);
        QVERIFY(m_hands.settle());
        QVERIFY(dialog->snippet().contains("small.onnx"));
        m_hands.click(HandsOn::buttonIn(dialog, "Close"));
        QTRY_VERIFY(!m_hands.window()->findChild<ExportDialog *>());
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
        const QString file = m_hands.path("report." + ending);
        m_hands.answerFileDialog(file);
        QVERIFY(m_hands.clickMenu("Report", entry));
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(file).size() > 1000, patience);
    }

    void savesAndReopens()
    {
        const QString folder = m_hands.path("saved.edgeflex");
        m_hands.answerFileDialog(folder);
        m_hands.key(Qt::Key_S);
        QVERIFY(QFileInfo::exists(folder + "/session.json"));
        QVERIFY(!m_hands.window()->isWindowModified());
        Session saved = m_hands.document()->session();
        for (Variant &variant : saved.variants) {
            if (!variant.isBaseline())
                variant.folder.clear(); // a solved model's folder is temporary
        }
        m_hands.show();
        // It is among the recent ones.
        QVERIFY(recentSessions().contains(folder));
        m_hands.answerFileDialog(folder);
        QVERIFY(m_hands.clickMenu("File", "Open Session…"));
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.document()->hasModel(), patience);
        QVERIFY(m_hands.document()->session() == saved);
        QVERIFY(m_hands.settle());
        QVERIFY(m_hands.isReady());
        QVERIFY2(m_hands.studio().banner().isEmpty() || m_hands.studio().banner().contains("prepared"),
                 qPrintable(m_hands.studio().banner()));
    }
};

} // namespace

std::unique_ptr<QObject> makeOutputSteps(HandsOn &hands)
{
    return std::make_unique<OutputSteps>(hands);
}

} // namespace edgeflex::test

#include "outputsteps.moc"
