#pragma once

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;

namespace edgeflex {

// One sentence about what went wrong, above what it concerns, until it is closed or the next attempt, and a button
// for what can be done about it where there is such a thing.
class ErrorBanner : public QFrame
{
    Q_OBJECT

public:
    explicit ErrorBanner(QWidget *parent = nullptr);

    void show(const QString &sentence);
    void showWithAction(const QString &sentence, const QString &action, std::function<void()> act);
    QString sentence() const; // empty while hidden

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyColors();

    QLabel *m_text;
    QPushButton *m_action;
    std::function<void()> m_act;
};

} // namespace edgeflex
