#pragma once

#include <QString>

namespace edgeflex {

struct Session;

enum class ReportFormat { Pdf, Html, Markdown, Csv, Json };

// The ending of such a file, without the dot.
QString fileEnding(ReportFormat format);

// Writes a report of the session, whole or not at all. Throws Error.
void exportReport(const Session &session, ReportFormat format, const QString &path);

} // namespace edgeflex
