#include "protocol/frame.h"
#include "protocol/message.h"

#include <cstdint>
#include <cstdlib>

using namespace edgeflex;

// A stream of frames that arrives in two pieces; every message that is accepted must survive being written
// and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::string_view stream(reinterpret_cast<const char *>(data + 1), size - 1);
    const std::size_t cut = stream.size() * data[0] / 256;
    FrameReader reader;
    try {
        for (const std::string_view piece : {stream.substr(0, cut), stream.substr(cut)}) {
            reader.append(piece);
            while (const std::optional<Frame> frame = reader.next()) {
                if (frame->binary())
                    continue;
                try {
                    const Message message = messageFromJson(frame->body);
                    const std::string written = toJson(message);
                    if (toJson(messageFromJson(written)) != written)
                        std::abort();
                } catch (const MessageError &) { // one bad message does not end the stream
                }
            }
        }
    } catch (const Error &) {
    }
    return 0;
}
