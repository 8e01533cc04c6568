#include "app/studio/document.h"
#include "app/studio/exportdialog.h"
#include "app/studio/mainwindow.h"
#include "app/studio/windowcolors.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "widgets/layertreemodel.h"
#include "widgets/layertreeview.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include <cstdio>

// Takes pictures of the window in each of its states, with the engine that does no work:
//
//     studiopictures FOLDER [SCHEME [LANGUAGE [STATE]]]
using namespace edgeflex;

namespace {

constexpr int patience = 60000;

struct Studio
{
    explicit Studio(const QString &folder, const QString &suffix)
        : m_folder(folder), m_suffix(suffix), window(FAKE_ENGINE)
    {
        window.resize(1280, 800);
        window.show();
    }

    void take(const QString &state)
    {
        QTest::qWait(120);
        const QString file = QDir(m_folder).filePath(state + m_suffix + ".png");
        std::puts(qPrintable(file));
        window.grab().save(file);
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
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());
    QApplication::setApplicationName("edgeflex-studio");
    const QString scheme = arguments.value(2, "light");
    const QString language = arguments.value(3, "en");
    const QString only = arguments.value(4);
    if (!setWindowColors(scheme))
        return 2;
    QTranslator translator;
    QLocale::setDefault(QLocale(language));
    if (language != "en") {
        if (!translator.load(QString(EDGEFLEX_BINARY_DIR) + "/app/studio/edgeflex_" + language + ".qm"))
            return 3;
        QApplication::installTranslator(&translator);
    }
    const QString suffix = '-' + scheme + '-' + language;
    const auto wants = [&](const char *state) {
        return only.isEmpty() || only == state;
    };
    const QString folder = arguments[1];
    QDir().mkpath(folder);

    if (wants("empty")) {
        Studio studio(folder, suffix);
        studio.settle();
        studio.take("empty");
    }
    if (wants("opening")) {
        qputenv("FAKE_START", "3000");
        Studio studio(folder, suffix);
        studio.open();
        studio.take("opening");
        qunsetenv("FAKE_START");
    }
    if (wants("nodata")) {
        Studio studio(folder, suffix);
        studio.window.openModel("/models/vit_tiny_patch16_224");
        studio.settle();
        studio.take("nodata");
    }
    if (wants("settingup")) {
        qputenv("FAKE_TICK", "60");
        Studio studio(folder, suffix);
        studio.open();
        QTest::qWait(2200);
        studio.take("settingup");
        qunsetenv("FAKE_TICK");
    }
    if (wants("error")) {
        Studio studio(folder, suffix);
        studio.window.openModel("/models/missing");
        studio.settle();
        studio.take("error");
    }
    if (wants("profiled") || wants("drag") || wants("recipe") || wants("measured") || wants("solved") ||
        wants("export")) {
        Studio studio(folder, suffix);
        studio.open();
        studio.settle();
        studio.take("profiled");
        studio.edit();
        studio.budgets();
        studio.settle();
        studio.take("measured");
        studio.window.workflow()->runRecipe();
        studio.settle();
        studio.take("recipe");
        LayerTreeView *layers = studio.window.page()->layers();
        const QModelIndex row = layers->model()->index(6, LayerTreeModel::Keep);
        layers->expand(layers->model()->index(6, 0));
        QTest::mousePress(layers->viewport(), Qt::LeftButton, {},
                          layers->sliderPoint(row, row.data(LayerTreeModel::KeepRole).toDouble()));
        for (const double keep : {0.4, 0.35, 0.25})
            QTest::mouseMove(layers->viewport(), layers->sliderPoint(row, keep));
        studio.take("drag");
        QTest::mouseRelease(layers->viewport(), Qt::LeftButton, {}, layers->sliderPoint(row, 0.25));
        studio.settle();
        studio.window.workflow()->solve();
        studio.settle();
        studio.take("solved");
        ExportDialog dialog(studio.window.document(), studio.window.workflow(), &studio.window);
        dialog.setPath(settings.filePath("vit-tiny.onnx"));
        dialog.show();
        dialog.accept();
        studio.settle();
        dialog.grab().save(QDir(folder).filePath("export" + suffix + ".png"));
        studio.window.document()->saved({});
    }
    if (wants("measuring") || wants("killed")) {
        qputenv("FAKE_TICK", "40");
        Studio studio(folder, suffix);
        studio.open();
        studio.settle();
        studio.edit();
        studio.budgets();
        QTest::qWait(1500);
        studio.take("measuring");
        QFile::remove(settings.filePath("crashed"));
        studio.settle();
        qputenv("FAKE_CRASH", ("draft:" + settings.filePath("crashed")).toLocal8Bit());
        studio.window.engine()->stop();
        studio.window.engine()->start();
        studio.window.document()->setMlpKeep({5}, 0.7);
        QTest::qWait(3500);
        studio.take("killed");
        studio.window.document()->saved({});
        qunsetenv("FAKE_TICK");
        qunsetenv("FAKE_CRASH");
    }
    return 0;
}
