#pragma once

#include <vector>

namespace edgeflex {

struct LabelBox
{
    double left = 0;
    double top = 0;
    double right = 0;
    double bottom = 0;

    double area() const { return (right - left) * (bottom - top); }
};

// Finds room for labels among what is drawn already: the first of the least covered places.
class LabelPlacer
{
public:
    // Labels stay within `frame` if they can.
    explicit LabelPlacer(LabelBox frame) : m_frame(frame) {}

    // Something that labels should not cover; `weight` says how bad it is to.
    void addObstacle(LabelBox box, double weight = 1);
    // The index of the best of the candidates, which becomes an obstacle, or -1 where even that one is covered by more
    // than `most` of its area.
    int place(const std::vector<LabelBox> &candidates, double most);

private:
    double covered(const LabelBox &box) const;

    struct Obstacle
    {
        LabelBox box;
        double weight;
    };

    LabelBox m_frame;
    std::vector<Obstacle> m_obstacles;
};

} // namespace edgeflex
