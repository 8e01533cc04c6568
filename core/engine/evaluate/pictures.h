#pragma once

#include "engine/data/dataset.h"
#include "plan/preparedpicture.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Images to look at, as the model sees them.
struct PreparedPictures
{
    std::vector<PreparedPicture> pictures; // without the contents' numbers
    std::vector<Image> images;             // one for each of them, at most 128 pixels a side

    // Throws Error when the image cannot be read.
    void add(const Dataset &dataset, std::int64_t image, const Preprocessing &preprocessing, int channels);
};

// Throws Error where the data set's images are not those that were judged any more, if that is asked, or where it has
// no such image.
PreparedPictures preparePictures(const PicturesOptions &options, Progress &progress);

} // namespace edgeflex
