#include "app/studio/demofiles.h"

#include "app/studio/sessionstore.h"

#include <QDir>
#include <QFileInfo>

namespace edgeflex {
namespace {

QString firstThere(const QStringList &paths)
{
    for (const QString &path : paths) {
        if (QFileInfo::exists(path))
            return QDir::cleanPath(path);
    }
    return {};
}

} // namespace

DemoFiles findDemo(const QString &program)
{
    const QDir place(program);
    const QDir images("/usr/share/datasets/fashion-mnist"); // of Debian's package dataset-fashion-mnist
    DemoFiles demo;
    // In a build tree, or installed.
    demo.session = firstThere({place.filePath("../demo/session")});
    if (!isSession(demo.session))
        demo.session.clear();
    demo.model =
        firstThere({place.filePath("../../resources/demo-model"), place.filePath("../share/edgeflex/demo-model")});
    demo.calibration =
        firstThere({place.filePath("../demo/images/training-images-idx3-ubyte"),
                    images.filePath("train-images-idx3-ubyte.gz"), images.filePath("train-images-idx3-ubyte")});
    demo.data = firstThere({images.filePath("t10k-images-idx3-ubyte.gz"), images.filePath("t10k-images-idx3-ubyte")});
    return demo;
}

} // namespace edgeflex
