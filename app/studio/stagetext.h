#pragma once

#include <QString>

namespace edgeflex {

// The engine's word for what it is doing, in the window's language; one that is not known stays as it is.
QString stageText(const QString &stage);
// The name of a recipe's step.
QString stepText(const QString &step);

} // namespace edgeflex
