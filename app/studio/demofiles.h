#pragma once

#include <QString>

namespace edgeflex {

// Where the demo lies, as far as it is there; empty where it is not.
struct DemoFiles
{
    QString session;     // what "./dev demo" measured
    QString model;       // the model that comes with the program
    QString calibration; // Fashion-MNIST's training images
    QString data;        // and its test images

    bool any() const { return !session.isEmpty() || !model.isEmpty(); }
};
// `program`: the folder of the program.
DemoFiles findDemo(const QString &program);

} // namespace edgeflex
