#pragma once

#include "app/studio/document.h"
#include "app/studio/exportrun.h"
#include "app/studio/inputwatch.h"
#include "app/studio/namedjobs.h"
#include "app/studio/preprocessingcheck.h"
#include "app/studio/temporaryfolders.h"
#include "plan/recipe.h"

#include <QElapsedTimer>
#include <QTimer>

#include <memory>
#include <set>

namespace edgeflex {

// What is asked of the engine and when: the model and the images as soon as they are chosen, then the profile, the
// sensitivity and the original's figures, and every plan that is left at rest. Answers go to the document.
class Workflow : public QObject
{
    Q_OBJECT

public:
    // A plan is measured once it was left alone for this long.
    static constexpr int restMs = 300;
    // A draft that is expected to take longer waits to be asked for.
    static constexpr double usualPatienceSeconds = 10;
    // How images are prepared is checked by itself where that takes no longer; a plan that moves comes first.
    static constexpr double longestCheckSeconds = 60;
    // A latency that was disturbed is taken again once there was no input for this long.
    static constexpr int quietMs = 1500;

    enum class Role { Calibration, Data };

    using ExportRequest = edgeflex::ExportRequest;

    Workflow(Document *document, EngineClient *engine, QObject *parent = nullptr);

    void openModel(const QString &path);
    // With what the files do not say about themselves.
    void openModel(const ModelSource &source);
    // Judges how images are prepared, whatever it takes.
    void lintPreprocessing();
    // The same weights elsewhere: the session stays.
    void locateModel(const QString &path);
    void openSession(Session session, const QString &folder);
    void useImages(Role role, const QString &path);
    // A model or images: the engine is asked which.
    void openAny(const QString &path);
    // Asked before a model that turned out to be one takes the place of a session that was dropped on, or that has
    // changed since the model was asked for.
    void setMayReplace(std::function<bool()> mayReplace) { m_mayReplace = std::move(mayReplace); }

    // Measures the plan now, however long it takes.
    void measurePlan();
    void solve();
    void runRecipe();
    void exportPlan(const ExportRequest &request);
    void cancelExport();
    void cancelRunning();
    // Asks again for what failed.
    void retry();

    // What else the engine is asked goes in the same line.
    NamedJobs *jobs() { return &m_jobs; }
    JobQueue *queue() { return m_jobs.queue(); }
    EngineClient *engine() { return m_engine; }
    // Of a plan under the conditions that are chosen now.
    DraftOptions draftOptions(const CompressionPlan &plan) const;
    // Nothing runs, waits or is about to.
    bool isSettled() const;
    bool isReady() const;         // the plan could be measured
    QString whyNotReady() const;  // and what is missing for that; empty where nothing is
    bool isMeasuringPlan() const; // and it is
    bool waitsForButton() const;  // because it would take too long
    bool isStopped() const;       // what the model must be known for was stopped or failed; retry() goes on
    std::optional<double> draftSeconds() const { return m_draftSeconds; }
    void setPatience(double seconds) { m_patienceSeconds = seconds; }
    // The recipe that runs: its steps, and the variants measured so far.
    const std::vector<RecipeStep> &recipeSteps() const { return m_recipeSteps; }
    const std::vector<int> &recipeVariants() const { return m_recipeVariants; }
    bool isRecipeRunning() const { return !m_recipeSteps.empty(); }
    bool isSolving() const { return isAsked("solve"); }
    bool isOpening() const { return isAsked("inspect"); }
    bool isExporting() const { return m_export.isRunning(); }
    bool isExportWaiting() const { return m_export.isWaiting(); } // for other jobs
    bool isLinting() const { return m_check.isAskedFor(); }       // at the user's wish
    // Of the model and the calibration images as they are; nothing: not judged yet.
    const std::optional<PreprocessingLintResult> &lint() const { return m_check.result(); }
    QString openingPath() const { return m_openingPath; }

Q_SIGNALS:
    void changed();
    void settled();
    void notOpened(const edgeflex::ModelSource &source, const QString &sentence); // and why not
    void opened(const QString &error);                                            // an openModel() came to its end
    void failed(const QString &sentence);                                         // a job did
    void told(const QString &sentence);           // of a job that did its work, for the user to know
    void modelMissing(const QString &sentence);   // the session's weights are not where they were
    void weightsChanged(const QString &sentence); // or are others
    void doubted(const QString &sentence);        // another way of preparing images is better
    void exported(const ExportResult &result);
    void exportFailed(const QString &sentence); // empty: cancelled
    void imagesRoleWanted(const QString &path); // dropped images while both are chosen

private:
    using Name = NamedJobs::Name;

    bool isAsked(const Name &name) const { return m_jobs.isAsked(name); }
    void advance();
    void advanceNow();
    void askProfile();
    void askTimes();
    // An estimate comes first: predictions start with it, until what was measured replaces it.
    void askSensitivity(const std::string &name, const QString &title, bool estimate);
    void askBaseline();
    void askSummaries();
    void setCalibration(const std::string &path, const DataSummary &summary);
    void askNextStep();
    void planMoved();
    void atRest();
    void startDraft();
    void timeAgain();
    bool mayReplace();
    void inspected(const ModelSource &source, const ModelSummary &summary);
    // `parent`: the variant that the plan was made from.
    void draft(const Name &name, const QString &title, const CompressionPlan &plan, const QString &variant, int parent,
               std::function<void(int)> done, std::function<void()> failed = {});
    using Disturbed = std::shared_ptr<bool>; // whether there was input while a job timed
    void watchTiming(Job &job, const Disturbed &disturbed);
    int keep(Variant variant, bool disturbed); // in the document; its id there
    MeasureOptions measureOptions() const;
    void finishRecipe();
    void checkSettled();
    std::string sources() const; // what the knowledge rests on, as text

    Document *m_document;
    EngineClient *m_engine;
    NamedJobs m_jobs;
    InputWatch m_input;
    TemporaryFolders m_folders;
    PreprocessingCheck m_check;
    ExportRun m_export;
    std::function<bool()> m_mayReplace;
    QTimer m_rest;
    QTimer m_quiet;
    bool m_advancing = false;
    QString m_openingPath;
    CompressionPlan m_draftPlan;          // of the draft that runs
    std::optional<double> m_draftSeconds; // that the last one took
    double m_patienceSeconds = usualPatienceSeconds;
    Disturbed m_timing;          // of the job that is timing; of one that has ended nobody asks any more
    std::set<int> m_timeAgain;   // variants without a latency
    bool m_timingLayers = false; // disturbed, it is held and goes on once there was no input for a while
    std::vector<RecipeStep> m_recipeSteps;
    std::vector<int> m_recipeVariants;
    bool m_weightsDiffer = false;
    bool m_wasSettled = true;
};

} // namespace edgeflex
