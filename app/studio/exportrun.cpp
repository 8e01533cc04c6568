#include "app/studio/exportrun.h"

#include "app/studio/document.h"
#include "app/studio/namedjobs.h"
#include "app/studio/temporaryfolders.h"

#include <QFileInfo>
#include <QSaveFile>

namespace edgeflex {
namespace {

const std::string exportJob = "export";

} // namespace

ExportRun::ExportRun(Document *document, NamedJobs *jobs, TemporaryFolders *folders, QObject *parent)
    : QObject(parent), m_document(document), m_jobs(jobs), m_folders(folders)
{
}

bool ExportRun::isRunning() const
{
    return m_jobs->isAsked(exportJob);
}

bool ExportRun::isWaiting() const
{
    return isRunning() && !m_jobs->isRunning(exportJob);
}

void ExportRun::cancel()
{
    m_jobs->cancel(exportJob);
}

void ExportRun::writeOut(const ExportRequest &request, const ModelSource &model)
{
    ExportOptions options;
    options.model = model;
    options.to = request.to;
    options.out = request.out.toStdString();
    options.verify = request.verify;
    options.data = m_document->session().data;
    m_jobs->ask<ExportResult>(
        exportJob, tr("Exporting"), method::exportModel, options,
        [this](const ExportResult &result) { Q_EMIT exported(result); },
        [this](const QString &sentence) { Q_EMIT failed(sentence); });
}

void ExportRun::start(const ExportRequest &request)
{
    if (!m_document->hasModel() || isRunning())
        return;
    const Session &session = m_document->session();
    const Variant *known = m_document->measured();
    if (m_document->isOriginal()) {
        writeOut(request, session.model);
        return;
    }
    if (known && known->quality == Quality::Final && QFileInfo::exists(QString::fromStdString(known->folder))) {
        ModelSource model;
        model.path = known->folder;
        writeOut(request, model);
        return;
    }
    const QString planFile = m_folders->next("plan") + ".json";
    QSaveFile file(planFile);
    const QByteArray text = QByteArray::fromStdString(nlohmann::json(session.plan).dump(1));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
        Q_EMIT failed(tr("The plan cannot be written to %1: %2.").arg(planFile, file.errorString()));
        return;
    }
    CompressOptions options;
    options.model = session.model;
    options.calibration = session.calibration;
    options.plan = planFile.toStdString();
    options.out = m_folders->next("final").toStdString();
    m_jobs->ask<CompressResult>(
        exportJob, tr("Compressing"), method::compress, options,
        [this, request, options](const CompressResult &) {
            ModelSource model;
            model.path = options.out;
            writeOut(request, model);
        },
        [this](const QString &sentence) { Q_EMIT failed(sentence); });
}

} // namespace edgeflex
