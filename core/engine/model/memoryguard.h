#pragma once

#include "plan/verboptions.h"

#include <cstdint>
#include <string>

namespace edgeflex {

// Bytes a new job can take: what the kernel calls available, within the control group's limit.
std::int64_t availableMemoryBytes();

// Throws Error before anything large is allocated when `estimate` bytes exceed the job's limit or the
// machine's free memory. `job` reads like "profiling vit-huge at batch 64".
void requireMemory(const JobOptions &options, std::int64_t estimate, const std::string &job);

} // namespace edgeflex
