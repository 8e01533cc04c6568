#include "world.h"

#include "testdata.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>

namespace edgeflex::test {
namespace {

constexpr int minute = 60000;

// What no model was trained with: nearly all is black to it, and alike.
const QJsonArray wrongMean{0.9, 0.9, 0.9};
const QJsonArray wrongDeviation{12.0, 12.0, 12.0};

QJsonObject readObject(const QString &file)
{
    QFile json(file);
    return json.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(json.readAll()).object() : QJsonObject();
}

bool writeObject(const QString &file, const QJsonObject &object)
{
    QFile json(file);
    return json.open(QIODevice::WriteOnly) && json.write(QJsonDocument(object).toJson()) > 0;
}

// Replaces the mean and the deviation wherever the configuration has them.
QJsonObject misstated(QJsonObject object)
{
    for (const QString &key : object.keys()) {
        if (key == "mean")
            object[key] = wrongMean;
        else if (key == "std")
            object[key] = wrongDeviation;
        else if (object[key].isObject())
            object[key] = misstated(object[key].toObject());
    }
    return object;
}

QString writeVariations(const QString &folder, World &world)
{
    world.wrong = folder + "/wrong";
    world.broken = folder + "/broken";
    const QString weights = world.model + "/model.safetensors";
    const QString config = world.model + "/config.json";
    QFile whole(weights);
    if (!QDir().mkpath(world.wrong) || !QDir().mkpath(world.broken) || !whole.open(QIODevice::ReadOnly) ||
        !QFile::link(weights, world.wrong + "/model.safetensors") ||
        !writeObject(world.wrong + "/config.json", misstated(readObject(config))) ||
        !QFile::copy(config, world.broken + "/config.json"))
        return "the model at " + world.model + " cannot be copied";
    QFile half(world.broken + "/model.safetensors");
    if (!half.open(QIODevice::WriteOnly) || half.write(whole.read(whole.size() / 2)) <= 0)
        return "half a model cannot be written";
    return {};
}

QString makeDemo(const QString &folder, World &world, int judged)
{
    const QString images = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";
    if (!QFile::exists(images))
        return "needs Debian's package dataset-fashion-mnist";
    world.model = EDGEFLEX_SOURCE_DIR "/resources/demo-model";
    world.blocks = 6;
    world.small = true;
    world.shape = "6 blocks, width 192, 6 heads";
    // Of the training images: the test images are for final figures.
    for (const auto &[part, first, count] : {std::tuple(&world.calibration, 0, 300), {&world.data, 1000, judged}}) {
        *part = folder + (part == &world.data ? "/judging" : "/calibration");
        QProcess cut;
        cut.start(SMALL_WORLD, {images, QString::number(first), QString::number(count), *part});
        if (!cut.waitForFinished(minute) || cut.exitCode() != 0)
            return "images of " + images + " cannot be read";
    }
    return writeVariations(folder, world);
}

// Links to every `step`-th class's image, from `first` on.
bool linkClasses(const QString &from, const QString &to, int first, int step, int count)
{
    const QStringList classes = QDir(from).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    if (classes.size() <= first + step * (count - 1) || !QDir().mkpath(to) ||
        !QFile::copy(from + "/class_index.json", to + "/class_index.json"))
        return false;
    for (int i = 0; i < count; ++i) {
        const QString name = classes[first + step * i];
        if (!QFile::link(from + '/' + name, to + '/' + name))
            return false;
    }
    return true;
}

QString makeVitTiny(const QString &folder, World &world)
{
    if (realData().empty())
        return "needs the real checkpoints and images: set EDGEFLEX_TEST_DATA";
    const QString data = QString::fromStdString(realData());
    world.model = data + "/checkpoints/vit_tiny_patch16_224";
    world.calibration = folder + "/calibration";
    world.data = folder + "/judging"; // "data" is where the program keeps its own
    world.blocks = 12;
    world.shape = "12 blocks, width 192, 3 heads";
    const QString images = data + "/imagenet-train-1000";
    if (!linkClasses(images, world.calibration, 0, 10, 100) || !linkClasses(images, world.data, 5, 30, 32))
        return "needs the images in " + images;
    return writeVariations(folder, world);
}

} // namespace

QString makeWorld(const QString &name, const QString &folder, World &world, int judged)
{
    world.name = name;
    return name == "demo" ? makeDemo(folder, world, judged) : makeVitTiny(folder, world);
}

} // namespace edgeflex::test
