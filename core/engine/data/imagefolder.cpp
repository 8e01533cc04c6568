#include "engine/data/imagefolder.h"

#include "engine/data/labelscsv.h"
#include "engine/io/mappedfile.h"
#include "engine/io/printable.h"
#include "plan/error.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t largestTableBytes = std::size_t{256} << 20;
constexpr std::int64_t largestLabel = 999'999;

class ImageFolder : public Dataset
{
public:
    ImageFolder(std::string folder, std::vector<LabelledFile> files)
        : m_folder(std::move(folder)), m_files(std::move(files))
    {
    }

    std::int64_t size() const override { return static_cast<std::int64_t>(m_files.size()); }
    Image image(std::int64_t index) const override { return readImage(file(index)); }
    int label(std::int64_t index) const override { return m_files.at(static_cast<std::size_t>(index)).label; }
    std::string name(std::int64_t index) const override { return m_files.at(static_cast<std::size_t>(index)).file; }
    std::string path() const override { return m_folder; }
    std::string file(std::int64_t index) const override { return (fs::path(m_folder) / name(index)).string(); }

private:
    std::string m_folder;
    std::vector<LabelledFile> m_files;
};

bool hasImageExtension(const fs::path &file)
{
    std::string extension = file.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return extension == ".jpg" || extension == ".jpeg" || extension == ".png";
}

// Names of the entries that are not hidden and satisfy `wanted`, sorted by their bytes.
template<class Wanted>
std::vector<std::string> sortedEntries(const fs::path &folder, Wanted wanted)
{
    std::vector<std::string> names;
    try {
        for (const auto &entry : fs::directory_iterator(folder)) {
            std::string name = entry.path().filename().string();
            if (!name.starts_with('.') && wanted(entry))
                names.push_back(std::move(name));
        }
    } catch (const fs::filesystem_error &error) {
        throw Error(folder.string() + " cannot be listed: " + error.code().message());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::map<std::string, int> classLabels(const std::string &folder, const std::vector<std::string> &classes)
{
    std::map<std::string, int> labels;
    const std::string file = (fs::path(folder) / "class_index.json").string();
    if (!fs::exists(file)) {
        for (const auto &name : classes)
            labels.emplace(name, static_cast<int>(labels.size()));
        return labels;
    }
    const nlohmann::json json = readJsonFile(file);
    if (!json.is_object())
        throw Error(file + " is not a JSON object: write {\"folder\": class index, ...}");
    for (const auto &name : classes) {
        const auto found = json.find(name);
        if (found == json.end())
            throw Error(file + " does not name the class folder " + printable(name) + ": add it or remove the folder");
        const bool integer = found->is_number_integer();
        const std::int64_t label = integer ? found->get<std::int64_t>() : -1;
        if (label < 0 || label > largestLabel)
            throw Error(file + " gives the class folder " + printable(name) +
                        " no class index: write an integer, 0 or more");
        labels.emplace(name, static_cast<int>(label));
    }
    return labels;
}

} // namespace

std::unique_ptr<Dataset> openLabelledFolder(const std::string &folder)
{
    const std::string table = (fs::path(folder) / "labels.csv").string();
    std::vector<LabelledFile> files = parseLabelsCsv(readTextFile(table, largestTableBytes), table);
    for (const auto &[file, label] : files) {
        std::error_code error;
        if (!fs::is_regular_file(fs::path(folder) / file, error))
            throw Error(table + " lists " + printable(file) + ", which is not in " + folder +
                        ": copy the file there or remove the line");
    }
    return std::make_unique<ImageFolder>(folder, std::move(files));
}

std::unique_ptr<Dataset> openClassFolders(const std::string &folder)
{
    const auto isFolder = [](const fs::directory_entry &entry) {
        std::error_code error;
        return entry.is_directory(error);
    };
    const auto isImage = [](const fs::directory_entry &entry) {
        std::error_code error;
        return hasImageExtension(entry.path()) && entry.is_regular_file(error);
    };
    const std::vector<std::string> classes = sortedEntries(folder, isFolder);
    const std::map<std::string, int> labels = classLabels(folder, classes);
    std::vector<LabelledFile> files;
    for (const auto &name : classes)
        for (const auto &file : sortedEntries(fs::path(folder) / name, isImage))
            files.push_back({name + "/" + file, labels.at(name)});
    if (files.empty())
        throw Error(folder + " holds no images: expected a folder of class folders with JPEG or PNG files, a folder "
                             "with labels.csv, CIFAR-10 *.bin batches or a pair of IDX files");
    return std::make_unique<ImageFolder>(folder, std::move(files));
}

} // namespace edgeflex
