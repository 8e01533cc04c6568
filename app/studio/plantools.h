#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QSlider;

namespace edgeflex {

class Document;
class ViewState;

// What concerns all layers of the plan, or those that are selected.
class PlanTools : public QWidget
{
    Q_OBJECT

public:
    PlanTools(Document *document, ViewState *view, QWidget *parent = nullptr);

private:
    void showPlan();

    Document *m_document;
    ViewState *m_view;
    QSlider *m_allKeep;
    QLabel *m_allKeepText;
    QComboBox *m_allFormats;
    int m_gesture = 0;
};

} // namespace edgeflex
