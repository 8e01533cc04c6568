#include "report/svgchart.h"

#include "report/reporttext.h"

#include <array>

namespace edgeflex {

namespace {

constexpr double figureWidth = 500; // points; the page scales it

struct InkColor
{
    Ink ink;
    const char *name;
    const char *light;
    const char *dark;
};

// The window's colours (Okabe and Ito's, apart for colour-blind eyes).
constexpr std::array<InkColor, 12> inks{{{Ink::Paper, "paper", "#ffffff", "#1c1c20"},
                                         {Ink::Text, "text", "#1d1d1f", "#e8e8ec"},
                                         {Ink::Muted, "muted", "#6b6b73", "#9a9aa4"},
                                         {Ink::Grid, "grid", "#e4e4e8", "#36363c"},
                                         {Ink::Neutral, "neutral", "#6b6b73", "#9a9aa4"},
                                         {Ink::Baseline, "baseline", "#1d1d1f", "#e8e8ec"},
                                         {Ink::Variant, "variant", "#0072b2", "#56b4e9"},
                                         {Ink::Chosen, "chosen", "#b84a00", "#ff844a"},
                                         {Ink::Recipe, "recipe", "#008a65", "#2fcfa0"},
                                         {Ink::Weights, "weights", "#c4c4cc", "#6e6e76"},
                                         {Ink::Tensors, "tensors", "#0072b2", "#56b4e9"},
                                         {Ink::Scratch, "scratch", "#e69f00", "#e69f00"}}};

std::string nameOf(Ink ink)
{
    for (const InkColor &each : inks) {
        if (each.ink == ink)
            return each.name;
    }
    return {};
}

// Coordinates with two decimals at most, none that only repeat zeros.
std::string number(double value)
{
    std::string text = fixed(value, 2);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.'))
        text.pop_back();
    return text;
}

std::string attribute(const char *name, const std::string &value)
{
    return std::string(" ") + name + "=\"" + value + "\"";
}

std::string paint(Ink fill, Ink stroke, double width)
{
    std::string classes = fill == Ink::None ? "fill-none" : "fill-" + nameOf(fill);
    if (stroke != Ink::None)
        classes += " line-" + nameOf(stroke);
    return attribute("class", classes) +
           (stroke == Ink::None ? std::string() : attribute("stroke-width", number(width)));
}

std::string pointsOf(const std::vector<DrawPoint> &points)
{
    std::string text;
    for (const DrawPoint &point : points)
        text += (text.empty() ? "" : " ") + number(point.x) + "," + number(point.y);
    return text;
}

std::string element(const DrawPath &path)
{
    return std::string("<") + (path.closed ? "polygon" : "polyline") + attribute("points", pointsOf(path.points)) +
           paint(path.fill, path.stroke, path.width) +
           (path.dashed ? attribute("stroke-dasharray", "3 2.5") : std::string()) +
           (path.opacity < 1 ? attribute("opacity", number(path.opacity)) : std::string()) + "/>";
}

std::string element(const DrawMarker &marker)
{
    const std::string look = paint(marker.fill, marker.stroke, 0.8);
    const auto [x, y] = marker.centre;
    const double r = marker.radius;
    switch (marker.shape) {
    case ChartMarker::Circle:
        break;
    case ChartMarker::Diamond:
        return "<polygon" +
               attribute("points",
                         pointsOf({{x, y - 1.25 * r}, {x + 1.25 * r, y}, {x, y + 1.25 * r}, {x - 1.25 * r, y}})) +
               look + "/>";
    case ChartMarker::Square:
        return "<polygon" +
               attribute("points", pointsOf({{x - r, y - r}, {x + r, y - r}, {x + r, y + r}, {x - r, y + r}})) + look +
               "/>";
    }
    return "<circle" + attribute("cx", number(x)) + attribute("cy", number(y)) + attribute("r", number(r)) + look +
           "/>";
}

std::string element(const DrawText &text)
{
    const char *anchors[] = {"start", "middle", "end"};
    return "<text" + attribute("x", number(text.at.x)) + attribute("y", number(text.at.y)) +
           attribute("text-anchor", anchors[static_cast<int>(text.anchor)]) +
           attribute("font-size", number(text.size)) + (text.bold ? attribute("font-weight", "600") : std::string()) +
           attribute("class", "fill-" + nameOf(text.ink)) + ">" + escapeXml(text.text) + "</text>";
}

std::string colors(const char *InkColor::*color)
{
    std::string text;
    for (const InkColor &each : inks)
        text += std::string("--") + each.name + ":" + each.*color + ";";
    return text;
}

} // namespace

std::string escapeXml(std::string_view text)
{
    std::string escaped;
    for (const char letter : text) {
        switch (letter) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        case '\'':
            escaped += "&#39;";
            break;
        default:
            if (static_cast<unsigned char>(letter) >= 0x20 || letter == '\n' || letter == '\t')
                escaped += letter;
        }
    }
    return escaped;
}

double sansTextWidth(std::string_view text, double size, bool bold)
{
    double width = 0;
    for (const char letter : text) {
        if ((static_cast<unsigned char>(letter) & 0xC0U) == 0x80U)
            continue; // within a character
        if (std::string_view("iljI.,:;'|!()[] ").find(letter) != std::string_view::npos)
            width += 0.29;
        else if (std::string_view("mwMW%@").find(letter) != std::string_view::npos)
            width += 0.86;
        else if (letter >= 'A' && letter <= 'Z')
            width += 0.68;
        else
            width += 0.556;
    }
    return width * size * (bold ? 1.07 : 1.0);
}

std::string svgFigure(const Figure &figure)
{
    const ChartDrawing drawing = drawFigure(figure, figureWidth, sansTextWidth);
    std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" +
                      attribute("viewBox", "0 0 " + number(drawing.width) + " " + number(drawing.height)) +
                      ">\n<title>" + escapeXml(typographic(figure.description)) + "</title>\n";
    for (const DrawItem &item : drawing.items)
        svg += std::visit([](const auto &each) { return element(each); }, item) + "\n";
    return svg + "</svg>\n";
}

std::string svgFile(const Figure &figure)
{
    std::string svg = svgFigure(figure);
    const std::string end = "</title>\n";
    svg.insert(svg.find(end) + end.size(),
               "<style>" + svgStyles() + "svg{background:var(--paper);font-family:Arial,sans-serif}</style>\n");
    return svg;
}

std::string svgStyles()
{
    std::string css = ":root{" + colors(&InkColor::light) + "}\n@media screen and (prefers-color-scheme:dark){:root{" +
                      colors(&InkColor::dark) + "}}\n.fill-none{fill:none}\n";
    for (const InkColor &each : inks) {
        const std::string name = each.name;
        css += ".fill-" + name + "{fill:var(--" + name + ")}.line-" + name + "{stroke:var(--" + name + ")}\n";
    }
    return css;
}

} // namespace edgeflex
