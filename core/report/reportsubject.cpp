#include "report/reportsubject.h"

namespace edgeflex {

namespace {

const Variant *chosenOf(const Session &session)
{
    const Variant *last = nullptr;
    const Variant *ofPlan = nullptr;
    const Variant *final = nullptr;
    for (const Variant &variant : session.variants) {
        if (variant.isBaseline())
            continue;
        last = &variant;
        if (variant.plan == session.plan)
            ofPlan = &variant;
        if (variant.quality == Quality::Final)
            final = &variant;
    }
    return final ? final : ofPlan ? ofPlan : last;
}

ExecutionTarget targetOf(const Session &session, const Variant *chosen, const Variant *baseline)
{
    if (chosen)
        return chosen->measurement.conditions.target;
    if (baseline)
        return baseline->measurement.conditions.target;
    if (session.profile)
        return session.profile->target;
    return session.times ? session.times->target : ExecutionTarget();
}

} // namespace

ReportSubject::ReportSubject(const Session &each)
    : session(each),
      baseline(each.baseline()),
      chosen(chosenOf(each)),
      plan(chosen ? chosen->plan : each.plan),
      before(each.summary.spec),
      after(plannedSpec(before, plan)),
      target(targetOf(each, chosen, baseline))
{
}

std::string ReportSubject::afterName() const
{
    if (chosen)
        return chosen->name + " (" + std::string(toString(chosen->quality)) + " quality)";
    return changed() ? "the plan as edited last, not measured" : "the same model";
}

} // namespace edgeflex
