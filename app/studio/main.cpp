#include "app/studio/engineclient.h"
#include "app/studio/mainwindow.h"
#include "app/studio/pdfreport.h"
#include "app/studio/sessionstore.h"
#include "app/studio/settingsdialog.h"
#include "app/studio/windowcolors.h"
#include "app/studio/workflow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>
#include <QTranslator>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace {

// A report needs no display, and the application must know before it is made.
bool asksForReport(int argc, char *argv[])
{
    return std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
        return argument == "--report" || argument.starts_with("--report=");
    });
}

} // namespace

int main(int argc, char *argv[])
{
    if (asksForReport(argc, argv))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QApplication::setApplicationName("edgeflex-studio");
    QApplication::setApplicationDisplayName("EdgeFlex Studio");
    QApplication::setOrganizationName("EdgeFlex");
    QApplication::setApplicationVersion(EDGEFLEX_VERSION);

    QTranslator translator;
    if (translator.load(QLocale(), "edgeflex", "_", ":/translations"))
        QApplication::installTranslator(&translator);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Fits a Vision Transformer on an edge device and shows what it costs."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        "MODEL", QCoreApplication::translate("main", "Model folder or file, or session folder, to open."), "[MODEL]");
    const QCommandLineOption colors(
        "colors",
        QCoreApplication::translate("main",
                                    "Colours of the window: system, light or dark (default: what the settings say)."),
        "SCHEME", edgeflex::readSettings().colors);
    const QCommandLineOption calibration("calibration", QCoreApplication::translate("main", "Images to calibrate on."),
                                         "FOLDER");
    const QCommandLineOption data("data", QCoreApplication::translate("main", "Images to judge on."), "FOLDER");
    const QCommandLineOption screenshot(
        "screenshot",
        QCoreApplication::translate("main",
                                    "Write a picture of the window to FILE once nothing is left to do, and quit."),
        "FILE");
    const QCommandLineOption report(
        "report",
        QCoreApplication::translate("main", "Write the report of the session in the folder SESSION as PDF, and quit."),
        "SESSION");
    const QCommandLineOption out("out", QCoreApplication::translate("main", "Where to write the report."), "FILE");
    parser.addOptions({colors, calibration, data, screenshot, report, out});
    parser.process(app);

    const QStringList arguments = parser.positionalArguments();
    if (arguments.size() > 1 || parser.isSet(report) != parser.isSet(out) ||
        !edgeflex::setWindowColors(parser.value(colors))) {
        std::fputs(qPrintable(parser.helpText()), stderr);
        return 2;
    }
    if (parser.isSet(report))
        return edgeflex::writePdfOfSession(parser.value(report), parser.value(out));

    edgeflex::MainWindow window(edgeflex::EngineClient::defaultProgram());
    window.show();
    // Not an option of its own: Qt takes --session for itself.
    if (!arguments.isEmpty()) {
        if (edgeflex::isSession(arguments.first()))
            window.openSession(arguments.first());
        else
            window.openModel(arguments.first());
    }
    if (parser.isSet(calibration))
        window.useCalibration(parser.value(calibration));
    if (parser.isSet(data))
        window.useData(parser.value(data));
    if (parser.isSet(screenshot)) {
        const auto save = [&window, file = parser.value(screenshot)] {
            // Whatever was drawn last is on the screen once the events of now are done.
            QTimer::singleShot(200, &window, [&window, file] {
                if (!window.workflow()->isSettled())
                    return; // something more came up
                const bool saved = window.grab().save(file);
                if (!saved)
                    std::fprintf(stderr, "%s cannot be written.\n", qPrintable(file));
                QApplication::exit(saved ? 0 : 1);
            });
        };
        QObject::connect(&window, &edgeflex::MainWindow::settled, &window, save);
        QObject::connect(&window, &edgeflex::MainWindow::opened, &window, [](const QString &error) {
            if (!error.isEmpty())
                std::fprintf(stderr, "%s\n", qPrintable(error));
        });
        if (window.workflow()->isSettled())
            save();
    }
    return QApplication::exec();
}
