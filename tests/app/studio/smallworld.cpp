#include "reference/smallworld.h"
#include "engine/evaluate/judge.h"
#include "engine/evaluate/loadedmodel.h"
#include "engine/kernels/linear.h"

using namespace edgeflex;

namespace {

// The same model with what its logits have in common on the images taken from the head's bias: random weights give
// every image the same answer, and this one's answers differ.
void writeBalancedModel(const std::string &folder, VitModel model, const std::string &images)
{
    const auto dataset = openDataset(images);
    const BatchReader reader(*dataset, spreadIndices(dataset->size(), 0), model.spec, judgingBatch);
    NoProgress progress;
    const std::int64_t classes = model.spec.classes();
    std::vector<double> sums(static_cast<std::size_t>(classes), 0.0);
    {
        const LoadedModel loaded(model, detectTarget(1), progress);
        Answers answers(loaded.transformer(), reader, 0);
        std::vector<float> pixels;
        std::vector<int> labels;
        for (std::int64_t batch = 0; batch < reader.batches(); ++batch) {
            const std::int64_t count = reader.read(batch, pixels, labels);
            const float *logits = answers.logits(batch, pixels, progress);
            for (std::int64_t i = 0; i < count * classes; ++i)
                sums[static_cast<std::size_t>(i % classes)] += logits[i];
        }
    }
    Tensor bias = Tensor::allocate(DType::F32, {classes});
    for (std::int64_t i = 0; i < classes; ++i)
        bias.floats()[i] = model.weights.head.bias.floats()[i] -
                           static_cast<float>(sums[static_cast<std::size_t>(i)] / static_cast<double>(reader.images()));
    model.weights.head.bias = bias;
    saveModel(model, folder);
}

// Some of a data set's grey images as an IDX pair.
void copyImages(const std::string &from, std::int64_t first, std::int64_t count, const std::string &to)
{
    const auto dataset = openDataset(from);
    test::IdxPair pair(to, static_cast<int>(count), dataset->image(first).width, dataset->image(first).height);
    for (std::int64_t i = first; i < first + count; ++i)
        pair.add(dataset->image(i).pixels, dataset->label(i));
}

} // namespace

// Writes what tests need that do not link the engine: a small model and small images, or some images of a data set:
//
//     smallworld FOLDER                     FOLDER/model, FOLDER/balanced, FOLDER/other, FOLDER/calibration,
//     FOLDER/data smallworld IMAGES FIRST COUNT FOLDER
int main(int argc, char *argv[])
{
    if (argc == 5) {
        copyImages(argv[1], std::stoll(argv[2]), std::stoll(argv[3]), argv[4]);
        return 0;
    }
    if (argc != 2)
        return 2;
    const std::string folder = argv[1];
    test::writeSmallModel(folder + "/other", 77);
    test::writeSmallImages(folder + "/calibration", 120, 9);
    test::writeSmallImages(folder + "/data", 200, 10);
    writeBalancedModel(folder + "/balanced", test::writeSmallModel(folder + "/model"), folder + "/calibration");
    return 0;
}
