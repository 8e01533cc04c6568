#include "app/studio/engineclient.h"
#include "app/studio/mainwindow.h"
#include "app/studio/windowcolors.h"
#include "app/studio/workflow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QTimer>
#include <QTranslator>

#include <cstdio>

int main(int argc, char *argv[])
{
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
    parser.addPositionalArgument("MODEL", QCoreApplication::translate("main", "Model folder or file to open."),
                                 "[MODEL]");
    const QCommandLineOption colors(
        "colors",
        QCoreApplication::translate("main", "Colours of the window: system, light or dark (default: system)."),
        "SCHEME", "system");
    const QCommandLineOption calibration("calibration", QCoreApplication::translate("main", "Images to calibrate on."),
                                         "FOLDER");
    const QCommandLineOption data("data", QCoreApplication::translate("main", "Images to judge on."), "FOLDER");
    const QCommandLineOption session("session", QCoreApplication::translate("main", "Session to open."), "FOLDER");
    const QCommandLineOption screenshot(
        "screenshot",
        QCoreApplication::translate("main",
                                    "Write a picture of the window to FILE once nothing is left to do, and quit."),
        "FILE");
    parser.addOptions({colors, calibration, data, session, screenshot});
    parser.process(app);

    const QStringList arguments = parser.positionalArguments();
    if (arguments.size() > 1 || !edgeflex::setWindowColors(parser.value(colors))) {
        std::fputs(qPrintable(parser.helpText()), stderr);
        return 2;
    }

    edgeflex::MainWindow window(edgeflex::EngineClient::defaultProgram());
    window.show();
    if (parser.isSet(session))
        window.openSession(parser.value(session));
    if (!arguments.isEmpty())
        window.openModel(arguments.first());
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
