#include "app/studio/pageflow.h"

namespace edgeflex {

std::vector<Page> paginate(const std::vector<FlowItem> &items, double firstHeight, double pageHeight)
{
    std::vector<Page> pages(1);
    double y = 0;
    bool begun = false; // there is more on the page than a header that is repeated
    const auto height = [&] {
        return pages.size() == 1 ? firstHeight : pageHeight;
    };
    const auto put = [&](std::size_t index) {
        const FlowItem &item = items[index];
        if (y > 0)
            y += item.spaceBefore;
        pages.back().push_back({static_cast<int>(index), y});
        y += item.height;
        begun = true;
    };
    const auto breakBefore = [&](std::size_t index) {
        pages.emplace_back();
        y = 0;
        if (items[index].header >= 0)
            put(static_cast<std::size_t>(items[index].header));
        begun = false;
    };
    for (std::size_t first = 0; first < items.size();) {
        std::size_t end = first + 1;
        double together = items[first].height;
        while (end < items.size() && items[end - 1].keepWithNext) {
            together += items[end].spaceBefore + items[end].height;
            ++end;
        }
        const double gap = y > 0 ? items[first].spaceBefore : 0;
        if (begun && y + gap + together > height())
            breakBefore(first);
        for (; first < end; ++first) {
            // Only where the run is higher than a page.
            if (begun && y + items[first].spaceBefore + items[first].height > height())
                breakBefore(first);
            put(first);
        }
    }
    return pages;
}

} // namespace edgeflex
