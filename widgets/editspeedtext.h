#pragma once

#include "plan/editspeed.h"

#include <QString>

namespace edgeflex {

// Both times with their spreads, the edit's first: "INT4 0.52 ms (0.50 to 0.55), FP32 0.31 ms (0.30 to 0.33)".
QString editSpeedText(const EditSpeed &speed, const QString &edited, const QString &original);
// Under what conditions they were measured: "Each layer alone, batch 1, 2 threads, AVX2, AMD EPYC".
QString timingConditionsText(const LayerTimes &times);

} // namespace edgeflex
