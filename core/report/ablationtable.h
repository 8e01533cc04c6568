#pragma once

#include "plan/ablation.h"

#include <string>

namespace edgeflex {

// A Markdown table of an ablation, with the line that says what it was measured on. Reentrant.
std::string ablationTable(const Ablation &ablation);

} // namespace edgeflex
