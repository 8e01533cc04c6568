#include "app/studio/document.h"

#include "app/studio/plancommands.h"
#include "plan/error.h"
#include "widgets/quantitytext.h"

#include <algorithm>

namespace edgeflex {
namespace {

constexpr int frameMs = 16;

} // namespace

Document::Document(QObject *parent) : QObject(parent)
{
    m_refresh.setSingleShot(true);
    connect(&m_refresh, &QTimer::timeout, this, [this] {
        m_sinceRefresh.start();
        Q_EMIT predictionChanged();
    });
}

void Document::touch()
{
    if (m_modified)
        return;
    m_modified = true;
    Q_EMIT modifiedChanged();
}

void Document::saved(const QString &folder)
{
    m_folder = folder;
    m_modified = false;
    Q_EMIT modifiedChanged();
}

bool Document::isOriginal(const CompressionPlan &plan) const
{
    const bool whole = std::ranges::all_of(plan.blocks, [](const BlockPlan &block) {
        return block.mlpKeep == 1 && block.qkKeep == 1 && block.voKeep == 1;
    });
    return whole && std::ranges::all_of(spec().linears(), [&](const LinearSpec *linear) {
               return plan.format(linear->name) == NumberFormat::Fp32;
           });
}

const std::optional<Prediction> &Document::prediction()
{
    if (!m_predicted && m_predictor) {
        try {
            m_prediction = m_predictor->predict(m_session.plan);
        } catch (const std::exception &) { // a plan of another model never gets here; without a figure, none
            m_prediction.reset();
        }
        m_predicted = true;
    }
    return m_prediction;
}

std::optional<AccuracySoFar> Document::soFar() const
{
    return m_soFar && sameWork(spec(), m_soFarPlan, m_session.plan) ? m_soFar : std::nullopt;
}

const Variant *Document::variant(int id) const
{
    const auto found = std::ranges::find(m_comparable, id, &Variant::id);
    return found == m_comparable.end() ? nullptr : &*found;
}

const Variant *Document::baseline() const
{
    const auto found = std::ranges::find_if(m_comparable, &Variant::isBaseline);
    return found == m_comparable.end() ? nullptr : &*found;
}

const Variant *Document::measured(const CompressionPlan &plan) const
{
    if (!hasModel())
        return nullptr;
    if (isOriginal(plan))
        return baseline();
    const Variant *best = nullptr;
    for (const Variant &variant : m_comparable) {
        if (!variant.isBaseline() && sameWork(spec(), variant.plan, plan) &&
            (!best || variant.quality == Quality::Final || best->quality == Quality::Draft))
            best = &variant;
    }
    return best;
}

std::vector<int> Document::recipe() const
{
    std::vector<int> ids;
    std::ranges::copy_if(m_session.recipe, std::back_inserter(ids), [this](int id) { return variant(id) != nullptr; });
    return ids;
}

void Document::reset()
{
    m_undo.clear();
    m_soFar.reset();
    m_comparable.clear();
    m_predictor.reset();
    m_prediction.reset();
    m_predicted = false;
}

void Document::setModel(const ModelSource &model, const ModelSummary &summary)
{
    reset();
    Session session;
    session.model = model;
    session.summary = summary;
    session.calibration = m_session.calibration;
    session.search = m_session.search;
    session.data = m_session.data;
    session.batch = m_session.batch;
    session.schedule = m_session.schedule;
    session.plan = identityPlan(summary.spec);
    m_session = std::move(session);
    m_folder.clear();
    m_modified = false;
    makePredictor();
    Q_EMIT modelChanged();
    Q_EMIT modifiedChanged();
    refreshSoon();
}

void Document::setModelPath(const std::string &path)
{
    m_session.model.path = path;
    touch();
    Q_EMIT sourcesChanged();
}

void Document::setSession(Session session, const QString &folder)
{
    reset();
    m_calibrationSummary.reset();
    m_dataSummary.reset();
    m_session = std::move(session);
    if (m_session.profile)
        m_target = m_session.profile->target;
    m_folder = folder;
    m_modified = false;
    makePredictor();
    refreshVariants();
    Q_EMIT modelChanged();
    Q_EMIT modifiedChanged();
    refreshSoon();
}

void Document::close()
{
    reset();
    m_session = {};
    m_calibrationSummary.reset();
    m_dataSummary.reset();
    m_folder.clear();
    m_modified = false;
    Q_EMIT modelChanged();
    Q_EMIT modifiedChanged();
}

void Document::setTarget(const ExecutionTarget &target)
{
    if (m_target == target)
        return;
    m_target = target;
    makePredictor();
    Q_EMIT sourcesChanged();
    refreshSoon();
}

void Document::setCalibration(const std::string &path, const DataSummary &summary)
{
    m_calibrationSummary = summary;
    if (m_session.calibration != path) {
        m_session.calibration = path;
        m_session.profile.reset();
        m_session.sensitivity.reset();
        m_session.times.reset();
        if (hasModel())
            touch();
        makePredictor();
        Q_EMIT knowledgeChanged();
    }
    Q_EMIT sourcesChanged();
    refreshSoon();
}

void Document::setData(const std::string &path, const DataSummary &summary)
{
    m_dataSummary = summary;
    if (m_session.data != path) {
        m_session.data = path;
        if (hasModel())
            touch();
        refreshVariants();
        Q_EMIT variantsChanged();
    }
    Q_EMIT sourcesChanged();
    refreshSoon();
}

// Of what is measured from now on, and of the variants that can be compared with it.
template<class Value>
void Document::setCondition(Value Session::*condition, Value value)
{
    if (m_session.*condition == value)
        return;
    m_session.*condition = value;
    touch();
    makePredictor();
    refreshVariants();
    Q_EMIT variantsChanged();
    Q_EMIT sourcesChanged();
    refreshSoon();
}

void Document::setBatch(int batch)
{
    setCondition(&Session::batch, batch);
}

void Document::setSchedule(ScheduleKind schedule)
{
    setCondition(&Session::schedule, schedule);
}

void Document::setBudgets(const Budgets &budgets)
{
    if (m_session.budgets == budgets)
        return;
    m_session.budgets = budgets;
    touch();
    Q_EMIT budgetsChanged();
}

void Document::setProfile(ActivationProfile profile)
{
    m_session.profile = std::move(profile);
    touch();
    Q_EMIT knowledgeChanged();
}

void Document::setSensitivity(SensitivityResult result)
{
    m_session.sensitivity = std::move(result.sensitivity);
    m_session.times = std::move(result.times);
    touch();
    makePredictor();
    Q_EMIT knowledgeChanged();
    refreshSoon();
}

void Document::setSoFar(const CompressionPlan &plan, const AccuracySoFar &accuracy)
{
    m_soFarPlan = plan;
    m_soFar = accuracy;
    refreshSoon();
}

void Document::clearSoFar()
{
    if (!m_soFar)
        return;
    m_soFar.reset();
    refreshSoon();
}

int Document::addVariant(Variant variant)
{
    variant.id = m_session.nextVariantId();
    const int id = variant.id;
    if (variant.isBaseline()) // the baseline comes first
        m_session.variants.insert(m_session.variants.begin(), std::move(variant));
    else
        m_session.variants.push_back(std::move(variant));
    touch();
    refreshVariants();
    Q_EMIT variantsChanged();
    refreshSoon();
    return id;
}

void Document::setLatency(int variant, const Measurement &measurement)
{
    const auto found = std::ranges::find(m_session.variants, variant, &Variant::id);
    if (found == m_session.variants.end())
        return;
    found->measurement.latency = measurement.latency;
    found->measurement.conditions.repeats = measurement.conditions.repeats;
    if (found->measurement.againstBaseline && measurement.againstBaseline) {
        found->measurement.againstBaseline->latencyRatio = measurement.againstBaseline->latencyRatio;
        found->measurement.againstBaseline->baselineLatency = measurement.againstBaseline->baselineLatency;
    }
    touch();
    refreshVariants();
    Q_EMIT variantsChanged();
    refreshSoon();
}

void Document::setRecipe(const std::vector<int> &variants)
{
    m_session.recipe = variants;
    touch();
    Q_EMIT variantsChanged();
}

void Document::setMlpKeep(const QList<int> &blocks, double keep, int gesture)
{
    CompressionPlan plan = m_session.plan;
    for (const int block : blocks) {
        if (block >= 0 && static_cast<std::size_t>(block) < plan.blocks.size())
            plan.blocks[static_cast<std::size_t>(block)].mlpKeep = keep;
    }
    edit(blocks.size() == 1 ? tr("MLP kept of block %1").arg(blocks.first())
                            : tr("MLP kept of %n blocks", nullptr, static_cast<int>(blocks.size())),
         std::move(plan), gesture);
}

void Document::setFormat(const QStringList &layers, NumberFormat format)
{
    CompressionPlan plan = m_session.plan;
    for (const QString &layer : layers)
        plan.formats[layer.toStdString()] = format;
    edit(layers.size() == 1 ? tr("%1 for %2").arg(formatText(format), layers.first())
                            : tr("%1 for %n layers", nullptr, static_cast<int>(layers.size())).arg(formatText(format)),
         std::move(plan), 0);
}

void Document::setPlan(const CompressionPlan &plan, const QString &what)
{
    edit(what, plan, 0);
}

void Document::edit(const QString &text, CompressionPlan plan, int gesture)
{
    if (!hasModel() || plan == m_session.plan)
        return;
    try {
        plannedSpec(spec(), plan);
    } catch (const Error &) { // not a plan for this model
        return;
    }
    m_undo.push(new PlanCommand(text, m_session.plan, std::move(plan), gesture,
                                [this](const CompressionPlan &wanted) { applyPlan(wanted); }));
}

void Document::applyPlan(const CompressionPlan &plan)
{
    m_session.plan = plan;
    m_predicted = false;
    touch();
    Q_EMIT planChanged();
    refreshSoon();
}

void Document::makePredictor()
{
    m_predicted = false;
    m_prediction.reset();
    m_predictor.reset();
    if (!hasModel())
        return;
    m_predictor.emplace(spec(), m_target, m_session.schedule, m_session.batch);
    m_predictor->setSensitivity(m_session.sensitivity);
    m_predictor->setTimes(m_session.times);
    m_predictor->setVariants(m_comparable);
}

void Document::refreshVariants()
{
    m_comparable.clear();
    for (const Variant &variant : m_session.variants) {
        const Conditions &conditions = variant.measurement.conditions;
        if (conditions.dataset == m_session.data && conditions.batch == m_session.batch &&
            conditions.schedule == m_session.schedule)
            m_comparable.push_back(variant);
    }
    m_predicted = false;
    if (m_predictor)
        m_predictor->setVariants(m_comparable);
}

void Document::refreshSoon()
{
    m_predicted = false;
    if (m_refresh.isActive())
        return;
    const qint64 since = m_sinceRefresh.isValid() ? m_sinceRefresh.elapsed() : frameMs;
    m_refresh.start(static_cast<int>(std::max<qint64>(0, frameMs - since)));
}

} // namespace edgeflex
