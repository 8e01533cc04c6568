#include "engine/model/inspect.h"

#include "engine/kernels/linear.h"
#include "engine/model/identity.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"

namespace edgeflex {

ModelSummary summarise(const VitModel &model)
{
    ModelSummary summary;
    summary.spec = model.spec;
    summary.identity = modelIdentity(model);
    summary.parameters = model.spec.parameterCount();
    summary.fileBytes = model.fileBytes;
    summary.weightsBytes = weightBytes(model.spec);
    const Schedule schedule = makeSchedule(model.spec, ScheduleKind::Tight, 1, detectTarget(0));
    for (const Operation &operation : schedule.operations)
        summary.macsPerImage += operation.macs;
    summary.peakBytesBatch1 = makeTimeline(schedule).peakBytes();
    summary.provenance = model.provenance;
    return summary;
}

ModelSummary inspectModel(const InspectOptions &options)
{
    return summarise(openModel(options.model));
}

} // namespace edgeflex
