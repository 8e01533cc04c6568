#pragma once

#include "widgets/effecttablemodel.h"

#include <QStringList>

#include <vector>

namespace edgeflex {

class Document;

// The edits that could be made of some layers: each number format, for the MLPs among them shares that may stay, for
// attention numbers of heads and shares of their dimensions, and for both a linear layer in their place.
std::vector<Effect> editsOf(const Document &document, const QStringList &layers);

} // namespace edgeflex
