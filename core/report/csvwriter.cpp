#include "report/csvwriter.h"

namespace edgeflex {

namespace {

std::string quoted(const std::string &field)
{
    if (field.find_first_of(",\"\r\n") == std::string::npos)
        return field;
    std::string result = "\"";
    for (const char letter : field)
        result += letter == '"' ? std::string("\"\"") : std::string(1, letter);
    return result + "\"";
}

std::string lines(const Table &table)
{
    std::string result = quoted(table.caption) + "\r\n";
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        const TableColumn &column = table.columns[i];
        result += (i ? "," : "") + quoted(column.unit.empty() ? column.title : column.title + " (" + column.unit + ")");
    }
    result += "\r\n";
    for (const TableRow &row : table.rows) {
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            result += (i ? "," : "") + quoted(i < row.cells.size() ? row.cells[i] : std::string());
        result += "\r\n";
    }
    return result;
}

} // namespace

std::string csvReport(const Report &report)
{
    std::string result;
    for (const ReportSection &section : report.sections) {
        for (const ReportBlock &block : section.blocks) {
            if (const Table *table = std::get_if<Table>(&block))
                result += (result.empty() ? "" : "\r\n") + lines(*table);
        }
    }
    return result;
}

} // namespace edgeflex
