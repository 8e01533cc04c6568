#pragma once

#include <string>
#include <vector>

namespace edgeflex::cli {

// The window's program: $EDGEFLEX_STUDIO, else `edgeflex-studio` beside this program.
std::string studioProgram();
// Runs it without a display and waits. Throws Error with its own sentence when it fails, or saying that it cannot be
// started.
void runStudio(const std::vector<std::string> &arguments);

} // namespace edgeflex::cli
