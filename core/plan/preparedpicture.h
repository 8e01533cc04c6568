#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>

namespace edgeflex {

// An image as the model sees it, before it is normalised; its 8-bit pixels, rows from the top with interleaved
// channels, travel apart.
struct PreparedPicture
{
    std::string name;
    int label = 0;
    int width = 0; // pixels, at most 128; larger ones are shrunk
    int height = 0;
    int channels = 0;
    std::uint64_t content = 0; // of the binary frame

    bool operator==(const PreparedPicture &) const = default;
};

void to_json(nlohmann::json &json, const PreparedPicture &value);
void from_json(const nlohmann::json &json, PreparedPicture &value);

} // namespace edgeflex
