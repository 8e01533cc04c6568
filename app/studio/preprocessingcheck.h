#pragma once

#include "plan/preprocessinglint.h"

#include <QObject>

#include <optional>
#include <string>

namespace edgeflex {

class Document;
class NamedJobs;

// Whether the document's images are prepared as its model was trained, as the engine judges it on calibration images.
class PreprocessingCheck : public QObject
{
    Q_OBJECT

public:
    PreprocessingCheck(Document *document, NamedJobs *jobs, QObject *parent = nullptr);

    // A check that nobody asked for gives way to whatever else is asked of the engine.
    enum class Why { Asked, Idle };

    void start(Why why); // whatever it takes
    void forget();
    void giveWay();
    bool isRunning() const;
    bool isAskedFor() const; // by the user, and running
    // It is not known, is not given up, and takes no more than so many seconds.
    bool isWanted(double mostSeconds) const;
    // Of the model and the calibration images as they are; nothing: not judged yet.
    const std::optional<PreprocessingLintResult> &result() const;

Q_SIGNALS:
    void finished();

private:
    std::string sources() const;

    Document *m_document;
    NamedJobs *m_jobs;
    Why m_why = Why::Idle;
    std::optional<PreprocessingLintResult> m_result;
    std::string m_resultOf; // the model and the images that it is of
};

} // namespace edgeflex
