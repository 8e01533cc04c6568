#pragma once

#include "plan/budgets.h"

#include <QDoubleSpinBox>
#include <QGroupBox>

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

    QValidator::State validate(QString &text, int &position) const override;
    double valueFromText(const QString &text) const override;
    QString textFromValue(double value) const override;
    void stepBy(int steps) override;

private:
    double m_least;
};

// The budgets a plan must keep to, and the button that finds one.
class BudgetBox : public QWidget
{
    Q_OBJECT

public:
    explicit BudgetBox(QWidget *parent = nullptr);

    void setBudgets(const Budgets &budgets);
    Budgets budgets() const;
    // Whether a plan can be looked for now, and why not.
    void setSolvable(bool solvable, const QString &why);
    QPushButton *solveButton() const { return m_solve; }

Q_SIGNALS:
    void budgetsEdited(const edgeflex::Budgets &budgets);
    void solveAsked();

private:
    void edited();
    void showSolvable();

    OptionalNumber *m_weights;
    OptionalNumber *m_peak;
    OptionalNumber *m_latency;
    OptionalNumber *m_drop;
    QPushButton *m_solve;
    bool m_solvable = false;
    QString m_why;
    bool m_setting = false;
};

} // namespace edgeflex
