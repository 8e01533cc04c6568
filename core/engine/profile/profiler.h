#pragma once

#include "plan/layerprofile.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Opens the model and the images and runs one streaming pass with observers on every operation of the
// schedule: bytes, MACs, times, per-channel statistics of every linear layer's input, and the live-set
// timeline. Times are medians over whole batches of
// options.batch images after a warm-up, taken in passes that collect nothing else.
ActivationProfile profileModel(const ProfileOptions &options, Progress &progress);

} // namespace edgeflex
