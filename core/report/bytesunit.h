#pragma once

#include <cstdint>
#include <string>

namespace edgeflex {

// One unit for all sizes of a chart, so that its axis has short numbers.
struct BytesUnit
{
    std::string name = "MB";
    double bytes = 1e6;

    // That which suits the largest of them.
    static BytesUnit of(std::int64_t largest)
    {
        if (largest >= 2'000'000'000)
            return {"GB", 1e9};
        return largest < 200'000 ? BytesUnit{"kB", 1e3} : BytesUnit();
    }
    double value(std::int64_t count) const { return static_cast<double>(count) / bytes; }
};

} // namespace edgeflex
