#include "widgets/flipgallery.h"
#include "widgets/flipmodel.h"

#include <QAbstractItemModelTester>
#include <QLocale>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

namespace {

// One that was lost, one that was won, one that is wrong in both.
const std::vector<AnswerChange> changes{{3, std::nullopt, 1}, {5, 2, std::nullopt}, {8, 0, 1}};
const QStringList names{"shirt", "coat", "bag"};

QImage picture()
{
    QImage image(28, 28, QImage::Format_Grayscale8);
    image.fill(128);
    return image;
}

} // namespace

class TestFlipModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void says()
    {
        FlipModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setChanges(changes, names);
        QCOMPARE(model.rowCount(), 3);
        const QModelIndex lost = model.index(0);
        QCOMPARE(lost.data(FlipModel::ImageRole).toLongLong(), 3);
        QCOMPARE(lost.data(FlipModel::AnswerBRole).toString(), QString("B: coat"));
        QVERIFY(!model.hasPicture(lost));
        QVERIFY(!lost.data(Qt::DecorationRole).isValid());
        // What is right is known with the picture.
        QVERIFY(!lost.data(FlipModel::AnswerARole).toString().contains("bag"));
        model.setPicture(3, picture(), 2, "3.png");
        QVERIFY(model.hasPicture(lost));
        QCOMPARE(lost.data(FlipModel::AnswerARole).toString(), QString("A: bag"));
        QCOMPARE(lost.data(FlipModel::TruthRole).toString(), QString("is bag"));
        QCOMPARE(lost.data(Qt::AccessibleTextRole).toString(),
                 QString("3.png is bag: A says bag (right), B says coat (wrong)"));
        model.setPicture(99, picture(), 0, "another"); // of a comparison before
        model.clearPictures();
        QVERIFY(!model.hasPicture(lost));
        model.setChanges({}, names);
        QCOMPARE(model.rowCount(), 0);
    }

    void filters()
    {
        FlipModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setChanges(changes, {});
        QCOMPARE(model.count(FlipModel::Kind::Lost), 1);
        QCOMPARE(model.count(FlipModel::Kind::Won), 1);
        QCOMPARE(model.count(FlipModel::Kind::Wrong), 1);
        const std::pair<FlipModel::Show, int> expected[] = {
            {FlipModel::Show::Lost, 3}, {FlipModel::Show::Won, 5}, {FlipModel::Show::Wrong, 8}};
        for (const auto &[show, image] : expected) {
            model.setShow(show);
            QCOMPARE(model.rowCount(), 1);
            QCOMPARE(model.index(0).data(FlipModel::ImageRole).toInt(), image);
        }
        model.setChanges({{4, 7, 6}}, {}); // the filter stays
        QCOMPARE(model.rowCount(), 1);
        QVERIFY(model.index(0).data(FlipModel::AnswerARole).toString().contains('7')); // without a name
        model.setShow(FlipModel::Show::All);
        QCOMPARE(model.rowCount(), 1);
    }

    // Only what is in sight is asked for, and once it is there not again.
    void asksForWhatIsSeen()
    {
        std::vector<AnswerChange> many;
        for (int i = 0; i < 500; ++i)
            many.push_back({i, std::nullopt, 1});
        FlipModel model;
        FlipGallery gallery(&model);
        std::vector<std::int64_t> wanted;
        connect(&gallery, &FlipGallery::picturesWanted, this,
                [&](const std::vector<std::int64_t> &images) { wanted = images; });
        model.setChanges(many, names);
        gallery.resize(600, 400);
        gallery.show();
        QTRY_VERIFY(!wanted.empty());
        QCOMPARE(wanted.front(), std::int64_t(0));
        QVERIFY(wanted.size() < 60);
        for (const std::int64_t image : wanted)
            model.setPicture(image, picture(), 0, {});
        const std::int64_t last = wanted.back();
        wanted.clear();
        gallery.verticalScrollBar()->setValue(gallery.verticalScrollBar()->maximum());
        QTRY_VERIFY(!wanted.empty());
        QVERIFY(wanted.front() > last);
        QCOMPARE(wanted.back(), std::int64_t(499));
    }

    void paints()
    {
        FlipModel model;
        FlipGallery gallery(&model);
        gallery.setHint("Nothing changed.");
        gallery.resize(400, 200);
        const QImage empty = gallery.grab().toImage();
        model.setChanges(changes, names);
        model.setPicture(3, picture(), 2, "3.png");
        const QImage full = gallery.grab().toImage();
        QVERIFY(full != empty);
        QVERIFY(gallery.sizeHintForIndex(model.index(0)).height() > 96);
    }
};

QTEST_MAIN(TestFlipModel)
#include "tst_flipmodel.moc"
