#pragma once

#include "engine/profile/tokenstream.h"
#include "plan/progress.h"

#include <cstdint>
#include <memory>
#include <string>

namespace edgeflex {

// The images that choices are fitted on and those that they are judged on, which are never the same.
struct TuningImages
{
    std::unique_ptr<Dataset> calibrationSet;
    std::unique_ptr<Dataset> searchSet; // null: the search images are of the calibration set
    CalibrationImages calibration;
    CalibrationImages search;
};

// At most `images` and `searchImages` of them, spread evenly; with `flips` the calibration images' mirror images, too.
// Where no search images are given, one calibration image in five, by a hash of its name, is kept for searching;
// `progress` gets a note of what was done. Throws Error when too few are left.
TuningImages chooseTuningImages(const std::string &calibration, const std::string &search, std::int64_t images,
                                std::int64_t searchImages, bool flips, Progress &progress);

// As many images as a pass of so many multiply-accumulates over them has, from `least` to `most`.
std::int64_t affordableImages(const ModelSpec &spec, double macs, std::int64_t least, std::int64_t most);

// `few` of the images, spread evenly.
CalibrationImages someOf(const CalibrationImages &images, std::int64_t few);

} // namespace edgeflex
