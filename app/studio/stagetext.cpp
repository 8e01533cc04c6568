#include "app/studio/stagetext.h"

#include <QCoreApplication>
#include <QMap>

namespace edgeflex {
namespace {

struct StageText
{
    Q_DECLARE_TR_FUNCTIONS(StageText)
public:
    static QMap<QString, QString> words()
    {
        return {{"loading", tr("loading")},
                {"reading images", tr("reading images")},
                {"reading search images", tr("reading search images")},
                {"calibrating", tr("calibrating")},
                {"compressing", tr("compressing")},
                {"profiling", tr("profiling")},
                {"sensitivity", tr("sensitivity")},
                {"layer times", tr("layer times")},
                {"accuracy", tr("accuracy")},
                {"timing", tr("timing")},
                {"process memory", tr("process memory")},
                {"FP32 on the search images", tr("FP32 on the search images")},
                {"measuring on the search images", tr("measuring on the search images")},
                {"writing ONNX", tr("writing ONNX")},
                {"executing", tr("executing")},
                {"preprocessing", tr("preprocessing")},
                {"comparing in ONNX Runtime", tr("comparing in ONNX Runtime")},
                {"baseline", tr("baseline")},
                {"pruned", tr("pruned")},
                {"pictures", tr("pictures")}};
    }
};

} // namespace

QString stageText(const QString &stage)
{
    return StageText::words().value(stage, stage);
}

QString stepText(const QString &step)
{
    return stageText(step);
}

} // namespace edgeflex
