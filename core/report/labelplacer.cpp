#include "report/labelplacer.h"

#include <algorithm>

namespace edgeflex {

namespace {

double common(const LabelBox &a, const LabelBox &b)
{
    const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
    const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
    return width > 0 && height > 0 ? width * height : 0;
}

} // namespace

void LabelPlacer::addObstacle(LabelBox box, double weight)
{
    m_obstacles.push_back({box, weight});
}

double LabelPlacer::covered(const LabelBox &box) const
{
    double area = box.area() - common(box, m_frame); // outside counts as covered
    for (const Obstacle &obstacle : m_obstacles)
        area += obstacle.weight * common(box, obstacle.box);
    return area;
}

int LabelPlacer::place(const std::vector<LabelBox> &candidates, double most)
{
    int best = -1;
    double least = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const double area = covered(candidates[i]);
        if (best < 0 || area < least - 1e-9) {
            best = static_cast<int>(i);
            least = area;
        }
    }
    if (best < 0)
        return -1;
    const LabelBox &box = candidates[static_cast<std::size_t>(best)];
    if (least > most * box.area())
        return -1;
    addObstacle(box, 2);
    return best;
}

} // namespace edgeflex
