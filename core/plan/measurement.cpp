#include "plan/measurement.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

namespace {

constexpr IntegerRange countOrNotMeasured{-1, countRange.high};

} // namespace

static void to_json(nlohmann::json &json, const Latency &value)
{
    json = {{"median", value.medianMs}, {"p95", value.p95Ms}, {"perImage", value.perImageMs}};
}

static void from_json(const nlohmann::json &json, Latency &value)
{
    const JsonFields fields(json, "latency");
    fields.read("median", value.medianMs, zeroOrMore);
    fields.read("p95", value.p95Ms, zeroOrMore);
    fields.read("perImage", value.perImageMs, zeroOrMore);
}

static void to_json(nlohmann::json &json, const PeakMemory &value)
{
    json = {
        {"allocator", value.allocatorBytes}, {"process", value.processBytes}, {"idleProcess", value.idleProcessBytes}};
}

static void from_json(const nlohmann::json &json, PeakMemory &value)
{
    const JsonFields fields(json, "peak memory");
    fields.read("allocator", value.allocatorBytes);
    fields.read("process", value.processBytes, countOrNotMeasured);
    fields.read("idleProcess", value.idleProcessBytes, countOrNotMeasured);
}

// The drop's numbers lie beside the others, as the command line documents them.
static void to_json(nlohmann::json &json, const BaselineComparison &value)
{
    json = {{"baseline", value.baseline},
            {"baselineTop1", value.baselineTop1},
            {"agreement", value.agreement},
            {"klMean", value.klMean},
            {"dropPoints", value.drop.points},
            {"low", value.drop.low},
            {"high", value.drop.high},
            {"upperBound", value.drop.upperBound},
            {"mcnemarP", value.drop.mcnemarP},
            {"latencyRatio", value.latencyRatio},
            {"weightsRatio", value.weightsRatio},
            {"peakRatio", value.peakRatio}};
    if (value.baselineLatency)
        json["baselineLatencyMs"] = *value.baselineLatency;
}

static void from_json(const nlohmann::json &json, BaselineComparison &value)
{
    const JsonFields fields(json, "comparison");
    fields.read("baseline", value.baseline);
    fields.readObject("baselineTop1", value.baselineTop1);
    fields.read("agreement", value.agreement, zeroToOne);
    fields.read("klMean", value.klMean);
    fields.read("dropPoints", value.drop.points);
    fields.read("low", value.drop.low);
    fields.read("high", value.drop.high);
    fields.read("upperBound", value.drop.upperBound);
    fields.read("mcnemarP", value.drop.mcnemarP, zeroToOne);
    fields.readObject("latencyRatio", value.latencyRatio);
    if (fields.has("baselineLatencyMs"))
        fields.readObject("baselineLatencyMs", value.baselineLatency.emplace());
    fields.read("weightsRatio", value.weightsRatio, zeroOrMore);
    fields.read("peakRatio", value.peakRatio, zeroOrMore);
}

void to_json(nlohmann::json &json, const AccuracySoFar &value)
{
    json = {{"top1", value.top1},
            {"baselineTop1", value.baselineTop1},
            {"drop", value.drop},
            {"imagesInAll", value.imagesInAll}};
}

void from_json(const nlohmann::json &json, AccuracySoFar &value)
{
    const JsonFields fields(json, "accuracy so far");
    fields.readObject("top1", value.top1);
    fields.readObject("baselineTop1", value.baselineTop1);
    fields.readObject("drop", value.drop);
    fields.read("imagesInAll", value.imagesInAll);
}

void to_json(nlohmann::json &json, const Conditions &value)
{
    json = {{"machine", value.machine},
            {"target", value.target},
            {"threadWaits", value.threadWaits},
            {"schedule", toString(value.schedule)},
            {"batch", value.batch},
            {"repeats", value.repeats},
            {"dataset", value.dataset},
            {"images", value.images},
            {"edgeflexVersion", value.edgeflexVersion},
            {"oneDnnVersion", value.oneDnnVersion},
            {"libTorchVersion", value.libTorchVersion},
            {"dateUtc", value.dateUtc}};
}

void from_json(const nlohmann::json &json, Conditions &value)
{
    const JsonFields fields(json, "conditions");
    fields.read("machine", value.machine);
    fields.readObject("target", value.target);
    if (fields.has("threadWaits"))
        fields.read("threadWaits", value.threadWaits);
    fields.readWord("schedule", value.schedule, scheduleKindFromString);
    fields.read("batch", value.batch, {1});
    fields.read("repeats", value.repeats, countRange);
    fields.read("dataset", value.dataset);
    fields.read("images", value.images);
    fields.read("edgeflexVersion", value.edgeflexVersion);
    fields.read("oneDnnVersion", value.oneDnnVersion);
    fields.read("libTorchVersion", value.libTorchVersion);
    fields.read("dateUtc", value.dateUtc);
}

void to_json(nlohmann::json &json, const Measurement &value)
{
    json = {{"model", value.model},
            {"images", value.images},
            {"top1", value.top1},
            {"top5", value.top5},
            {"weightsBytes", value.weightsBytes},
            {"peakMemoryBytes", value.peakMemory},
            {"conditions", value.conditions}};
    if (value.latency)
        json["latencyMs"] = *value.latency;
    if (value.answers)
        json["answers"] = *value.answers;
    if (!value.refits.empty())
        json["refits"] = value.refits;
    if (value.againstBaseline)
        json["againstBaseline"] = *value.againstBaseline;
}

void from_json(const nlohmann::json &json, Measurement &value)
{
    const JsonFields fields(json, "measurement");
    value = {};
    fields.read("model", value.model);
    fields.read("images", value.images);
    fields.readObject("top1", value.top1);
    fields.readObject("top5", value.top5);
    fields.read("weightsBytes", value.weightsBytes);
    fields.readObject("peakMemoryBytes", value.peakMemory);
    fields.readObject("conditions", value.conditions);
    if (fields.has("latencyMs"))
        fields.readObject("latencyMs", value.latency.emplace());
    if (fields.has("answers"))
        fields.readObject("answers", value.answers.emplace());
    if (fields.has("refits"))
        fields.readObjectMap("refits", value.refits);
    if (fields.has("againstBaseline"))
        fields.readObject("againstBaseline", value.againstBaseline.emplace());
}

} // namespace edgeflex
