#include "picturestudio.h"

#include "app/studio/ownfolders.h"
#include "app/studio/windowcolors.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>
#include <QTranslator>

// Takes pictures of the window in each of its states, for those who judge them:
//
//     studiopictures FOLDER [SCHEME [LANGUAGE [STATE [SIZE]]]]
//
// STATE is one of fakestates.cpp, where none is all of them, with the engine that does no work; "demo" or "vit-tiny" is
// a whole session with the real one.
using namespace edgeflex;
using namespace edgeflex::test;

int main(int argc, char *argv[])
{
    QTemporaryDir folders;
    useFoldersIn(folders.path());
    QApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.size() < 2)
        return 2;
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QApplication::setApplicationName("edgeflex-studio");
    QApplication::setOrganizationName("EdgeFlex");
    const QString scheme = arguments.value(2, "light");
    const QString language = arguments.value(3, "en");
    const QString only = arguments.value(4);
    const QString sides = arguments.value(5, "1280x800");
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
    const PictureLook look{
        arguments[1], '-' + scheme + '-' + language + '-' + sides + (scale.isEmpty() ? QString() : '@' + scale + 'x'),
        QSize(sides.section('x', 0, 0).toInt(), sides.section('x', 1, 1).toInt())};
    QDir().mkpath(look.folder);
    if (only == "demo" || only == "vit-tiny")
        return takeRealStates(look, only) ? 0 : 1;
    takeFakeStates(look, only);
    return 0;
}
