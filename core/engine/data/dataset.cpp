#include "engine/data/dataset.h"

#include "engine/data/cifar.h"
#include "engine/data/idx.h"
#include "engine/data/imagefolder.h"
#include "engine/io/contenthash.h"
#include "engine/io/filestamp.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

// The batches that a folder of *.bin files stands for: data_batch_*.bin, or test_batch.bin, which alone is taken where
// copies or excerpts lie beside it, or else every *.bin. Training and test images are never one data set: a folder with
// both is refused.
std::vector<std::string> cifarBatches(const std::string &folder)
{
    std::vector<std::string> training;
    std::vector<std::string> test;
    std::vector<std::string> all;
    for (const auto &entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (entry.path().extension() != ".bin" || name.starts_with('.'))
            continue;
        all.push_back(entry.path().string());
        if (name.starts_with("data_batch_"))
            training.push_back(all.back());
        else if (name == "test_batch.bin")
            test.push_back(all.back());
    }
    if (!training.empty() && !test.empty())
        throw Error(folder +
                    " holds CIFAR-10 training and test batches, which are never judged together: name one "
                    "file, for example " +
                    test.front());
    auto &chosen = !training.empty() ? training : !test.empty() ? test : all;
    std::sort(chosen.begin(), chosen.end());
    return std::move(chosen);
}

std::unique_ptr<Dataset> openFile(const std::string &path)
{
    if (isIdxImagesName(path))
        return openIdx(path, path);
    if (fs::path(path).extension() == ".bin")
        return openCifar(path, {path});
    throw Error(path + " is not a data set: expected a CIFAR-10 batch (*.bin), IDX images (*-images-idx3-ubyte, plain "
                       "or .gz) or a folder");
}

std::unique_ptr<Dataset> openFolder(const std::string &path)
{
    if (fs::exists(fs::path(path) / "labels.csv"))
        return openLabelledFolder(path);
    const std::vector<std::string> idx = idxImagesFiles(path);
    if (idx.size() > 1)
        throw Error(path + " holds " + std::to_string(idx.size()) + " IDX pairs: name the images file of one, for " +
                    "example " + idx.front());
    if (idx.size() == 1)
        return openIdx(path, idx.front());
    const std::vector<std::string> batches = cifarBatches(path);
    if (!batches.empty())
        return openCifar(path, batches);
    return openClassFolders(path);
}

// FNV-1a (Fowler, Noll, Vo), 64 bits, and MurmurHash3's finalizer: FNV's low bits alone mix the last characters of
// numbered names poorly.
std::uint64_t mixedHash(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3u;
    }
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdu;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53u;
    return hash ^ (hash >> 33);
}

} // namespace

std::unique_ptr<Dataset> openDataset(const std::string &path)
{
    try {
        if (fs::is_directory(path))
            return openFolder(path);
        if (fs::exists(path))
            return openFile(path);
    } catch (const fs::filesystem_error &error) {
        throw Error(path + " cannot be read: " + error.code().message());
    }
    throw Error(path + " does not exist: name a folder of images, a CIFAR-10 batch or an IDX images file");
}

std::vector<std::int64_t> spreadIndices(std::int64_t size, std::int64_t limit)
{
    if (size < 0 || limit < 0)
        throw Error("the number of images must not be negative: give 0 for all of them");
    const std::int64_t count = limit == 0 ? size : std::min(size, limit);
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    // floor(i * size / count), without the product that could overflow.
    for (std::int64_t i = 0; i < count; ++i)
        indices[static_cast<std::size_t>(i)] = i * (size / count) + i * (size % count) / count;
    return indices;
}

std::vector<std::int64_t> spreadOrder(const std::vector<std::int64_t> &indices)
{
    // Multiples of the golden ratio's fraction fill the unit interval evenly, however many of them there are.
    constexpr double goldenFraction = 0.6180339887498949;
    std::vector<std::pair<double, std::size_t>> places;
    for (std::size_t turn = 0; turn < indices.size(); ++turn) {
        const double turned = goldenFraction * static_cast<double>(turn);
        places.emplace_back(turned - std::floor(turned), turn);
    }
    std::sort(places.begin(), places.end());
    std::vector<std::int64_t> order(indices.size());
    for (std::size_t rank = 0; rank < places.size(); ++rank)
        order[places[rank].second] = indices[rank];
    return order;
}

std::string dataIdentity(const Dataset &dataset, const std::vector<std::int64_t> &indices)
{
    ContentHash hash;
    std::error_code error;
    hash.add(fs::weakly_canonical(dataset.path(), error).string());
    std::string stamped;
    for (const std::int64_t index : indices) {
        hash.add(dataset.name(index));
        hash.add(static_cast<std::uint64_t>(dataset.label(index)));
        std::string file = dataset.file(index);
        if (file == stamped)
            continue;
        const FileStamp stamp = fileStamp(file);
        hash.add(file);
        hash.add(static_cast<std::uint64_t>(stamp.bytes));
        hash.add(static_cast<std::uint64_t>(stamp.modifiedNs));
        stamped = std::move(file);
    }
    return hash.hex();
}

DataSummary summariseData(const DataOptions &options)
{
    const auto dataset = openDataset(options.path);
    DataSummary summary;
    summary.path = options.path;
    summary.images = dataset->size();
    for (std::int64_t index = 0; index < dataset->size(); ++index) {
        summary.classes = std::max<std::int64_t>(summary.classes, dataset->label(index) + 1);
        summary.searchImages += isSearchImage(dataset->name(index));
    }
    return summary;
}

bool isSearchImage(const std::string &name)
{
    const std::size_t slash = name.find_last_of('/');
    return mixedHash(std::string_view(name).substr(slash == std::string::npos ? 0 : slash + 1)) % 5 == 0;
}

Split splitByName(const Dataset &dataset)
{
    Split split;
    for (std::int64_t index = 0; index < dataset.size(); ++index)
        (isSearchImage(dataset.name(index)) ? split.search : split.calibration).push_back(index);
    return split;
}

} // namespace edgeflex
