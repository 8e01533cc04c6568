#include "app/studio/firstpictures.h"

#include "app/studio/document.h"
#include "app/studio/enginepicture.h"
#include "app/studio/workflow.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>

namespace edgeflex {
namespace {

const std::string firstPicturesJob = "first pictures";

} // namespace

FirstPictures::FirstPictures(Document *document, Workflow *workflow, QObject *parent)
    : QObject(parent), m_document(document), m_workflow(workflow)
{
}

std::string FirstPictures::sources() const
{
    const Session &session = m_document->session();
    return nlohmann::json(session.model).dump() + session.calibration;
}

const QList<QImage> &FirstPictures::pictures() const
{
    static const QList<QImage> none;
    return m_picturesOf == sources() ? m_pictures : none;
}

bool FirstPictures::areComing() const
{
    return m_workflow->jobs()->isAsked(firstPicturesJob);
}

void FirstPictures::want()
{
    const std::optional<DataSummary> &images = m_document->calibrationSummary();
    if (!m_document->hasModel() || !images || images->images < 1 || m_picturesOf == sources() || areComing() ||
        m_workflow->jobs()->hasGivenUp(firstPicturesJob))
        return;
    PicturesOptions options;
    options.model = m_document->session().model;
    options.data = m_document->session().calibration;
    options.images.resize(static_cast<std::size_t>(std::min(images->images, mostShown)));
    std::iota(options.images.begin(), options.images.end(), 0);
    m_workflow->jobs()->ask<PicturesResult>(
        firstPicturesJob, tr("Preparing the first images"), method::pictures, options,
        [this, of = sources()](const PicturesResult &result) {
            m_picturesOf = of;
            m_pictures.clear();
            m_captions.clear();
            const std::vector<std::string> &classes = m_document->spec().classNames;
            for (const PreparedPicture &picture : result.pictures) {
                const QImage image = takePicture(m_workflow->engine(), picture);
                if (image.isNull())
                    continue;
                m_pictures += image;
                const auto label = static_cast<std::size_t>(picture.label);
                m_captions +=
                    label < classes.size() ? QString::fromStdString(classes[label]) : tr("class %1").arg(picture.label);
            }
            Q_EMIT changed();
        },
        // Pictures are only to look at: that images cannot be read, the jobs that need them say.
        [this](const QString &) { Q_EMIT changed(); }, comesFirst);
}

} // namespace edgeflex
