#pragma once

#include "plan/preparedpicture.h"

#include <QImage>

namespace edgeflex {

class EngineClient;

// The picture that an answer of the engine names. Null where its bytes went with an engine that ended.
QImage takePicture(EngineClient *engine, const PreparedPicture &picture);

} // namespace edgeflex
