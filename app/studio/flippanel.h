#pragma once

#include "app/studio/bisection.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;

namespace edgeflex {

class Document;
class FlipGallery;
class FlipModel;
class JudgedPictures;
class ViewState;
class Workflow;

// The images whose answer differs between two states, and the edit that changed a chosen one's.
class FlipPanel : public QWidget
{
    Q_OBJECT

public:
    FlipPanel(Document *document, Workflow *workflow, ViewState *view, QWidget *parent = nullptr);

    // Ids of states; what is found does not depend on their order.
    void compare(int a, int b);

private:
    void clearPictures();
    void showCounts();
    void showButton();
    void findEdit();
    void showFound(const Bisection::Result &result);
    QString answerText(const ImageAnswer &answer) const;

    Document *m_document;
    ViewState *m_view;
    JudgedPictures *m_pictures;
    Bisection *m_bisection;
    FlipModel *m_model;
    QComboBox *m_show = nullptr;
    QPushButton *m_which = nullptr;
    FlipGallery *m_gallery = nullptr;
    QLabel *m_found = nullptr;
    int m_a = -1;
    int m_b = -1;
    JudgedAnswers m_answers; // of A
};

} // namespace edgeflex
