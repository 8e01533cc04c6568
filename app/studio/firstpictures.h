#pragma once

#include <QImage>
#include <QList>
#include <QObject>
#include <QStringList>

#include <string>

namespace edgeflex {

class Document;
class Workflow;

// The first calibration images as the document's model sees them: resized, cropped, before they are normalised.
class FirstPictures : public QObject
{
    Q_OBJECT

public:
    static constexpr std::int64_t mostShown = 8;

    FirstPictures(Document *document, Workflow *workflow, QObject *parent = nullptr);

    // Asks the engine for them, where they are not there or asked for already.
    void want();
    // Of the model and the images as they are; empty: not known yet, or there are none.
    const QList<QImage> &pictures() const;
    const QStringList &captions() const { return m_captions; }
    bool areComing() const;

Q_SIGNALS:
    void changed();

private:
    std::string sources() const;

    Document *m_document;
    Workflow *m_workflow;
    QList<QImage> m_pictures;
    QStringList m_captions;
    std::string m_picturesOf; // the model and the images that they are of
};

} // namespace edgeflex
