#pragma once

#include "plan/session.h"

#include <optional>
#include <string>

namespace edgeflex {

// Which of a session's variants a report is about, and the two models it compares.
struct ReportSubject
{
    const Session &session;  // must outlive the subject
    const Variant *baseline; // nullptr: not measured
    const Variant
        *chosen;          // the last final variant, else the last with the session's plan, else the last; nullptr: none
    CompressionPlan plan; // the chosen variant's, else the session's
    ModelSpec before;
    ModelSpec after;
    ExecutionTarget target; // of the schedules: that of the measurements where there are any

    explicit ReportSubject(const Session &session);

    // There is something to compare: the plan changes the model.
    bool changed() const { return !(before == after); }
    // "plan 12 (final quality)", "the plan as edited last, not measured", for captions.
    std::string afterName() const;
};

} // namespace edgeflex
