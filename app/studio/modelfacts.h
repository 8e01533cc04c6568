#pragma once

#include <QList>
#include <QString>

namespace edgeflex {

struct ModelSummary;

struct Fact
{
    QString name;
    QString value;

    bool operator==(const Fact &) const = default;
};

// What there is to know about a model at a glance, for people.
QList<Fact> modelFacts(const ModelSummary &summary);

} // namespace edgeflex
