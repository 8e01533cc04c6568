#pragma once

#include "plan/error.h"

// The whole of nlohmann/json and not its forward declarations, because a message carries a JSON value:
// include this header where messages are sent or received only.
#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

// The inner layer of the protocol: JSON-RPC 2.0 messages (https://www.jsonrpc.org/specification).
// Ids are integers, parameters are objects, and there are no batches.
namespace edgeflex {

enum class ErrorCode : int {
    ParseError = -32700,     // not JSON
    InvalidRequest = -32600, // JSON, but not a message
    MethodNotFound = -32601,
    InvalidParams = -32602,
    InternalError = -32603,    // a fault of the engine, not of the user
    RequestFailed = -32803,    // the job failed: the message is the sentence for the user
    RequestCancelled = -32800, // the user asked for it
};

struct Request
{
    std::int64_t id = 0;
    std::string method;
    nlohmann::json params = nlohmann::json::object();

    bool operator==(const Request &) const = default;
};

struct Notification
{
    std::string method;
    nlohmann::json params = nlohmann::json::object();

    bool operator==(const Notification &) const = default;
};

struct ResponseError
{
    ErrorCode code = ErrorCode::InternalError;
    std::string message; // one sentence

    bool operator==(const ResponseError &) const = default;
};

// Either a result or an error. Without an id it answers a message whose id could not be read.
struct Response
{
    std::optional<std::int64_t> id;
    nlohmann::json result; // meaningless where there is an error
    std::optional<ResponseError> error;

    bool operator==(const Response &) const = default;
};

using Message = std::variant<Request, Notification, Response>;

// A received message that is none; `code` and `id` are for the answer.
class MessageError : public Error
{
public:
    MessageError(ErrorCode code, const std::string &sentence, std::optional<std::int64_t> id = {})
        : Error(sentence), m_code(code), m_id(id)
    {
    }
    ErrorCode code() const { return m_code; }
    std::optional<std::int64_t> id() const { return m_id; }

private:
    ErrorCode m_code;
    std::optional<std::int64_t> m_id;
};

// Levels of nesting that a received message may have.
inline constexpr int maxMessageDepth = 64;

// The body of a JSON frame as a message. Throws MessageError.
Message messageFromJson(std::string_view body);
// The message as JSON text. Strings that are not UTF-8 (file names may be anything) get U+FFFD in place of
// what is not; NaN and infinities become null.
std::string toJson(const Message &message);
// The same in a frame, ready for the wire.
std::string encodeMessage(const Message &message);

} // namespace edgeflex
