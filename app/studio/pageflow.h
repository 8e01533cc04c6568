#pragma once

#include <QPointF>

#include <functional>
#include <vector>

class QPainter;

namespace edgeflex {

// One piece of a document that no page break goes through: a heading, a line, a row, a figure. Lengths are in the
// device's pixels.
struct FlowItem
{
    double height = 0;
    double spaceBefore = 0;    // not at the top of a page
    bool keepWithNext = false; // never the last on a page
    int header = -1;           // index of the item that is repeated above this one when it begins a page
    std::function<void(QPainter &painter, QPointF topLeft)> paint;
};

// An item at its place on a page, from the top of the text area.
struct PlacedItem
{
    int item = 0;
    double y = 0;

    bool operator==(const PlacedItem &) const = default;
};

using Page = std::vector<PlacedItem>;

// Puts the items on pages of `pageHeight`, the first of which has `firstHeight`. A run of items kept together that is
// higher than a page is broken all the same.
std::vector<Page> paginate(const std::vector<FlowItem> &items, double firstHeight, double pageHeight);

} // namespace edgeflex
