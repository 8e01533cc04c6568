#pragma once

#include "plan/session.h"
#include "report/report.h"

namespace edgeflex {

// What a session has to say to somebody who was not there: the verdict, before and after, trade-offs, memory, layers,
// method, conditions and how to measure everything again. What was not measured is said not to be. The same session
// gives the same report. Reentrant. Throws Error when the session's plan does not fit its model.
Report makeReport(const Session &session);

} // namespace edgeflex
