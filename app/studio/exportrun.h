#pragma once

#include "plan/results.h"
#include "plan/verboptions.h"

#include <QObject>
#include <QString>

namespace edgeflex {

class Document;
class NamedJobs;
class TemporaryFolders;

struct ExportRequest
{
    ExportFormat to = ExportFormat::Onnx;
    QString out;
    bool verify = true;
};

// Writes the plan's model for others: compressed to final quality first, where it is not there already.
class ExportRun : public QObject
{
    Q_OBJECT

public:
    ExportRun(Document *document, NamedJobs *jobs, TemporaryFolders *folders, QObject *parent = nullptr);

    void start(const ExportRequest &request);
    bool isRunning() const;
    bool isWaiting() const; // for other jobs
    void cancel();          // it fails without a sentence

Q_SIGNALS:
    void exported(const ExportResult &result);
    void failed(const QString &sentence); // empty: cancelled

private:
    void writeOut(const ExportRequest &request, const ModelSource &model);

    Document *m_document;
    NamedJobs *m_jobs;
    TemporaryFolders *m_folders;
};

} // namespace edgeflex
