#pragma once

#include "plan/progress.h"
#include "plan/session.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Profiles the model, measures its sensitivity and the original, then each tuned folder against it (final quality, with
// process memory) and, where asked, the recipe's steps as drafts, and writes the session's folder, which the window and
// the report open. Nothing is written when it fails or is cancelled. Throws Error, also when a tuned folder has no
// plan.json or was made of another model.
Session recordSession(const SessionOptions &options, Progress &progress);

} // namespace edgeflex
