#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The outer layer of the protocol between studio and engine: frames as in the Language Server Protocol.
//
//     Content-Length: 117\r\n
//     \r\n
//     {"jsonrpc":"2.0", ...}
//
// Bulk data (logits, channel maps, pictures) travels in frames of its own, before the message that names
// them by their id:
//
//     Content-Length: 4000\r\n
//     Content-Type: application/octet-stream\r\n
//     Content-Id: 17\r\n
//     \r\n
//     <4000 bytes>
namespace edgeflex {

// Bytes of a frame's header, its closing empty line included, that are read at most.
inline constexpr std::size_t maxFrameHeaderBytes = 4096;
inline constexpr std::size_t maxFrameBodyBytes = std::size_t{1} << 30;

struct Frame
{
    std::string body;
    std::optional<std::uint64_t> contentId; // set for a binary frame, empty for a JSON message

    bool binary() const { return contentId.has_value(); }
    bool operator==(const Frame &) const = default;
};

// The frame as bytes for the wire. Throws Error when the body is larger than maxFrameBodyBytes.
std::string encodeFrame(std::string_view json);
std::string encodeBinaryFrame(std::uint64_t contentId, std::string_view bytes);

// Cuts a byte stream into frames; the stream may arrive in pieces of any size. Call next() until it is
// empty after every append(), so that no more than one frame is ever held. Not thread-safe.
class FrameReader
{
public:
    void append(std::string_view bytes);

    // The next complete frame, or nothing while more bytes are needed. Throws Error when the stream does
    // not follow the protocol; frames cannot be found again after that, so every later call throws too.
    std::optional<Frame> next();

    // Bytes appended that no frame has taken yet; not 0 at the end of a stream means that it broke off.
    std::size_t pendingBytes() const { return m_buffer.size() - m_start; }

private:
    struct Header
    {
        std::size_t bodyBytes = 0;
        std::optional<std::uint64_t> contentId;
    };

    bool readHeader();
    [[noreturn]] void fail(const std::string &sentence);

    std::string m_buffer;
    std::size_t m_start = 0; // of what no frame has taken yet
    std::optional<Header> m_header;
    std::string m_failure; // empty while the stream is sound
};

} // namespace edgeflex
