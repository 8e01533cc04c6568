#pragma once

#include "plan/verboptions.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QPushButton;

namespace edgeflex {

class Document;
class FirstPictures;
class PictureStrip;
class SourceForm;
class TrialChart;
class Workflow;

// What was recognised of a model, what its images look like to it, and whether another way of preparing them suits it
// better.
class SetupPage : public QWidget
{
    Q_OBJECT

public:
    SetupPage(Document *document, Workflow *workflow, QWidget *parent = nullptr);

Q_SIGNALS:
    // The model is to be opened again with what the form says.
    void sourceWanted(const edgeflex::ModelSource &source);

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeFacts();
    QWidget *makeImages();
    QWidget *makeForm();
    void showModel();
    void showLint();
    void showPictures();
    void showForm();
    void useBetter();

    Document *m_document;
    Workflow *m_workflow;
    QFormLayout *m_facts = nullptr;
    FirstPictures *m_first;
    PictureStrip *m_strip = nullptr;
    TrialChart *m_trials = nullptr;
    QLabel *m_verdict = nullptr;
    QPushButton *m_check = nullptr;
    QPushButton *m_use = nullptr;
    SourceForm *m_form = nullptr;
    QLabel *m_formError = nullptr;
    QPushButton *m_apply = nullptr;
};

} // namespace edgeflex
