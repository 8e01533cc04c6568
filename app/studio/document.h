#pragma once

#include "plan/memorytimeline.h"
#include "plan/paretofront.h"
#include "plan/predictor.h"
#include "plan/session.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include <optional>

namespace edgeflex {

// What a plan makes of a model, and when its memory is taken.
struct PlanFigures
{
    ModelSpec planned;
    Schedule schedule; // of `planned`
    MemoryTimeline timeline;
    MemoryTimeline original; // without the plan
};

// What the window works on: a session, the plan as it is edited, and what is predicted of it. The only one that
// changes them, on the GUI thread.
class Document : public QObject
{
    Q_OBJECT

public:
    explicit Document(QObject *parent = nullptr);

    const Session &session() const { return m_session; }
    bool hasModel() const { return !m_session.summary.spec.blocks.empty(); }
    const ModelSpec &spec() const { return m_session.summary.spec; }
    const CompressionPlan &plan() const { return m_session.plan; }
    // What plans are scheduled for: the machine that the session's figures are of, else the engine's.
    const ExecutionTarget &target() const { return m_session.profile ? m_session.profile->target : m_engineTarget; }
    QUndoStack *undoStack() { return &m_undo; }
    // The plan keeps everything.
    bool isOriginal() const { return isOriginal(m_session.plan); }
    bool isOriginal(const CompressionPlan &plan) const;

    // Of the plan as it is now.
    const std::optional<Prediction> &prediction();
    // There is a model.
    const PlanFigures &figures();
    // What another plan for the model would cost; nothing where it does not fit the model.
    std::optional<Prediction> predict(const CompressionPlan &plan) const;
    // While it is judged; nothing once it is not the plan any more.
    std::optional<AccuracySoFar> soFar() const;
    // Variants calibrated and measured on the images, at the batch and under the schedule that are chosen now: those
    // that can be compared with one another.
    const std::vector<Variant> &variants() const { return m_comparable; }
    const Variant *variant(int id) const;
    const Variant *baseline() const;
    // The last one measured of this plan, a final one before a draft; nullptr when there is none.
    const Variant *measured() const { return measured(m_session.plan); }
    const Variant *measured(const CompressionPlan &plan) const;
    std::vector<int> recipe() const; // the steps among variants()

    const std::optional<DataSummary> &calibrationSummary() const { return m_calibrationSummary; }
    const std::optional<DataSummary> &dataSummary() const { return m_dataSummary; }

    // The variant that the plan was made from by edits: the last measured state on the way back through them, else the
    // original; -1 where there is none.
    int origin() const;

    // Where the session is saved; empty: nowhere yet.
    const QString &folder() const { return m_folder; }
    bool isModified() const { return m_modified; }
    int revision() const { return m_revision; } // another after every change to the session
    void saved(const QString &folder);

    // A new session with the model; the images stay chosen.
    void setModel(const ModelSource &model, const ModelSummary &summary);
    // The model of this session at another place.
    void setModelPath(const std::string &path);
    void setSession(Session session, const QString &folder);
    // The session was never saved like this; `folder` is where it was saved before, empty for nowhere.
    void recovered(const QString &folder);
    void close();

    void setEngineTarget(const ExecutionTarget &target);
    void setCalibration(const std::string &path, const DataSummary &summary);
    void setData(const std::string &path, const DataSummary &summary);
    void setProfile(ActivationProfile profile);
    void setSensitivity(SensitivityResult result);
    void setTimes(LayerTimes times);
    void setSoFar(const CompressionPlan &plan, const AccuracySoFar &accuracy);
    void clearSoFar();
    // Gives it an id and returns that.
    int addVariant(Variant variant);
    // Puts right a latency that was not measured on an idle machine.
    void setLatency(int variant, const Measurement &measurement);
    void setRecipe(const std::vector<int> &variants);
    // What the last solving found to be the best for every size, from the smallest on; not saved.
    const std::vector<ParetoPoint> &front() const { return m_front; }
    void setFront(std::vector<ParetoPoint> front);
    // Points that each of the front's plans is predicted to lose, as far as that is worked out yet.
    const std::vector<double> &frontDrops() const { return m_frontDrops; }

    // For the edits of a gesture that no other has; below zero, unlike those of the layer table.
    int newGesture() { return --m_gesture; }
    // Edits; each can be undone. The edits of one gesture are undone together.
    void setBatch(int batch);
    void setSchedule(ScheduleKind schedule);
    void setBudgets(const Budgets &budgets);
    void setVariantName(int id, const QString &name);
    void setVariantStarred(int id, bool starred);
    void setMlpKeep(const QList<int> &blocks, double keep, int gesture = 0);       // 0: a linear layer in its place
    void setAttentionKeep(const QList<int> &blocks, double keep, int gesture = 0); // of every head's dimensions
    void setHeads(const QList<int> &blocks, int heads);                            // 0: a linear layer in their place
    void setFormat(const QStringList &layers, NumberFormat format);
    // Every block's share so that together they keep `keep` of all MLP channels: by sensitivity where that is known, so
    // that the blocks that bear it best give up most, else all alike.
    void setAverageKeep(double keep, int gesture = 0);
    std::optional<double> averageKeep() const; // of the plan; nothing where no MLP is left
    // Gives what was chosen for the layers to their like in every block; fc1 brings the MLP's share, qkv what is kept
    // of attention.
    void applyToSimilar(const QStringList &layers);
    // FP32, and whole attention and MLP for the blocks where these are among the layers.
    void resetLayers(const QStringList &layers);
    void setPlan(const CompressionPlan &plan, const QString &what, int gesture = 0);
    // Solving leaves what is pinned as the plan has it.
    void setPinned(const QStringList &layers, bool pinned);
    // The layers of an MLP or of attention also where only what is kept of it is.
    bool isPinned(const QString &layer) const;
    void usePlanOf(int variant); // nothing where there is no such variant

Q_SIGNALS:
    void modelChanged();   // another model or session: everything is different
    void sourcesChanged(); // images, batch, schedule, target
    void planChanged();
    void predictionChanged(); // at most once a frame
    void knowledgeChanged();  // profile, sensitivity or times
    void variantsChanged();
    void budgetsChanged();
    void pinsChanged();
    void frontChanged(); // also while its predictions are being made
    void modifiedChanged();

private:
    void touch();
    template<class Value>
    void push(const QString &text, Value before, Value after, void (Document::*apply)(const Value &), int gesture = 0);
    template<class Value>
    void editVariant(int id, const QString &text, Value Variant::*field, Value value);
    void applyBatch(const int &batch);
    void applySchedule(const ScheduleKind &schedule);
    void applyBudgets(const Budgets &budgets);
    void applyPins(const Pins &pins);
    void followPlan(Pins &pins) const; // sets them to what the plan has
    void predictFront();
    void conditionChanged();
    void edit(const QString &text, CompressionPlan plan, int gesture);
    void applyPlan(const CompressionPlan &plan);
    void makePredictor();
    void refreshVariants();
    void refreshSoon();
    void reset();

    Session m_session;
    ExecutionTarget m_engineTarget;
    QString m_folder;
    bool m_modified = false;
    int m_revision = 0;
    int m_gesture = 0;
    QUndoStack m_undo;
    std::vector<Variant> m_comparable;
    std::optional<Predictor> m_predictor;
    std::optional<Prediction> m_prediction;
    bool m_predicted = false; // m_prediction is of the plan as it is
    std::optional<PlanFigures> m_figures;
    std::optional<AccuracySoFar> m_soFar;
    CompressionPlan m_soFarPlan;
    std::optional<DataSummary> m_calibrationSummary;
    std::optional<DataSummary> m_dataSummary;
    std::vector<ParetoPoint> m_front;
    std::vector<double> m_frontDrops;
    QTimer m_frontTimer;
    QTimer m_refresh;
    QElapsedTimer m_sinceRefresh;
};

} // namespace edgeflex
