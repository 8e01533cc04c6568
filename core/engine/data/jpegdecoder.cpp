#include "engine/data/jpegdecoder.h"

#include "engine/data/imagelimits.h"
#include "plan/error.h"

#include <cstdio> // jpeglib.h needs it first

#include <jpeglib.h>

#include <jerror.h>

#include <algorithm>
#include <csetjmp>

namespace edgeflex {

namespace {

// Huffman coding spends at least one bit on a block of 64 pixels.
constexpr std::uint64_t jpegPixelsPerByte = 512;
// Real progressive files have about ten; a forged one repeats cheap scans over the whole image.
constexpr int maximumScans = 100;
constexpr long maximumDecoderBytes = 1L << 30;

// libjpeg reports errors through a function that must not return. It jumps over libjpeg's own C frames only: each
// step below sets the jump, calls libjpeg and holds no C++ object; whatever owns memory lives in this object.
class Decoder
{
public:
    explicit Decoder(std::span<const std::uint8_t> bytes) : m_bytes(bytes)
    {
        m_jpeg.err = jpeg_std_error(&m_errors);
        m_jpeg.client_data = this;
        m_errors.error_exit = [](j_common_ptr jpeg) {
            fail(jpeg);
        };
        m_errors.emit_message = [](j_common_ptr jpeg, int level) {
            // The one warning that is an error here: the end of the data was reached and libjpeg goes on with grey.
            if (level < 0 && jpeg->err->msg_code == JWRN_JPEG_EOF)
                fail(jpeg);
        };
        m_errors.output_message = [](j_common_ptr) {
        };
        m_progress.progress_monitor = [](j_common_ptr jpeg) {
            if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number > maximumScans) {
                std::snprintf(self(jpeg)->m_message, sizeof(m_message), "more than %d scans", maximumScans);
                std::longjmp(self(jpeg)->m_jump, 1);
            }
        };
    }

    ~Decoder() { jpeg_destroy_decompress(&m_jpeg); } // does nothing when the creation failed

    Decoder(const Decoder &) = delete;
    Decoder &operator=(const Decoder &) = delete;

    bool readHeader()
    {
        if (setjmp(m_jump) != 0)
            return false;
        jpeg_create_decompress(&m_jpeg);
        m_jpeg.progress = &m_progress;
        m_jpeg.mem->max_memory_to_use = maximumDecoderBytes;
        jpeg_mem_src(&m_jpeg, m_bytes.data(), static_cast<unsigned long>(m_bytes.size()));
        jpeg_read_header(&m_jpeg, TRUE);
        return true;
    }

    // Channels as decoded: 1 grey, 3 RGB, 4 CMYK; 0 for layouts that are none of these.
    int chooseChannels()
    {
        switch (m_jpeg.jpeg_color_space) {
        case JCS_GRAYSCALE:
            m_jpeg.out_color_space = JCS_GRAYSCALE;
            return 1;
        case JCS_RGB:
        case JCS_YCbCr:
            m_jpeg.out_color_space = JCS_RGB;
            return 3;
        case JCS_CMYK:
        case JCS_YCCK:
            m_jpeg.out_color_space = JCS_CMYK;
            return 4;
        default:
            return 0;
        }
    }

    // `pixels` holds height rows of width * channels bytes.
    bool decode(std::uint8_t *pixels, std::size_t rowBytes)
    {
        if (setjmp(m_jump) != 0)
            return false;
        jpeg_start_decompress(&m_jpeg);
        while (m_jpeg.output_scanline < m_jpeg.output_height) {
            JSAMPROW row = pixels + m_jpeg.output_scanline * rowBytes;
            jpeg_read_scanlines(&m_jpeg, &row, 1);
        }
        jpeg_finish_decompress(&m_jpeg);
        return true;
    }

    std::uint64_t width() const { return m_jpeg.image_width; }
    std::uint64_t height() const { return m_jpeg.image_height; }
    // Arithmetic coding has no least number of bits for a block.
    bool huffmanCoded() const { return !m_jpeg.arith_code; }
    const char *message() const { return m_message; }

private:
    static Decoder *self(j_common_ptr jpeg) { return static_cast<Decoder *>(jpeg->client_data); }

    [[noreturn]] static void fail(j_common_ptr jpeg)
    {
        jpeg->err->format_message(jpeg, self(jpeg)->m_message);
        std::longjmp(self(jpeg)->m_jump, 1);
    }

    std::span<const std::uint8_t> m_bytes;
    jpeg_decompress_struct m_jpeg{};
    jpeg_error_mgr m_errors{};
    jpeg_progress_mgr m_progress{};
    std::jmp_buf m_jump{};
    char m_message[JMSG_LENGTH_MAX] = {};
};

// a * b / 255, rounded.
int scaled(int a, int b)
{
    const int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

// Adobe stores 255 - C, 255 - M, 255 - Y and 255 - K.
std::vector<std::uint8_t> rgbFromInvertedCmyk(const std::vector<std::uint8_t> &cmyk)
{
    std::vector<std::uint8_t> rgb(cmyk.size() / 4 * 3);
    for (std::size_t pixel = 0; pixel < cmyk.size() / 4; ++pixel) {
        const int light = cmyk[pixel * 4 + 3];
        for (std::size_t channel = 0; channel < 3; ++channel)
            rgb[pixel * 3 + channel] =
                static_cast<std::uint8_t>(std::clamp(light - scaled(255 - cmyk[pixel * 4 + channel], light), 0, 255));
    }
    return rgb;
}

} // namespace

bool isJpeg(std::span<const std::uint8_t> bytes)
{
    return bytes.size() >= 3 && bytes[0] == 0xFF && bytes[1] == 0xD8 && bytes[2] == 0xFF;
}

Image decodeJpeg(std::span<const std::uint8_t> bytes, const std::string &name)
{
    Decoder decoder(bytes);
    const auto broken = [&] {
        return Error(name + " is a broken JPEG file (" + decoder.message() + "): copy it again or remove it");
    };
    if (!decoder.readHeader())
        throw broken();
    checkDeclaredSize(decoder.width(), decoder.height(), bytes.size(),
                      decoder.huffmanCoded() ? jpegPixelsPerByte : maximumImagePixels, name);
    const int channels = decoder.chooseChannels();
    if (channels == 0)
        throw Error(name + " is a JPEG file in an unknown colour space: convert it to grey or RGB");

    Image image;
    image.width = static_cast<int>(decoder.width());
    image.height = static_cast<int>(decoder.height());
    image.channels = channels == 4 ? 3 : channels;
    const std::size_t rowBytes = static_cast<std::size_t>(decoder.width()) * static_cast<std::size_t>(channels);
    image.pixels.resize(rowBytes * static_cast<std::size_t>(decoder.height()));
    if (!decoder.decode(image.pixels.data(), rowBytes))
        throw broken();
    if (channels == 4)
        image.pixels = rgbFromInvertedCmyk(image.pixels);
    return image;
}

} // namespace edgeflex
