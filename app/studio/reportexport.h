#pragma once

#include <QList>
#include <QString>

namespace edgeflex {

struct Session;

enum class ReportFormat { Pdf, Html, Markdown, Csv, Json };

// Those that this program can write.
QList<ReportFormat> reportFormats();
// The ending of such a file, without the dot.
QString fileEnding(ReportFormat format);

// Writes a report of the session, whole or not at all. Throws Error.
void exportReport(const Session &session, ReportFormat format, const QString &path);

} // namespace edgeflex
