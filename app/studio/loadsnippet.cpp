#include "app/studio/loadsnippet.h"

#include <QFileInfo>

namespace edgeflex {
namespace {

// A path as a Python or a shell string in double quotes; both know these escapes.
QString quoted(const QString &path, bool shell)
{
    QString text = path;
    text.replace('\\', "\\\\").replace('"', "\\\"");
    if (shell)
        text.replace('$', "\\$").replace('`', "\\`");
    return '"' + text + '"';
}

} // namespace

QString loadSnippet(ExportFormat format, const QString &path, const ModelSpec &spec)
{
    if (format == ExportFormat::Safetensors)
        return QString("edgeflex measure %1 --data IMAGES\n"
                       "edgeflex export %1 --to onnx --out %2 --verify\n")
            .arg(quoted(path, true), quoted(path + ".onnx", true));
    return QString("import numpy as np\n"
                   "import onnxruntime\n"
                   "\n"
                   "session = onnxruntime.InferenceSession(%1)\n"
                   "images = np.zeros((1, %2, %3, %4), np.float32)  # normalised as in training\n"
                   "logits = session.run(None, {session.get_inputs()[0].name: images})[0]\n"
                   "print(logits.argmax(axis=1))\n")
        .arg(quoted(path, false))
        .arg(spec.channels)
        .arg(spec.imageHeight)
        .arg(spec.imageWidth);
}

} // namespace edgeflex
