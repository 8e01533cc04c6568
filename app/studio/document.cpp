#include "app/studio/document.h"

#include "app/studio/editcommand.h"
#include "app/studio/planchanges.h"
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
    m_frontTimer.setSingleShot(true);
    m_frontTimer.setInterval(0);
    connect(&m_frontTimer, &QTimer::timeout, this, &Document::predictFront);
}

void Document::touch()
{
    ++m_revision;
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
    const bool whole = std::ranges::all_of(plan.blocks, [](const BlockPlan &block) { return block == BlockPlan(); });
    return whole && std::ranges::all_of(spec().linears(), [&](const LinearSpec *linear) {
               return plan.format(linear->name) == NumberFormat::Fp32;
           });
}

const std::optional<Prediction> &Document::prediction()
{
    if (!m_predicted && m_predictor) {
        m_prediction = predict(m_session.plan);
        m_predicted = true;
    }
    return m_prediction;
}

const PlanFigures &Document::figures()
{
    if (!m_figures) {
        const auto scheduled = [this](const ModelSpec &model) {
            return makeSchedule(model, m_session.schedule, m_session.batch, target());
        };
        PlanFigures figures;
        figures.planned = plannedSpec(spec(), m_session.plan);
        figures.schedule = scheduled(figures.planned);
        figures.timeline = makeTimeline(figures.schedule);
        figures.original = makeTimeline(scheduled(spec()));
        m_figures = std::move(figures);
    }
    return *m_figures;
}

std::optional<Prediction> Document::predict(const CompressionPlan &plan) const
{
    if (!m_predictor)
        return std::nullopt;
    try {
        return m_predictor->predict(plan);
    } catch (const std::exception &) {
        return std::nullopt;
    }
}

int Document::origin() const
{
    for (int i = m_undo.index() - 1; i >= 0; --i) {
        const auto *edit = dynamic_cast<const EditCommand<CompressionPlan> *>(m_undo.command(i));
        if (const Variant *before = edit ? measured(edit->before()) : nullptr)
            return before->id;
    }
    const Variant *original = baseline();
    return original ? original->id : -1;
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
    ++m_revision;
    m_undo.clear();
    m_soFar.reset();
    m_comparable.clear();
    m_predictor.reset();
    m_prediction.reset();
    m_predicted = false;
    m_figures.reset();
    m_front.clear();
    m_frontDrops.clear();
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
    m_folder = folder;
    m_modified = false;
    makePredictor();
    refreshVariants();
    Q_EMIT modelChanged();
    Q_EMIT modifiedChanged();
    refreshSoon();
}

void Document::recovered(const QString &folder)
{
    m_folder = folder;
    touch();
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

void Document::setEngineTarget(const ExecutionTarget &target)
{
    if (m_engineTarget == target)
        return;
    m_engineTarget = target;
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
        if (hasModel())
            touch();
        refreshVariants();
        makePredictor();
        setFront({});
        Q_EMIT knowledgeChanged();
        Q_EMIT variantsChanged();
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

template<class Value>
void Document::push(const QString &text, Value before, Value after, void (Document::*apply)(const Value &), int gesture)
{
    m_undo.push(new EditCommand<Value>(text, std::move(before), std::move(after), gesture,
                                       [this, apply](const Value &wanted) { (this->*apply)(wanted); }));
}

void Document::setBatch(int batch)
{
    if (m_session.batch != batch)
        push(tr("Batch of %1").arg(batch), m_session.batch, batch, &Document::applyBatch);
}

void Document::setSchedule(ScheduleKind schedule)
{
    if (m_session.schedule != schedule)
        push(tr("Schedule"), m_session.schedule, schedule, &Document::applySchedule);
}

void Document::setBudgets(const Budgets &budgets)
{
    if (!(m_session.budgets == budgets))
        push(tr("Budgets"), m_session.budgets, budgets, &Document::applyBudgets);
}

void Document::applyBatch(const int &batch)
{
    m_session.batch = batch;
    conditionChanged();
}

void Document::applySchedule(const ScheduleKind &schedule)
{
    m_session.schedule = schedule;
    conditionChanged();
}

// Of what is measured from now on, and of the variants that can be compared with it.
void Document::conditionChanged()
{
    touch();
    makePredictor();
    refreshVariants();
    Q_EMIT variantsChanged();
    Q_EMIT sourcesChanged();
    refreshSoon();
}

void Document::applyBudgets(const Budgets &budgets)
{
    m_session.budgets = budgets;
    touch();
    Q_EMIT budgetsChanged();
}

template<class Value>
void Document::editVariant(int id, const QString &text, Value Variant::*field, Value value)
{
    const auto find = [this, id] {
        return std::ranges::find(m_session.variants, id, &Variant::id);
    };
    if (find() == m_session.variants.end() || *find().*field == value)
        return;
    const Value before = *find().*field;
    m_undo.push(new EditCommand<Value>(text, before, std::move(value), 0, [this, id, find, field](const Value &wanted) {
        if (const auto variant = find(); variant != m_session.variants.end()) {
            *variant.*field = wanted;
            // Figures stay as they are, and with them what is predicted.
            if (const auto shown = std::ranges::find(m_comparable, id, &Variant::id); shown != m_comparable.end())
                *shown.*field = wanted;
            touch();
            Q_EMIT variantsChanged();
        }
    }));
}

void Document::setVariantName(int id, const QString &name)
{
    const QString trimmed = name.trimmed();
    if (!trimmed.isEmpty())
        editVariant(id, tr("Name of a variant"), &Variant::name, trimmed.toStdString());
}

void Document::setVariantStarred(int id, bool starred)
{
    editVariant(id, tr("Star of a variant"), &Variant::starred, starred);
}

void Document::setProfile(ActivationProfile profile)
{
    const ExecutionTarget before = target();
    m_session.profile = std::move(profile);
    touch();
    if (!(target() == before)) {
        makePredictor();
        refreshSoon();
    }
    Q_EMIT knowledgeChanged();
}

void Document::setSensitivity(SensitivityResult result)
{
    m_session.sensitivity = std::move(result.sensitivity);
    touch();
    makePredictor();
    Q_EMIT knowledgeChanged();
    refreshSoon();
}

void Document::setTimes(LayerTimes times)
{
    m_session.times = std::move(times);
    touch();
    if (m_predictor)
        m_predictor->setTimes(m_session.times);
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
    const auto count = static_cast<int>(blocks.size());
    QString text = count == 1 ? tr("MLP kept of block %1").arg(blocks.first()) : tr("MLP kept of %n blocks", "", count);
    if (keep == 0)
        text = count == 1 ? tr("Linear layer for the MLP of block %1").arg(blocks.first())
                          : tr("Linear layer for the MLP of %n blocks", "", count);
    edit(text, planWithMlpKeep(m_session.plan, blocks, keep), gesture);
}

void Document::setAttentionKeep(const QList<int> &blocks, double keep, int gesture)
{
    edit(blocks.size() == 1 ? tr("Attention kept of block %1").arg(blocks.first())
                            : tr("Attention kept of %n blocks", "", static_cast<int>(blocks.size())),
         planWithAttentionKeep(m_session.plan, blocks, keep), gesture);
}

void Document::setHeads(const QList<int> &blocks, int heads)
{
    const auto count = static_cast<int>(blocks.size());
    QString text = count == 1 ? tr("Heads of block %1").arg(blocks.first()) : tr("Heads of %n blocks", "", count);
    if (heads == 0)
        text = count == 1 ? tr("Linear layer for the attention of block %1").arg(blocks.first())
                          : tr("Linear layer for the attention of %n blocks", "", count);
    edit(text, planWithHeads(spec(), m_session.plan, blocks, heads), 0);
}

void Document::setFormat(const QStringList &layers, NumberFormat format)
{
    edit(layers.size() == 1 ? tr("%1 for %2").arg(formatText(format), layers.first())
                            : tr("%1 for %n layers", nullptr, static_cast<int>(layers.size())).arg(formatText(format)),
         planWithFormat(m_session.plan, layers, format), 0);
}

std::optional<double> Document::averageKeep() const
{
    return averageMlpKeep(spec(), plan());
}

void Document::setAverageKeep(double keep, int gesture)
{
    edit(tr("MLP kept on average"), planWithAverageKeep(spec(), m_session.plan, m_session.sensitivity, keep), gesture);
}

void Document::applyToSimilar(const QStringList &layers)
{
    edit(tr("Same for similar layers"), planWithSimilar(m_session.plan, layers), 0);
}

void Document::resetLayers(const QStringList &layers)
{
    edit(layers.size() == 1 ? tr("Reset of %1").arg(layers.first())
                            : tr("Reset of %n layers", nullptr, static_cast<int>(layers.size())),
         planWithReset(m_session.plan, layers), 0);
}

void Document::setPlan(const CompressionPlan &plan, const QString &what, int gesture)
{
    edit(what, plan, gesture);
}

bool Document::isPinned(const QString &layer) const
{
    const Pins &pins = m_session.pins;
    if (pins.formats.contains(layer.toStdString()))
        return true;
    const auto [block, suffix] = splitLayerName(layer);
    if (suffix == "mlp.fc1" || suffix == "mlp.fc2")
        return pins.mlpWidths.contains(pinnedMlp(block));
    return (suffix == "attn.qkv" || suffix == "attn.proj") &&
           (pins.headCounts.contains(pinnedHeads(block)) || pins.headDims.contains(pinnedQueries(block)) ||
            pins.headDims.contains(pinnedValues(block)));
}

void Document::setPinned(const QStringList &layers, bool pinned)
{
    Pins pins = m_session.pins;
    for (const QString &layer : layers) {
        const auto [block, suffix] = splitLayerName(layer);
        const bool mlp = suffix == "mlp.fc1";
        const bool attention = suffix == "attn.qkv";
        if (!pinned) {
            pins.formats.erase(layer.toStdString());
            if (mlp)
                pins.mlpWidths.erase(pinnedMlp(block));
            if (attention) {
                pins.headCounts.erase(pinnedHeads(block));
                pins.headDims.erase(pinnedQueries(block));
                pins.headDims.erase(pinnedValues(block));
            }
            continue;
        }
        pins.formats[layer.toStdString()] = plan().format(layer.toStdString());
        // Of what the model does not have there is nothing to pin.
        if (mlp && !spec().blocks[static_cast<std::size_t>(block)].mlpIsLinear())
            pins.mlpWidths[pinnedMlp(block)] = 0;
        if (attention && !spec().blocks[static_cast<std::size_t>(block)].attentionIsLinear()) {
            pins.headCounts[pinnedHeads(block)] = 0;
            pins.headDims[pinnedQueries(block)] = 0;
            pins.headDims[pinnedValues(block)] = 0;
        }
    }
    followPlan(pins);
    if (!(pins == m_session.pins))
        push(pinned ? tr("Pins") : tr("Pins taken away"), m_session.pins, std::move(pins), &Document::applyPins);
}

void Document::applyPins(const Pins &pins)
{
    m_session.pins = pins;
    followPlan(m_session.pins);
    touch();
    Q_EMIT pinsChanged();
}

void Document::followPlan(Pins &pins) const
{
    for (auto &[layer, format] : pins.formats)
        format = plan().format(layer);
    if (pins.mlpWidths.empty() && pins.headCounts.empty() && pins.headDims.empty())
        return;
    const auto follow = [](std::map<std::string, std::int64_t> &pinned, const std::string &part, const auto &kept) {
        if (const auto pin = pinned.find(part); pin != pinned.end())
            pin->second = kept();
    };
    for (std::size_t i = 0; i < spec().blocks.size(); ++i) {
        const auto block = static_cast<int>(i);
        const BlockSpec &whole = spec().blocks[i];
        const BlockPlan &kept = plan().blocks[i];
        // The dimensions of heads stay pinned while a linear layer is in their place.
        const auto dim = [&](std::int64_t of, double share) {
            return [this, of, share] {
                return keptHeadDim(of, spec().headDim, share);
            };
        };
        follow(pins.mlpWidths, pinnedMlp(block), [&] { return keptMlpWidth(whole.mlpWidth(), kept.mlpKeep); });
        follow(pins.headCounts, pinnedHeads(block), [&] { return keptHeads(spec().headCount(whole), kept.headKeep); });
        follow(pins.headDims, pinnedQueries(block), dim(spec().qkDim(whole), kept.qkKeep));
        follow(pins.headDims, pinnedValues(block), dim(spec().voDim(whole), kept.voKeep));
    }
}

void Document::setFront(std::vector<ParetoPoint> front)
{
    m_front = std::move(front);
    m_frontDrops.clear();
    m_frontTimer.start();
    Q_EMIT frontChanged();
}

// A few at a time: the front may have hundreds of plans.
void Document::predictFront()
{
    QElapsedTimer timer;
    timer.start();
    while (m_frontDrops.size() < m_front.size() && timer.elapsed() < frameMs / 2) {
        const std::optional<Prediction> prediction = predict(m_front[m_frontDrops.size()].plan);
        m_frontDrops.push_back(prediction ? prediction->dropPoints.value_or(0) : 0);
    }
    if (m_frontDrops.size() < m_front.size())
        m_frontTimer.start();
    else
        Q_EMIT frontChanged();
}

void Document::usePlanOf(int id)
{
    if (const Variant *wanted = variant(id))
        setPlan(wanted->plan, tr("Plan of %1").arg(QString::fromStdString(wanted->name)));
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
    push(text, m_session.plan, std::move(plan), &Document::applyPlan, gesture);
}

void Document::applyPlan(const CompressionPlan &plan)
{
    m_session.plan = plan;
    followPlan(m_session.pins);
    m_predicted = false;
    m_figures.reset();
    touch();
    Q_EMIT planChanged();
    refreshSoon();
}

void Document::makePredictor()
{
    m_predicted = false;
    m_figures.reset();
    m_prediction.reset();
    m_predictor.reset();
    if (!hasModel())
        return;
    m_predictor.emplace(spec(), target(), m_session.schedule, m_session.batch);
    m_predictor->setSensitivity(m_session.sensitivity);
    m_predictor->setTimes(m_session.times);
    m_predictor->setVariants(m_comparable);
}

void Document::refreshVariants()
{
    m_comparable.clear();
    for (const Variant &variant : m_session.variants) {
        const Conditions &conditions = variant.measurement.conditions;
        const bool sameCalibration =
            variant.isBaseline() || variant.calibration.empty() || variant.calibration == m_session.calibration;
        if (sameCalibration && conditions.dataset == m_session.data && conditions.batch == m_session.batch &&
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
