#pragma once

#include <QFrame>

class QLabel;

namespace edgeflex {

// One sentence about what went wrong, above what it concerns, until it is closed or the next attempt.
class ErrorBanner : public QFrame
{
    Q_OBJECT

public:
    explicit ErrorBanner(QWidget *parent = nullptr);

    void show(const QString &sentence);
    QString sentence() const; // empty while hidden

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyColors();

    QLabel *m_text;
};

} // namespace edgeflex
