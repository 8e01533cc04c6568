#include "engine/data/pngdecoder.h"

#include "engine/data/imagelimits.h"
#include "plan/error.h"

#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>

namespace edgeflex {

namespace {

// Deflate makes at most 1032 bytes of one, and a byte of a row holds at most eight pixels.
constexpr std::uint64_t pngPixelsPerByte = 1032 * 8;

// libpng reports errors through a function that must not return. It jumps over libpng's own C frames only: each step
// below sets the jump, calls libpng and holds no C++ object; whatever owns memory lives in this object.
class Decoder
{
public:
    explicit Decoder(std::span<const std::uint8_t> bytes) : m_bytes(bytes) {}

    ~Decoder() { png_destroy_read_struct(&m_png, &m_info, nullptr); }

    Decoder(const Decoder &) = delete;
    Decoder &operator=(const Decoder &) = delete;

    bool readHeader()
    {
        if (setjmp(m_jump) != 0)
            return false;
        m_png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, &Decoder::fail, &Decoder::ignoreWarning);
        if (m_png)
            m_info = png_create_info_struct(m_png);
        if (!m_info) {
            std::snprintf(m_message, sizeof(m_message), "out of memory");
            return false;
        }
        // Own limits on the image follow, with the file's name; text and profiles are not wanted at all.
        png_set_user_limits(m_png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        static constexpr png_byte unwanted[] = "iCCP\0zTXt\0iTXt\0tEXt\0sPLT\0eXIf\0hIST";
        png_set_keep_unknown_chunks(m_png, PNG_HANDLE_CHUNK_NEVER, unwanted, sizeof(unwanted) / 5);
        png_set_read_fn(m_png, this, &Decoder::readBytes);
        png_read_info(m_png, m_info);
        return true;
    }

    bool chooseLayout()
    {
        if (setjmp(m_jump) != 0)
            return false;
        const int depth = png_get_bit_depth(m_png, m_info);
        const int colour = png_get_color_type(m_png, m_info);
        if (colour == PNG_COLOR_TYPE_PALETTE)
            png_set_palette_to_rgb(m_png);
        else if (colour == PNG_COLOR_TYPE_GRAY && depth < 8)
            png_set_expand_gray_1_2_4_to_8(m_png);
        else if (depth == 16 && colour != PNG_COLOR_TYPE_GRAY)
            png_set_strip_16(m_png);
        // After palette_to_rgb a palette's transparency would become alpha.
        png_set_strip_alpha(m_png);
        png_set_interlace_handling(m_png);
        png_read_update_info(m_png, m_info);
        m_rowBytes = png_get_rowbytes(m_png, m_info);
        return true;
    }

    // `rows` are height() pointers to rowBytes() bytes each.
    bool decode(std::uint8_t **rows)
    {
        if (setjmp(m_jump) != 0)
            return false;
        png_read_image(m_png, rows);
        png_read_end(m_png, nullptr);
        return true;
    }

    std::uint64_t width() const { return png_get_image_width(m_png, m_info); }
    std::uint64_t height() const { return png_get_image_height(m_png, m_info); }
    int channels() const { return png_get_channels(m_png, m_info); }
    bool wide() const { return png_get_bit_depth(m_png, m_info) == 16; }
    std::size_t rowBytes() const { return m_rowBytes; }
    const char *message() const { return m_message; }

private:
    [[noreturn]] static void fail(png_structp png, png_const_charp message)
    {
        auto *decoder = static_cast<Decoder *>(png_get_error_ptr(png));
        std::snprintf(decoder->m_message, sizeof(m_message), "%s", message);
        std::longjmp(decoder->m_jump, 1);
    }

    static void ignoreWarning(png_structp, png_const_charp) {}

    static void readBytes(png_structp png, png_bytep out, std::size_t count)
    {
        auto *decoder = static_cast<Decoder *>(png_get_io_ptr(png));
        if (count > decoder->m_bytes.size() - decoder->m_position)
            png_error(png, "premature end of file");
        std::memcpy(out, decoder->m_bytes.data() + decoder->m_position, count);
        decoder->m_position += count;
    }

    std::span<const std::uint8_t> m_bytes;
    std::size_t m_position = 0;
    png_structp m_png = nullptr;
    png_infop m_info = nullptr;
    std::size_t m_rowBytes = 0;
    std::jmp_buf m_jump{};
    char m_message[128] = {};
};

} // namespace

bool isPng(std::span<const std::uint8_t> bytes)
{
    return bytes.size() >= 8 && png_sig_cmp(bytes.data(), 0, 8) == 0;
}

Image decodePng(std::span<const std::uint8_t> bytes, const std::string &name)
{
    Decoder decoder(bytes);
    const auto broken = [&] {
        return Error(name + " is a broken PNG file (" + decoder.message() + "): copy it again or remove it");
    };
    if (!decoder.readHeader())
        throw broken();
    checkDeclaredSize(decoder.width(), decoder.height(), bytes.size(), pngPixelsPerByte, name);
    if (!decoder.chooseLayout())
        throw broken();

    Image image;
    image.width = static_cast<int>(decoder.width());
    image.height = static_cast<int>(decoder.height());
    image.channels = decoder.channels();
    if (image.channels != 1 && image.channels != 3)
        throw Error(name + " is a PNG file with " + std::to_string(image.channels) +
                    " channels where 1 or 3 were expected: convert it to grey or RGB");
    const auto height = static_cast<std::size_t>(decoder.height());
    image.pixels.resize(decoder.rowBytes() * height);
    std::vector<std::uint8_t *> rows(height);
    for (std::size_t row = 0; row < height; ++row)
        rows[row] = image.pixels.data() + row * decoder.rowBytes();
    if (!decoder.decode(rows.data()))
        throw broken();
    if (decoder.wide()) {
        for (std::size_t pixel = 0; pixel < image.pixels.size() / 2; ++pixel)
            image.pixels[pixel] = image.pixels[2 * pixel] == 0 ? image.pixels[2 * pixel + 1] : 255;
        image.pixels.resize(image.pixels.size() / 2);
    }
    return image;
}

} // namespace edgeflex
