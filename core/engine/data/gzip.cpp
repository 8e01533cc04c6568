#include "engine/data/gzip.h"

#include "plan/error.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace edgeflex {

namespace {

// Deflate makes at most this many bytes of one.
constexpr std::size_t largestRatio = 1032;

class Inflater
{
public:
    Inflater(std::span<const std::uint8_t> bytes, const std::string &name) : m_bytes(bytes), m_name(name)
    {
        constexpr int gzipOnly = 16 + MAX_WBITS;
        if (inflateInit2(&m_stream, gzipOnly) != Z_OK)
            throw Error(name + " cannot be decompressed: zlib has no memory");
    }

    ~Inflater() { inflateEnd(&m_stream); }

    Inflater(const Inflater &) = delete;
    Inflater &operator=(const Inflater &) = delete;

    // Fills `out` as far as the content goes and returns how far.
    std::size_t read(std::span<std::uint8_t> out)
    {
        constexpr std::size_t largestStep = std::numeric_limits<uInt>::max();
        std::size_t filled = 0;
        while (filled < out.size() && !m_ended) {
            const std::size_t given = std::min(m_bytes.size() - m_consumed, largestStep);
            const std::size_t room = std::min(out.size() - filled, largestStep);
            m_stream.next_in = const_cast<Bytef *>(m_bytes.data() + m_consumed);
            m_stream.avail_in = static_cast<uInt>(given);
            m_stream.next_out = out.data() + filled;
            m_stream.avail_out = static_cast<uInt>(room);
            const int status = inflate(&m_stream, Z_NO_FLUSH);
            m_consumed += given - m_stream.avail_in;
            filled += room - m_stream.avail_out;
            if (status == Z_BUF_ERROR)
                throw Error(m_name + " is truncated: its compressed data ends early, copy it again");
            if (status != Z_OK && status != Z_STREAM_END)
                throw Error(m_name + " is damaged (" + (m_stream.msg ? m_stream.msg : "zlib error") +
                            "): copy it again");
            m_ended = status == Z_STREAM_END;
        }
        return filled;
    }

    bool ended() const { return m_ended; }
    bool allConsumed() const { return m_consumed == m_bytes.size(); }

private:
    std::span<const std::uint8_t> m_bytes;
    const std::string &m_name;
    z_stream m_stream{};
    std::size_t m_consumed = 0;
    bool m_ended = false;
};

} // namespace

bool isGzip(std::span<const std::uint8_t> bytes)
{
    return bytes.size() >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

std::vector<std::uint8_t> gunzipBeginning(std::span<const std::uint8_t> bytes, std::size_t size,
                                          const std::string &name)
{
    std::vector<std::uint8_t> content(size);
    content.resize(Inflater(bytes, name).read(content));
    return content;
}

std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::size_t size, const std::string &name)
{
    if (size / largestRatio > bytes.size())
        throw Error(name + " declares " + std::to_string(size) + " bytes but has only " + std::to_string(bytes.size()) +
                    " compressed ones, too few for so many: it is truncated or forged, copy it again");
    Inflater inflater(bytes, name);
    std::vector<std::uint8_t> content(size);
    const std::size_t filled = inflater.read(content);
    if (filled < size)
        throw Error(name + " holds " + std::to_string(filled) + " bytes where its header declares " +
                    std::to_string(size) + ": it is damaged, copy it again");
    // The end of the stream, with its checksum, comes only with a read beyond the content.
    std::uint8_t beyond = 0;
    if (inflater.read({&beyond, 1}) != 0 || !inflater.ended())
        throw Error(name + " holds more than the " + std::to_string(size) +
                    " bytes its header declares: it is damaged, copy it again");
    if (!inflater.allConsumed())
        throw Error(name + " has bytes behind its compressed data: it is damaged, copy it again");
    return content;
}

} // namespace edgeflex
