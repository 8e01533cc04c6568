#pragma once

#include <QWidget>

#include <optional>

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

private:
    void showState();

    JobQueue *m_queue;
    QString m_resting;
    std::optional<int> m_meant; // the job that the press was for, whatever runs when the button comes up
    QLabel *m_title;
    QProgressBar *m_bar;
    QLabel *m_left;
    QLabel *m_waiting;
    QPushButton *m_cancel;
};

} // namespace edgeflex
