#include "report/markdownwriter.h"

#include <algorithm>

namespace edgeflex {

namespace {

bool isWord(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

// Text that Markdown takes as it is, on one line.
std::string escaped(const std::string &text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (letter == '\n' || letter == '\r') {
            result += ' ';
            continue;
        }
        const bool within = i > 0 && i + 1 < text.size() && isWord(text[i - 1]) && isWord(text[i + 1]);
        if (std::string("\\`*[]<>|&~").find(letter) != std::string::npos || (letter == '_' && !within))
            result += '\\';
        result += letter;
    }
    return result;
}

// The same at the beginning of a line, where some letters begin a heading or a list.
std::string escapedLine(const std::string &text)
{
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (!text.empty() && std::string("#-+=").find(text[0]) != std::string::npos)
        return "\\" + escaped(text);
    if (digits != std::string::npos && digits > 0 && (text[digits] == '.' || text[digits] == ')'))
        return text.substr(0, digits) + "\\" + escaped(text.substr(digits));
    return escaped(text);
}

std::string bold(const std::string &text)
{
    return text.empty() ? text : "**" + escaped(text) + "**";
}

std::string title(const TableColumn &column)
{
    return column.unit.empty() ? column.title : column.title + ", " + column.unit;
}

std::string text(const Paragraph &paragraph)
{
    switch (paragraph.role) {
    case Paragraph::Role::Body:
        break;
    case Paragraph::Role::Verdict:
        return "> " + bold(paragraph.text) + "\n";
    case Paragraph::Role::Note:
        return "*" + escaped(paragraph.text) + "*\n";
    }
    return escapedLine(paragraph.text) + "\n";
}

std::string text(const KeyFigures &key)
{
    std::string result;
    for (const KeyFigure &figure : key.figures)
        result += "- " + escaped(figure.label) + ": " + bold(figure.value) +
                  (figure.detail.empty() ? "" : " (" + escaped(figure.detail) + ")") + "\n";
    return result;
}

std::string text(const Table &table)
{
    std::string result = table.caption.empty() ? "" : bold(table.caption) + "\n\n";
    std::string rule = "|";
    result += "|";
    for (const TableColumn &column : table.columns) {
        result += " " + escaped(title(column)) + " |";
        rule += column.alignment == Alignment::Right ? " ---: |" : " :--- |";
    }
    result += "\n" + rule + "\n";
    for (const TableRow &row : table.rows) {
        const bool strong = row.style == TableRow::Style::Emphasis || row.style == TableRow::Style::Total;
        result += "|";
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const std::string cell = i < row.cells.size() ? row.cells[i] : std::string();
            result += " " + (strong ? bold(cell) : escaped(cell)) + " |";
        }
        result += "\n";
    }
    return result;
}

std::string text(const Figure &figure)
{
    return bold(figure.caption) + ": " + escaped(figure.description) + "\n";
}

std::string text(const KeyValues &facts)
{
    std::string result;
    for (const auto &[key, value] : facts.entries)
        result += "- " + bold(key) + ": " + escaped(value) + "\n";
    return result;
}

std::string text(const Code &code)
{
    std::size_t longest = 2; // a fence is longer than any run of back-ticks within
    std::size_t run = 0;
    for (const char letter : code.text) {
        run = letter == '`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, '`');
    return (code.caption.empty() ? "" : escapedLine(code.caption) + ":\n\n") + fence + "\n" + code.text + "\n" + fence +
           "\n";
}

} // namespace

std::string markdownReport(const Report &report)
{
    std::string result = "# " + escaped(report.title) + "\n";
    if (!report.subtitle.empty())
        result += "\n" + escapedLine(report.subtitle) + "\n";
    if (!report.date.empty())
        result += "\n" + escaped("Measured until " + report.date) + "\n";
    for (const ReportSection &section : report.sections) {
        result += "\n## " + escaped(section.title) + "\n";
        for (const ReportBlock &block : section.blocks)
            result += "\n" + std::visit([](const auto &each) { return text(each); }, block);
    }
    return result;
}

} // namespace edgeflex
