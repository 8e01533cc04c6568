#pragma once

#include <QWidget>

class QLabel;
class QSlider;

namespace edgeflex {

class Document;

// The plans that solving found to be the best of every size, to go along; hidden while there is no such front.
class FrontBar : public QWidget
{
    Q_OBJECT

public:
    explicit FrontBar(Document *document, QWidget *parent = nullptr);

    void goTo(int index); // a place on the front

private:
    void showFront();
    void follow();

    Document *m_document;
    QSlider *m_slider;
    QLabel *m_text;
    int m_gesture = 0;
};

} // namespace edgeflex
