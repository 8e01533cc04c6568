#pragma once

#include "plan/predictorvalidation.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Measures what the predictor knows (see measureModelSensitivity) and judges it on random plans (see RandomPlans),
// drafted and measured on other images, until every range of drops has a third of options.plans; after twice as many
// plans with what there is. Nothing that is measured of a plan goes into a prediction. Throws Error.
PredictorValidation validatePredictor(const ValidatePredictorOptions &options, Progress &progress);

} // namespace edgeflex
