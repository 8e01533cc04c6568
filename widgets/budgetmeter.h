#pragma once

#include <QWidget>

#include <optional>

namespace edgeflex {

// One figure against its budget as a bar: the whole is the original, filled is what the plan has, and a tick stands at
// the budget.
class BudgetMeter : public QWidget
{
    Q_OBJECT

public:
    // `name` is for assistive technology.
    explicit BudgetMeter(const QString &name, QWidget *parent = nullptr);

    // All in one unit; `whole` above 0. `text` says the value. What is predicted is drawn hollow.
    void setValue(std::optional<double> value, double whole, const QString &text, bool predicted = false);
    void setBudget(std::optional<double> budget);
    bool isExceeded() const { return m_value && m_budget && *m_value > *m_budget; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();

    std::optional<double> m_value;
    double m_whole = 1;
    std::optional<double> m_budget;
    QString m_text;
    bool m_predicted = false;
};

} // namespace edgeflex
