#pragma once

#include <QString>

namespace edgeflex {

// The colours of the whole program: "system", "light" or "dark". Returns whether there is such a scheme.
bool setWindowColors(const QString &scheme);

} // namespace edgeflex
