#include "app/studio/trialtext.h"

#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace edgeflex {
namespace {

struct TrialText
{
    Q_DECLARE_TR_FUNCTIONS(TrialText)
};

QString numbers(const std::array<double, 3> &values, int channels)
{
    QStringList texts;
    for (std::size_t i = 0; i < (channels == 1 ? 1U : 3U); ++i)
        texts += QLocale().toString(values[i], 'g', 3);
    if (texts.count(texts.first()) == texts.size())
        texts.resize(1);
    return texts.join("; ");
}

} // namespace

QString trialText(const PreprocessingTrial &trial, int channels)
{
    using Change = PreprocessingTrial::Change;
    const Preprocessing &way = trial.preprocessing;
    const std::string_view word = toString(way.interpolation);
    switch (trial.change) {
    case Change::Stated:
        return TrialText::tr("As it is");
    case Change::Normalization:
        return TrialText::tr("Mean %1, deviation %2").arg(numbers(way.mean, channels), numbers(way.std, channels));
    case Change::Crop:
        return way.resizeShorter > 0 ? TrialText::tr("Shorter side %1, then crop").arg(way.resizeShorter)
                                     : TrialText::tr("Stretched, no crop");
    case Change::Interpolation:
        return TrialText::tr("Interpolation: %1")
            .arg(QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size())));
    case Change::Together:
        break;
    }
    return TrialText::tr("The best of these together");
}

QString lintText(const PreprocessingLintResult &result, int channels)
{
    const std::optional<std::size_t> better = result.better();
    if (!better)
        return TrialText::tr("No other way that was tried is better beyond chance, on %L1 images.")
            .arg(static_cast<qlonglong>(result.images));
    const PreprocessingTrial &best = result.trials[*better];
    return TrialText::tr("“%1” is better beyond chance: %2 instead of %3 on %L4 images.")
        .arg(trialText(best, channels), shareText(best.top1.rate), shareText(result.trials.front().top1.rate))
        .arg(static_cast<qlonglong>(result.images));
}

} // namespace edgeflex
