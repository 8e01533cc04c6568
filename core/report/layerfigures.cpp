#include "report/layerfigures.h"

#include <algorithm>
#include <charconv>

namespace edgeflex {

std::int64_t activationBytes(const ModelSpec &spec, const LinearSpec &linear, int batch)
{
    const bool ofImage =
        linear.name == spec.head.name || std::any_of(spec.preLogits.begin(), spec.preLogits.end(),
                                                     [&](const LinearSpec &each) { return each.name == linear.name; });
    const std::int64_t rows = ofImage ? 1 : linear.name == spec.patchEmbed.name ? spec.patches() : spec.tokens();
    return rows * batch * linear.outFeatures * 4;
}

int blockOfLayer(const std::string &name)
{
    constexpr std::string_view prefix = "blocks.";
    int block = -1;
    if (name.starts_with(prefix))
        std::from_chars(name.data() + prefix.size(), name.data() + name.size(), block);
    return block;
}

std::vector<ChartTick> blockTicks(const std::vector<int> &blocks, int most)
{
    const int count = blocks.empty() ? 0 : 1 + *std::max_element(blocks.begin(), blocks.end());
    const int every = std::max(1, (count + most - 1) / std::max(most, 1));
    std::vector<ChartTick> ticks;
    for (std::size_t first = 0; first < blocks.size();) {
        std::size_t end = first + 1;
        while (end < blocks.size() && blocks[end] == blocks[first])
            ++end;
        if (blocks[first] >= 0 && blocks[first] % every == 0)
            ticks.push_back({static_cast<double>(first + end) / 2, std::to_string(blocks[first])});
        first = end;
    }
    return ticks;
}

} // namespace edgeflex
