#pragma once

#include "widgets/verdict.h"

#include <QFrame>

class QLabel;

namespace edgeflex {

// The answer in one line: does it fit, how fast is it here, what does it lose, and how is that known.
class VerdictLine : public QFrame
{
    Q_OBJECT

public:
    explicit VerdictLine(QWidget *parent = nullptr);

    void setVerdict(const Verdict &verdict);
    QString text() const { return verdictText(m_verdict); }

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void write();
    void fit();

    Verdict m_verdict;
    QLabel *m_clauses;
    QLabel *m_source;
};

} // namespace edgeflex
