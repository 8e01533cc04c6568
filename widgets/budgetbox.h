#pragma once

#include "plan/budgets.h"

#include <QDoubleSpinBox>
#include <QGroupBox>

#include <array>

class QPushButton;

namespace edgeflex {

// A number or none; none is an empty field.
class OptionalNumber : public QDoubleSpinBox
{
    Q_OBJECT

public:
    // Numbers from `least` in steps of `step`, `decimals` after the point.
    OptionalNumber(double least, double greatest, double step, int decimals, QWidget *parent = nullptr);

    std::optional<double> number() const;
    void setNumber(std::optional<double> number);
    // What the field holds, also while it is being typed.
    bool holdsNumber() const;

    QValidator::State validate(QString &text, int &position) const override;
    double valueFromText(const QString &text) const override;
    QString textFromValue(double value) const override;
    void stepBy(int steps) override;
    bool event(QEvent *event) override;

Q_SIGNALS:
    void typed();

private:
    double m_least;
};

class BudgetMeter;

// What a plan and the original have of each quantity that there is a budget for.
struct BudgetFigures
{
    std::int64_t weightsBytes = 0;
    std::int64_t originalWeightsBytes = 0;
    std::int64_t peakBytes = 0;
    std::int64_t originalPeakBytes = 0;
    std::optional<double> latencyRatio;
    bool latencyPredicted = false; // not measured
    std::optional<double> dropPoints;
    double dropErrorPoints = 0; // about 95 %
    bool dropPredicted = false;
};

// The budgets a plan must keep to, how it stands to each, and the button that finds one that keeps them.
class BudgetBox : public QWidget
{
    Q_OBJECT

public:
    explicit BudgetBox(QWidget *parent = nullptr);

    void setBudgets(const Budgets &budgets);
    Budgets budgets() const;
    // How the plan stands; nothing: there is none.
    void setFigures(const std::optional<BudgetFigures> &figures);
    // Whether a plan can be looked for now, and why not.
    void setSolvable(bool solvable, const QString &why);
    QPushButton *solveButton() const { return m_solve; }

Q_SIGNALS:
    void budgetsEdited(const edgeflex::Budgets &budgets);
    void solveAsked();

private:
    void edited();
    void showSolvable();
    void showBudgets();
    std::array<OptionalNumber *, 4> fields() const { return {m_weights, m_peak, m_latency, m_drop}; }

    OptionalNumber *m_weights;
    OptionalNumber *m_peak;
    OptionalNumber *m_latency;
    OptionalNumber *m_drop;
    BudgetMeter *m_weightsMeter;
    BudgetMeter *m_peakMeter;
    BudgetMeter *m_latencyMeter;
    BudgetMeter *m_dropMeter;
    QPushButton *m_solve;
    bool m_solvable = false;
    QString m_why;
    bool m_setting = false;
};

} // namespace edgeflex
