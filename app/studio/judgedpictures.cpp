#include "app/studio/judgedpictures.h"

#include "app/studio/document.h"
#include "app/studio/enginepicture.h"
#include "app/studio/workflow.h"

#include <algorithm>

namespace edgeflex {
namespace {

const std::string picturesJob = "pictures";

} // namespace

JudgedPictures::JudgedPictures(Document *document, Workflow *workflow, QObject *parent)
    : QObject(parent), m_document(document), m_workflow(workflow)
{
}

void JudgedPictures::forget()
{
    m_workflow->jobs()->forget(picturesJob);
    m_wanted.clear();
}

void JudgedPictures::want(const JudgedAnswers &answers, std::vector<std::int64_t> images)
{
    m_answers = answers;
    m_wanted = std::move(images);
    next();
}

void JudgedPictures::next()
{
    if (m_wanted.empty() || m_workflow->jobs()->isAsked(picturesJob))
        return;
    PicturesOptions options;
    options.model = m_document->session().model;
    options.data = m_document->session().data;
    options.identity = m_answers.images();
    options.judged = m_answers.judged();
    const auto count = std::min(m_wanted.size(), mostPictures);
    options.images.assign(m_wanted.begin(), m_wanted.begin() + static_cast<std::ptrdiff_t>(count));
    m_wanted.erase(m_wanted.begin(), m_wanted.begin() + static_cast<std::ptrdiff_t>(count));
    m_workflow->jobs()->ask<PicturesResult>(
        picturesJob, tr("Fetching pictures"), method::pictures, options,
        [this, images = options.images](const PicturesResult &result) {
            for (std::size_t i = 0; i < std::min(images.size(), result.pictures.size()); ++i) {
                const PreparedPicture &picture = result.pictures[i];
                Q_EMIT fetched(images[i], takePicture(m_workflow->engine(), picture), picture.label,
                               QString::fromStdString(picture.name));
            }
            next();
        },
        [this](const QString &sentence) {
            m_workflow->jobs()->forgive(picturesJob);
            m_wanted.clear();
            if (!sentence.isEmpty())
                Q_EMIT failed(sentence);
        },
        comesFirst);
}

} // namespace edgeflex
