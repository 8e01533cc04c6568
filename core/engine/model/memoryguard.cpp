#include "engine/model/memoryguard.h"

#include "plan/error.h"
#include "plan/quantity.h"

#include <algorithm>
#include <fstream>
#include <limits>

namespace edgeflex {

namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int64_t>::max();

// A cgroup file holds one number or "max".
std::int64_t readNumber(const char *path)
{
    std::ifstream file(path);
    std::int64_t value = unlimited;
    return file >> value ? value : unlimited;
}

std::int64_t machineAvailable()
{
    std::ifstream file("/proc/meminfo");
    std::string field;
    std::int64_t kibibytes = 0;
    while (file >> field >> kibibytes) {
        if (field == "MemAvailable:")
            return kibibytes * 1024;
        file.ignore(64, '\n');
    }
    return unlimited;
}

} // namespace

std::int64_t availableMemoryBytes()
{
    const std::int64_t limit = readNumber("/sys/fs/cgroup/memory.max");
    const std::int64_t used = limit == unlimited ? 0 : readNumber("/sys/fs/cgroup/memory.current");
    const std::int64_t inGroup = used == unlimited ? limit : limit - used;
    return std::min(machineAvailable(), inGroup);
}

void requireMemory(const JobOptions &options, std::int64_t estimate, const std::string &job)
{
    const bool limited = options.memoryLimitBytes > 0;
    const std::int64_t limit = limited ? options.memoryLimitBytes : availableMemoryBytes();
    if (estimate > limit)
        throw Error(job + " needs about " + formatBytes(estimate) + " of memory and " + formatBytes(limit) +
                    (limited ? " are allowed" : " are free") +
                    "; use a smaller batch, fewer images or a smaller model");
}

} // namespace edgeflex
