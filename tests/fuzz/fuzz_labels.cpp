#include "engine/data/labelscsv.h"
#include "plan/error.h"

#include <cstdint>
#include <cstdlib>

using namespace edgeflex;

// A table of labels: no accepted path leaves the folder, no accepted label is negative.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    try {
        const auto files = parseLabelsCsv({reinterpret_cast<const char *>(data), size}, "input");
        for (const auto &[file, label] : files) {
            const bool leaves = file.starts_with('/') || file == ".." || file.starts_with("../") ||
                                file.ends_with("/..") || file.find("/../") != std::string::npos;
            if (file.empty() || leaves || label < 0)
                std::abort();
        }
    } catch (const Error &) {
    }
    return 0;
}
