#pragma once

#include "plan/judgedanswers.h"

#include <QImage>
#include <QObject>

#include <cstdint>
#include <vector>

namespace edgeflex {

class Document;
class Workflow;

// Fetches pictures of images that were judged, as the model sees them, a few at a time.
class JudgedPictures : public QObject
{
    Q_OBJECT

public:
    JudgedPictures(Document *document, Workflow *workflow, QObject *parent = nullptr);

    // In place of what was wanted before and has not been asked for. `answers` says which images were judged.
    void want(const JudgedAnswers &answers, std::vector<std::int64_t> images);
    // What is wanted and what is on its way: the images of that number are others from now on.
    void forget();

Q_SIGNALS:
    void fetched(qint64 image, const QImage &picture, int label, const QString &name);
    void failed(const QString &sentence);

private:
    void next();

    Document *m_document;
    Workflow *m_workflow;
    JudgedAnswers m_answers;
    std::vector<std::int64_t> m_wanted;
};

} // namespace edgeflex
