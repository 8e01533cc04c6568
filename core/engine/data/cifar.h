#pragma once

#include "engine/data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

// One CIFAR-10 record (Krizhevsky, Learning multiple layers of features from tiny images, 2009, binary version):
// a label byte 0 to 9, then a 32 x 32 image as red, green and blue planes.
inline constexpr std::size_t cifarRecordBytes = 1 + 3 * 32 * 32;

// Number of records. Throws Error naming `name` when the bytes are not whole records or a label exceeds 9.
std::int64_t countCifarRecords(std::span<const std::uint8_t> bytes, const std::string &name);
// The image of one whole record, RGB interleaved.
Image cifarImage(std::span<const std::uint8_t, cifarRecordBytes> record);

// One or several batches, in the given order, as one data set. Images are named "index 0042", counted through.
std::unique_ptr<Dataset> openCifar(const std::string &path, const std::vector<std::string> &batches);

} // namespace edgeflex
