#include "protocol/message.h"

#include "protocol/frame.h"

namespace edgeflex {
namespace {

using nlohmann::json;

[[noreturn]] void invalid(const std::string &sentence, std::optional<std::int64_t> id = {})
{
    throw MessageError(ErrorCode::InvalidRequest, sentence, id);
}

json parsed(std::string_view body)
{
    const auto limitDepth = [](int depth, json::parse_event_t, json &) {
        if (depth > maxMessageDepth)
            throw MessageError(ErrorCode::ParseError,
                               "A message is nested deeper than " + std::to_string(maxMessageDepth) + " levels.");
        return true;
    };
    try {
        return json::parse(body.begin(), body.end(), limitDepth);
    } catch (const json::exception &) {
        throw MessageError(ErrorCode::ParseError,
                           "A message of " + std::to_string(body.size()) + " bytes is not JSON.");
    }
}

// An integer that fits 64 bits with its sign, or nothing.
std::optional<std::int64_t> integer(const json &value)
{
    if (!value.is_number_integer())
        return std::nullopt;
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
        return std::nullopt;
    return value.get<std::int64_t>();
}

ResponseError responseError(const json &value, std::optional<std::int64_t> id)
{
    if (!value.is_object() || !value.contains("code") || !value.contains("message") || !value["message"].is_string())
        invalid("An error answer has no code and message.", id);
    const std::optional<std::int64_t> code = integer(value["code"]);
    if (!code || *code < INT32_MIN || *code > INT32_MAX)
        invalid("An error answer has a code that is not a 32-bit integer.", id);
    return {static_cast<ErrorCode>(static_cast<int>(*code)), value["message"].get<std::string>()};
}

} // namespace

Message messageFromJson(std::string_view body)
{
    json value = parsed(body);
    if (!value.is_object())
        invalid("A message is not a JSON object.");
    std::optional<std::int64_t> id;
    const bool hasId = value.contains("id") && !value["id"].is_null();
    if (hasId) {
        id = integer(value["id"]);
        if (!id)
            invalid("A message has an id that is not a 64-bit integer.");
    }
    const auto version = value.find("jsonrpc");
    if (version == value.end() || *version != "2.0")
        invalid("A message does not say that it is JSON-RPC 2.0.", id);

    if (value.contains("method")) {
        if (!value["method"].is_string())
            invalid("A message has a method that is not a string.", id);
        if (value.contains("id") && !id)
            invalid("A request has the id null.");
        json params = value.contains("params") ? std::move(value["params"]) : json::object();
        if (!params.is_object())
            invalid("A message has parameters that are not an object.", id);
        std::string method = value["method"].get<std::string>();
        if (id)
            return Request{*id, std::move(method), std::move(params)};
        return Notification{std::move(method), std::move(params)};
    }

    const bool hasResult = value.contains("result");
    if (hasResult == value.contains("error"))
        invalid("A message has neither a method nor exactly one of result and error.", id);
    Response response;
    response.id = id;
    if (hasResult) {
        if (!id)
            invalid("A result has no id.");
        response.result = std::move(value["result"]);
    } else {
        response.error = responseError(value["error"], id);
    }
    return response;
}

std::string toJson(const Message &message)
{
    json value{{"jsonrpc", "2.0"}};
    if (const auto *request = std::get_if<Request>(&message)) {
        value["id"] = request->id;
        value["method"] = request->method;
        value["params"] = request->params;
    } else if (const auto *notification = std::get_if<Notification>(&message)) {
        value["method"] = notification->method;
        value["params"] = notification->params;
    } else {
        const Response &response = std::get<Response>(message);
        value["id"] = response.id ? json(*response.id) : json();
        if (response.error)
            value["error"] = {{"code", static_cast<int>(response.error->code)}, {"message", response.error->message}};
        else
            value["result"] = response.result;
    }
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string encodeMessage(const Message &message)
{
    return encodeFrame(toJson(message));
}

} // namespace edgeflex
