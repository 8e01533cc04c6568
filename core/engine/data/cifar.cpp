#include "engine/data/cifar.h"

#include "engine/data/numberedname.h"
#include "engine/io/mappedfile.h"
#include "plan/error.h"

#include <algorithm>

namespace edgeflex {

namespace {

constexpr int cifarClasses = 10;
constexpr int cifarSide = 32;

class CifarDataset : public Dataset
{
public:
    CifarDataset(std::string path, const std::vector<std::string> &batches) : m_path(std::move(path))
    {
        for (const auto &batch : batches) {
            auto file = MappedFile::open(batch);
            refuseLfsPointer(file->bytes(), batch);
            m_size += countCifarRecords(bytesOf(*file), batch);
            m_batches.push_back({batch, std::move(file), m_size});
        }
    }

    std::int64_t size() const override { return m_size; }
    Image image(std::int64_t index) const override { return cifarImage(record(index)); }
    int label(std::int64_t index) const override { return record(index)[0]; }
    std::string name(std::int64_t index) const override { return numberedName(index); }
    std::string path() const override { return m_path; }
    std::string file(std::int64_t index) const override { return batchOf(index)->path; }

private:
    struct Batch
    {
        std::string path;
        std::shared_ptr<const MappedFile> file;
        std::int64_t end; // index behind its last image
    };

    static std::span<const std::uint8_t> bytesOf(const MappedFile &file)
    {
        return {reinterpret_cast<const std::uint8_t *>(file.bytes().data()), file.bytes().size()};
    }

    std::vector<Batch>::const_iterator batchOf(std::int64_t index) const
    {
        if (index < 0 || index >= m_size)
            throw Error(m_path + " has no image " + std::to_string(index) + ": it has " + std::to_string(m_size));
        return std::find_if(m_batches.begin(), m_batches.end(),
                            [index](const Batch &candidate) { return index < candidate.end; });
    }

    std::span<const std::uint8_t, cifarRecordBytes> record(std::int64_t index) const
    {
        const auto batch = batchOf(index);
        const std::int64_t begin = batch == m_batches.begin() ? 0 : std::prev(batch)->end;
        return bytesOf(*batch->file)
            .subspan(static_cast<std::size_t>(index - begin) * cifarRecordBytes)
            .first<cifarRecordBytes>();
    }

    std::string m_path;
    std::vector<Batch> m_batches;
    std::int64_t m_size = 0;
};

} // namespace

std::int64_t countCifarRecords(std::span<const std::uint8_t> bytes, const std::string &name)
{
    if (bytes.empty() || bytes.size() % cifarRecordBytes != 0)
        throw Error(name + " has " + std::to_string(bytes.size()) + " bytes, which is not a whole number of CIFAR-10 " +
                    "records of " + std::to_string(cifarRecordBytes) + ": it is truncated or of another format");
    const std::size_t records = bytes.size() / cifarRecordBytes;
    for (std::size_t record = 0; record < records; ++record) {
        const int label = bytes[record * cifarRecordBytes];
        if (label >= cifarClasses)
            throw Error(name + " record " + std::to_string(record) + " has the label " + std::to_string(label) +
                        " where CIFAR-10 has 0 to 9: it is damaged or of another format");
    }
    return static_cast<std::int64_t>(records);
}

Image cifarImage(std::span<const std::uint8_t, cifarRecordBytes> record)
{
    constexpr std::size_t plane = cifarSide * cifarSide;
    Image image{cifarSide, cifarSide, 3, std::vector<std::uint8_t>(3 * plane)};
    for (std::size_t channel = 0; channel < 3; ++channel)
        for (std::size_t pixel = 0; pixel < plane; ++pixel)
            image.pixels[pixel * 3 + channel] = record[1 + channel * plane + pixel];
    return image;
}

std::unique_ptr<Dataset> openCifar(const std::string &path, const std::vector<std::string> &batches)
{
    return std::make_unique<CifarDataset>(path, batches);
}

} // namespace edgeflex
