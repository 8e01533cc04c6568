#pragma once

#include "plan/preprocessinglint.h"

#include <QImage>
#include <QList>
#include <QObject>

#include <optional>
#include <string>

namespace edgeflex {

class Document;
class EngineClient;
class NamedJobs;

// Whether the document's images are prepared as its model was trained, as the engine judges it on calibration images.
class PreprocessingCheck : public QObject
{
    Q_OBJECT

public:
    PreprocessingCheck(Document *document, EngineClient *engine, NamedJobs *jobs, QObject *parent = nullptr);

    void start(); // whatever it takes
    void forget();
    bool isRunning() const;
    // It is not known, is not given up, and takes no more than so many seconds.
    bool isWanted(double patienceSeconds) const;
    // Of the model and the calibration images as they are; nothing: not judged yet.
    const std::optional<PreprocessingLintResult> &result() const;
    const QList<QImage> &pictures() const { return m_pictures; }

private:
    std::string sources() const;

    Document *m_document;
    EngineClient *m_engine;
    NamedJobs *m_jobs;
    std::optional<PreprocessingLintResult> m_result;
    QList<QImage> m_pictures;
    std::string m_resultOf; // the model and the images that it is of
};

} // namespace edgeflex
