#include "report/texttable.h"

#include <algorithm>

namespace edgeflex {

namespace {

// Columns taken on a terminal: UTF-8 continuation bytes take none.
std::size_t displayWidth(const std::string &cell)
{
    return static_cast<std::size_t>(std::count_if(
        cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

} // namespace

std::string TextTable::text() const
{
    std::vector<std::size_t> widths(m_rows.front().size(), 0);
    for (const auto &row : m_rows) {
        for (std::size_t c = 0; c < std::min(row.size(), widths.size()); ++c)
            widths[c] = std::max(widths[c], displayWidth(row[c]));
    }
    std::string text;
    for (std::size_t r = 0; r < m_rows.size(); ++r) {
        std::string line;
        for (std::size_t c = 0; c < widths.size(); ++c) {
            const std::string cell = c < m_rows[r].size() ? m_rows[r][c] : std::string();
            const std::string padding(widths[c] - displayWidth(cell), ' ');
            line += (c ? "  " : "") + (c ? padding + cell : cell + padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
        if (r == 0) {
            std::size_t total = 2 * (widths.size() - 1);
            for (const std::size_t width : widths)
                total += width;
            text += std::string(total, '-') + "\n";
        }
    }
    return text;
}

} // namespace edgeflex
