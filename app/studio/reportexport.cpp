#include "app/studio/reportexport.h"

#include "app/studio/pdfreport.h"
#include "plan/error.h"
#include "plan/session.h"
#include "report/csvwriter.h"
#include "report/htmlwriter.h"
#include "report/jsonwriter.h"
#include "report/markdownwriter.h"
#include "report/reportbuilder.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace edgeflex {
namespace {

std::string reportText(const Report &report, ReportFormat format)
{
    switch (format) {
    case ReportFormat::Html:
        return htmlReport(report);
    case ReportFormat::Markdown:
        return markdownReport(report);
    case ReportFormat::Csv:
        return csvReport(report);
    default:
        return jsonReport(report);
    }
}

} // namespace

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

void exportReport(const Session &session, ReportFormat format, const QString &path)
{
    const Report report = makeReport(session);
    if (format == ReportFormat::Pdf) {
        writePdf(report, path);
        return;
    }
    const QByteArray bytes = QByteArray::fromStdString(reportText(report, format));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        throw Error(QCoreApplication::translate("ReportExport", "%1 cannot be written: %2.")
                        .arg(path, file.errorString())
                        .toStdString());
}

} // namespace edgeflex
