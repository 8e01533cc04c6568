#include "app/studio/modelfacts.h"

#include "plan/results.h"
#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QLocale>

namespace edgeflex {
namespace {

QString text(std::string_view word)
{
    return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
}

struct ModelFacts
{
    Q_DECLARE_TR_FUNCTIONS(ModelFacts)
public:
    static QString meanAndDeviation(const Preprocessing &preprocessing, int channels);
    static QList<Fact> write(const ModelSummary &summary);
};

QString ModelFacts::meanAndDeviation(const Preprocessing &preprocessing, int channels)
{
    QStringList mean;
    QStringList deviation;
    for (std::size_t i = 0; i < static_cast<std::size_t>(channels == 1 ? 1 : 3); ++i) {
        mean += QLocale().toString(preprocessing.mean[i], 'g', 4);
        deviation += QLocale().toString(preprocessing.std[i], 'g', 4);
    }
    if (mean.count(mean.first()) == mean.size())
        mean.resize(1);
    if (deviation.count(deviation.first()) == deviation.size())
        deviation.resize(1);
    return tr("mean %1, deviation %2").arg(mean.join("; "), deviation.join("; "));
}

QList<Fact> ModelFacts::write(const ModelSummary &summary)
{
    const ModelSpec &spec = summary.spec;
    const Preprocessing &preprocessing = spec.preprocessing;
    QList<Fact> facts;
    facts += {tr("Family"), tr("Vision Transformer, names as in %1").arg(QString::fromStdString(spec.naming))};
    facts += {tr("Input"), tr("%1 × %2 pixels, channels: %3, patches of %4")
                               .arg(spec.imageWidth)
                               .arg(spec.imageHeight)
                               .arg(spec.channels)
                               .arg(spec.patchSize)};
    facts += {tr("Tokens"), QString::number(spec.tokens())};
    facts += {tr("Transformer"),
              tr("%1 blocks, width %2, %3 heads").arg(spec.blocks.size()).arg(spec.width).arg(spec.heads)};
    facts += {tr("Classes"), QLocale().toString(static_cast<qlonglong>(spec.classes()))};
    facts += {tr("Parameters"), QLocale().toString(static_cast<qlonglong>(summary.parameters))};
    facts += {tr("File"), bytesText(summary.fileBytes)};
    facts += {tr("Weights in memory"), bytesText(summary.weightsBytes)};
    facts += {tr("MACs per image"), countText(summary.macsPerImage)};
    facts += {tr("Resize"), preprocessing.resizeShorter > 0 ? tr("shorter side to %1, %2")
                                                                  .arg(preprocessing.resizeShorter)
                                                                  .arg(text(toString(preprocessing.interpolation)))
                                                            : text(toString(preprocessing.interpolation))};
    facts += {tr("Normalization"),
              preprocessing.stated ? meanAndDeviation(preprocessing, spec.channels) : tr("not stated by the model")};
    return facts;
}

} // namespace

QList<Fact> modelFacts(const ModelSummary &summary)
{
    return ModelFacts::write(summary);
}

} // namespace edgeflex
