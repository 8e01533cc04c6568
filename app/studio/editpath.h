#pragma once

#include "plan/compressionplan.h"

#include <QString>

#include <vector>

namespace edgeflex {

class Document;

// A plan on the way from one state to another.
struct EditStep
{
    CompressionPlan plan;
    QString edit;     // what made it of the plan before it; empty for the first
    int variant = -1; // that was measured of it; -1: it is a plan between two that were
};

// The way from state `a` to state `b` (ids of the document): through the tree of what was made from what, and between
// two states through the edits that can still be undone or redone. Steps that change nothing are left out. Empty where
// there is no such state.
std::vector<EditStep> editPath(Document &document, int a, int b);

} // namespace edgeflex
