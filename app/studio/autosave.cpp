#include "app/studio/autosave.h"

#include "app/studio/document.h"
#include "app/studio/sessionstore.h"
#include "plan/error.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr char originFile[] = "origin.txt"; // beside the session: where it was saved
constexpr char lockEnding[] = ".lock";

std::unique_ptr<QLockFile> lockOf(const QString &folder)
{
    auto lock = std::make_unique<QLockFile>(folder + lockEnding);
    lock->setStaleLockTime(0); // windows stay open for days; a lock is stale when its process is gone
    return lock;
}

} // namespace

Autosave::Autosave(Document *document, const QString &root, QObject *parent)
    : QObject(parent),
      m_document(document),
      m_folder(QDir(root).filePath(QUuid::createUuid().toString(QUuid::WithoutBraces)))
{
    QDir().mkpath(root);
    m_lock = lockOf(m_folder);
    m_lock->tryLock(0);
    m_writer.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(delayMs);
    connect(&m_timer, &QTimer::timeout, this, &Autosave::write);
    for (const auto signal : {&Document::planChanged, &Document::budgetsChanged, &Document::pinsChanged,
                              &Document::sourcesChanged, &Document::modifiedChanged})
        connect(document, signal, this, [this] { changed(false); });
    for (const auto signal : {&Document::modelChanged, &Document::knowledgeChanged, &Document::variantsChanged})
        connect(document, signal, this, [this] { changed(true); });
}

Autosave::~Autosave()
{
    m_writer.waitForDone();
    QDir(m_folder).removeRecursively();
    m_lock->unlock(); // removes the lock's file
}

QString Autosave::defaultRoot()
{
    return QDir(QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).filePath("recovery");
}

QList<Autosave::Left> Autosave::findLeft(const QString &root)
{
    QList<Left> left;
    const QDir place(root);
    for (const QString &name : place.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        const QString folder = place.filePath(name);
        const std::unique_ptr<QLockFile> lock = lockOf(folder);
        if (!lock->tryLock(0))
            continue; // another window's, which is open
        if (!isSession(folder)) {
            discard(folder);
            continue;
        }
        Left found{folder, {}, {}, QFileInfo(QDir(folder).filePath(sessionFile)).lastModified()};
        try {
            const Session session = openSession(folder.toStdString());
            found.model = QString::fromStdString(session.summary.spec.name);
        } catch (const Error &) { // nobody can open it
            discard(folder);
            continue;
        }
        QFile origin(QDir(folder).filePath(originFile));
        if (origin.open(QIODevice::ReadOnly))
            found.origin = QString::fromUtf8(origin.readAll());
        left += found;
    }
    std::ranges::sort(left, std::greater(), &Left::when);
    return left;
}

void Autosave::discard(const QString &folder)
{
    QDir(folder).removeRecursively();
    QFile::remove(folder + lockEnding);
}

void Autosave::changed(bool tables)
{
    m_tables = m_tables || tables;
    if (!m_timer.isActive())
        m_timer.start();
}

void Autosave::write()
{
    if (!m_document->hasModel() || !m_document->isModified()) {
        m_writer.start([folder = m_folder] { QDir(folder).removeRecursively(); });
        m_tables = true;
        return;
    }
    if (m_writer.activeThreadCount() > 0) { // a slow disk; what is written then is later still
        m_timer.start();
        return;
    }
    Session session;
    if (m_tables) {
        session = m_document->session();
    } else { // all that session.json has
        const Session &whole = m_document->session();
        session.model = whole.model;
        session.summary = whole.summary;
        session.calibration = whole.calibration;
        session.search = whole.search;
        session.data = whole.data;
        session.batch = whole.batch;
        session.schedule = whole.schedule;
        session.budgets = whole.budgets;
        session.plan = whole.plan;
        session.pins = whole.pins;
    }
    const QString taken = std::exchange(m_takenOver, {});
    m_writer.start([session = std::move(session), tables = std::exchange(m_tables, false), folder = m_folder,
                    origin = m_document->folder().toUtf8(), taken] {
        try {
            if (tables)
                saveSession(session, folder);
            else
                savePlan(session, folder);
            QFile file(QDir(folder).filePath(originFile));
            if (file.open(QIODevice::WriteOnly))
                file.write(origin);
        } catch (const Error &) { // a full disk: the user hears of it when saving
            return;
        }
        if (!taken.isEmpty())
            discard(taken);
    });
}

} // namespace edgeflex
