#include "engine/data/idx.h"

#include "engine/data/gzip.h"
#include "engine/data/imagelimits.h"
#include "engine/data/numberedname.h"
#include "engine/io/atomicfile.h"
#include "engine/io/checkedsize.h"
#include "engine/io/mappedfile.h"
#include "plan/error.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

constexpr std::uint8_t unsignedByte = 0x08;
constexpr std::string_view gzipSuffix = ".gz";
constexpr std::array<std::string_view, 2> imagesSuffixes{"images-idx3-ubyte", "images.idx3-ubyte"};

std::string withoutGzipSuffix(const std::string &name)
{
    return name.ends_with(gzipSuffix) ? name.substr(0, name.size() - gzipSuffix.size()) : name;
}

// The labels file that belongs to an images file, plain or gzipped.
std::string labelsFile(const std::string &imagesFile)
{
    std::string plain = withoutGzipSuffix(imagesFile);
    const std::size_t end = plain.size() - imagesSuffixes.front().size();
    const char separator = plain[end + std::string_view("images").size()];
    plain = plain.substr(0, end) + "labels" + separator + "idx1-ubyte";
    if (fs::exists(plain))
        return plain;
    const std::string gzipped = plain + std::string(gzipSuffix);
    if (fs::exists(gzipped))
        return gzipped;
    throw Error(imagesFile + " has no labels beside it: put " + fs::path(gzipped).filename().string() +
                " into the same folder");
}

IdxFile readIdx(const std::string &path, int dimensions)
{
    const auto file = MappedFile::open(path);
    refuseLfsPointer(file->bytes(), path);
    return IdxFile::parse({reinterpret_cast<const std::uint8_t *>(file->bytes().data()), file->bytes().size()},
                          dimensions, path);
}

class IdxDataset : public Dataset
{
public:
    IdxDataset(std::string path, const std::string &imagesFile)
        : m_path(std::move(path)), m_file(imagesFile), m_images(readIdx(imagesFile, 3))
    {
        const std::string labels = labelsFile(imagesFile);
        m_labels = readIdx(labels, 1);
        if (m_labels.layout.count != m_images.layout.count)
            throw Error(labels + " has " + std::to_string(m_labels.layout.count) + " labels where " + imagesFile +
                        " has " + std::to_string(m_images.layout.count) + " images: take both from the same data set");
    }

    std::int64_t size() const override { return m_images.layout.count; }

    Image image(std::int64_t index) const override
    {
        const IdxLayout &layout = m_images.layout;
        const std::size_t bytes = static_cast<std::size_t>(layout.height) * static_cast<std::size_t>(layout.width);
        const auto begin = m_images.elements.begin() + static_cast<std::ptrdiff_t>(checked(index) * bytes);
        return {layout.width, layout.height, 1, {begin, begin + static_cast<std::ptrdiff_t>(bytes)}};
    }

    int label(std::int64_t index) const override { return m_labels.elements[checked(index)]; }
    std::string name(std::int64_t index) const override { return numberedName(index); }
    std::string path() const override { return m_path; }
    std::string file(std::int64_t) const override { return m_file; }

private:
    std::size_t checked(std::int64_t index) const
    {
        if (index < 0 || index >= size())
            throw Error(m_path + " has no image " + std::to_string(index) + ": it has " + std::to_string(size()));
        return static_cast<std::size_t>(index);
    }

    std::string m_path;
    std::string m_file; // of the images
    IdxFile m_images;
    IdxFile m_labels;
};

} // namespace

IdxLayout parseIdxHeader(std::span<const std::uint8_t> bytes, int dimensions, const std::string &name)
{
    IdxLayout layout;
    const std::size_t headerBytes = idxHeaderBytes(dimensions);
    if (bytes.size() < headerBytes)
        throw Error(name + " has " + std::to_string(bytes.size()) +
                    " bytes, fewer than the header of an IDX file: it " + "is truncated, copy it again");
    if (bytes[0] != 0 || bytes[1] != 0 || bytes[2] != unsignedByte || bytes[3] != dimensions)
        throw Error(name + " does not begin as an IDX file of unsigned bytes in " + std::to_string(dimensions) +
                    " dimensions: images need idx3-ubyte, labels idx1-ubyte");

    std::array<std::int64_t, 3> extents{1, 1, 1};
    for (std::size_t i = 0; i < static_cast<std::size_t>(dimensions); ++i) {
        extents.at(i) = 0;
        for (std::size_t byte = 0; byte < 4; ++byte)
            extents[i] = extents[i] << 8 | bytes[4 + 4 * i + byte];
    }
    const auto elements = checkedElements(extents);
    const auto fileSize = elements ? checkedAdd(*elements, headerBytes) : elements;
    const auto pixels = static_cast<std::uint64_t>(extents[1]) * static_cast<std::uint64_t>(extents[2]);
    if (!fileSize || *elements == 0 || pixels > maximumImagePixels)
        throw Error(name + " declares " + std::to_string(extents[0]) + " elements of " + std::to_string(extents[1]) +
                    " x " + std::to_string(extents[2]) + " pixels, which is none or too many: it is damaged");
    layout.count = extents[0];
    layout.height = static_cast<int>(extents[1]);
    layout.width = static_cast<int>(extents[2]);
    layout.fileSize = static_cast<std::size_t>(*fileSize);
    return layout;
}

IdxFile IdxFile::parse(std::span<const std::uint8_t> bytes, int dimensions, const std::string &name)
{
    IdxFile file;
    const std::size_t headerBytes = idxHeaderBytes(dimensions);
    if (isGzip(bytes)) {
        file.layout = parseIdxHeader(gunzipBeginning(bytes, headerBytes, name), dimensions, name);
        file.elements = gunzip(bytes, file.layout.fileSize, name);
    } else {
        file.layout = parseIdxHeader(bytes, dimensions, name);
        if (bytes.size() != file.layout.fileSize)
            throw Error(name + " has " + std::to_string(bytes.size()) + " bytes where its header declares " +
                        std::to_string(file.layout.fileSize) + ": it is truncated or damaged, copy it again");
        file.elements.assign(bytes.begin(), bytes.end());
    }
    file.elements.erase(file.elements.begin(), file.elements.begin() + static_cast<std::ptrdiff_t>(headerBytes));
    return file;
}

bool isIdxImagesName(const std::string &fileName)
{
    const std::string plain = withoutGzipSuffix(fileName);
    return std::any_of(imagesSuffixes.begin(), imagesSuffixes.end(),
                       [&](std::string_view suffix) { return plain.ends_with(suffix); });
}

std::vector<std::string> idxImagesFiles(const std::string &folder)
{
    // By the name without .gz; a plain file takes the place of its gzipped copy.
    std::map<std::string, std::string> files;
    for (const auto &entry : fs::directory_iterator(folder)) {
        const std::string path = entry.path().string();
        if (!isIdxImagesName(path) || entry.path().filename().string().starts_with('.'))
            continue;
        std::string &chosen = files[withoutGzipSuffix(path)];
        if (chosen.empty() || !path.ends_with(gzipSuffix))
            chosen = path;
    }
    std::vector<std::string> result;
    for (const auto &[plain, path] : files)
        result.push_back(path);
    return result;
}

std::unique_ptr<Dataset> openIdx(const std::string &path, const std::string &imagesFile)
{
    return std::make_unique<IdxDataset>(path, imagesFile);
}

void writeIdx(const std::string &prefix, int height, int width, std::span<const std::uint8_t> pixels,
              std::span<const std::uint8_t> labels)
{
    const std::size_t pixelsEach = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    if (pixels.size() != labels.size() * pixelsEach)
        throw Error(prefix + " cannot be written: " + std::to_string(labels.size()) + " labels for " +
                    std::to_string(pixels.size()) + " pixels");
    const auto write = [&](const char *name, std::initializer_list<std::size_t> extents,
                           std::span<const std::uint8_t> elements) {
        std::vector<std::uint8_t> header{0, 0, unsignedByte, static_cast<std::uint8_t>(extents.size())};
        for (const std::size_t extent : extents) {
            for (int shift = 24; shift >= 0; shift -= 8)
                header.push_back(static_cast<std::uint8_t>(extent >> shift));
        }
        AtomicFile file(prefix + name);
        file.write(header.data(), header.size());
        file.write(elements.data(), elements.size());
        file.commit();
    };
    write("images-idx3-ubyte", {labels.size(), static_cast<std::size_t>(height), static_cast<std::size_t>(width)},
          pixels);
    write("labels-idx1-ubyte", {labels.size()}, labels);
}

} // namespace edgeflex
