#pragma once

#include "widgets/effecttablemodel.h"

#include <QStringList>

#include <vector>

namespace edgeflex {

class Document;

// The edits that could be made of some layers: each number format, and for the MLPs among them each share that may
// stay.
std::vector<Effect> editsOf(const Document &document, const QStringList &layers);

} // namespace edgeflex
