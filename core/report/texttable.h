#pragma once

#include <string>
#include <vector>

namespace edgeflex {

// A table for terminals: the first column flush left, the others flush right, two spaces between.
class TextTable
{
public:
    explicit TextTable(std::vector<std::string> header) : m_rows{std::move(header)} {}
    // Rows may be shorter than the header.
    void addRow(std::vector<std::string> row) { m_rows.push_back(std::move(row)); }
    std::string text() const; // a line a row, a rule under the header

private:
    std::vector<std::vector<std::string>> m_rows;
};

} // namespace edgeflex
