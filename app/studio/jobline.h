#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace edgeflex {

class JobQueue;

// What the engine is doing, how far it is, what comes after it, and the button that stops it.
class JobLine : public QWidget
{
    Q_OBJECT

public:
    explicit JobLine(JobQueue *queue, QWidget *parent = nullptr);

    // Said while nothing runs.
    void setResting(const QString &text);

Q_SIGNALS:
    void cancelAsked();

private:
    void showState();

    JobQueue *m_queue;
    QString m_resting;
    QLabel *m_title;
    QProgressBar *m_bar;
    QLabel *m_left;
    QLabel *m_waiting;
    QPushButton *m_cancel;
};

} // namespace edgeflex
