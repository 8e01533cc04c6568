#include "app/studio/preprocessingcheck.h"

#include "app/studio/document.h"
#include "app/studio/enginepicture.h"
#include "app/studio/namedjobs.h"

namespace edgeflex {
namespace {

const std::string checkJob = "lint";

} // namespace

PreprocessingCheck::PreprocessingCheck(Document *document, EngineClient *engine, NamedJobs *jobs, QObject *parent)
    : QObject(parent), m_document(document), m_engine(engine), m_jobs(jobs)
{
}

// What the result rests on.
std::string PreprocessingCheck::sources() const
{
    const Session &session = m_document->session();
    return nlohmann::json(session.model).dump() + session.summary.identity + session.calibration + session.search;
}

const std::optional<PreprocessingLintResult> &PreprocessingCheck::result() const
{
    static const std::optional<PreprocessingLintResult> none;
    return m_resultOf == sources() ? m_result : none;
}

bool PreprocessingCheck::isRunning() const
{
    return m_jobs->isAsked(checkJob);
}

void PreprocessingCheck::forget()
{
    m_jobs->forget(checkJob);
}

// A dozen ways are tried on 200 images.
bool PreprocessingCheck::isWanted(double patienceSeconds) const
{
    constexpr double passes = 12 * 200;
    const Session &session = m_document->session();
    if (result() || isRunning() || m_jobs->hasGivenUp(checkJob) || !session.times ||
        session.times->fp32Milliseconds <= 0)
        return false;
    const double seconds = passes * session.times->fp32Milliseconds / session.times->batch / 1000;
    return seconds <= patienceSeconds;
}

void PreprocessingCheck::start()
{
    if (!m_document->hasModel() || m_document->session().calibration.empty() || isRunning())
        return;
    const Session &session = m_document->session();
    PreprocessingLintOptions options;
    options.model = session.model;
    options.calibration = session.calibration;
    options.search = session.search;
    const std::string of = sources();
    m_jobs->ask<PreprocessingLintResult>(checkJob, tr("Checking how images are prepared"), method::lint, options,
                                         [this, of](const PreprocessingLintResult &result) {
                                             m_result = result;
                                             m_resultOf = of;
                                             m_pictures.clear();
                                             for (const PreparedPicture &picture : result.pictures) {
                                                 if (const QImage image = takePicture(m_engine, picture);
                                                     !image.isNull())
                                                     m_pictures += image;
                                             }
                                         });
}

} // namespace edgeflex
