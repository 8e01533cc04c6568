#pragma once

#include "plan/modelspec.h"
#include "plan/verboptions.h"

#include <QString>

namespace edgeflex {

// What loads an exported model where it goes: Python with ONNX Runtime, or EdgeFlex's own command line.
QString loadSnippet(ExportFormat format, const QString &path, const ModelSpec &spec);

} // namespace edgeflex
