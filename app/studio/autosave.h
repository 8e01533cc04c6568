#pragma once

#include "plan/session.h"

#include <QDateTime>
#include <QLockFile>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <memory>

namespace edgeflex {

class Document;

// Keeps what is not saved yet in a folder of its own, so that a crash of the window loses at most the last two seconds.
// Written on another thread, every file whole or not at all; removed once it is saved or the window was closed.
class Autosave : public QObject
{
    Q_OBJECT

public:
    // After a change; more changes until then go with it.
    static constexpr int delayMs = 1000;

    // What a window that crashed has left.
    struct Left
    {
        QString folder; // a session
        QString model;  // name
        QString origin; // where the session was saved; empty: nowhere
        QDateTime when;
    };

    // `root`: where windows keep what is not saved, each below it.
    Autosave(Document *document, const QString &root, QObject *parent = nullptr);
    ~Autosave() override; // of a window that was closed as it should be: nothing is left

    static QString defaultRoot();
    // Of windows that are gone, the latest first.
    static QList<Left> findLeft(const QString &root);
    static void discard(const QString &folder);
    // Once the document is written here, `folder` is no longer needed.
    void takeOver(const QString &folder) { m_takenOver = folder; }

private:
    void changed(bool tables);
    void write();

    Document *m_document;
    QString m_folder;
    std::unique_ptr<QLockFile> m_lock;
    QThreadPool m_writer; // one thread, so that what is written last is the latest
    QTimer m_timer;
    QString m_takenOver;
    bool m_tables = true; // what lies beside the plan has changed, too
};

} // namespace edgeflex
