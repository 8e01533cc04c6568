#pragma once

#include "report/report.h"

class QString;

namespace edgeflex {

// Writes a report as PDF: A4, vector figures, embedded fonts, page numbers. The file appears in one piece or not at
// all. Throws Error naming the file when it cannot be written. Needs a QGuiApplication, which may be an offscreen one;
// callable from any thread.
void writePdf(const Report &report, const QString &path);

// What `edgeflex-studio --report SESSION --out FILE` does. Returns the exit code; says what is wrong on standard error.
int writePdfOfSession(const QString &session, const QString &path);

} // namespace edgeflex
