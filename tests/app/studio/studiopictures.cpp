#include "app/studio/document.h"
#include "app/studio/exportdialog.h"
#include "app/studio/mainwindow.h"
#include "app/studio/profilepage.h"
#include "app/studio/settingsdialog.h"
#include "app/studio/shortcutsdialog.h"
#include "app/studio/startpage.h"
#include "app/studio/tradeoffpage.h"
#include "app/studio/tunepage.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "app/studio/windowcolors.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "widgets/flipgallery.h"
#include "widgets/layertreemodel.h"
#include "widgets/layertreeview.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QMenuBar>
#include <QSettings>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include <cstdio>

// Takes pictures of the window in each of its states, with the engine that does no work:
//
//     studiopictures FOLDER [SCHEME [LANGUAGE [STATE [SIZE]]]]
using namespace edgeflex;

namespace {

constexpr int patience = 60000;

struct Studio
{
    Studio(const QString &folder, const QString &suffix, const QSize &size)
        : m_folder(folder), m_suffix(suffix), window(FAKE_ENGINE)
    {
        window.resize(size);
        window.show();
    }
    ~Studio() { window.document()->saved({}); }

    void take(const QString &state) { take(&window, state); }
    void take(QWidget *widget, const QString &state)
    {
        QTest::qWait(150);
        const QString file = QDir(m_folder).filePath(state + m_suffix + ".png");
        std::puts(qPrintable(file));
        widget->grab().save(file);
    }
    void settle()
    {
        QTest::qWait(400);
        (void)QTest::qWaitFor([this] { return window.workflow()->isSettled(); }, patience);
    }
    void open()
    {
        window.openModel("/models/vit_tiny_patch16_224");
        window.useCalibration("/data/imagenet-calibration-images");
        window.useData("/data/imagenet-val-images");
    }
    void edit()
    {
        for (int block = 0; block < 12; ++block)
            window.document()->setMlpKeep({block}, block < 3 ? 0.9 : block > 9 ? 0.8 : 0.6 - 0.02 * block);
        QStringList layers;
        for (int block = 2; block < 11; ++block) {
            for (const char *suffix : {"attn.qkv", "attn.proj", "mlp.fc1", "mlp.fc2"})
                layers += QString("blocks.%1.%2").arg(block).arg(suffix);
        }
        window.document()->setFormat(layers, NumberFormat::Int8);
    }
    void budgets()
    {
        Budgets budgets;
        budgets.maxWeightsBytes = 8'000'000;
        budgets.maxLatencyRatio = 0.45;
        budgets.maxDropPoints = 1.5;
        window.document()->setBudgets(budgets);
    }
    // Several states, some made from others.
    void history()
    {
        open();
        settle();
        edit();
        budgets();
        settle();
        window.workflow()->runRecipe();
        settle();
        window.workflow()->solve();
        settle();
        window.document()->setMlpKeep({4, 5, 6, 7}, 0.5);
        settle();
        window.document()->setFormat({"head", "patch_embed"}, NumberFormat::Fp16);
        settle();
    }
    void page(WorkPage::Page page) { window.page()->showPage(page); }
    LayerTreeView *layers() { return window.page()->layers(); }
    QModelIndex block(int number) { return layers()->model()->index(number + 1, LayerTreeModel::Keep); }

    QString m_folder;
    QString m_suffix;
    MainWindow window;
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() < 2)
        return 2;
    QTemporaryDir settings;
    QStandardPaths::setTestModeEnabled(true);
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    QApplication::setApplicationName("edgeflex-studio");
    QApplication::setOrganizationName("EdgeFlex");
    const QString scheme = arguments.value(2, "light");
    const QString language = arguments.value(3, "en");
    const QString only = arguments.value(4);
    const QStringList sides = arguments.value(5, "1280x800").split('x');
    const QSize size(sides.value(0).toInt(), sides.value(1).toInt());
    if (!setWindowColors(scheme))
        return 2;
    QTranslator translator;
    QLocale::setDefault(QLocale(language));
    if (language != "en") {
        if (!translator.load(QString(EDGEFLEX_BINARY_DIR) + "/app/studio/edgeflex_" + language + ".qm"))
            return 3;
        QApplication::installTranslator(&translator);
    }
    const QString scale = qEnvironmentVariable("QT_SCALE_FACTOR");
    const QString suffix = '-' + scheme + '-' + language + '-' + arguments.value(5, "1280x800") +
                           (scale.isEmpty() ? QString() : '@' + scale + 'x');
    const auto wants = [&](const char *state) {
        return only.isEmpty() || only == state;
    };
    const QString folder = arguments[1];
    QDir().mkpath(folder);

    if (wants("start")) {
        Studio studio(folder, suffix, size);
        studio.settle();
        studio.take("start-empty");
        auto *start = studio.window.findChild<StartPage *>();
        start->showRecent({"/home/me/models/vit-base.edgeflex", "/home/me/models/tiny-photos.edgeflex"});
        start->setLeft({{"/recovery/1", "vit_base_patch16_224", {}, QDateTime::currentDateTime()}});
        studio.take("start-recent");
        SettingsDialog dialog(readSettings(), &studio.window);
        dialog.show();
        studio.take(&dialog, "settings");
        ShortcutsDialog shortcuts(studio.window.menuBar(), &studio.window);
        shortcuts.show();
        studio.take(&shortcuts, "shortcuts");
    }
    if (wants("opening")) {
        qputenv("FAKE_START", "3000");
        Studio studio(folder, suffix, size);
        studio.open();
        studio.take("opening");
        qunsetenv("FAKE_START");
    }
    if (wants("nodata")) {
        Studio studio(folder, suffix, size);
        studio.window.openModel("/models/vit_tiny_patch16_224");
        studio.settle();
        studio.take("nodata-tune");
        studio.window.page()->tune()->showGrid(true);
        studio.take("nodata-grid");
        studio.page(WorkPage::Setup);
        studio.take("nodata-setup");
        studio.page(WorkPage::Profile);
        studio.window.page()->profile()->showTab(1);
        studio.take("nodata-channels");
        studio.page(WorkPage::Variants);
        studio.take("nodata-variants");
    }
    if (wants("busy")) {
        qputenv("FAKE_TICK", "60");
        Studio studio(folder, suffix, size);
        studio.open();
        studio.window.showWork(true);
        QTest::qWait(2200);
        studio.take("busy-learning");
        qunsetenv("FAKE_TICK");
    }
    if (wants("error")) {
        Studio studio(folder, suffix, size);
        studio.window.openModel("/models/missing");
        studio.settle();
        studio.take("error-missing");
        qputenv("FAKE_FAIL", "profile");
        studio.window.engine()->stop();
        studio.window.engine()->start();
        studio.open();
        studio.window.showWork(true);
        studio.settle();
        studio.take("error-profile");
        qunsetenv("FAKE_FAIL");
    }
    if (wants("pages") || wants("tune")) {
        Studio studio(folder, suffix, size);
        studio.history();
        studio.layers()->expand(studio.layers()->model()->index(6, 0));
        studio.layers()->setCurrentIndex(studio.block(5));
        studio.window.document()->setPinned({"blocks.2.attn.qkv", "blocks.2.attn.proj", "head"}, true);
        studio.take("tune");
        studio.window.page()->tune()->showGrid(true);
        studio.window.page()->tune()->findChild<QTabWidget *>()->setCurrentIndex(2);
        QTest::qWait(300);
        studio.take("tune-grid");
        studio.window.page()->tune()->showGrid(false);
        QTest::mousePress(studio.layers()->viewport(), Qt::LeftButton, {},
                          studio.layers()->sliderPoint(studio.block(5), 0.5));
        for (const double keep : {0.4, 0.35, 0.25})
            QTest::mouseMove(studio.layers()->viewport(), studio.layers()->sliderPoint(studio.block(5), keep));
        studio.take("tune-drag");
        QTest::mouseRelease(studio.layers()->viewport(), Qt::LeftButton, {},
                            studio.layers()->sliderPoint(studio.block(5), 0.25));
        studio.settle();
        studio.page(WorkPage::Tradeoff);
        studio.take("tradeoff");
        studio.window.page()->tradeoff()->filter({1, 3, 5});
        studio.take("tradeoff-filtered");
        studio.page(WorkPage::Profile);
        QTest::qWait(300);
        studio.take("profile-memory");
        studio.window.page()->profile()->showFigure(ProfilePage::Figure::Time);
        studio.window.page()->profile()->showTab(1);
        studio.take("profile-channels");
        studio.window.page()->profile()->showTab(2);
        studio.take("profile-risks");
        studio.page(WorkPage::Variants);
        const int last = studio.window.document()->variants().back().id;
        studio.window.document()->setVariantStarred(last, true);
        studio.window.page()->view()->setVariant(last);
        studio.take("variants");
        VariantsPage *variants = studio.window.page()->variants();
        variants->compare(studio.window.document()->baseline()->id, last);
        variants->details()->setCurrentIndex(2);
        QTest::qWait(300);
        auto *gallery = variants->findChild<FlipGallery *>();
        gallery->setCurrentIndex(gallery->model()->index(3, 0));
        QTest::keyClick(gallery, Qt::Key_Return);
        studio.settle();
        studio.take("variants-answers");
        studio.window.workflow()->lintPreprocessing();
        studio.settle();
        studio.page(WorkPage::Setup);
        studio.take("setup");
        ExportDialog dialog(studio.window.document(), studio.window.workflow(), &studio.window);
        dialog.setPath(settings.filePath("vit-tiny.onnx"));
        dialog.show();
        dialog.accept();
        studio.settle();
        studio.take(&dialog, "export");
    }
    if (wants("measuring")) {
        qputenv("FAKE_TICK", "40");
        Studio studio(folder, suffix, size);
        studio.open();
        studio.settle();
        studio.edit();
        studio.budgets();
        QTest::qWait(1500);
        studio.take("busy-measuring");
        studio.settle();
        qputenv("FAKE_CRASH", ("draft:" + settings.filePath("crashed")).toLocal8Bit());
        studio.window.engine()->stop();
        studio.window.engine()->start();
        studio.window.document()->setMlpKeep({5}, 0.7);
        QTest::qWait(3500);
        studio.take("error-engine");
        qunsetenv("FAKE_TICK");
        qunsetenv("FAKE_CRASH");
    }
    return 0;
}
