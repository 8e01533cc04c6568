#include "protocol/protocol.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

void to_json(nlohmann::json &json, const InitializeParams &value)
{
    json = {{"protocolVersion", value.protocolVersion}, {"client", value.client}};
}

void from_json(const nlohmann::json &json, InitializeParams &value)
{
    json.at("protocolVersion").get_to(value.protocolVersion);
    json.at("client").get_to(value.client);
}

void to_json(nlohmann::json &json, const InitializeResult &value)
{
    json = {{"protocolVersion", value.protocolVersion}, {"engine", value.engine}, {"target", value.target}};
}

void from_json(const nlohmann::json &json, InitializeResult &value)
{
    json.at("protocolVersion").get_to(value.protocolVersion);
    json.at("engine").get_to(value.engine);
    json.at("target").get_to(value.target);
}

void to_json(nlohmann::json &json, const CancelParams &value)
{
    json = {{"id", value.id}};
}

void from_json(const nlohmann::json &json, CancelParams &value)
{
    json.at("id").get_to(value.id);
}

void to_json(nlohmann::json &json, const ProgressParams &value)
{
    json = {{"id", value.id}, {"stage", value.stage}, {"done", value.done}, {"total", value.total}};
}

void from_json(const nlohmann::json &json, ProgressParams &value)
{
    json.at("id").get_to(value.id);
    json.at("stage").get_to(value.stage);
    json.at("done").get_to(value.done);
    json.at("total").get_to(value.total);
}

void to_json(nlohmann::json &json, const NoteParams &value)
{
    json = {{"id", value.id}, {"text", value.text}};
}

void from_json(const nlohmann::json &json, NoteParams &value)
{
    json.at("id").get_to(value.id);
    json.at("text").get_to(value.text);
}

void to_json(nlohmann::json &json, const AccuracyParams &value)
{
    json = {{"id", value.id}, {"accuracy", value.accuracy}};
}

void from_json(const nlohmann::json &json, AccuracyParams &value)
{
    json.at("id").get_to(value.id);
    json.at("accuracy").get_to(value.accuracy);
}

} // namespace edgeflex
