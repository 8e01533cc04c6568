#pragma once

#include "plan/session.h"

#include <QString>
#include <QStringList>

namespace edgeflex {

// Writes the folder of a session: every file whole or not at all, session.json last. Throws Error.
void saveSession(const Session &session, const QString &folder);
// Only session.json, of a session whose tables the folder has already. Throws Error.
void savePlan(const Session &session, const QString &folder);
// True when there is a session at the path: its folder or its session.json.
bool isSession(const QString &path);

// Folders of the sessions opened or saved last, the latest first, as far as they are still there.
QStringList recentSessions();
void rememberSession(const QString &folder);

} // namespace edgeflex
