#include "app/studio/engineclient.h"
#include "app/studio/mainwindow.h"
#include "app/studio/pdfreport.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QPalette>
#include <QTimer>
#include <QTranslator>

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace {

// Neutral dark colours for Qt's own style, for pictures and for desktops that have no dark theme.
QPalette darkPalette()
{
    QPalette palette(QColor(0x2b, 0x2b, 0x30), QColor(0x26, 0x26, 0x2a));
    palette.setColor(QPalette::Base, QColor(0x1c, 0x1c, 0x20));
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x23, 0x28));
    palette.setColor(QPalette::ToolTipBase, QColor(0x36, 0x36, 0x3c));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xb5));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x7c, 0xb7, 0xff));
    const QColor text(0xe8, 0xe8, 0xec);
    const QColor faded(0x8a, 0x8a, 0x92);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, text);
        palette.setColor(QPalette::Disabled, role, faded);
    }
    palette.setColor(QPalette::PlaceholderText, faded);
    return palette;
}

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
    const QCommandLineOption screenshot(
        "screenshot",
        QCoreApplication::translate("main", "Write a picture of the window to FILE once MODEL is open, and quit."),
        "FILE");
    const QCommandLineOption report(
        "report",
        QCoreApplication::translate("main", "Write the report of the session in the folder SESSION as PDF, and quit."),
        "SESSION");
    const QCommandLineOption out("out", QCoreApplication::translate("main", "Where to write the report."), "FILE");
    parser.addOptions({colors, screenshot, report, out});
    parser.process(app);

    const QStringList arguments = parser.positionalArguments();
    const QString scheme = parser.value(colors);
    if (arguments.size() > 1 || parser.isSet(report) != parser.isSet(out) ||
        !QStringList{"system", "light", "dark"}.contains(scheme)) {
        std::fputs(qPrintable(parser.helpText()), stderr);
        return 2;
    }
    if (parser.isSet(report))
        return edgeflex::writePdfOfSession(parser.value(report), parser.value(out));
    if (scheme != "system") {
        QApplication::setStyle("Fusion");
        QApplication::setPalette(scheme == "dark" ? darkPalette() : QPalette(QColor(0xf0, 0xf0, 0xf2)));
    }

    edgeflex::MainWindow window(edgeflex::EngineClient::defaultProgram());
    window.show();
    if (parser.isSet(screenshot)) {
        const auto save = [&window, file = parser.value(screenshot)](const QString &error) {
            if (!error.isEmpty())
                std::fprintf(stderr, "%s\n", qPrintable(error));
            // Whatever was drawn last is on the screen once the events of now are done.
            QTimer::singleShot(200, &window, [&window, file] {
                const bool saved = window.grab().save(file);
                if (!saved)
                    std::fprintf(stderr, "%s cannot be written.\n", qPrintable(file));
                QApplication::exit(saved ? 0 : 1);
            });
        };
        if (arguments.isEmpty())
            save({});
        else
            QObject::connect(&window, &edgeflex::MainWindow::opened, &window, save);
    }
    if (!arguments.isEmpty())
        window.openModel(arguments.first());
    return QApplication::exec();
}
