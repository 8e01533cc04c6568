#include "app/studio/enginepicture.h"

#include "app/studio/engineclient.h"

namespace edgeflex {

QImage takePicture(EngineClient *engine, const PreparedPicture &picture)
{
    const QByteArray pixels = engine->takeBulk(picture.content);
    const qsizetype bytesPerLine = static_cast<qsizetype>(picture.width) * picture.channels;
    if (pixels.isEmpty() || pixels.size() != bytesPerLine * picture.height || picture.channels == 2)
        return {};
    const QImage image(reinterpret_cast<const uchar *>(pixels.constData()), picture.width, picture.height, bytesPerLine,
                       picture.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
    return image.copy();
}

} // namespace edgeflex
