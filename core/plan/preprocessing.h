#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <string_view>

namespace edgeflex {

enum class Interpolation { Nearest, Bilinear, Bicubic };

std::string_view toString(Interpolation interpolation);
// Throws Error naming the allowed words.
Interpolation interpolationFromString(std::string_view word);

// What happens to a decoded image before the model sees it: resize so that the shorter side is
// resizeShorter (PIL's antialiased 8-bit arithmetic), centre crop, scale to [0, 1], (x - mean) / std.
struct Preprocessing
{
    int resizeShorter = 0; // pixels; 0: the image is resized straight to cropHeight x cropWidth
    int cropHeight = 0;    // pixels, the model's input size
    int cropWidth = 0;
    Interpolation interpolation = Interpolation::Bicubic;
    std::array<double, 3> mean{0.5, 0.5, 0.5}; // per channel; one-channel models use the first
    std::array<double, 3> std{0.5, 0.5, 0.5};
    // False when neither the model nor the user said how: mean and std are then a guess that no
    // figure may rest on.
    bool stated = false;

    bool operator==(const Preprocessing &) const = default;
};

void to_json(nlohmann::json &json, const Preprocessing &value);
void from_json(const nlohmann::json &json, Preprocessing &value);

} // namespace edgeflex
