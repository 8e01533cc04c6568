#include "widgets/budgetbox.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>

#include <cmath>

namespace edgeflex {
namespace {

constexpr double megabyte = 1e6;
constexpr double percent = 100;

} // namespace

OptionalNumber::OptionalNumber(double least, double greatest, double step, int decimals, QWidget *parent)
    : QDoubleSpinBox(parent), m_least(least)
{
    setDecimals(decimals);
    setRange(least - step, greatest); // the value below the least is none
    setSingleStep(step);
    setValue(minimum());
    setKeyboardTracking(false);
    setAlignment(Qt::AlignRight);
    setSpecialValueText(QString(QChar(0x2013)));
}

std::optional<double> OptionalNumber::number() const
{
    return value() < m_least - singleStep() / 2 ? std::nullopt : std::optional(value());
}

void OptionalNumber::setNumber(std::optional<double> number)
{
    setValue(number.value_or(minimum()));
}

QValidator::State OptionalNumber::validate(QString &text, int &position) const
{
    QString bare = text;
    if (bare.endsWith(suffix()))
        bare.chop(suffix().size());
    bare = bare.trimmed();
    if (bare.isEmpty() || bare == specialValueText())
        return QValidator::Acceptable;
    return QDoubleSpinBox::validate(text, position);
}

double OptionalNumber::valueFromText(const QString &text) const
{
    QString bare = text;
    if (bare.endsWith(suffix()))
        bare.chop(suffix().size());
    bare = bare.trimmed();
    if (bare.isEmpty() || bare == specialValueText())
        return minimum();
    return std::max(m_least, QDoubleSpinBox::valueFromText(text));
}

QString OptionalNumber::textFromValue(double value) const
{
    QString text = locale().toString(value, 'f', decimals());
    const QString point = locale().decimalPoint();
    if (text.contains(point)) {
        while (text.endsWith(locale().zeroDigit()))
            text.chop(1);
        if (text.endsWith(point))
            text.chop(point.size());
    }
    return text;
}

void OptionalNumber::stepBy(int steps)
{
    // From none upwards to the least, whatever the step.
    if (!number() && steps > 0)
        setValue(m_least);
    else
        QDoubleSpinBox::stepBy(steps);
}

BudgetBox::BudgetBox(QWidget *parent)
    : QWidget(parent),
      m_weights(new OptionalNumber(0.5, 1e6, 0.5, 3, this)),
      m_peak(new OptionalNumber(0.5, 1e6, 0.5, 3, this)),
      m_latency(new OptionalNumber(1, 1000, 5, 1, this)),
      m_drop(new OptionalNumber(0, 100, 0.1, 2, this)),
      m_solve(new QPushButton(tr("&Solve"), this))
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(6);
    layout->setVerticalSpacing(6);
    const QString space(QChar::Nbsp);
    const auto add = [&](int row, int column, const QString &text, OptionalNumber *box, const QString &suffix,
                         const QString &tip) {
        auto *label = new QLabel(text, this);
        label->setBuddy(box);
        label->setToolTip(tip);
        box->setSuffix(space + suffix);
        box->setToolTip(tip + ' ' + tr("Empty: no such budget."));
        QString name = text;
        box->setAccessibleName(name.remove('&'));
        box->setMinimumWidth(box->fontMetrics().horizontalAdvance("0000.00" + suffix) + 34);
        layout->addWidget(label, row, column);
        layout->addWidget(box, row, column + 1);
        connect(box, &QDoubleSpinBox::valueChanged, this, &BudgetBox::edited);
    };
    const auto showUnit = [this, space](double value) {
        m_drop->setSuffix(space + (value == 1 ? tr("point") : tr("points")));
    };
    add(0, 0, tr("&Weights at most"), m_weights, tr("MB"), tr("Bytes of the weights in memory."));
    add(0, 2, tr("&Latency at most"), m_latency, tr("%"), tr("Of the original's latency on this machine."));
    add(1, 0, tr("Pea&k at most"), m_peak, tr("MB"), tr("Most memory in use at any time, weights included."));
    add(1, 2, tr("L&oss at most"), m_drop, tr("points"), tr("Points of accuracy lost against the original."));
    connect(m_drop, &QDoubleSpinBox::valueChanged, this, showUnit);
    layout->addWidget(m_solve, 0, 5, 2, 1);
    layout->setColumnStretch(4, 1);
    m_solve->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(m_solve, &QPushButton::clicked, this, &BudgetBox::solveAsked);
    showSolvable();
}

void BudgetBox::setBudgets(const Budgets &budgets)
{
    if (budgets == this->budgets())
        return;
    m_setting = true;
    const auto megabytes = [](const std::optional<std::int64_t> &bytes) {
        return bytes ? std::optional(static_cast<double>(*bytes) / megabyte) : std::nullopt;
    };
    m_weights->setNumber(megabytes(budgets.maxWeightsBytes));
    m_peak->setNumber(megabytes(budgets.maxPeakBytes));
    m_latency->setNumber(budgets.maxLatencyRatio ? std::optional(percent * *budgets.maxLatencyRatio) : std::nullopt);
    m_drop->setNumber(budgets.maxDropPoints);
    m_setting = false;
    showSolvable();
}

Budgets BudgetBox::budgets() const
{
    const auto bytes = [](const std::optional<double> &megabytes) {
        return megabytes ? std::optional(static_cast<std::int64_t>(std::llround(*megabytes * megabyte))) : std::nullopt;
    };
    Budgets budgets;
    budgets.maxWeightsBytes = bytes(m_weights->number());
    budgets.maxPeakBytes = bytes(m_peak->number());
    if (const auto share = m_latency->number())
        budgets.maxLatencyRatio = *share / percent;
    budgets.maxDropPoints = m_drop->number();
    return budgets;
}

void BudgetBox::setSolvable(bool solvable, const QString &why)
{
    m_solvable = solvable;
    m_why = why;
    showSolvable();
}

void BudgetBox::showSolvable()
{
    const bool any = budgets().any();
    m_solve->setEnabled(m_solvable && any);
    m_solve->setToolTip(!m_solvable ? m_why
                        : any       ? tr("Find the plan that loses least within these budgets")
                                    : tr("Give a budget first"));
}

void BudgetBox::edited()
{
    if (m_setting)
        return;
    showSolvable();
    Q_EMIT budgetsEdited(budgets());
}

} // namespace edgeflex
