#pragma once

#include "app/studio/autosave.h"

#include <QWidget>

class QFrame;
class QLabel;
class QListWidget;
class QPushButton;

namespace edgeflex {

// What there is before a model is open: what to do first, where one left off, and what a crash left.
class StartPage : public QWidget
{
    Q_OBJECT

public:
    explicit StartPage(QWidget *parent = nullptr);

    // The model that is being opened; empty: none is.
    void setOpening(const QString &path);
    // What windows that crashed have left.
    void setLeft(const QList<Autosave::Left> &left);
    void showRecent(const QStringList &folders);
    // Why the demo cannot be tried; empty: it can.
    void setDemo(const QString &whyNot);

Q_SIGNALS:
    void folderWanted();
    void fileWanted();
    void sessionWanted();
    void demoWanted();
    void recentWanted(const QString &folder);
    void leftWanted(const edgeflex::Autosave::Left &left);
    void leftDiscarded(const edgeflex::Autosave::Left &left);

private:
    QWidget *makeStart();
    QWidget *makeRecent();
    void fillLeft();

    QLabel *m_title;
    QLabel *m_text;
    QWidget *m_choices;
    QFrame *m_leftCard;
    QLabel *m_leftText = nullptr;
    QPushButton *m_demo = nullptr;
    QListWidget *m_recent = nullptr;
    QLabel *m_noRecent = nullptr;
    QList<Autosave::Left> m_left;
};

} // namespace edgeflex
