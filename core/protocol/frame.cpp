#include "protocol/frame.h"

#include "plan/error.h"

#include <algorithm>
#include <charconv>

namespace edgeflex {
namespace {

constexpr std::string_view headerEnd = "\r\n\r\n";
constexpr std::string_view binaryType = "application/octet-stream";

bool equalsIgnoringCase(std::string_view a, std::string_view b)
{
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Digits only: no sign, no space, nothing after the number.
std::optional<std::uint64_t> unsignedNumber(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string frame(std::string_view fields, std::string_view body)
{
    if (body.size() > maxFrameBodyBytes)
        throw Error("A message of " + std::to_string(body.size()) + " bytes is larger than the " +
                    std::to_string(maxFrameBodyBytes) + " bytes that a frame may carry; send it in pieces.");
    std::string bytes = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    bytes.reserve(bytes.size() + fields.size() + 2 + body.size());
    bytes += fields;
    bytes += "\r\n";
    bytes += body;
    return bytes;
}

} // namespace

std::string encodeFrame(std::string_view json)
{
    return frame({}, json);
}

std::string encodeBinaryFrame(std::uint64_t contentId, std::string_view bytes)
{
    return frame("Content-Type: " + std::string(binaryType) + "\r\nContent-Id: " + std::to_string(contentId) + "\r\n",
                 bytes);
}

void FrameReader::append(std::string_view bytes)
{
    // What frames have taken is dropped once it is the larger part, so that every byte moves once at most.
    if (m_start > m_buffer.size() / 2) {
        m_buffer.erase(0, m_start);
        m_start = 0;
    }
    m_buffer += bytes;
}

std::optional<Frame> FrameReader::next()
{
    if (!m_failure.empty())
        throw Error(m_failure);
    if (!m_header && !readHeader())
        return std::nullopt;
    if (pendingBytes() < m_header->bodyBytes)
        return std::nullopt;
    Frame frame{m_buffer.substr(m_start, m_header->bodyBytes), m_header->contentId};
    m_start += m_header->bodyBytes;
    m_header.reset();
    return frame;
}

bool FrameReader::readHeader()
{
    const std::string_view pending = std::string_view(m_buffer).substr(m_start, maxFrameHeaderBytes);
    const std::size_t end = pending.find(headerEnd);
    const std::string_view seen = pending.substr(0, end); // the whole of it when the end has not come yet

    // A program that prints where frames belong is found at once, not after 4 KiB of it.
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const unsigned char c = static_cast<unsigned char>(seen[i]);
        const bool lineEnd = c == '\r' || (c == '\n' && i > 0 && seen[i - 1] == '\r');
        if (!lineEnd && c != '\t' && (c < 0x20 || c > 0x7e))
            fail("The stream carries bytes that are not a frame header; only the engine may write to it.");
    }
    if (end == std::string_view::npos) {
        if (pending.size() == maxFrameHeaderBytes)
            fail("A frame header is longer than " + std::to_string(maxFrameHeaderBytes) +
                 " bytes; only the engine may write to the stream.");
        return false;
    }

    Header header;
    std::optional<std::uint64_t> length;
    bool binary = false;
    for (std::size_t at = 0; at <= seen.size();) {
        const std::size_t lineEnd = std::min(seen.find("\r\n", at), seen.size());
        const std::string_view line = seen.substr(at, lineEnd - at);
        at = lineEnd + 2;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos || colon == 0)
            fail("A frame header has the line '" + std::string(line.substr(0, 80)) +
                 "' without a field name; only the engine may write to the stream.");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (equalsIgnoringCase(name, "Content-Length")) {
            if (length)
                fail("A frame header states Content-Length twice.");
            length = unsignedNumber(value);
            if (!length || *length > maxFrameBodyBytes)
                fail("A frame header states Content-Length '" + std::string(value.substr(0, 80)) +
                     "', which is not a number of bytes from 0 to " + std::to_string(maxFrameBodyBytes) + ".");
        } else if (equalsIgnoringCase(name, "Content-Id")) {
            header.contentId = unsignedNumber(value);
            if (!header.contentId)
                fail("A frame header states Content-Id '" + std::string(value.substr(0, 80)) +
                     "', which is not a number.");
        } else if (equalsIgnoringCase(name, "Content-Type")) {
            binary = equalsIgnoringCase(value, binaryType);
        }
    }
    if (!length)
        fail("A frame header has no Content-Length.");
    if (binary != header.contentId.has_value())
        fail(binary ? "A binary frame has no Content-Id, so no message can name it."
                    : "A frame with a Content-Id is not of type application/octet-stream.");
    header.bodyBytes = static_cast<std::size_t>(*length);
    m_start += end + headerEnd.size();
    m_header = header;
    return true;
}

void FrameReader::fail(const std::string &sentence)
{
    m_failure = sentence;
    m_buffer.clear();
    m_start = 0;
    throw Error(m_failure);
}

} // namespace edgeflex
