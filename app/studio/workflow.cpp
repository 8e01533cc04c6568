#include "app/studio/workflow.h"

#include "app/studio/solvedtext.h"
#include "app/studio/stagetext.h"
#include "app/studio/trialtext.h"
#include "plan/error.h"
#include "widgets/quantitytext.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace edgeflex {
namespace {

const std::string inspectJob = "inspect";
const std::string calibrationJob = "calibration";
const std::string dataJob = "data";
const std::string profileJob = "profile";
const std::string timesJob = "times";
const std::string estimateJob = "estimate";
const std::string sensitivityJob = "sensitivity";
const std::string baselineJob = "baseline";
const std::string draftJob = "draft";
const std::string timingJob = "timing";
const std::string recipeJob = "recipe";
const std::string solveJob = "solve";

QString absolute(const QString &path)
{
    return QFileInfo(path).absoluteFilePath();
}

} // namespace

Workflow::Workflow(Document *document, EngineClient *engine, QObject *parent)
    : QObject(parent),
      m_document(document),
      m_engine(engine),
      m_jobs(engine, [this] { return sources(); }),
      m_check(document, &m_jobs),
      m_export(document, &m_jobs, &m_folders)
{
    m_rest.setSingleShot(true);
    m_rest.setInterval(restMs);
    m_quiet.setSingleShot(true);
    m_quiet.setInterval(quietMs);
    connect(&m_rest, &QTimer::timeout, this, &Workflow::atRest);
    connect(&m_quiet, &QTimer::timeout, this, &Workflow::timeAgain);
    connect(&m_input, &InputWatch::input, this, [this] {
        if (m_timing)
            *m_timing = true;
        // The engine keeps what it has timed so far, and goes on from there when all is quiet.
        if (m_timingLayers) {
            m_timingLayers = false;
            m_jobs.hold(timesJob);
            m_quiet.start();
        }
        if (m_quiet.isActive())
            m_quiet.start();
    });
    connect(queue(), &JobQueue::changed, this, [this] {
        Q_EMIT changed();
        checkSettled();
    });
    connect(&m_check, &PreprocessingCheck::finished, this, [this] {
        if (const auto &result = lint(); result && result->better())
            Q_EMIT doubted(lintText(*result, m_document->spec().channels));
    });
    connect(&m_export, &ExportRun::exported, this, &Workflow::exported);
    connect(&m_export, &ExportRun::failed, this, &Workflow::exportFailed);
    connect(&m_jobs, &NamedJobs::jobEnded, this, &Workflow::advance);
    connect(&m_jobs, &NamedJobs::failed, this, &Workflow::failed);
    connect(&m_jobs, &NamedJobs::stopped, this,
            [this](const QString &title) { Q_EMIT told(tr("Stopped: %1. Plan, Try Again goes on.").arg(title)); });
    connect(document, &Document::planChanged, this, &Workflow::planMoved);
    for (const auto signal :
         {&Document::modelChanged, &Document::sourcesChanged, &Document::knowledgeChanged, &Document::variantsChanged})
        connect(document, signal, this, &Workflow::advance);
    connect(engine, &EngineClient::stateChanged, this, [this](EngineClient::State state) {
        if (state == EngineClient::State::Ready)
            m_document->setEngineTarget(m_engine->engine().target);
    });
}

std::string Workflow::sources() const
{
    const Session &session = m_document->session();
    return session.model.path + '\n' + session.summary.identity + '\n' + session.calibration + '\n' + session.data +
           '\n' + std::to_string(session.batch) + std::string(toString(session.schedule));
}

// ---- opening -------------------------------------------------------------------------------------------

void Workflow::openModel(const QString &path)
{
    ModelSource source;
    source.path = absolute(path).toStdString();
    openModel(source);
}

void Workflow::openModel(const ModelSource &source)
{
    m_openingPath = QString::fromStdString(source.path);
    // What is learnt about the model before it would be in vain; where the new one does not open, it is asked again.
    for (const Name &name : {profileJob, timesJob, estimateJob, sensitivityJob, baselineJob})
        m_jobs.forget(name);
    InspectOptions options;
    options.model = source;
    m_jobs.ask<ModelSummary>(
        inspectJob, tr("Opening the model"), method::inspect, options,
        [this, source, asked = m_document->revision()](const ModelSummary &summary) {
            if (asked == m_document->revision() || mayReplace())
                inspected(source, summary);
        },
        [this, source](const QString &sentence) {
            m_openingPath.clear();
            m_jobs.forgive(inspectJob);
            if (!sentence.isEmpty())
                Q_EMIT notOpened(source, sentence);
            Q_EMIT opened(sentence);
        },
        comesFirst);
    Q_EMIT changed();
}

// Whether the session may go; where not, nothing is opened.
bool Workflow::mayReplace()
{
    if (!m_mayReplace || m_mayReplace())
        return true;
    m_openingPath.clear();
    Q_EMIT opened({});
    return false;
}

void Workflow::inspected(const ModelSource &source, const ModelSummary &summary)
{
    m_openingPath.clear();
    QString error;
    try {
        validate(summary.spec);
    } catch (const Error &wrong) {
        error = QString::fromUtf8(wrong.what());
    }
    if (error.isEmpty()) {
        for (const Name &name :
             {profileJob, timesJob, estimateJob, sensitivityJob, baselineJob, draftJob, timingJob, recipeJob, solveJob})
            m_jobs.forget(name);
        m_check.forget();
        finishRecipe();
        m_timeAgain.clear();
        m_timingLayers = false;
        m_jobs.forgiveAll();
        m_draftSeconds.reset();
        m_weightsDiffer = false;
        m_document->setModel(source, summary);
    } else {
        Q_EMIT failed(error);
    }
    Q_EMIT opened(error);
}

void Workflow::openSession(Session session, const QString &folder)
{
    for (const Name &name : {inspectJob, profileJob, timesJob, estimateJob, sensitivityJob, baselineJob, draftJob,
                             timingJob, recipeJob, solveJob})
        m_jobs.forget(name);
    m_check.forget();
    finishRecipe();
    m_timeAgain.clear();
    m_timingLayers = false;
    m_jobs.forgiveAll();
    m_draftSeconds.reset();
    m_weightsDiffer = false;
    m_document->setSession(std::move(session), folder);
    locateModel({});
    askSummaries();
}

// Looks whether the weights of the session are those it was made with.
void Workflow::locateModel(const QString &path)
{
    InspectOptions options;
    options.model = m_document->session().model;
    if (!path.isEmpty())
        options.model.path = absolute(path).toStdString();
    const QString shown = QString::fromStdString(options.model.path);
    m_jobs.ask<ModelSummary>(
        inspectJob, tr("Checking the model"), method::inspect, options,
        [this, options, shown](const ModelSummary &summary) {
            const ModelSummary &known = m_document->session().summary;
            const bool told = !known.identity.empty() && !summary.identity.empty();
            m_weightsDiffer = told ? known.identity != summary.identity : known.spec != summary.spec;
            if (m_weightsDiffer) {
                Q_EMIT weightsChanged(
                    tr("The weights at %1 are not those of this session: what was measured does not hold for them.")
                        .arg(shown));
            } else if (options.model.path != m_document->session().model.path) {
                m_document->setModelPath(options.model.path);
            }
            Q_EMIT opened({});
        },
        [this, shown](const QString &sentence) {
            m_jobs.forgive(inspectJob);
            m_weightsDiffer = true; // nothing can be measured
            Q_EMIT modelMissing(sentence.isEmpty()
                                    ? tr("Whether the weights at %1 are those of this session is not known, and "
                                         "nothing is measured before it is: Plan, Try Again looks.")
                                          .arg(shown)
                                    : sentence);
            Q_EMIT opened(sentence);
        },
        comesFirst);
}

void Workflow::useImages(Role role, const QString &path)
{
    DataOptions options;
    options.path = absolute(path).toStdString();
    const bool calibration = role == Role::Calibration;
    m_jobs.ask<DataSummary>(
        calibration ? calibrationJob : dataJob, tr("Reading the images' names"), method::data, options,
        [this, calibration, options](const DataSummary &summary) {
            if (calibration)
                setCalibration(options.path, summary);
            else
                m_document->setData(options.path, summary);
            const std::int64_t classes = m_document->hasModel() ? m_document->spec().classes() : 0;
            if (!calibration && classes > 0 && summary.classes > classes)
                Q_EMIT failed(tr("The images have %L1 classes and the model knows %L2: their accuracy "
                                 "will be low; choose images with the model's own classes.")
                                  .arg(static_cast<qlonglong>(summary.classes))
                                  .arg(static_cast<qlonglong>(classes)));
        },
        {}, comesFirst);
    Q_EMIT changed();
}

// What was asked with the images before would be taken for what these say.
void Workflow::setCalibration(const std::string &path, const DataSummary &summary)
{
    if (m_document->session().calibration != path) {
        for (const Name &name : {profileJob, estimateJob, sensitivityJob, draftJob, recipeJob, solveJob})
            m_jobs.forget(name);
        m_check.forget();
        finishRecipe();
        m_document->clearSoFar();
    }
    m_document->setCalibration(path, summary);
}

// How many images a re-opened session has, for show; the session holds without.
void Workflow::askSummaries()
{
    const Session &session = m_document->session();
    if (!session.calibration.empty())
        useImages(Role::Calibration, QString::fromStdString(session.calibration));
    if (!session.data.empty())
        useImages(Role::Data, QString::fromStdString(session.data));
}

void Workflow::openAny(const QString &path)
{
    InspectOptions options;
    options.model.path = absolute(path).toStdString();
    m_openingPath = path;
    m_jobs.ask<ModelSummary>(
        inspectJob, tr("Looking at what was dropped"), method::inspect, options,
        [this, options](const ModelSummary &summary) {
            if (mayReplace())
                inspected(options.model, summary);
        },
        [this, path](const QString &noModel) {
            m_openingPath.clear();
            m_jobs.forgive(inspectJob);
            if (noModel.isEmpty()) {
                Q_EMIT opened({});
                return;
            }
            DataOptions images;
            images.path = absolute(path).toStdString();
            m_jobs.ask<DataSummary>(
                dataJob, tr("Looking at what was dropped"), method::data, images,
                [this, path, images](const DataSummary &summary) {
                    const Session &session = m_document->session();
                    if (session.calibration.empty())
                        setCalibration(images.path, summary);
                    else if (session.data.empty())
                        m_document->setData(images.path, summary);
                    else
                        Q_EMIT imagesRoleWanted(path);
                    Q_EMIT opened({});
                },
                [this, noModel](const QString &) {
                    m_jobs.forgive(dataJob);
                    Q_EMIT failed(noModel);
                    Q_EMIT opened(noModel);
                },
                comesFirst);
        },
        comesFirst);
    Q_EMIT changed();
}

// ---- learning about the model --------------------------------------------------------------------------

// Asks for what is missing; later, because it is called while the document changes.
void Workflow::advance()
{
    if (m_advancing)
        return;
    m_advancing = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_advancing = false;
            advanceNow();
            checkSettled();
        },
        Qt::QueuedConnection);
}

void Workflow::advanceNow()
{
    if (!m_document->hasModel() || m_weightsDiffer || isAsked(inspectJob))
        return;
    const Session &session = m_document->session();
    const auto wanted = [&](const Name &name) {
        return !isAsked(name) && !m_jobs.hasGivenUp(name);
    };
    if (!session.calibration.empty() && !isAsked(calibrationJob)) {
        const bool profiled = session.profile && session.profile->batch == session.batch &&
                              session.profile->schedule.kind == session.schedule;
        if (!profiled && wanted(profileJob))
            askProfile();
        // Those of older sessions say nothing of linear layers in the place of halves of blocks.
        const bool timed = session.times && session.times->batch == session.batch && !session.times->linearMlps.empty();
        if (!timed && wanted(timesJob))
            askTimes();
        if (!session.sensitivity && wanted(estimateJob))
            askSensitivity(estimateJob, tr("Estimating sensitivity"), true);
        if (!(session.sensitivity && session.sensitivity->isComplete()) && wanted(sensitivityJob))
            askSensitivity(sensitivityJob, tr("Measuring sensitivity"), false);
    }
    if (!session.data.empty() && !isAsked(dataJob) && !m_document->baseline() && wanted(baselineJob))
        askBaseline();
    if (isRecipeRunning() && !isAsked(recipeJob))
        askNextStep();
    planMoved();
    if (isReady() && m_document->measured() && m_jobs.isEmpty() && m_check.isWanted(longestCheckSeconds))
        m_check.start(PreprocessingCheck::Why::Idle);
    if (!m_timeAgain.empty() && !m_quiet.isActive())
        m_quiet.start();
    Q_EMIT changed();
}

void Workflow::retry()
{
    m_jobs.forgiveAll();
    if (m_engine->state() == EngineClient::State::Failed)
        m_engine->start();
    if (m_weightsDiffer && !isAsked(inspectJob))
        locateModel({}); // they may have been put right
    advance();
}

void Workflow::askProfile()
{
    const Session &session = m_document->session();
    ProfileOptions options;
    options.model = session.model;
    options.calibration = session.calibration;
    options.batch = session.batch;
    options.schedule = session.schedule;
    m_jobs.ask<ActivationProfile>(profileJob, tr("Profiling"), method::profile, options,
                                  [this](const ActivationProfile &profile) { m_document->setProfile(profile); });
}

void Workflow::askTimes()
{
    TimesOptions options;
    options.model = m_document->session().model;
    options.batch = m_document->session().batch;
    m_timingLayers = false;
    m_jobs.ask<LayerTimes>(
        timesJob, tr("Timing the layers"), method::times, options,
        [this](const LayerTimes &times) {
            m_timingLayers = false;
            m_document->setTimes(times);
        },
        {},
        [this](Job &job) {
            job.stage = [this](const QString &stage) {
                m_timingLayers = stage == "timing" || stage == "layer times";
            };
        });
}

void Workflow::askSensitivity(const Name &name, const QString &title, bool estimate)
{
    const Session &session = m_document->session();
    SensitivityOptions options;
    options.model = session.model;
    options.calibration = session.calibration;
    options.search = session.search;
    options.estimate = estimate;
    m_jobs.ask<SensitivityResult>(
        name, title, method::sensitivity, options,
        [this](const SensitivityResult &result) { m_document->setSensitivity(result); }, {},
        estimate ? std::function<void(Job &)>() : comesLast); // it takes longest
}

void Workflow::askBaseline()
{
    const Session &session = m_document->session();
    const Disturbed disturbed = std::make_shared<bool>(false);
    const auto done = [this, disturbed](const Measurement &measurement) {
        Variant variant;
        variant.name = tr("Original").toStdString();
        variant.plan = identityPlan(m_document->spec());
        variant.measurement = measurement;
        variant.measurement.againstBaseline.reset();
        keep(std::move(variant), *disturbed);
    };
    const auto watch = [this, disturbed](Job &job) {
        watchTiming(job, disturbed);
    };
    const QString title = tr("Measuring the original");
    if (!session.calibration.empty()) { // the engine keeps what the drafts after it are compared with
        m_jobs.ask<Measurement>(baselineJob, title, method::draft, draftOptions(identityPlan(m_document->spec())), done,
                                {}, watch);
        return;
    }
    MeasureOptions options = measureOptions();
    options.processMemory = false;
    m_jobs.ask<Measurement>(baselineJob, title, method::measure, options, done, {}, watch);
}

void Workflow::lintPreprocessing()
{
    m_check.start(PreprocessingCheck::Why::Asked);
    Q_EMIT changed();
}

// ---- the plan at rest ----------------------------------------------------------------------------------

bool Workflow::isReady() const
{
    const Session &session = m_document->session();
    return m_document->hasModel() && !m_weightsDiffer && !session.calibration.empty() && !session.data.empty() &&
           session.profile && session.sensitivity && m_document->baseline();
}

QString Workflow::whyNotReady() const
{
    if (m_document->session().calibration.empty())
        return tr("Choose calibration images first");
    if (m_document->session().data.empty())
        return tr("Choose images to judge on first");
    return isReady() ? QString() : tr("The model is still being measured");
}

bool Workflow::isMeasuringPlan() const
{
    return isAsked(draftJob) && m_draftPlan == m_document->plan();
}

bool Workflow::isStopped() const
{
    const Session &session = m_document->session();
    const auto givenUp = [&](const Name &name) {
        return !isAsked(name) && m_jobs.hasGivenUp(name);
    };
    return (m_weightsDiffer && !isAsked(inspectJob)) || (!session.profile && givenUp(profileJob)) ||
           (!session.times && givenUp(timesJob)) || (!session.sensitivity && givenUp(estimateJob)) ||
           (!(session.sensitivity && session.sensitivity->isComplete()) && givenUp(sensitivityJob)) ||
           (!m_document->baseline() && givenUp(baselineJob));
}

bool Workflow::waitsForButton() const
{
    return isReady() && !m_document->measured() && !isMeasuringPlan() && m_draftSeconds.value_or(0) > m_patienceSeconds;
}

void Workflow::planMoved()
{
    if (isAsked(draftJob) && m_draftPlan != m_document->plan()) {
        m_jobs.forget(draftJob);
        m_document->clearSoFar();
    }
    if (m_document->hasModel() && !isAsked(draftJob) && isReady() && !m_document->measured()) {
        m_check.giveWay();
        m_rest.start();
    } else {
        m_rest.stop();
    }
    checkSettled();
}

void Workflow::atRest()
{
    const bool asked = isAsked(recipeJob) || isAsked(solveJob) || isExporting() || isRecipeRunning();
    const bool failedAlready = m_jobs.hasGivenUp(draftJob) && m_draftPlan == m_document->plan();
    if (isReady() && !asked && !failedAlready && !isAsked(draftJob) && !m_document->measured() && !waitsForButton())
        startDraft();
    Q_EMIT changed();
    checkSettled();
}

void Workflow::measurePlan()
{
    if (isReady() && !isMeasuringPlan() && !m_document->measured())
        startDraft();
}

void Workflow::startDraft()
{
    m_rest.stop();
    m_draftPlan = m_document->plan();
    const Name name = draftJob;
    draft(name, tr("Measuring the plan"), m_draftPlan, {}, m_document->origin(), [](int) {});
}

DraftOptions Workflow::draftOptions(const CompressionPlan &plan) const
{
    const Session &session = m_document->session();
    DraftOptions options;
    options.model = session.model;
    options.calibration = session.calibration;
    options.plan = plan;
    options.data = session.data;
    options.batch = session.batch;
    options.schedule = session.schedule;
    return options;
}

// Of the original, under the conditions that are chosen now.
MeasureOptions Workflow::measureOptions() const
{
    const Session &session = m_document->session();
    MeasureOptions options;
    options.model = session.model;
    options.data = session.data;
    options.batch = session.batch;
    options.schedule = session.schedule;
    return options;
}

// The engine's latency counts only when nobody touched the window while it was taken.
void Workflow::watchTiming(Job &job, const Disturbed &disturbed)
{
    job.stage = [this, disturbed](const QString &stage) {
        m_timing.reset();
        if (stage == "timing") {
            *disturbed = false; // of a job that is done once more
            m_timing = disturbed;
        }
    };
}

// A disturbed latency is left out, and taken again once all is quiet.
int Workflow::keep(Variant variant, bool disturbed)
{
    const bool again = disturbed && variant.measurement.latency;
    if (again)
        variant.measurement.latency.reset();
    const int id = m_document->addVariant(std::move(variant));
    if (again)
        m_timeAgain.insert(id);
    return id;
}

void Workflow::draft(const Name &name, const QString &title, const CompressionPlan &plan, const QString &variantName,
                     int parent, std::function<void(int)> done, std::function<void()> failedToo)
{
    const auto started = std::make_shared<QElapsedTimer>();
    const Disturbed disturbed = std::make_shared<bool>(false);
    const DraftOptions options = draftOptions(plan);
    m_jobs.ask<Measurement>(
        name, title, method::draft, options,
        [this, plan, variantName, parent, done, started, disturbed,
         calibration = options.calibration](const Measurement &measurement) {
            if (started->isValid())
                m_draftSeconds = static_cast<double>(started->elapsed()) / 1000;
            Variant variant;
            variant.name =
                (variantName.isEmpty() ? tr("Plan %1").arg(m_document->session().nextVariantId()) : variantName)
                    .toStdString();
            variant.plan = plan;
            variant.calibration = calibration;
            variant.parent = parent;
            variant.measurement = measurement;
            m_document->clearSoFar();
            done(keep(std::move(variant), *disturbed));
        },
        [this, failedToo](const QString &sentence) {
            m_document->clearSoFar();
            if (!sentence.isEmpty())
                Q_EMIT failed(sentence);
            if (failedToo)
                failedToo();
        },
        [this, plan, started, disturbed](Job &job) {
            watchTiming(job, disturbed);
            const auto stage = job.stage;
            job.stage = [stage, started](const QString &word) {
                // Calibrating comes once; the next draft has it from the cache.
                if (word.startsWith("calibrat"))
                    started->invalidate();
                else if (!started->isValid())
                    started->start();
                stage(word);
            };
            job.accuracy = [this, plan](const AccuracySoFar &accuracy) {
                m_document->setSoFar(plan, accuracy);
            };
        });
    Q_EMIT changed();
}

// Takes a latency that input had disturbed again: one image is judged, the time is what it is for.
void Workflow::timeAgain()
{
    if (m_jobs.isHeld(timesJob)) {
        if (m_input.idleMs() < quietMs) {
            m_quiet.start();
            return;
        }
        m_jobs.resume(timesJob);
    }
    if (m_timeAgain.empty())
        return;
    if (!queue()->isIdle() || m_input.idleMs() < quietMs) {
        m_quiet.start();
        return;
    }
    const int id = *m_timeAgain.begin();
    const Variant *variant = m_document->variant(id);
    if (!variant) {
        m_timeAgain.erase(id);
        advance();
        return;
    }
    const Disturbed disturbed = std::make_shared<bool>(false);
    const auto done = [this, id, disturbed](const Measurement &measurement) {
        if (*disturbed)
            return; // once more, later
        m_timeAgain.erase(id);
        m_document->setLatency(id, measurement);
    };
    const auto failed = [this, id](const QString &) {
        m_timeAgain.erase(id);
    };
    const auto watch = [this, disturbed](Job &job) {
        watchTiming(job, disturbed);
    };
    const QString title = tr("Timing %1 again").arg(QString::fromStdString(variant->name));
    if (!variant->isBaseline() && variant->folder.empty()) {
        DraftOptions options = draftOptions(variant->plan);
        options.dataImages = 1;
        m_jobs.ask<Measurement>(timingJob, title, method::draft, options, done, failed, watch);
        return;
    }
    MeasureOptions options = measureOptions();
    options.images = 1;
    options.processMemory = false;
    if (!variant->isBaseline()) {
        options.model.path = variant->folder;
        options.baseline = m_document->session().model;
    }
    m_jobs.ask<Measurement>(timingJob, title, method::measure, options, done, failed, watch);
}

// ---- what the user asks for ----------------------------------------------------------------------------

void Workflow::runRecipe()
{
    if (!isReady() || isRecipeRunning())
        return;
    m_jobs.forget(draftJob);
    m_document->clearSoFar();
    m_recipeSteps = edgeFlexRecipe(m_document->spec(), m_document->session().sensitivity);
    m_recipeVariants.clear();
    m_document->setRecipe({});
    askNextStep();
}

void Workflow::askNextStep()
{
    while (m_recipeVariants.size() < m_recipeSteps.size()) {
        const RecipeStep &step = m_recipeSteps[m_recipeVariants.size()];
        if (const Variant *known = m_document->measured(step.plan)) {
            m_recipeVariants.push_back(known->id);
            continue;
        }
        const int before = m_recipeVariants.empty() ? m_document->baseline()->id : m_recipeVariants.back();
        draft(
            recipeJob, tr("Recipe: %1").arg(stepText(QString::fromStdString(step.name))), step.plan,
            stepText(QString::fromStdString(step.name)), before, [](int) {}, [this] { finishRecipe(); });
        return;
    }
    const std::vector<int> variants = m_recipeVariants;
    finishRecipe();
    m_document->setRecipe(variants);
}

void Workflow::finishRecipe()
{
    m_recipeSteps.clear();
    m_recipeVariants.clear();
    Q_EMIT changed();
}

void Workflow::solve()
{
    if (!isReady() || isSolving() || !m_document->session().budgets.any())
        return;
    m_jobs.forget(draftJob);
    m_document->clearSoFar();
    const Session &session = m_document->session();
    TuneOptions options;
    options.model = session.model;
    options.calibration = session.calibration;
    options.search = session.search;
    options.batch = session.batch;
    options.maxWeightsBytes = session.budgets.maxWeightsBytes;
    options.maxPeakBytes = session.budgets.maxPeakBytes;
    options.maxLatencyRatio = session.budgets.maxLatencyRatio;
    options.maxDropPoints = session.budgets.maxDropPoints;
    options.pins = session.pins;
    options.out = m_folders.next("solved").toStdString();
    m_jobs.ask<TuneResult>(solveJob, tr("Solving"), method::tune, options, [this, options](const TuneResult &result) {
        const CompressionPlan plan = result.compressed.plan;
        m_document->setPlan(plan, tr("Solve"));
        m_document->setFront(result.front.byWeights);
        const QString verdict = solvedText(result);
        if (result.met)
            Q_EMIT told(verdict);
        else
            Q_EMIT failed(verdict);
        MeasureOptions measure = measureOptions();
        measure.baseline = std::move(measure.model);
        measure.model = {};
        measure.model.path = options.out;
        const Disturbed disturbed = std::make_shared<bool>(false);
        m_jobs.ask<Measurement>(
            solveJob, tr("Measuring what was found"), method::measure, measure,
            [this, plan, options, disturbed, refits = result.compressed.layerError](const Measurement &measurement) {
                Variant variant;
                variant.name = tr("Solved %1").arg(m_document->session().nextVariantId()).toStdString();
                variant.plan = plan;
                variant.quality = Quality::Final;
                variant.calibration = options.calibration;
                variant.parent = m_document->baseline() ? m_document->baseline()->id : -1;
                variant.folder = options.out;
                variant.measurement = measurement;
                variant.measurement.refits = refits;
                keep(std::move(variant), *disturbed);
            },
            {},
            [this, plan, disturbed](Job &job) {
                watchTiming(job, disturbed);
                job.accuracy = [this, plan](const AccuracySoFar &accuracy) {
                    m_document->setSoFar(plan, accuracy);
                };
            });
    });
    Q_EMIT changed();
}

void Workflow::exportPlan(const ExportRequest &request)
{
    m_export.start(request);
    Q_EMIT changed();
}

void Workflow::cancelExport()
{
    m_export.cancel();
}

void Workflow::cancelRunning()
{
    queue()->cancelRunning();
}

// ---- rest ----------------------------------------------------------------------------------------------

bool Workflow::isSettled() const
{
    return m_jobs.queue()->isIdle() && m_jobs.isEmpty() && !m_rest.isActive() && !m_advancing && m_timeAgain.empty();
}

void Workflow::checkSettled()
{
    const bool now = isSettled();
    if (now == m_wasSettled)
        return;
    m_wasSettled = now;
    if (now)
        Q_EMIT settled();
}

} // namespace edgeflex
