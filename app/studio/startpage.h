#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace edgeflex {

// What there is before a model is open: what to do first.
class StartPage : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget *parent = nullptr);

    // The model that is being opened; empty: none is.
    void setOpening(const QString &path);

Q_SIGNALS:
    void folderWanted();
    void fileWanted();
    void sessionWanted();

private:
    QLabel *m_title;
    QLabel *m_text;
    QWidget *m_buttons;
};

} // namespace edgeflex
