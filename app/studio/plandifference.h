#pragma once

#include "plan/compressionplan.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace edgeflex {

// One thing that two plans for a model do differently, to one layer or to the same layer of several blocks.
struct PlanDifference
{
    QString where; // "mlp.fc1 of blocks 2 to 9"
    QString a;     // "FP32", "100 %"
    QString b;
    QStringList layers; // canonical names

    bool operator==(const PlanDifference &) const = default;
};

// Throws Error where a plan does not fit the model.
QList<PlanDifference> planDifferences(const ModelSpec &spec, const CompressionPlan &a, const CompressionPlan &b);

} // namespace edgeflex
