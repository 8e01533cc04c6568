#include "picturestudio.h"

#include "app/studio/exportdialog.h"
#include "app/studio/profilepage.h"
#include "app/studio/settingsdialog.h"
#include "app/studio/shortcutsdialog.h"
#include "app/studio/startpage.h"
#include "app/studio/tradeoffpage.h"
#include "app/studio/tunepage.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "widgets/flipgallery.h"
#include "widgets/layertreemodel.h"
#include "widgets/layertreeview.h"

#include <QFile>
#include <QMenuBar>
#include <QTabWidget>
#include <QTemporaryDir>

namespace edgeflex::test {
namespace {

// A session's course with the engine that does no work.
struct FakeStudio : PictureStudio
{
    using PictureStudio::PictureStudio;

    void open()
    {
        PictureStudio::open("/models/vit_tiny_patch16_224", "/data/imagenet-calibration-images",
                            "/data/imagenet-val-images");
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
        window.document()->setHeads({5}, 2);
        window.document()->setAttentionKeep({5}, 0.5);
        window.document()->setHeads({7}, 0);
        window.document()->setMlpKeep({8}, 0);
        settle();
        window.document()->setFormat({"head", "patch_embed"}, NumberFormat::Fp16);
        settle();
    }
};

} // namespace

void takeFakeStates(const PictureLook &look, const QString &only)
{
    const auto wants = [&](const char *state) {
        return only.isEmpty() || only == state;
    };
    QTemporaryDir scratch;
    if (wants("start")) {
        FakeStudio studio(FAKE_ENGINE, look);
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
        FakeStudio studio(FAKE_ENGINE, look);
        studio.open();
        studio.take("opening");
        qunsetenv("FAKE_START");
    }
    if (wants("nodata")) {
        FakeStudio studio(FAKE_ENGINE, look);
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
        FakeStudio studio(FAKE_ENGINE, look);
        studio.open();
        studio.window.showWork(true);
        QTest::qWait(2200);
        studio.take("busy-learning");
        qunsetenv("FAKE_TICK");
    }
    if (wants("error")) {
        FakeStudio studio(FAKE_ENGINE, look);
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
        FakeStudio studio(FAKE_ENGINE, look);
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
        dialog.setPath(scratch.filePath("vit-tiny.onnx"));
        dialog.show();
        dialog.accept();
        studio.settle();
        studio.take(&dialog, "export");
    }
    if (wants("measuring")) {
        qputenv("FAKE_TICK", "40");
        FakeStudio studio(FAKE_ENGINE, look);
        studio.open();
        studio.settle();
        studio.edit();
        studio.budgets();
        QTest::qWait(1500);
        studio.take("busy-measuring");
        studio.settle();
        qputenv("FAKE_CRASH", ("draft:" + scratch.filePath("crashed")).toLocal8Bit());
        studio.window.engine()->stop();
        studio.window.engine()->start();
        studio.window.document()->setMlpKeep({5}, 0.7);
        QTest::qWait(3500);
        studio.take("error-engine");
        qunsetenv("FAKE_TICK");
        qunsetenv("FAKE_CRASH");
    }
}

} // namespace edgeflex::test
