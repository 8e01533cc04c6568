#pragma once

#include "plan/preprocessinglint.h"

#include <QString>

namespace edgeflex {

// What a trial changes in how images are prepared: "Interpolation: bilinear". `channels` of the model's images.
QString trialText(const PreprocessingTrial &trial, int channels);
// What may be concluded of all of them, a sentence.
QString lintText(const PreprocessingLintResult &result, int channels);

} // namespace edgeflex
