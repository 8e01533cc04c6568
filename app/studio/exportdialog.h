#pragma once

#include "app/studio/workflow.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QRadioButton;

namespace edgeflex {

// Where the current plan goes and as what, and how it is loaded there.
class ExportDialog : public QDialog
{
    Q_OBJECT

public:
    ExportDialog(Document *document, Workflow *workflow, QWidget *parent = nullptr);

    void setPath(const QString &path);
    QString snippet() const;

public Q_SLOTS:
    void accept() override; // exports
    void reject() override; // stops an export, else closes

private:
    ExportFormat format() const;
    void browse();
    void showChoice();
    void showResult(const ExportResult &result);
    void showState();

    Document *m_document;
    Workflow *m_workflow;
    QRadioButton *m_onnx;
    QRadioButton *m_safetensors;
    QLineEdit *m_path;
    QCheckBox *m_verify;
    QPlainTextEdit *m_snippet;
    QPushButton *m_copy;
    QPushButton *m_export;
    QPushButton *m_close;
    QProgressBar *m_progress;
    QLabel *m_state;
    bool m_mine = false; // the export that runs is of this dialog
};

} // namespace edgeflex
