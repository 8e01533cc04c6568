#pragma once

#include "engine/data/image.h"
#include "plan/modelspec.h"
#include "plan/progress.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
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
};

// A folder of class folders (with or without class_index.json), a folder with labels.csv (file,label),
// CIFAR-10 binary batches (a file or a folder of *.bin), or an IDX pair (a folder or the images file;
// gzipped or plain). Throws Error naming the path and what was expected there.
std::unique_ptr<Dataset> openDataset(const std::string &path);

// Indices of `dataset`, at most `limit` (0: all), spread evenly over the whole set in a fixed order.
std::vector<std::int64_t> spreadIndices(std::int64_t size, std::int64_t limit);

// One image in five, by a hash of its name, is for searching; the rest calibrates.
struct Split
{
    std::vector<std::int64_t> calibration;
    std::vector<std::int64_t> search;
};
bool isSearchImage(const std::string &name);
Split splitByName(const Dataset &dataset);

// Preprocessed images in batches. Decodes on all OpenMP threads.
class BatchReader
{
public:
    // Throws Error when a label does not fit the model's classes or the preprocessing is not stated.
    BatchReader(const Dataset &dataset, std::vector<std::int64_t> indices, const ModelSpec &spec, int batch);

    std::int64_t images() const { return static_cast<std::int64_t>(m_indices.size()); }
    std::int64_t batches() const;
    // Images of batch `index`: fills pixels [n, channels, height, width] and labels [n], returns n.
    std::int64_t read(std::int64_t index, std::vector<float> &pixels, std::vector<int> &labels) const;

private:
    const Dataset &m_dataset;
    std::vector<std::int64_t> m_indices;
    ModelSpec m_spec;
    int m_batch;
};

} // namespace edgeflex
