#include "engine/data/dataset.h"
#include "plan/error.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace edgeflex {

BatchReader::BatchReader(const Dataset &dataset, std::vector<std::int64_t> indices, const ModelSpec &spec, int batch)
    : m_dataset(dataset), m_indices(std::move(indices)), m_spec(spec), m_batch(batch)
{
    const Preprocessing &preprocessing = m_spec.preprocessing;
    if (m_batch < 1)
        throw Error("the batch of " + std::to_string(m_batch) + " images is too small: give 1 or more");
    if (!preprocessing.stated)
        throw Error(m_spec.name + " does not say how its images are normalised; pass --mean and --std");
    if (preprocessing.resizeShorter < 0)
        throw Error(m_spec.name + " resizes to " + std::to_string(preprocessing.resizeShorter) +
                    " pixels: pass --resize with 0 or more");
    if (preprocessing.cropWidth != m_spec.imageWidth || preprocessing.cropHeight != m_spec.imageHeight ||
        preprocessing.cropWidth < 1 || preprocessing.cropHeight < 1)
        throw Error(m_spec.name + " takes images of " + std::to_string(m_spec.imageWidth) + " x " +
                    std::to_string(m_spec.imageHeight) + " pixels but crops them to " +
                    std::to_string(preprocessing.cropWidth) + " x " + std::to_string(preprocessing.cropHeight) +
                    ": pass --crop " + std::to_string(m_spec.imageWidth));
    if (m_spec.channels != 1 && m_spec.channels != 3)
        throw Error(m_spec.name + " takes images of " + std::to_string(m_spec.channels) +
                    " channels: grey (1) and RGB (3) are supported");
    for (const std::int64_t index : m_indices) {
        if (index < 0 || index >= m_dataset.size())
            throw Error(m_dataset.path() + " has no image " + std::to_string(index) + ": it has " +
                        std::to_string(m_dataset.size()));
        const int label = m_dataset.label(index);
        if (label < 0 || label >= m_spec.classes())
            throw Error(m_dataset.path() + " gives " + m_dataset.name(index) + " the label " + std::to_string(label) +
                        " but " + m_spec.name + " has " + std::to_string(m_spec.classes()) +
                        " classes: use the data set the model was trained for");
    }
}

std::int64_t BatchReader::batches() const
{
    return (images() + m_batch - 1) / m_batch;
}

void BatchReader::keepCrops(std::int64_t maxBytes)
{
    m_crops.resize(static_cast<std::size_t>(std::min(images(), maxBytes / imageFloats())));
}

// One image, ready for the model. The dataset's own errors name the file; those of the arithmetic do not.
void BatchReader::readImage(std::int64_t position, float *out, int crop) const
{
    const auto at = static_cast<std::size_t>(position);
    const Preprocessing &preprocessing = m_spec.preprocessing;
    const bool kept = crop == 0 && at < m_crops.size();
    if (kept && !m_crops[at].empty()) {
        normalise(m_crops[at].data(), preprocessing, m_spec.channels, out);
        return;
    }
    const Image image = m_dataset.image(m_indices[at]);
    try {
        const auto seed = static_cast<std::uint64_t>(m_indices[at]) << 8U | static_cast<std::uint64_t>(crop);
        Image seen = crop == 0 ? cropForModel(image, preprocessing, m_spec.channels)
                               : randomCropForModel(image, preprocessing, m_spec.channels, seed);
        normalise(seen.pixels.data(), preprocessing, m_spec.channels, out);
        if (kept)
            m_crops[at] = std::move(seen.pixels);
    } catch (const Error &error) {
        throw Error(m_dataset.path() + " " + m_dataset.name(m_indices[at]) + ": " + error.what());
    }
}

std::int64_t BatchReader::count(std::int64_t batch) const
{
    return std::min<std::int64_t>(m_batch, images() - first(batch));
}

std::int64_t BatchReader::imageFloats() const
{
    const Preprocessing &preprocessing = m_spec.preprocessing;
    return static_cast<std::int64_t>(m_spec.channels) * preprocessing.cropHeight * preprocessing.cropWidth;
}

std::int64_t BatchReader::read(std::int64_t index, std::vector<float> &pixels, std::vector<int> &labels, int crop) const
{
    if (index < 0 || index >= batches())
        throw Error(m_dataset.path() + " has no batch " + std::to_string(index) + ": it has " +
                    std::to_string(batches()));
    const std::int64_t begin = first(index);
    const std::int64_t images = count(index);
    const std::int64_t each = imageFloats();
    pixels.resize(static_cast<std::size_t>(images * each));
    labels.resize(static_cast<std::size_t>(images));

    // An exception must not leave a parallel region. The failure of the first image is kept, so that the message
    // does not depend on the threads.
    std::exception_ptr failure;
    std::int64_t failed = images;
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t i = 0; i < images; ++i) {
        try {
            readImage(begin + i, pixels.data() + i * each, crop);
            labels[static_cast<std::size_t>(i)] = label(begin + i);
        } catch (...) {
#pragma omp critical(edgeflexBatchReaderFailure)
            if (i < failed) {
                failed = i;
                failure = std::current_exception();
            }
        }
    }
    if (failure)
        std::rethrow_exception(failure);
    return images;
}

} // namespace edgeflex
