#pragma once

#include "engine/data/image.h"
#include "plan/error.h"

#include <nlohmann/json.hpp>

#include <QByteArray>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace edgeflex::test {

using Bytes = std::vector<std::uint8_t>;

// The small images made by tests/data/images/makeimages.py.
inline std::string imagesFolder()
{
    return std::string(EDGEFLEX_SOURCE_DIR) + "/tests/data/images/";
}

inline Bytes readBytes(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// Writes the file and the folders above it.
template<class Content>
void writeFile(const std::string &path, const Content &content)
{
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(content.data()), static_cast<std::streamsize>(content.size()));
}

// What Pillow made of the images (see makeimages.py).
inline const nlohmann::json &pillow()
{
    static const nlohmann::json json = [] {
        std::ifstream file(imagesFolder() + "images.json");
        return nlohmann::json::parse(file);
    }();
    return json;
}

inline Bytes fromHex(const std::string &hex)
{
    const QByteArray bytes = QByteArray::fromHex(QByteArray::fromStdString(hex));
    return Bytes(bytes.begin(), bytes.end());
}

// The same noise as makeimages.py.
inline Image noise(int width, int height, int channels)
{
    Image image{width, height, channels, {}};
    std::uint32_t state = static_cast<std::uint32_t>(width * 1000 + height);
    for (int i = 0; i < width * height * channels; ++i) {
        state = state * 1664525u + 1013904223u;
        image.pixels.push_back(static_cast<std::uint8_t>(state >> 24));
    }
    return image;
}

// The sentence of the Error that `action` throws, or nothing where it throws none.
template<class Action>
std::string errorOf(Action action)
{
    try {
        action();
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

// One sentence on one line that has `part` in it.
inline bool isSentenceWith(const std::string &message, const std::string &part)
{
    return message.size() > 20 && message.find('\n') == std::string::npos && message.find(part) != std::string::npos;
}

} // namespace edgeflex::test
