#include "widgets/budgetbox.h"

#include "widgets/budgetmeter.h"
#include "widgets/quantitytext.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr double megabyte = 1e6;
constexpr double percent = 100;
constexpr double dropShown = 2; // points of accuracy that fill a meter, where there is no budget of more

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
    connect(lineEdit(), &QLineEdit::textEdited, this, &OptionalNumber::typed);
}

std::optional<double> OptionalNumber::number() const
{
    return value() < m_least - singleStep() / 2 ? std::nullopt : std::optional(value());
}

bool OptionalNumber::holdsNumber() const
{
    return valueFromText(lineEdit()->text()) >= m_least;
}

// What is typed counts for the key that is about to act on it, such as the one that solves.
bool OptionalNumber::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool returns = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (key->modifiers() & Qt::AltModifier || (returns && key->modifiers() & Qt::ControlModifier))
            interpretText();
    }
    return QDoubleSpinBox::event(event);
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
      m_weightsMeter(new BudgetMeter(tr("Weights of the plan"), this)),
      m_peakMeter(new BudgetMeter(tr("Peak memory of the plan"), this)),
      m_latencyMeter(new BudgetMeter(tr("Latency of the plan"), this)),
      m_dropMeter(new BudgetMeter(tr("Accuracy lost by the plan"), this)),
      m_solve(new QPushButton(tr("&Solve"), this))
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setHorizontalSpacing(10);
    layout->setVerticalSpacing(2);
    const QString space(QChar::Nbsp);
    const auto add = [&](int column, const QString &text, OptionalNumber *box, BudgetMeter *meter,
                         const QString &suffix, const QString &tip) {
        auto *label = new QLabel(text, this);
        label->setBuddy(box);
        label->setToolTip(tip);
        meter->setToolTip(tip + ' ' +
                          tr("The bar is the plan, hollow where it is predicted, the tick the budget, "
                             "the whole the original."));
        box->setSuffix(space + suffix);
        box->setToolTip(tip + ' ' + tr("Empty: no such budget."));
        QString name = text;
        box->setAccessibleName(name.remove('&'));
        box->setMinimumWidth(box->fontMetrics().horizontalAdvance("000.00" + suffix) + 34);
        layout->addWidget(label, 0, column);
        layout->addWidget(box, 1, column);
        layout->addWidget(meter, 2, column);
        layout->setColumnStretch(column, 1);
        connect(box, &QDoubleSpinBox::valueChanged, this, &BudgetBox::edited);
        connect(box, &OptionalNumber::typed, this, &BudgetBox::showSolvable);
    };
    const auto showUnit = [this, space](double value) {
        m_drop->setSuffix(space + (value == 1 ? tr("point") : tr("points")));
    };
    add(0, tr("&Weights at most"), m_weights, m_weightsMeter, tr("MB"), tr("Bytes of the weights in memory."));
    add(1, tr("Pea&k at most"), m_peak, m_peakMeter, tr("MB"), tr("Most memory in use at any time, weights included."));
    add(2, tr("&Latency at most"), m_latency, m_latencyMeter, tr("%"),
        tr("Of the original's latency on this machine."));
    add(3, tr("L&oss at most"), m_drop, m_dropMeter, tr("points"), tr("Points of accuracy lost against the original."));
    connect(m_drop, &QDoubleSpinBox::valueChanged, this, showUnit);
    layout->addWidget(m_solve, 0, 4, 3, 1);
    m_solve->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(m_solve, &QPushButton::clicked, this, [this] {
        for (OptionalNumber *field : fields())
            field->interpretText(); // a click need not take the focus
        if (budgets().any())
            Q_EMIT solveAsked();
    });
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

void BudgetBox::setFigures(const std::optional<BudgetFigures> &figures)
{
    if (!figures) {
        for (BudgetMeter *meter : {m_weightsMeter, m_peakMeter, m_latencyMeter, m_dropMeter})
            meter->setValue(std::nullopt, 1, QString(QChar(0x2013)));
        return;
    }
    const auto bytes = [](BudgetMeter *meter, std::int64_t now, std::int64_t original) {
        meter->setValue(static_cast<double>(now) / megabyte, static_cast<double>(original) / megabyte, bytesText(now));
    };
    bytes(m_weightsMeter, figures->weightsBytes, figures->originalWeightsBytes);
    bytes(m_peakMeter, figures->peakBytes, figures->originalPeakBytes);
    const auto meterValue = [](BudgetMeter *meter, std::optional<double> value, double whole, const QString &text,
                               bool predicted) {
        if (value)
            meter->setValue(value, whole, predicted ? QChar(0x2248) + QString(QChar::Nbsp) + text : text, predicted);
        else
            meter->setValue(value, whole, QString(QChar(0x2013)));
    };
    meterValue(m_latencyMeter, figures->latencyRatio ? std::optional(percent * *figures->latencyRatio) : std::nullopt,
               percent, shareText(figures->latencyRatio.value_or(0)), figures->latencyPredicted);
    const double drop = figures->dropPoints.value_or(0);
    meterValue(m_dropMeter, figures->dropPoints, dropShown,
               figures->dropErrorPoints > 0 ? intervalText(drop, figures->dropErrorPoints)
                                            : tr("%1 points").arg(numberText(drop, 2)),
               figures->dropPredicted);
}

// The ticks of the meters.
void BudgetBox::showBudgets()
{
    m_weightsMeter->setBudget(m_weights->number());
    m_peakMeter->setBudget(m_peak->number());
    m_latencyMeter->setBudget(m_latency->number());
    m_dropMeter->setBudget(m_drop->number());
}

void BudgetBox::setSolvable(bool solvable, const QString &why)
{
    m_solvable = solvable;
    m_why = why;
    showSolvable();
}

void BudgetBox::showSolvable()
{
    showBudgets();
    const bool any = std::ranges::any_of(fields(), &OptionalNumber::holdsNumber);
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
