#include "handson.h"

#include "app/studio/ownfolders.h"

#include <QApplication>
#include <QSettings>

#include <cstdio>

// The whole path with the real engine, by clicks and keys, a page at a time:
//
//     tst_handson WORLD [Qt Test's own arguments]
//
// WORLD is "demo" or "vit-tiny".
using namespace edgeflex;
using namespace edgeflex::test;

namespace {

constexpr char edit[] = "--edit-until-killed";

} // namespace

int main(int argc, char *argv[])
{
    const QString first = argc > 1 ? QString::fromLocal8Bit(argv[1]) : QString();
    QTemporaryDir folder;
    // A step may wait for much work on a busy machine; what hangs, the test of all notices.
    qputenv("QTEST_FUNCTION_TIMEOUT", "1800000");
    if (first != edit) // it is where the run is that started it
        useFoldersIn(folder.path());
    QApplication app(argc, argv);
    QCoreApplication::setOrganizationName("EdgeFlex");
    QCoreApplication::setApplicationName("edgeflex-studio");
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QLocale::setDefault(QLocale::c());
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    if (first == edit)
        return editUntilKilled(app.arguments().value(2));

    World world;
    if (const QString why = makeWorld(first, folder.path(), world); !why.isEmpty()) {
        std::printf("SKIP   : tst_HandsOn %s: %s\n", qPrintable(first), qPrintable(why));
        return 0;
    }
    QStringList arguments = app.arguments();
    arguments.removeAt(1);
    HandsOn hands(world);
    int failures = 0;
    for (const auto make : {makeStartSteps, makeSetupSteps, makeProfileSteps, makeTuneSteps, makeSolveSteps,
                            makeTradeoffSteps, makeVariantsSteps, makeWorkSteps, makeOutputSteps, makeMannersSteps})
        failures += QTest::qExec(make(hands).get(), arguments);
    hands.close();
    return failures;
}
