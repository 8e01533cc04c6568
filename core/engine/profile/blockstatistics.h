#pragma once

#include "engine/profile/linearstatistics.h"

namespace edgeflex {

// Statistics of the inputs of a block's four layers, as far as they were asked for.
struct BlockStatistics
{
    LinearStatistics qkv;
    LinearStatistics proj;
    LinearStatistics fc1;
    LinearStatistics fc2;

    // By which: 0..3.
    LinearStatistics &layer(int which)
    {
        LinearStatistics *layers[] = {&qkv, &proj, &fc1, &fc2};
        return *layers[which];
    }
};

} // namespace edgeflex
