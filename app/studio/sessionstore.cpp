#include "app/studio/sessionstore.h"

#include "plan/error.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QSettings>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr int recentAtMost = 8;
constexpr char recentKey[] = "recentSessions";

struct SessionStore
{
    Q_DECLARE_TR_FUNCTIONS(SessionStore)
public:
    static void write(const QString &path, const std::string &text)
    {
        QSaveFile file(path);
        const QByteArray bytes = QByteArray::fromStdString(text);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
            throw Error(tr("%1 cannot be written: %2.").arg(path, file.errorString()).toStdString());
    }

    static void save(const Session &session, const QString &folder)
    {
        const QDir place(folder);
        if (!place.mkpath("."))
            throw Error(tr("The folder %1 cannot be made; choose another place.").arg(folder).toStdString());
        Session kept = session;
        for (Variant &variant : kept.variants) { // what lies in a temporary folder is gone tomorrow
            if (!variant.folder.empty() && QString::fromStdString(variant.folder).startsWith(QDir::tempPath()))
                variant.folder.clear();
        }
        const std::map<std::string, std::string> files = sessionFiles(kept);
        for (const auto &[name, text] : files) {
            if (name != sessionFile)
                write(place.filePath(QString::fromStdString(name)), text);
        }
        // Tables of an earlier save that this session has none of.
        for (const char *name : {"profile.json", "sensitivity.json", "times.json", "variants.json"}) {
            if (!files.contains(name))
                QFile::remove(place.filePath(name));
        }
        write(place.filePath(sessionFile), files.at(sessionFile));
    }
};

} // namespace

void saveSession(const Session &session, const QString &folder)
{
    SessionStore::save(session, folder);
}

void savePlan(const Session &session, const QString &folder)
{
    SessionStore::write(QDir(folder).filePath(sessionFile), sessionFiles(session).at(sessionFile));
}

bool isSession(const QString &path)
{
    const QFileInfo info(path);
    return info.isDir() ? QFileInfo::exists(QDir(path).filePath(sessionFile)) : info.fileName() == sessionFile;
}

QStringList recentSessions()
{
    QStringList sessions = QSettings().value(recentKey).toStringList();
    sessions.removeIf([](const QString &folder) { return !isSession(folder); });
    return sessions;
}

void rememberSession(const QString &folder)
{
    QSettings settings;
    QStringList sessions = settings.value(recentKey).toStringList();
    const QString whole = QFileInfo(folder).absoluteFilePath();
    sessions.removeAll(whole);
    sessions.prepend(whole);
    settings.setValue(recentKey, sessions.mid(0, recentAtMost));
}

} // namespace edgeflex
