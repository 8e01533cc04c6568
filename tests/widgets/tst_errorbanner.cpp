#include "widgets/errorbanner.h"

#include <QLabel>
#include <QTest>
#include <QToolButton>

using namespace edgeflex;

class tst_ErrorBanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsUntilClosed()
    {
        ErrorBanner banner;
        QCOMPARE(banner.sentence(), QString());
        banner.show("The file a.safetensors is cut off; copy it again.");
        QVERIFY(banner.isVisible());
        QCOMPARE(banner.sentence(), QString("The file a.safetensors is cut off; copy it again."));
        auto *close = banner.findChild<QToolButton *>();
        QVERIFY(close && !close->accessibleName().isEmpty());
        QTest::mouseClick(close, Qt::LeftButton);
        QVERIFY(!banner.isVisible());
        QCOMPARE(banner.sentence(), QString());
    }

    void sentenceIsNeverMarkup()
    {
        ErrorBanner banner;
        banner.show("<img src=file:///etc/passwd> is no layer.");
        const QList<QLabel *> labels = banner.findChildren<QLabel *>();
        const auto text =
            std::ranges::find_if(labels, [](const QLabel *label) { return label->text().contains("no layer"); });
        QVERIFY(text != labels.end());
        QCOMPARE((*text)->textFormat(), Qt::PlainText);
    }
};

QTEST_MAIN(tst_ErrorBanner)
#include "tst_errorbanner.moc"
