#include "app/studio/reportexport.h"

#include "plan/error.h"
#include "plan/session.h"

#include <QCoreApplication>

namespace edgeflex {

QString fileEnding(ReportFormat format)
{
    switch (format) {
    case ReportFormat::Pdf:
        return "pdf";
    case ReportFormat::Html:
        return "html";
    case ReportFormat::Markdown:
        return "md";
    case ReportFormat::Csv:
        return "csv";
    default:
        return "json";
    }
}

void exportReport(const Session &, ReportFormat, const QString &)
{
    throw Error(QCoreApplication::translate("ReportExport", "This build cannot write reports.").toStdString());
}

bool canExportReports()
{
    return false;
}

} // namespace edgeflex
