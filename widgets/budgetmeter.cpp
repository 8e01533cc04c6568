#include "widgets/budgetmeter.h"

#include "widgets/chartcolors.h"

#include <QPainter>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr int barHeight = 6; // pixels
constexpr double smallText = 0.85;

} // namespace

BudgetMeter::BudgetMeter(const QString &name, QWidget *parent) : QWidget(parent)
{
    setAccessibleName(name);
}

void BudgetMeter::setValue(std::optional<double> value, double whole, const QString &text, bool predicted)
{
    if (m_value == value && m_whole == whole && m_text == text && m_predicted == predicted)
        return;
    m_predicted = predicted;
    m_value = value;
    m_whole = whole;
    m_text = text;
    describe();
    update();
}

void BudgetMeter::setBudget(std::optional<double> budget)
{
    if (m_budget == budget)
        return;
    m_budget = budget;
    describe();
    update();
}

void BudgetMeter::describe()
{
    setAccessibleDescription(m_text + (m_predicted ? ' ' + tr("(predicted)") : QString()) +
                             (isExceeded() ? ' ' + tr("(over budget)") : QString()));
}

QSize BudgetMeter::sizeHint() const
{
    return {70, barHeight + fontMetrics().height() + 1};
}

void BudgetMeter::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ChartColors colors = chartColors(palette());
    const QRectF bar(0.5, 1.5, width() - 1, barHeight - 1);
    // What exceeds the original, such as a latency, still has room.
    const double whole = std::max({m_whole, m_value.value_or(0), m_budget.value_or(0)});
    const auto at = [&](double value) {
        return bar.left() + bar.width() * std::clamp(value / whole, 0.0, 1.0);
    };
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.grid);
    painter.drawRoundedRect(bar, 2, 2);
    if (m_value) {
        const QColor color = !m_budget ? colors.variant : isExceeded() ? colors.bad : colors.good;
        QRectF filled(bar.topLeft(), QPointF(at(*m_value), bar.bottom()));
        painter.setBrush(color);
        if (m_predicted) {
            painter.setPen(QPen(color, 1));
            painter.setBrush(colors.background);
            filled.adjust(0, 0.5, 0, -0.5);
        }
        painter.drawRoundedRect(filled, 2, 2);
    }
    if (m_budget) {
        painter.setPen(QPen(colors.budget, 2));
        const double x = std::clamp(at(*m_budget), 1.0, width() - 1.0);
        painter.drawLine(QPointF(x, 0), QPointF(x, barHeight + 1));
    }
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * smallText);
    painter.setFont(small);
    painter.setPen(isExceeded() ? colors.bad : colors.faded);
    const QRect words(0, barHeight, width(), height() - barHeight);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_text, Qt::ElideRight, width()));
}

} // namespace edgeflex
