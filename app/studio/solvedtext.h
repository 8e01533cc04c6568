#pragma once

#include <QString>

namespace edgeflex {

struct TuneResult;

// What solving came to, in the window's language.
QString solvedText(const TuneResult &result);

} // namespace edgeflex
