#include "app/studio/preprocessingcheck.h"

#include "app/studio/document.h"
#include "app/studio/namedjobs.h"

#include <algorithm>

namespace edgeflex {
namespace {

const std::string checkJob = "lint";

} // namespace

PreprocessingCheck::PreprocessingCheck(Document *document, NamedJobs *jobs, QObject *parent)
    : QObject(parent), m_document(document), m_jobs(jobs)
{
    connect(jobs, &NamedJobs::asked, this, [this](const std::string &name) {
        if (name != checkJob)
            giveWay();
    });
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

bool PreprocessingCheck::isAskedFor() const
{
    return isRunning() && m_why == Why::Asked;
}

void PreprocessingCheck::giveWay()
{
    if (m_why == Why::Idle)
        forget();
}

// A dozen ways are tried on 200 images, or on one calibration image in five.
bool PreprocessingCheck::isWanted(double mostSeconds) const
{
    constexpr double ways = 12;
    constexpr std::int64_t mostImages = PreprocessingLintOptions().searchImages;
    const Session &session = m_document->session();
    const std::optional<DataSummary> &calibration = m_document->calibrationSummary();
    if (result() || isRunning() || m_jobs->hasGivenUp(checkJob) || !session.times || !calibration ||
        session.times->fp32Milliseconds <= 0)
        return false;
    const std::int64_t images = session.search.empty() ? std::min(mostImages, calibration->images / 5) : mostImages;
    const double each = session.times->fp32Milliseconds / session.times->batch / 1000;
    return ways * static_cast<double>(images) * each <= mostSeconds;
}

void PreprocessingCheck::start(Why why)
{
    if (!m_document->hasModel() || m_document->session().calibration.empty())
        return;
    m_why = why;
    if (isRunning())
        return;
    const Session &session = m_document->session();
    PreprocessingLintOptions options;
    options.model = session.model;
    options.calibration = session.calibration;
    options.search = session.search;
    m_jobs->ask<PreprocessingLintResult>(
        checkJob, tr("Checking how images are prepared"), method::lint, options,
        [this, of = sources()](const PreprocessingLintResult &result) {
            m_result = result;
            m_resultOf = of;
            Q_EMIT finished();
        },
        {}, [why](Job &job) { job.rank = why == Why::Asked ? Job::Rank::First : Job::Rank::Last; });
}

} // namespace edgeflex
