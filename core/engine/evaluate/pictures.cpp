#include "engine/evaluate/pictures.h"

#include "engine/model/vitmodel.h"
#include "plan/error.h"

#include <algorithm>
#include <memory>

namespace edgeflex {

namespace {

constexpr int pictureSide = 128; // pixels, at most

Image shrunk(const Image &image)
{
    const int longer = std::max(image.width, image.height);
    if (longer <= pictureSide)
        return image;
    return resizeImage(image, std::max(1, image.width * pictureSide / longer),
                       std::max(1, image.height * pictureSide / longer), Interpolation::Bilinear);
}

} // namespace

void PreparedPictures::add(const Dataset &dataset, std::int64_t image, const Preprocessing &preprocessing, int channels)
{
    images.push_back(shrunk(cropForModel(dataset.image(image), preprocessing, channels)));
    const Image &picture = images.back();
    pictures.push_back({dataset.name(image), dataset.label(image), picture.width, picture.height, picture.channels, 0});
}

PreparedPictures preparePictures(const PicturesOptions &options, Progress &progress)
{
    const VitModel model = openModel(options.model);
    const std::unique_ptr<Dataset> dataset = openDataset(options.data);
    if (!options.identity.empty() &&
        (options.judged < 0 || options.judged > dataset->size() ||
         dataIdentity(*dataset, spreadIndices(dataset->size(), options.judged)) != options.identity))
        throw Error("the images at " + options.data +
                    " are not those that were judged any more; measure again to see what changed");
    PreparedPictures prepared;
    progress.stage("pictures", static_cast<std::int64_t>(options.images.size()));
    for (const std::int64_t image : options.images) {
        if (image < 0 || image >= dataset->size())
            throw Error(options.data + " has " + std::to_string(dataset->size()) + " images, none of them image " +
                        std::to_string(image));
        throwIfCancelled(progress);
        prepared.add(*dataset, image, model.spec.preprocessing, model.spec.channels);
        progress.step(static_cast<std::int64_t>(prepared.images.size()));
    }
    return prepared;
}

} // namespace edgeflex
