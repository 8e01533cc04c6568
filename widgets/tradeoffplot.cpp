#include "widgets/tradeoffplot.h"

#include "widgets/chartstyle.h"
#include "widgets/quantitytext.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr int hintMargin = 4; // pixels at either side
constexpr double percent = 100;
constexpr int reach = 12;          // pixels from a point that count as on it
constexpr double roomRight = 1.04; // right of the dearest
constexpr double leastSpan = 2;    // points of accuracy that are always seen
constexpr int entriesARow = 4;     // of the legend
constexpr int leastBrush = 6;      // pixels that a frame is wide and high

// The least of 1, 2, 5 times a power of ten that is not below: ranges that move in steps do not wobble.
double stepsUp(double value)
{
    const double power = std::pow(10, std::floor(std::log10(std::max(value, 1e-9))));
    for (const double factor : {1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}) {
        if (value <= factor * power * (1 + 1e-9))
            return factor * power;
    }
    return value;
}

} // namespace

TradeoffPlot::TradeoffPlot(Cost cost, QWidget *parent)
    : Chart(parent),
      m_cost(cost),
      m_faded(addGraph()),
      m_front(new QCPCurve(xAxis, yAxis)),
      m_promised(addGraph()),
      m_original(addGraph()),
      m_path(new QCPCurve(xAxis, yAxis)),
      m_selection(addGraph()),
      m_here(addGraph()),
      m_costLine(new QCPItemLine(this)),
      m_costText(new QCPItemText(this)),
      m_dropLine(new QCPItemLine(this)),
      m_dropText(new QCPItemText(this)),
      m_originalLine(new QCPItemLine(this)),
      m_hint(new QCPItemText(this))
{
    setMinimumSize(200, 120);
    setFocusPolicy(Qt::NoFocus); // the table of variants says the same to the keyboard
    setMouseTracking(true);
    m_drafts = makeLayer(tr("Draft"));
    m_finals = makeLayer(tr("Final"));
    m_streaming = makeLayer(tr("So far"));
    m_predicted = makeLayer(tr("Predicted"));
    m_original->setName(tr("Original"));
    m_here->setName(tr("This plan"));
    for (QCPGraph *graph : {m_original, m_selection, m_here, m_faded, m_promised})
        graph->setLineStyle(QCPGraph::lsNone);
    m_faded->removeFromLegend();
    m_path->setName(tr("Recipe"));
    m_front->setName(tr("Pareto front"));
    m_promised->setName(tr("Solver's front"));
    xAxis->setSubTicks(false);
    yAxis->setSubTicks(false);
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    axisRect()->setMargins(QMargins(0, 8, 12, 0));
    axisRect()->setMinimumMargins(QMargins(0, 8, 12, 0));
    for (QCPItemText *text : {m_costText, m_dropText})
        text->setClipToAxisRect(true);
    m_dropText->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
    m_hint->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_hint->position->setCoords(0.5, 0.5);
    m_hint->setPositionAlignment(Qt::AlignCenter);
    m_hint->setTextAlignment(Qt::AlignCenter);
    m_hint->setVisible(false);
    connect(this, &QCustomPlot::afterLayout, this, &TradeoffPlot::wrapHint);
    putLegendBelow(this, entriesARow);
    legend->removeItem(legend->itemCount() - 1);
    setCost(cost);
    applyColors();
}

TradeoffPlot::Layer TradeoffPlot::makeLayer(const QString &name)
{
    Layer layer;
    layer.graph = addGraph();
    layer.graph->setName(name);
    layer.graph->setLineStyle(QCPGraph::lsNone);
    layer.bars = new QCPErrorBars(xAxis, yAxis);
    layer.bars->setDataPlottable(layer.graph);
    layer.bars->setErrorType(QCPErrorBars::etValueError);
    layer.bars->setWhiskerWidth(6);
    layer.bars->setSymbolGap(0);
    layer.bars->removeFromLegend();
    return layer;
}

void TradeoffPlot::setCost(Cost cost)
{
    m_cost = cost;
    nameAxes();
    redraw();
}

void TradeoffPlot::setOver(std::optional<Cost> over)
{
    m_over = over;
    nameAxes();
    redraw();
}

void TradeoffPlot::setBrushing(bool on)
{
    setSelectionRectMode(on ? QCP::srmCustom : QCP::srmNone);
}

void TradeoffPlot::setEmphasized(const QList<int> &variants)
{
    if (m_emphasized == variants)
        return;
    m_emphasized = variants;
    redraw();
}

void TradeoffPlot::nameAxes()
{
    xAxis->setLabel(nameOf(m_cost));
    yAxis->setLabel(m_over ? nameOf(*m_over) : tr("Points against the original"));
    setAccessibleName(tr("%1 over %2").arg(m_over ? nameOf(*m_over) : tr("Accuracy"), nameOf(m_cost)));
}

void TradeoffPlot::setVariants(const std::vector<Variant> &variants, const std::vector<int> &recipe)
{
    if (m_variants == variants && m_recipe == recipe)
        return;
    m_variants = variants;
    m_recipe = recipe;
    QStringList words;
    for (const Variant &variant : variants)
        words += edgeflex::describe(variant);
    m_variantWords = words.join("\n\n");
    redraw();
}

void TradeoffPlot::setBudgets(const Budgets &budgets)
{
    if (m_budgets == budgets)
        return;
    m_budgets = budgets;
    redraw();
}

void TradeoffPlot::setCurrent(const std::optional<Current> &current)
{
    m_current = current;
    redraw();
}

void TradeoffPlot::setSelected(int variantId)
{
    if (m_selected == variantId)
        return;
    m_selected = variantId;
    redraw();
}

void TradeoffPlot::setPromises(std::vector<Promise> promises)
{
    m_promises = std::move(promises);
    redraw();
}

void TradeoffPlot::drawPromises()
{
    QVector<double> x;
    QVector<double> y;
    if (m_cost == Cost::Weights && !m_over) {
        for (const Promise &promise : m_promises) {
            x += static_cast<double>(promise.weightsBytes) / unitOf(m_cost);
            y += -promise.dropPoints;
        }
    }
    m_promised->setData(x, y);
    if (x.isEmpty())
        m_promised->removeFromLegend();
    else
        m_promised->addToLegend();
}

int TradeoffPlot::promiseAt(const QPoint &position) const
{
    if (m_promised->dataCount() == 0)
        return -1;
    int nearest = -1;
    int least = reach * reach;
    for (std::size_t i = 0; i < m_promises.size(); ++i) {
        const QPoint away =
            pixelOf({static_cast<double>(m_promises[i].weightsBytes) / unitOf(m_cost), -m_promises[i].dropPoints}) -
            position;
        const int distance = QPoint::dotProduct(away, away);
        if (distance < least) {
            least = distance;
            nearest = static_cast<int>(i);
        }
    }
    return nearest;
}

// Into as many lines as the plot is narrow.
void TradeoffPlot::wrapHint()
{
    if (m_hintText.isEmpty())
        return;
    const QFontMetrics metrics(m_hint->font());
    const int room = axisRect()->width() - 2 * hintMargin;
    QStringList lines;
    for (const QString &word : m_hintText.split(' ', Qt::SkipEmptyParts)) {
        const QString longer = lines.isEmpty() ? word : lines.last() + ' ' + word;
        if (!lines.isEmpty() && metrics.horizontalAdvance(longer) <= room)
            lines.last() = longer;
        else
            lines += word;
    }
    m_hint->setText(lines.join('\n'));
}

void TradeoffPlot::setHint(const QString &hint)
{
    if (m_hintText == hint.simplified())
        return;
    m_hintText = hint.simplified();
    wrapHint();
    m_hint->setVisible(!hint.isEmpty());
    replot(rpQueuedReplot);
}

std::optional<QPointF> TradeoffPlot::variantPoint(int id) const
{
    const auto found = std::ranges::find(m_points, id, &Point::variant);
    return found == m_points.end() || id < 0 ? std::nullopt : std::optional(found->at);
}

QPoint TradeoffPlot::pixelOf(const QPointF &point) const
{
    return {qRound(xAxis->coordToPixel(point.x())), qRound(yAxis->coordToPixel(point.y()))};
}

void TradeoffPlot::fill(const Layer &layer, const std::vector<Point> &points)
{
    QVector<double> x;
    QVector<double> y;
    QVector<double> below;
    QVector<double> above;
    std::vector<Point> sorted = points; // a graph sorts by x, its error bars do not
    std::ranges::stable_sort(sorted, {}, [](const Point &point) { return point.at.x(); });
    for (const Point &point : sorted) {
        x += point.at.x();
        y += point.at.y();
        below += point.at.y() - point.low;
        above += point.high - point.at.y();
    }
    layer.graph->setData(x, y, true);
    layer.bars->setData(below, above);
    layer.graph->setVisible(!points.empty());
    layer.bars->setVisible(!points.empty());
    if (points.empty())
        layer.graph->removeFromLegend();
    else
        layer.graph->addToLegend();
}

void TradeoffPlot::redraw()
{
    m_points.clear();
    std::vector<Point> drafts;
    std::vector<Point> finals;
    QVector<double> fadedX;
    QVector<double> fadedY;
    m_original->data()->clear();
    for (const Variant &variant : m_variants) {
        const std::optional<Point> point = pointOf(variant, {m_cost, m_over});
        if (!point)
            continue;
        m_points.push_back(*point);
        if (variant.isBaseline()) {
            m_original->setData({point->at.x()}, {point->at.y()});
        } else if (!m_emphasized.isEmpty() && !m_emphasized.contains(variant.id)) {
            fadedX += point->at.x();
            fadedY += point->at.y();
        } else {
            (variant.quality == Quality::Final ? finals : drafts).push_back(*point);
        }
    }
    m_faded->setData(fadedX, fadedY);
    const bool original = m_original->dataCount() > 0;
    m_original->setVisible(original); // always in the legend: an empty one would squeeze the plot to its own width
    fill(m_drafts, drafts);
    fill(m_finals, finals);
    drawFront();
    drawPromises();

    QVector<double> pathX;
    QVector<double> pathY;
    for (const int id : m_recipe) {
        if (const auto at = variantPoint(id)) {
            pathX += at->x();
            pathY += at->y();
        }
    }
    m_path->setData(pathX, pathY);
    m_path->setVisible(pathX.size() > 1);
    if (pathX.size() > 1)
        m_path->addToLegend();
    else
        m_path->removeFromLegend();

    m_currentPoint.reset();
    std::vector<Point> predicted;
    std::vector<Point> streaming;
    if (m_current && m_current->measuredAs < 0) {
        if (const std::optional<Point> point = pointOf(*m_current, {m_cost, m_over})) {
            (m_current->soFar && m_current->soFar->top1.total > 0 ? streaming : predicted).push_back(*point);
            m_currentPoint = point->at;
            m_points.push_back(*point);
        }
    }
    fill(m_streaming, streaming);
    fill(m_predicted, predicted);

    const auto selected = variantPoint(m_selected);
    m_selection->data()->clear();
    if (selected)
        m_selection->setData({selected->x()}, {selected->y()});
    m_selection->removeFromLegend();
    const auto here = variantPoint(m_current ? m_current->measuredAs : -1);
    m_here->data()->clear();
    if (here) {
        m_here->setData({here->x()}, {here->y()});
        m_here->addToLegend();
    } else {
        m_here->removeFromLegend();
    }
    setAccessibleDescription(m_currentPoint ? m_variantWords + "\n\n" + edgeflex::describe(*m_current)
                                            : m_variantWords);
    fitRanges();
    replot(rpQueuedReplot);
}

// What no other measured variant beats or equals in one without losing in the other, as steps.
void TradeoffPlot::drawFront()
{
    std::vector<Point> points;
    std::ranges::copy_if(m_points, std::back_inserter(points), [](const Point &point) { return point.variant >= 0; });
    const auto better = [this](double a, double b) { // upwards for accuracy, downwards for a cost
        return m_over ? a < b : a > b;
    };
    std::ranges::sort(points, [&](const Point &a, const Point &b) {
        return a.at.x() != b.at.x() ? a.at.x() < b.at.x() : better(a.at.y(), b.at.y());
    });
    QVector<double> x;
    QVector<double> y;
    m_frontIds.clear();
    for (const Point &point : points) {
        if (!y.isEmpty() && !better(point.at.y(), y.last()))
            continue;
        if (!y.isEmpty()) { // until here the one before it was the best
            x += point.at.x();
            y += y.last();
        }
        x += point.at.x();
        y += point.at.y();
        m_frontIds.push_back(point.variant);
    }
    m_front->setData(x, y);
    m_front->setVisible(m_frontIds.size() > 1);
    if (m_frontIds.size() > 1)
        m_front->addToLegend();
    else
        m_front->removeFromLegend();
}

void TradeoffPlot::fitRanges()
{
    double dearest = 0;
    double lowest = 0;
    double highest = 0;
    for (const Point &point : m_points) {
        dearest = std::max(dearest, point.at.x());
        // Half of a wide interval is enough to see that it is wide.
        const double span = std::max(1.0, std::abs(point.at.y()));
        lowest = std::min(lowest, std::max(point.low, point.at.y() - span));
        highest = std::max(highest, std::min(point.high, point.at.y() + span));
    }
    const std::optional<double> cost = budgetOf(m_cost, m_budgets);
    if (cost)
        dearest = std::max(dearest, *cost);
    if (m_cost == Cost::Latency)
        dearest = std::max(dearest, percent);
    // Of what is drawn upwards.
    const std::optional<double> limit = m_over                    ? budgetOf(*m_over, m_budgets)
                                        : m_budgets.maxDropPoints ? std::optional(-*m_budgets.maxDropPoints)
                                                                  : std::nullopt;
    const double right = dearest > 0 ? stepsUp(dearest * roomRight) : 1;
    xAxis->setRange(0, right);
    if (m_over) {
        highest = std::max({highest, limit.value_or(0), *m_over == Cost::Latency ? percent : 0.0});
        yAxis->setRange(0, highest > 0 ? stepsUp(highest * roomRight) : 1);
    } else {
        lowest = std::min(lowest, limit.value_or(0));
        const double span = std::max(leastSpan, highest - lowest);
        yAxis->setRange(-std::max(leastSpan, stepsUp(-lowest + span * 0.08)),
                        std::max(span * 0.18, highest + span * 0.08));
    }

    m_costLine->setVisible(cost.has_value());
    m_costText->setVisible(cost.has_value());
    if (cost) {
        m_costLine->start->setCoords(*cost, yAxis->range().lower);
        m_costLine->end->setCoords(*cost, yAxis->range().upper);
        m_costText->setText(tr("budget"));
        const bool atEnd = *cost > xAxis->range().upper * 0.75;
        m_costText->setPositionAlignment((atEnd ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        m_costText->setPadding(QMargins(4, 1, 4, 0));
        m_costText->position->setCoords(*cost, yAxis->range().upper);
    }
    m_dropLine->setVisible(limit.has_value());
    m_dropText->setVisible(limit.has_value());
    if (limit) {
        m_dropLine->start->setCoords(0, *limit);
        m_dropLine->end->setCoords(xAxis->range().upper, *limit);
        m_dropText->setText(tr("budget"));
        m_dropText->setPadding(QMargins(4, 0, 4, 1));
        m_dropText->position->setCoords(xAxis->range().upper, *limit);
    }
    m_originalLine->start->setCoords(0, 0);
    m_originalLine->end->setCoords(xAxis->range().upper, 0);
    m_originalLine->setVisible(!m_points.empty() && !m_over);
}

const TradeoffPlot::Point *TradeoffPlot::pointAt(const QPoint &position) const
{
    const Point *nearest = nullptr;
    int least = reach * reach;
    for (const Point &point : m_points) {
        const QPoint away = pixelOf(point.at) - position;
        const int distance = QPoint::dotProduct(away, away);
        if (distance < least) {
            least = distance;
            nearest = &point;
        }
    }
    return nearest;
}

QString TradeoffPlot::describe(const QPoint &position) const
{
    const Point *point = pointAt(position);
    return point ? describe(*point) : QString();
}

QString TradeoffPlot::describe(const Point &point) const
{
    if (point.variant < 0)
        return edgeflex::describe(*m_current);
    const auto variant = std::ranges::find(m_variants, point.variant, &Variant::id);
    return variant == m_variants.end() ? QString() : edgeflex::describe(*variant);
}

void TradeoffPlot::applyColors()
{
    const ChartColors colors = chartColors(palette());
    styleChart(this, colors);
    const auto look = [&](const Layer &layer, QCPScatterStyle::ScatterShape shape, const QColor &color, bool solid,
                          double size) {
        layer.graph->setScatterStyle(QCPScatterStyle(shape, QPen(color, solid ? 1 : 2),
                                                     solid ? QBrush(color) : QBrush(colors.background), size));
        layer.bars->setPen(QPen(color, solid ? 1.2 : 1.6, solid ? Qt::SolidLine : Qt::DashLine));
    };
    look(m_drafts, QCPScatterStyle::ssDisc, colors.variant, true, 9);
    look(m_finals, QCPScatterStyle::ssSquare, colors.variant, true, 9);
    look(m_streaming, QCPScatterStyle::ssDisc, colors.plan, true, 9);
    look(m_predicted, QCPScatterStyle::ssCircle, colors.plan, false, 10);
    m_original->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssDiamond, QPen(colors.text, 1), QBrush(colors.text), 10));
    m_selection->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colors.text, 1.5), Qt::NoBrush, 16));
    m_here->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colors.plan, 1.6), Qt::NoBrush, 13));
    m_path->setPen(QPen(colors.recipe, 2));
    m_front->setPen(QPen(colors.variant, 1.2, Qt::DotLine));
    m_promised->setScatterStyle(
        QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colors.recipe, 1), QBrush(colors.background), 5));
    QColor pale = colors.variant;
    pale.setAlpha(60);
    m_faded->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, QPen(pale, 1), QBrush(pale), 7));
    selectionRect()->setPen(QPen(colors.selection.lighter(), 1));
    selectionRect()->setBrush(colors.selection);
    for (QCPItemLine *line : {m_costLine, m_dropLine})
        line->setPen(QPen(colors.budget, 1.2, Qt::DashLine));
    m_originalLine->setPen(QPen(colors.outline, 1, Qt::DotLine));
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    for (QCPItemText *text : {m_costText, m_dropText}) {
        text->setColor(colors.budget);
        text->setFont(small);
    }
    m_hint->setColor(colors.faded);
    m_hint->setFont(font());
    replot(rpQueuedReplot);
}

QString TradeoffPlot::tipAt(const QPoint &position) const
{
    return describe(position);
}

void TradeoffPlot::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->pos();
    const Point *point = event->button() == Qt::LeftButton ? pointAt(event->pos()) : nullptr;
    if (point && point->variant >= 0)
        Q_EMIT variantClicked(point->variant);
    else if (const int promise = promiseAt(event->pos()); !point && promise >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT promiseClicked(promise);
    Chart::mousePressEvent(event);
}

void TradeoffPlot::mouseReleaseEvent(QMouseEvent *event)
{
    Chart::mouseReleaseEvent(event);
    if (selectionRectMode() != QCP::srmCustom || event->button() != Qt::LeftButton)
        return;
    const QRect frame = QRect(m_pressed, event->pos()).normalized();
    QList<int> inside;
    if (frame.width() < leastBrush && frame.height() < leastBrush) {
        const Point *point = pointAt(event->pos());
        if (!point)
            Q_EMIT brushed({});
        else if (point->variant >= 0)
            Q_EMIT variantActivated(point->variant);
        return;
    }
    for (const Point &point : m_points) {
        if (point.variant >= 0 && frame.contains(pixelOf(point.at)))
            inside += point.variant;
    }
    Q_EMIT brushed(inside);
}

void TradeoffPlot::mouseDoubleClickEvent(QMouseEvent *event)
{
    const Point *point = pointAt(event->pos());
    if (point && point->variant >= 0)
        Q_EMIT variantActivated(point->variant);
    Chart::mouseDoubleClickEvent(event);
}

void TradeoffPlot::mouseMoveEvent(QMouseEvent *event)
{
    const Point *point = pointAt(event->pos());
    if ((point && point->variant >= 0) || (!point && promiseAt(event->pos()) >= 0))
        setCursor(Qt::PointingHandCursor);
    else
        unsetCursor();
    Chart::mouseMoveEvent(event);
}

} // namespace edgeflex
