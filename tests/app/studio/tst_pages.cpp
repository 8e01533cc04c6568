#include "fakeworld.h"
#include "studiodriver.h"

#include "app/studio/effectpanel.h"
#include "app/studio/exportdialog.h"
#include "app/studio/firstpictures.h"
#include "app/studio/flippanel.h"
#include "app/studio/jobtablemodel.h"
#include "app/studio/memorypanel.h"
#include "app/studio/plandifference.h"
#include "app/studio/profilepage.h"
#include "app/studio/settingsdialog.h"
#include "app/studio/setuppage.h"
#include "app/studio/shortcutsdialog.h"
#include "app/studio/sourcedialog.h"
#include "app/studio/sourceform.h"
#include "app/studio/startpage.h"
#include "app/studio/tradeoffpage.h"
#include "app/studio/tunepage.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "app/studio/workpanel.h"
#include "plan/planedits.h"
#include "widgets/comparebars.h"
#include "widgets/flipgallery.h"
#include "widgets/flipmodel.h"
#include "widgets/picturestrip.h"
#include "widgets/sensitivitygrid.h"
#include "widgets/sensitivitygridmodel.h"
#include "widgets/timelinechart.h"
#include "widgets/varianttreemodel.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QSignalSpy>
#include <QSlider>
#include <QStackedWidget>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>
#include <QToolButton>
#include <QTranslator>
#include <QTreeView>
#include <QTreeWidget>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

QString bare(QString text)
{
    return text.remove('&');
}

} // namespace

class tst_Pages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useSettingsOf(m_folder.path()); }
    void init() { QLocale::setDefault(QLocale::c()); }

    // Every action has its place in a menu, a tip and a name; no shortcut is there twice.
    void everyActionIsFound()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        QList<QAction *> found;
        QStringList keys;
        const std::function<void(const QMenu *)> walk = [&](const QMenu *menu) {
            for (QAction *action : menu->actions()) {
                if (action->isSeparator())
                    continue;
                found += action;
                QVERIFY2(!bare(action->text()).isEmpty(), qPrintable(menu->title()));
                for (const QKeySequence &key : action->shortcuts())
                    keys += key.toString();
                if (action->menu()) {
                    walk(action->menu());
                    continue;
                }
                QVERIFY2(!action->toolTip().isEmpty() && action->toolTip() != bare(action->text()),
                         qPrintable(action->text() + " has no tip"));
            }
        };
        for (const QAction *top : studio.window.menuBar()->actions())
            walk(top->menu());
        QVERIFY(found.size() > 30);
        QCOMPARE(keys.removeDuplicates(), 0);
        for (QAction *action : studio.window.findChildren<QAction *>()) {
            if (action->shortcut().isEmpty() || !action->parent()->inherits("edgeflex::MainWindow"))
                continue;
            QVERIFY2(found.contains(action), qPrintable(action->text() + " has a key and no place in a menu"));
        }
        // The dialog lists every key.
        ShortcutsDialog dialog(studio.window.menuBar(), &studio.window);
        auto *list = dialog.findChild<QTreeWidget *>();
        QStringList listed;
        for (QTreeWidgetItemIterator item(list); *item; ++item)
            listed += (*item)->text(1).split(", ");
        for (const QString &key : keys)
            QVERIFY2(listed.contains(key), qPrintable(key + " is not listed"));
    }

    // Walks every page in every size and language: controls have names and tips, and no text is cut off.
    void everyPageIsWhole_data()
    {
        QTest::addColumn<QString>("language");
        QTest::addColumn<QSize>("size");
        QTest::newRow("smallest, en") << "en" << QSize(1100, 700);
        QTest::newRow("smallest, de") << "de" << QSize(1100, 700);
        QTest::newRow("4K, en") << "en" << QSize(3840, 2160);
    }
    void everyPageIsWhole()
    {
        QFETCH(QString, language);
        QFETCH(QSize, size);
        QTranslator translator;
        if (language != "en") {
            QVERIFY(translator.load(QString(EDGEFLEX_BINARY_DIR) + "/app/studio/edgeflex_" + language + ".qm"));
            QCoreApplication::installTranslator(&translator);
        }
        StudioDriver studio(FAKE_ENGINE);
        studio.window.resize(size);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3, 4, 5}, 0.5);
        QVERIFY(studio.settle());
        studio.workflow()->lintPreprocessing();
        QVERIFY(studio.settle());
        studio.window.showWork(true);
        for (int page = 0; page < WorkPage::PageCount; ++page) {
            studio.window.page()->showPage(static_cast<WorkPage::Page>(page));
            auto *shown = studio.window.page()->findChild<QStackedWidget *>()->currentWidget();
            auto *tabs = shown->findChild<QTabWidget *>();
            for (int tab = 0; tab < (tabs ? tabs->count() : 1); ++tab) {
                if (tabs)
                    tabs->setCurrentIndex(tab);
                QTest::qWait(50);
                QVERIFY(studio.settle()); // what a page asks for comes and goes in the line of jobs
                // Nothing makes the window larger.
                QVERIFY2(studio.window.size() == size, qPrintable(QString("page %1, %2x%3 pixels")
                                                                      .arg(page)
                                                                      .arg(studio.window.width())
                                                                      .arg(studio.window.height())));
                verifyWhole(&studio.window, QString("page %1, tab %2").arg(page).arg(tab));
                if (QTest::currentTestFailed())
                    return;
            }
        }
        SettingsDialog settings({}, &studio.window);
        ExportDialog exporting(studio.document(), studio.workflow(), &studio.window);
        ShortcutsDialog shortcuts(studio.window.menuBar(), &studio.window);
        SourceDialog *source = new SourceDialog({}, &studio.window); // deletes itself
        for (QDialog *dialog : std::initializer_list<QDialog *>{&settings, &exporting, &shortcuts, source}) {
            dialog->show();
            QTest::qWait(30);
            verifyWhole(dialog, dialog->windowTitle());
            dialog->close();
        }
    }

    void theGridMakesThePlan()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        TunePage *tune = studio.window.page()->tune();
        tune->showGrid(true);
        SensitivityGrid *grid = tune->grid();
        QVERIFY(grid->isVisible());
        const QModelIndex cell = grid->model()->index(4, 2); // qkv of block 3
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->visualRect(cell).center());
        const auto format = static_cast<NumberFormat>(cell.data(SensitivityGridModel::FormatRole).toInt());
        QVERIFY(studio.document()->plan().format("blocks.3.attn.qkv") == format);
        QVERIFY(studio.window.page()->view()->layers().contains("blocks.3.mlp.fc1"));
        // What is marked in one view is marked in all.
        QVERIFY(studio.layers()->selectedLayers().contains("blocks.3.mlp.fc1"));
        QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->visualRect(cell).center());
        QVERIFY(studio.document()->isOriginal());
    }

    void allBlocksTogether()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        auto *slider = studio.window.page()->tune()->findChild<QSlider *>();
        QVERIFY(slider);
        slider->setValue(60);
        const double kept = studio.document()->averageKeep().value();
        QVERIFY2(kept > 0.55 && kept <= 0.6 + 1e-9, qPrintable(QString::number(kept)));
        // By sensitivity: not all alike.
        QVERIFY(studio.keepOf(0) != studio.keepOf(7));
        studio.document()->undoStack()->undo();
        QVERIFY(studio.document()->isOriginal());
    }

    void similarLayersAndReset()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({2}, 0.5);
        studio.document()->setFormat({"blocks.2.mlp.fc1", "blocks.2.mlp.fc2"}, NumberFormat::Int8);
        studio.layers()->setCurrentIndex(studio.block(2));
        QTest::mouseClick(studio.button("Apply to Similar"), Qt::LeftButton);
        for (int block = 0; block < 12; ++block) {
            QCOMPARE(studio.keepOf(block), 0.5);
            QVERIFY(studio.document()->plan().format(layerName(block, "mlp.fc2")) == NumberFormat::Int8);
            QVERIFY(studio.document()->plan().format(layerName(block, "attn.qkv")) == NumberFormat::Fp32);
        }
        QTest::mouseClick(studio.button("Reset"), Qt::LeftButton);
        QCOMPARE(studio.keepOf(2), 1.0);
        QCOMPARE(studio.keepOf(3), 0.5);
        studio.document()->undoStack()->undo();
        QCOMPARE(studio.keepOf(2), 0.5);
    }

    void findsLayers()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&studio.window));
        studio.window.page()->tune()->findLayer();
        auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
        QVERIFY(field);
        QTest::keyClicks(field, "3.mlp.fc1");
        int shown = 0;
        for (int row = 0; row < 14; ++row)
            shown += !studio.layers()->isRowHidden(row, {});
        QCOMPARE(shown, 1);
        QVERIFY(!studio.layers()->isRowHidden(2, studio.block(3)));
        QVERIFY(studio.layers()->isRowHidden(0, studio.block(3)));
        field->clear();
        QVERIFY(!studio.layers()->isRowHidden(0, {}));
    }

    void saysWhatAnEditBuys()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        EffectPanel *effects = studio.window.page()->tune()->effects();
        auto *tabs = studio.window.page()->tune()->findChild<QTabWidget *>();
        tabs->setCurrentWidget(effects);
        QTRY_VERIFY(effects->isComplete());
        QCOMPARE(effects->model()->rowCount(), 0); // nothing is selected
        studio.layers()->setCurrentIndex(studio.block(4));
        QTRY_VERIFY(effects->isComplete() && effects->model()->rowCount() > 5);
        int int8 = -1;
        for (int row = 0; row < effects->model()->rowCount(); ++row) {
            if (effects->model()->effect(row).text == "INT8")
                int8 = row;
        }
        const Prediction promised = *effects->model()->effect(int8).prediction;
        Q_EMIT effects->table()->activated(effects->model()->index(int8, 0));
        QVERIFY(studio.document()->plan().format("blocks.4.attn.proj") == NumberFormat::Int8);
        QCOMPARE(studio.document()->prediction()->weightsBytes, promised.weightsBytes);
    }

    void thePeakIsExplained()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.window.page()->showPage(WorkPage::Profile);
        EffectPanel *lowering = studio.window.page()->profile()->memory()->lowering();
        QTRY_VERIFY(lowering->isComplete() && lowering->model()->rowCount() > 0);
        const std::int64_t before = studio.document()->figures().timeline.peakBytes();
        for (int row = 0; row < lowering->model()->rowCount(); ++row)
            QVERIFY(lowering->model()->effect(row).prediction->peakBytes < before);
        Q_EMIT lowering->table()->activated(lowering->model()->index(0, 0));
        QVERIFY(studio.document()->figures().timeline.peakBytes() < before);
    }

    void aFrameFilters()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        for (const double keep : {0.8, 0.4}) {
            studio.document()->setMlpKeep({1, 2, 3}, keep);
            QVERIFY(studio.settle());
        }
        studio.window.page()->showPage(WorkPage::Tradeoff);
        TradeoffPage *page = studio.window.page()->tradeoff();
        QTest::qWait(50);
        TradeoffPlot *plot = page->findChildren<TradeoffPlot *>().first();
        const int wanted = studio.document()->variants().back().id;
        const QPoint at = plot->pixelOf(*plot->variantPoint(wanted));
        QTest::mousePress(plot, Qt::LeftButton, {}, at - QPoint(9, 60));
        QTest::mouseMove(plot, at + QPoint(9, 40));
        QTest::mouseRelease(plot, Qt::LeftButton, {}, at + QPoint(9, 60));
        QVERIFY(page->filtered().contains(wanted));
        QVERIFY(!page->filtered().contains(studio.document()->baseline()->id));
        QTest::mouseClick(studio.button("Show All"), Qt::LeftButton);
        QVERIFY(page->filtered().isEmpty());
        // A click takes the plan of a point up, and that can be undone.
        const CompressionPlan now = studio.document()->plan();
        const Variant &other = studio.document()->variants()[1];
        QVERIFY(other.plan != now);
        QTest::mouseClick(plot, Qt::LeftButton, {}, plot->pixelOf(*plot->variantPoint(other.id)));
        QVERIFY(studio.document()->plan() == other.plan);
        QVERIFY(page->filtered().isEmpty());
        studio.document()->undoStack()->undo();
        QVERIFY(studio.document()->plan() == now);
    }

    void comparesStates()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({1}, 0.5);
        QVERIFY(studio.settle());
        const int first = studio.document()->measured()->id;
        studio.document()->setFormat({"head"}, NumberFormat::Int8);
        QVERIFY(studio.settle());
        const Variant *second = studio.document()->measured();
        QCOMPARE(second->parent, first); // made from it by an edit
        QCOMPARE(studio.document()->variant(first)->parent, studio.document()->baseline()->id);

        studio.window.page()->showPage(WorkPage::Variants);
        VariantsPage *page = studio.window.page()->variants();
        page->compare(first, second->id);
        auto *differences = page->findChild<QTreeWidget *>();
        QCOMPARE(differences->topLevelItemCount(), 1);
        QCOMPARE(differences->topLevelItem(0)->text(0), QString("head"));
        page->compare(studio.document()->baseline()->id, second->id);
        QCOMPARE(differences->topLevelItemCount(), 2);
        QVERIFY(page->findChild<CompareBars *>()->rows().size() >= 4);
        bool proven = false;
        for (const QLabel *label : page->findChildren<QLabel *>())
            proven = proven || label->text().contains("Proven: at most");
        QVERIFY(proven);

        // A star and a name are edits like others.
        const int id = second->id;
        studio.document()->setVariantStarred(id, true);
        studio.document()->setVariantName(id, "the one");
        QCOMPARE(page->tree()->model()->rowCount(), 1); // all come from the original
        QVERIFY(studio.document()->variant(id)->starred);
        studio.document()->undoStack()->undo();
        studio.document()->undoStack()->undo();
        QVERIFY(!studio.document()->variant(id)->starred);
    }

    // Any two states are tested on the answers to the same images, not only against the original.
    void statesAreTestedAgainstEachOther()
    {
        StudioDriver studio(FAKE_ENGINE);
        const auto [first, second] = twoStates(studio);
        VariantsPage *page = studio.window.page()->variants();
        page->compare(first, second);
        const PairedDrop drop = pairedDrop(*studio.document()->variant(first)->measurement.answers,
                                           *studio.document()->variant(second)->measurement.answers);
        const QString proven = QString("Proven: at most %1 points lost.").arg(drop.upperBound, 0, 'f', 2);
        QVERIFY(said(page).contains(proven));
        QVERIFY(said(page).contains("exact McNemar p = " + QLocale().toString(drop.mcnemarP, 'g', 2)));
        Budgets budgets;
        budgets.maxDropPoints = drop.upperBound / 2;
        studio.document()->setBudgets(budgets);
        QVERIFY(said(page).contains("is not proven"));
        // A session of before answers were kept proves nothing about two that were not compared.
        Session old = studio.document()->session();
        for (Variant &variant : old.variants)
            variant.measurement.answers.reset();
        studio.workflow()->openSession(old, {});
        QVERIFY(studio.settle());
        page->compare(first, second);
        QVERIFY(said(page).contains("nothing is proven"));
    }

    // The images whose answer changed, and the one layer that changed the answer to one of them.
    void changedAnswersAndTheirEdit()
    {
        StudioDriver studio(FAKE_ENGINE);
        const auto [first, second] = twoStates(studio);
        const Variant original = *studio.document()->baseline();
        const Variant last = *studio.document()->variant(second);
        VariantsPage *page = studio.window.page()->variants();
        page->compare(original.id, second);
        QTabBar *tabs = page->details()->tabBar();
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(2).center());
        auto *panel = page->findChild<FlipPanel *>();
        auto *gallery = panel->findChild<FlipGallery *>();
        QAbstractItemModelTester tester(gallery->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const std::vector<AnswerChange> changes =
            answerChanges(*original.measurement.answers, *last.measurement.answers);
        QVERIFY(changes.size() > 30);
        QCOMPARE(gallery->model()->rowCount(), static_cast<int>(changes.size()));
        QTRY_VERIFY_WITH_TIMEOUT(gallery->model()->index(0, 0).data(Qt::DecorationRole).isValid(), patience);
        QVERIFY(gallery->model()->index(0, 0).data(FlipModel::TruthRole).toString().contains("class 0"));

        // By the keyboard: those that were lost.
        auto *show = panel->findChild<QComboBox *>();
        show->setFocus();
        QTest::keyClick(show, Qt::Key_Down);
        const auto lost = std::ranges::count_if(changes, [](const AnswerChange &change) { return !change.a; });
        QCOMPARE(gallery->model()->rowCount(), static_cast<int>(lost));

        QPushButton *which = studio.button("Which Edit Did It?");
        QVERIFY(which && !which->isEnabled());
        const QModelIndex row = gallery->model()->index(static_cast<int>(lost) - 1, 0);
        gallery->scrollTo(row);
        QTest::mouseClick(gallery->viewport(), Qt::LeftButton, {}, gallery->visualRect(row).center());
        QVERIFY(which->isEnabled());
        QTest::mouseClick(which, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(said(panel).contains("did it"), patience);

        // The truth: the choice after which the image is wrong, of all that lie between the two plans.
        const std::int64_t image = row.data(FlipModel::ImageRole).toLongLong();
        const ModelSpec &spec = studio.document()->spec();
        const auto wrong = [&](const CompressionPlan &plan) {
            return fake::judged(spec, plan, {}, fake::imagesInAll).wrongAnswer(image).has_value();
        };
        CompressionPlan middle = studio.document()->variant(first)->plan;
        QVERIFY(!wrong(middle) && wrong(last.plan));
        const std::vector<CompressionPlan> plans = planEdits(spec, middle, last.plan);
        const auto flips = std::ranges::find_if(plans, wrong);
        const QList<PlanDifference> truth = planDifferences(spec, *(flips - 1), *flips);
        QCOMPARE(truth.size(), 1);
        QCOMPARE(studio.window.page()->view()->layers(), truth.first().layers);
        QVERIFY2(said(panel).contains(truth.first().where), qPrintable(said(panel)));
        QVERIFY(said(panel).contains("It is part of the edit: INT4 for"));
        QVERIFY(studio.settle());

        // Enter asks too, and the search can be stopped.
        qputenv("FAKE_HANG", "answer");
        studio.window.engine()->stop();
        studio.window.engine()->start();
        gallery->setFocus();
        QTest::keyClick(gallery, Qt::Key_Home);
        QTest::keyClick(gallery, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(said(panel).contains("Asking the plans in between"), patience);
        QTest::mouseClick(studio.button("Stop Looking"), Qt::LeftButton);
        qunsetenv("FAKE_HANG");
        QVERIFY(!said(panel).contains("Asking"));
        QVERIFY(studio.settle());
    }

    // Pictures on their way are not put under the numbers of another session's images.
    void picturesGoWithTheirSession()
    {
        qputenv("FAKE_HANG", "pictures");
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        const Session session = studio.document()->session();
        studio.document()->setFormat({"head", "blocks.3.mlp.fc1"}, NumberFormat::Int4);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->measured(), patience);
        studio.window.page()->showPage(WorkPage::Variants);
        VariantsPage *page = studio.window.page()->variants();
        page->compare(studio.document()->baseline()->id, studio.document()->measured()->id);
        auto *panel = page->findChild<FlipPanel *>();
        for (QWidget *at = panel; at; at = at->parentWidget()) {
            if (auto *tabs = qobject_cast<QTabWidget *>(at))
                tabs->setCurrentWidget(panel);
        }
        QTRY_VERIFY_WITH_TIMEOUT(studio.workflow()->jobs()->isAsked("pictures"), patience);
        qunsetenv("FAKE_HANG");
        studio.workflow()->openSession(session, {});
        QVERIFY(!studio.workflow()->jobs()->isAsked("pictures"));
        QVERIFY(studio.settle());
    }

    void checksThePreprocessing()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.window.page()->showPage(WorkPage::Setup);
        QVERIFY(!studio.workflow()->lint());
        QTest::mouseClick(studio.button("Check"), Qt::LeftButton);
        QVERIFY(studio.settle());
        QVERIFY(studio.workflow()->lint());
        // The first images are there, with what they show.
        const auto *pictures = studio.window.page()->setup()->findChild<PictureStrip *>();
        QCOMPARE(pictures->accessibleDescription().count("class "), FirstPictures::mostShown);
        QCOMPARE(studio.banner(), QString()); // it is said on the page
        // At another page the window says so.
        studio.window.page()->showPage(WorkPage::Tune);
        Q_EMIT studio.workflow()->doubted("Better.");
        QVERIFY(studio.banner().contains("prepared wrongly. Better."));
        QTest::mouseClick(studio.button("Look at It"), Qt::LeftButton);
        QCOMPARE(studio.window.page()->page(), WorkPage::Setup);
        QCOMPARE(studio.banner(), QString());
        // However one gets there.
        studio.window.page()->showPage(WorkPage::Tune);
        Q_EMIT studio.workflow()->doubted("Better.");
        studio.window.page()->showPage(WorkPage::Setup);
        QCOMPARE(studio.banner(), QString());
        QPushButton *use = studio.button("Use the Better One");
        QVERIFY(use->isVisible()); // the fake one finds bilinear better
        QSignalSpy opened(&studio.window, &MainWindow::opened);
        studio.document()->saved({});
        QTest::mouseClick(use, Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QVERIFY(studio.document()->session().model.interpolation == Interpolation::Bilinear);
        QVERIFY(!studio.workflow()->lint()); // it was of another way
        QVERIFY(studio.settle());
    }

    void formsReadNumbers()
    {
        SourceForm form;
        ModelSource source;
        source.path = "/models/bare.pth";
        source.heads = 3;
        source.mean = std::vector<double>{0.485, 0.456, 0.406};
        source.std = std::vector<double>{0.5};
        source.crop = 224;
        source.interpolation = Interpolation::Bilinear;
        form.setSource(source);
        QVERIFY(form.source() == source);
        QVERIFY(form.error().isEmpty());
        auto *mean = form.findChildren<QLineEdit *>().first();
        for (QLineEdit *field : form.findChildren<QLineEdit *>()) {
            if (field->accessibleName() == "Mean")
                mean = field;
        }
        mean->setText("0.5, x");
        QVERIFY(form.error().contains("Mean"));
        mean->setText("0.5 0.5");
        QVERIFY(!form.error().isEmpty());
        mean->clear();
        QVERIFY(form.error().contains("both"));
    }

    void listsItsWork()
    {
        qputenv("FAKE_TICK", "30");
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openModel("/models/vit_tiny");
        studio.window.useCalibration("/data/calibration-images");
        studio.window.useData("/data/val-images");
        studio.window.showWork(true);
        auto *table = studio.window.work()->findChild<QTableView *>();
        QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto running = [&] {
            return table->model()->rowCount() > 0 &&
                   table->model()->index(0, 0).data(JobTableModel::CanStopRole).toBool() &&
                   table->model()->index(0, 0).data(JobTableModel::ShareRole).toDouble() > 0;
        };
        QTRY_VERIFY_WITH_TIMEOUT(running(), patience);
        qunsetenv("FAKE_TICK");
        table->selectRow(0);
        const QString stopped = table->model()->index(0, 0).data().toString();
        QTest::mouseClick(studio.button("Stop"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(studio.window.work()->logText().contains(stopped + ": stopped"), patience);
        QVERIFY(studio.settle());
        QVERIFY2(studio.workflow()->isStopped(), qPrintable(studio.window.work()->logText()));
        QTest::mouseClick(studio.button("Try Again"), Qt::LeftButton);
        QVERIFY(studio.settle());
        QVERIFY(studio.workflow()->isReady());
        QVERIFY(studio.window.work()->logText().contains("done in"));
    }

    // Wherever its row goes.
    void theChosenJobStaysChosen()
    {
        using State = JobQueue::Item::State;
        const auto item = [](int number, State state) {
            JobQueue::Item result;
            result.number = number;
            result.state = state;
            return result;
        };
        JobTableModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setItems({item(1, State::Done), item(2, State::Running), item(3, State::Waiting), item(4, State::Held)});
        const auto numbers = [&] {
            QList<int> result;
            for (int row = 0; row < model.rowCount(); ++row)
                result += model.index(row, 0).data(JobTableModel::NumberRole).toInt();
            return result;
        };
        QCOMPARE(numbers(), (QList<int>{2, 3, 4, 1}));
        QList<QPersistentModelIndex> chosen;
        for (int row = 0; row < 4; ++row)
            chosen += QPersistentModelIndex(model.index(row, 0));
        model.setItems({item(1, State::Done), item(2, State::Done), item(3, State::Running), item(5, State::Waiting),
                        item(4, State::Held)});
        QCOMPARE(numbers(), (QList<int>{3, 5, 4, 2, 1}));
        for (int i = 0; i < 4; ++i)
            QCOMPARE(chosen[i].data(JobTableModel::NumberRole).toInt(), (QList<int>{2, 3, 4, 1})[i]);
        QVERIFY(chosen[2].data(JobTableModel::CanStopRole).toBool());
        model.setItems({item(2, State::Done), item(3, State::Failed), item(4, State::Running)});
        QCOMPARE(numbers(), (QList<int>{4, 3, 2}));
        QVERIFY(!chosen[3].isValid());
    }

    // Another batch changes figures, not what the user has unfolded and selected.
    void theLayerTableKeepsItsPlace()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.layers()->expand(studio.block(3));
        studio.layers()->setCurrentIndex(studio.layers()->model()->index(2, 0, studio.block(3)));
        QCOMPARE(studio.layers()->selectedLayers(), QStringList("blocks.3.mlp.fc1"));
        const QString before = studio.block(3, LayerTreeModel::Activations).data().toString();
        studio.document()->setBatch(4);
        QVERIFY(studio.layers()->isExpanded(studio.block(3)));
        QCOMPARE(studio.layers()->selectedLayers(), QStringList("blocks.3.mlp.fc1"));
        QVERIFY(studio.block(3, LayerTreeModel::Activations).data().toString() != before);
        QVERIFY(studio.settle());
        // Of another session the rows are new: what the keys act on is what is marked.
        studio.workflow()->openSession(studio.document()->session(), {});
        QCOMPARE(studio.layers()->selectedLayers(), studio.window.page()->view()->layers());
        QVERIFY(studio.settle());
    }

    // Rows are chosen one after the other, and the table does not jump back to the first.
    void rangesAreChosenInPeace()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.window.page()->showPage(WorkPage::Profile);
        studio.window.page()->profile()->showTab(2);
        QTableView *table = nullptr;
        for (QTableView *view : studio.window.page()->profile()->findChildren<QTableView *>()) {
            if (view->accessibleName().startsWith("Ranges"))
                table = view;
        }
        QVERIFY(table && table->isVisible());
        QCoreApplication::processEvents();
        const auto choose = [&](int row, Qt::KeyboardModifiers keys) {
            const QModelIndex index = table->model()->index(row, 0);
            table->scrollTo(index);
            QTest::mouseClick(table->viewport(), Qt::LeftButton, keys, table->visualRect(index).center());
        };
        choose(1, {});
        choose(40, Qt::ControlModifier);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 2);
        QCOMPARE(table->currentIndex().row(), 40);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(table, Qt::Key_Down, Qt::ShiftModifier);
        QCOMPARE(table->currentIndex().row(), 43);
        QCOMPARE(table->selectionModel()->selectedRows().size(), 5);
        QCOMPARE(studio.window.page()->view()->layers().size(), 5);
        // Nor while figures arrive.
        table->scrollToTop();
        Q_EMIT studio.document()->predictionChanged();
        QCOMPARE(table->indexAt({1, 1}).row(), 0);
        // What is chosen elsewhere is marked and shown.
        studio.window.page()->view()->setLayers({"blocks.9.mlp.fc2"});
        QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
        QVERIFY(table->viewport()->rect().intersects(table->visualRect(table->currentIndex())));
    }

    // What is marked is what is starred and renamed, and a name that is being typed outlives a measurement.
    void theTreeOfStatesKeepsUp()
    {
        StudioDriver studio(FAKE_ENGINE);
        const auto [first, second] = twoStates(studio);
        VariantsPage *page = studio.window.page()->variants();
        QTreeView *tree = page->tree();
        const auto marked = [&] {
            return tree->currentIndex().data(VariantTreeModel::VariantRole).toInt();
        };
        studio.window.page()->showPage(WorkPage::Variants);
        studio.window.page()->view()->setVariant(first);
        QCOMPARE(marked(), first);
        studio.window.page()->showPage(WorkPage::Tune);
        studio.window.page()->view()->setVariant(second);
        studio.window.page()->showPage(WorkPage::Variants);
        QCOMPARE(marked(), second);
        page->renameSelected();
        auto *editor = tree->viewport()->findChild<QLineEdit *>();
        QVERIFY(editor);
        editor->selectAll();
        QTest::keyClicks(editor, "half a na");
        const QModelIndex folded = tree->model()->index(0, 0);
        tree->collapse(folded);
        tree->setFocus();
        Variant variant = *studio.document()->variant(second);
        variant.parent = first;
        const int third = studio.document()->addVariant(variant);
        QCOMPARE(tree->viewport()->findChild<QLineEdit *>(), editor);
        QCOMPARE(editor->text(), QString("half a na"));
        QVERIFY(!tree->isExpanded(folded));
        QVERIFY(studio.document()->variant(third));
    }

    void budgetsAreUndone()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        Budgets budgets;
        budgets.maxWeightsBytes = 8'000'000;
        studio.document()->setBudgets(budgets);
        studio.document()->setBatch(4);
        studio.document()->setSchedule(ScheduleKind::Eager);
        for (int i = 0; i < 3; ++i)
            studio.document()->undoStack()->undo();
        QVERIFY(!studio.document()->session().budgets.any());
        QCOMPARE(studio.document()->session().batch, 1);
        QVERIFY(studio.document()->session().schedule == ScheduleKind::Tight);
        QVERIFY(studio.settle());
    }

    void startsWithWhatThereIs()
    {
        StartPage page;
        page.resize(1000, 700);
        page.show();
        QSignalSpy recent(&page, &StartPage::recentWanted);
        page.showRecent({m_folder.path()});
        auto *list = page.findChild<QListWidget *>();
        QVERIFY(list->isVisible());
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QCOMPARE(recent.size(), 1);
        page.setLeft({{"/crashed", "vit_tiny", {}, QDateTime::currentDateTime()}});
        QSignalSpy left(&page, &StartPage::leftWanted);
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == "Go On with It")
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QCOMPARE(left.size(), 1);
    }

    // Heads and linear layers by menu, key and list, each taken back the same way.
    void halvesOfBlocks()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        const auto planned = [&](int block) {
            return studio.document()->figures().planned.blocks[static_cast<std::size_t>(block)];
        };
        const auto click = [&](const QModelIndex &cell) {
            QTest::mouseClick(studio.layers()->viewport(), Qt::LeftButton, {},
                              studio.layers()->visualRect(cell).center());
        };
        click(studio.block(3));
        constexpr Qt::KeyboardModifiers both = Qt::ControlModifier | Qt::ShiftModifier;
        QTest::keyClick(&studio.window, Qt::Key_M, both);
        QVERIFY(planned(3).mlpIsLinear());
        QTest::keyClick(studio.layers(), Qt::Key_Minus); // no slider to step
        QVERIFY(planned(3).mlpIsLinear());
        QTest::keyClick(&studio.window, Qt::Key_A, both);
        QVERIFY(planned(3).attentionIsLinear());
        QVERIFY(studio.document()->prediction()->kl.has_value());
        QTest::keyClick(&studio.window, Qt::Key_M, both);
        QTest::keyClick(&studio.window, Qt::Key_A, both);
        QVERIFY(studio.document()->isOriginal());

        // The context menu has the heads, with what each number changes and takes.
        QMenu *menu = nullptr;
        QTimer::singleShot(0, studio.layers(),
                           [&] { menu = qobject_cast<QMenu *>(QApplication::activePopupWidget()); });
        Q_EMIT studio.layers()->customContextMenuRequested(studio.layers()->visualRect(studio.block(3)).center());
        QTRY_VERIFY(menu);
        QMenu *heads = nullptr;
        for (QAction *action : menu->actions()) {
            if (action->text().contains("Hea&ds"))
                heads = action->menu();
        }
        QVERIFY(heads);
        Q_EMIT heads->aboutToShow();
        QCOMPARE(heads->actions().size(), 3);
        QVERIFY(heads->actions()[0]->isChecked());
        QVERIFY2(heads->actions()[1]->text().contains("nats"), qPrintable(heads->actions()[1]->text()));
        heads->actions()[1]->trigger();
        menu->close();
        QCOMPARE(studio.document()->spec().headCount(planned(3)), 2);

        // In the attention's own rows: a slider and a number.
        studio.layers()->expand(studio.block(3));
        const QModelIndex proj = studio.layers()->model()->index(1, LayerTreeModel::Keep, studio.block(3));
        studio.layers()->scrollTo(proj);
        studio.layers()->setCurrentIndex(proj);
        for (int i = 0; i < 3; ++i) // never to none by steps
            QTest::keyClick(studio.layers(), Qt::Key_Minus);
        QCOMPARE(studio.document()->spec().headCount(planned(3)), 1);
        click(proj);
        auto *box = qobject_cast<QComboBox *>(studio.layers()->indexWidget(proj));
        QVERIFY(box);
        QTRY_VERIFY(box->view()->isVisible());
        QTest::keyClick(box->view(), Qt::Key_Down);
        QTest::keyClick(box->view(), Qt::Key_Return);
        QTRY_VERIFY(planned(3).attentionIsLinear());
        QVERIFY(studio.block(3).data().toString().contains("attn linear"));
        studio.document()->undoStack()->undo();
        const QModelIndex qkv = studio.layers()->model()->index(0, LayerTreeModel::Keep, studio.block(3));
        QTest::mouseClick(studio.layers()->viewport(), Qt::LeftButton, {}, studio.layers()->sliderPoint(qkv, 0.52));
        QCOMPARE(studio.document()->spec().qkDim(planned(3)), std::int64_t(32));
        QCOMPARE(studio.document()->spec().voDim(planned(3)), std::int64_t(32));
    }

private:
    // A block's MLP is halved, then all is INT4.
    static std::pair<int, int> twoStates(StudioDriver &studio)
    {
        if (!studio.openAll())
            return {-1, -1};
        studio.document()->setMlpKeep({3}, 0.5);
        if (!studio.settle())
            return {-1, -1};
        const int first = studio.document()->measured()->id;
        QStringList all;
        for (const LinearSpec *linear : studio.document()->spec().linears())
            all += QString::fromStdString(linear->name);
        studio.document()->setFormat(all, NumberFormat::Int4);
        if (!studio.settle())
            return {-1, -1};
        studio.window.page()->showPage(WorkPage::Variants);
        return {first, studio.document()->measured()->id};
    }
    // Controls in sight have names and tips, and nothing is cut off.
    static void verifyWhole(const QWidget *root, const QString &where)
    {
        for (const QWidget *widget : root->findChildren<QWidget *>()) {
            if (!widget->isVisible() || widget->inherits("QTableCornerButton") ||
                widget->parentWidget()->inherits("QTabBar") || widget->parentWidget()->inherits("QTabWidget") ||
                widget->parentWidget()->inherits("QLineEdit") || widget->parentWidget()->inherits("QDialogButtonBox"))
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const bool box = qobject_cast<const QComboBox *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget);
            const auto *label = qobject_cast<const QLabel *>(widget);
            const QString what =
                QString("%1 '%2' on %3")
                    .arg(widget->metaObject()->className(), button ? button->text() : widget->accessibleName(), where);
            if (button || box) {
                QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                         qPrintable(what + " has no name"));
                QVERIFY2(!widget->toolTip().isEmpty(), qPrintable(what + " has no tip"));
            }
            if (!button && !box && (!label || label->wordWrap()))
                continue;
            const QSize wanted = widget->minimumSizeHint();
            QVERIFY2(widget->width() >= wanted.width() && widget->height() >= wanted.height(),
                     qPrintable(QString("%1 is %2x%3 and wants %4x%5")
                                    .arg(what)
                                    .arg(widget->width())
                                    .arg(widget->height())
                                    .arg(wanted.width())
                                    .arg(wanted.height())));
        }
    }

    // Every label's text.
    static QString said(const QWidget *part)
    {
        QStringList texts;
        for (const QLabel *label : part->findChildren<QLabel *>())
            texts += label->text();
        return texts.join('\n');
    }

    QTemporaryDir m_folder;
};

QTEST_MAIN(tst_Pages)
#include "tst_pages.moc"
