#pragma once

#include "engine/data/image.h"
#include "plan/modelspec.h"
#include "plan/results.h"
#include "plan/verboptions.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace edgeflex {

// Labelled images. Reading is thread-safe.
class Dataset
{
public:
    virtual ~Dataset() = default;
    virtual std::int64_t size() const = 0;
    virtual Image image(std::int64_t index) const = 0;      // throws Error naming the file
    virtual int label(std::int64_t index) const = 0;        // class index
    virtual std::string name(std::int64_t index) const = 0; // stable, for hashing and messages
    virtual std::string path() const = 0;
    // The file that holds the image; the same for all where one file holds them.
    virtual std::string file(std::int64_t index) const = 0;
};

// A folder of class folders (with or without class_index.json), a folder with labels.csv (file,label),
// CIFAR-10 binary batches (a file or a folder of *.bin), or an IDX pair (a folder or the images file;
// gzipped or plain). Throws Error naming the path and what was expected there.
std::unique_ptr<Dataset> openDataset(const std::string &path);

// Indices of `dataset`, at most `limit` (0: all), spread evenly over the whole set in a fixed order.
std::vector<std::int64_t> spreadIndices(std::int64_t size, std::int64_t limit);

// The same indices in an order in which every beginning of the list is spread over the whole of it: for estimates while
// images stream in, of data sets that are sorted by class.
std::vector<std::int64_t> spreadOrder(const std::vector<std::int64_t> &indices);

// Says which images, with which labels, were selected of which files: by path, name, size and time of change, without
// reading an image. 32 hexadecimal digits. Throws Error when a file is gone.
std::string dataIdentity(const Dataset &dataset, const std::vector<std::int64_t> &indices);

// What there is in a data set, before any of its images is decoded.
DataSummary summariseData(const DataOptions &options);

// One image in five, by a hash of its name, is for searching; the rest calibrates.
struct Split
{
    std::vector<std::int64_t> calibration;
    std::vector<std::int64_t> search;
};
bool isSearchImage(const std::string &name);
Split splitByName(const Dataset &dataset);

// Preprocessed images in batches. Decodes on all OpenMP threads. Not thread-safe.
class BatchReader
{
public:
    // Throws Error when a label does not fit the model's classes or the preprocessing is not stated.
    BatchReader(const Dataset &dataset, std::vector<std::int64_t> indices, const ModelSpec &spec, int batch);

    std::int64_t images() const { return static_cast<std::int64_t>(m_indices.size()); }
    std::int64_t batches() const;
    std::int64_t first(std::int64_t batch) const { return batch * m_batch; } // position of its first image
    std::int64_t count(std::int64_t batch) const;                            // its images
    std::int64_t imageFloats() const;                                        // channels * height * width
    // In the data set, of the image at a position in the indices.
    std::int64_t index(std::int64_t position) const { return m_indices.at(static_cast<std::size_t>(position)); }
    int label(std::int64_t position) const { return m_dataset.label(index(position)); }
    // `crop` 0: as the model is to see it; 1, 2 ...: random crops, each always the same.
    void readImage(std::int64_t position, float *out, int crop = 0) const;
    // Images of batch `index`: fills pixels [n, channels, height, width] and labels [n], returns n.
    std::int64_t read(std::int64_t index, std::vector<float> &pixels, std::vector<int> &labels, int crop = 0) const;
    // From now on keeps as many images as fit into `maxBytes`, resized and cropped in 8 bits, so that reading them
    // again costs no decoding. Random crops are not kept.
    void keepCrops(std::int64_t maxBytes);

private:
    const Dataset &m_dataset;
    std::vector<std::int64_t> m_indices;
    ModelSpec m_spec;
    int m_batch;
    mutable std::vector<std::vector<std::uint8_t>> m_crops; // of the first images; empty where not yet read
};

} // namespace edgeflex
