#pragma once

#include <QString>

namespace edgeflex::test {

// What the window is driven on: a model, a copy of it that states a wrong way of preparing images, one whose weights
// are cut off, and a few of its images.
struct World
{
    QString name;
    QString model;
    QString wrong;
    QString broken;
    QString calibration;
    QString data;
    int blocks = 0;
    bool small = false; // so that measuring the model anew costs nothing
    QString shape;      // as the setup page says it
};

// Writes what there is not yet into `folder`. `name`: "demo" for the demo's model and Fashion-MNIST, of which so many
// images are judged, "vit-tiny" for the ImageNet model among the shared test data. Returns why there is no such world,
// or an empty text.
QString makeWorld(const QString &name, const QString &folder, World &world, int judged = 200);

} // namespace edgeflex::test
