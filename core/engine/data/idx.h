#pragma once

#include "engine/data/dataset.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

// IDX (the layout of MNIST): 0, 0, a type byte, the number of dimensions, each extent as 32 bits big-endian, then the
// elements. Here the type is unsigned byte; images have three dimensions (count, height, width), labels one.
struct IdxLayout
{
    std::int64_t count = 0;   // images or labels
    int height = 0;           // pixels; 1 for labels
    int width = 0;            // pixels; 1 for labels
    std::size_t fileSize = 0; // bytes, header and elements
};

// Bytes before the first element.
constexpr std::size_t idxHeaderBytes(int dimensions)
{
    return 4 + 4 * static_cast<std::size_t>(dimensions);
}

// Reads the header at the front of `bytes`, which may be no more than that. Throws Error naming `name`.
IdxLayout parseIdxHeader(std::span<const std::uint8_t> bytes, int dimensions, const std::string &name);

// The images or labels of a whole file, gzipped or plain.
struct IdxFile
{
    IdxLayout layout;
    std::vector<std::uint8_t> elements;

    // Throws Error naming `name` when the file is not as long as its header says, or is damaged.
    static IdxFile parse(std::span<const std::uint8_t> bytes, int dimensions, const std::string &name);
};

// True for a name like "train-images-idx3-ubyte" or "t10k-images.idx3-ubyte.gz".
bool isIdxImagesName(const std::string &fileName);
// The images files of a folder, one a pair (of a plain and a gzipped one the plain), sorted.
std::vector<std::string> idxImagesFiles(const std::string &folder);

// The pair of an images file and the labels file beside it. Images are grey and named "index 0042".
std::unique_ptr<Dataset> openIdx(const std::string &path, const std::string &imagesFile);

// Writes a pair, plain: PREFIXimages-idx3-ubyte from `pixels` [count, height, width] and PREFIXlabels-idx1-ubyte from
// `labels` [count]. Throws Error when the sizes differ or a file cannot be written.
void writeIdx(const std::string &prefix, int height, int width, std::span<const std::uint8_t> pixels,
              std::span<const std::uint8_t> labels);

} // namespace edgeflex
