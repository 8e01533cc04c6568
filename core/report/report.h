#pragma once

#include "report/chart.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace edgeflex {

// A report as a document: what it says, not how it looks. Texts are UTF-8 and plain; numbers in them have a decimal
// point, an ASCII minus and a unit. Writers turn it into files.

// How good the news is.
enum class Tone { Neutral, Good, Caution, Bad };

struct Paragraph
{
    enum class Role {
        Body,
        Verdict, // the one sentence to take away
        Note     // small print under a table or figure
    };

    std::string text;
    Role role = Role::Body;
    Tone tone = Tone::Neutral; // of a verdict

    bool operator==(const Paragraph &) const = default;
};

// One figure to see from afar: "Weights", "5.65 MB", "4.0x smaller".
struct KeyFigure
{
    std::string label;
    std::string value;
    std::string detail;

    bool operator==(const KeyFigure &) const = default;
};

struct KeyFigures
{
    std::vector<KeyFigure> figures;

    bool operator==(const KeyFigures &) const = default;
};

enum class Alignment { Left, Right };

struct TableColumn
{
    std::string title;
    std::string unit; // of every cell; empty: none, or written in the cells
    Alignment alignment = Alignment::Right;

    bool operator==(const TableColumn &) const = default;
};

struct TableRow
{
    enum class Style {
        Normal,
        Detail,   // belongs to the row above, e.g. its interval
        Emphasis, // the one the report is about
        Total
    };

    std::vector<std::string> cells; // one a column
    Style style = Style::Normal;
    bool ruleAbove = false; // begins a group

    bool operator==(const TableRow &) const = default;
};

struct Table
{
    std::string caption;
    std::vector<TableColumn> columns;
    std::vector<TableRow> rows;
    bool repeatHeader = true; // on every page it continues on

    bool operator==(const Table &) const = default;
};

struct Figure
{
    std::string caption;
    std::string description;   // what it shows in words, for who cannot see it
    std::vector<Chart> panels; // side by side
    double aspect = 0.5;       // height of a panel's share by the whole figure's width

    bool operator==(const Figure &) const = default;
};

struct KeyValues
{
    std::vector<std::pair<std::string, std::string>> entries;

    bool operator==(const KeyValues &) const = default;
};

struct Code
{
    std::string caption;
    std::string text; // lines of at most 100 characters

    bool operator==(const Code &) const = default;
};

using ReportBlock = std::variant<Paragraph, KeyFigures, Table, Figure, KeyValues, Code>;

struct ReportSection
{
    std::string title;
    std::vector<ReportBlock> blocks;

    bool operator==(const ReportSection &) const = default;
};

struct Report
{
    std::string title;
    std::string subtitle;
    std::string model; // its name, for page headers
    std::string date;  // of the latest figure, ISO 8601; empty: nothing was measured
    std::vector<ReportSection> sections;

    bool operator==(const Report &) const = default;
};

} // namespace edgeflex
