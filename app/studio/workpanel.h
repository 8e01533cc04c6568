#pragma once

#include <QWidget>

#include <optional>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace edgeflex {

class JobTableModel;
class Workflow;

// What the engine does, will do and did, each job with its progress and the button that stops it, and a log of what
// happened.
class WorkPanel : public QWidget
{
    Q_OBJECT

public:
    explicit WorkPanel(Workflow *workflow, QWidget *parent = nullptr);

    QSize sizeHint() const override;
    void setEngineState(const QString &text, bool failed);
    // A line of the log, with the time before it.
    void log(const QString &line);
    QString logText() const;

private:
    void showJobs();
    void showButtons();

    Workflow *m_workflow;
    JobTableModel *m_model;
    QTableView *m_table;
    QPlainTextEdit *m_log;
    QLabel *m_engine;
    QPushButton *m_stop;
    std::optional<int> m_meant; // the job that the press was for
    QPushButton *m_again;
};

} // namespace edgeflex
