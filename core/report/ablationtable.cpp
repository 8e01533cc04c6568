#include "report/ablationtable.h"

#include "plan/quantity.h"
#include "report/reporttext.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <vector>

namespace edgeflex {

namespace {

using Set = AblationRow::Set;
using Cells = std::array<std::string, 6>;

const char *titleOf(Set set)
{
    switch (set) {
    case Set::Reference:
        return "";
    case Set::Alone:
        return "one alone";
    case Set::Cumulative:
        return "one more each";
    case Set::LeftOut:
        return "one left out";
    }
    return "";
}

std::string nameOf(const AblationRow &row)
{
    switch (row.set) {
    case Set::Cumulative:
        return "+ " + row.stage;
    case Set::LeftOut:
        return "without " + row.stage;
    default:
        return row.stage;
    }
}

// The last part of a path.
std::string lastOf(const std::string &path)
{
    const std::filesystem::path whole = std::filesystem::path(path).lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

} // namespace

std::string ablationTable(const Ablation &ablation)
{
    std::vector<Cells> rows{{"stages", "KL", "same answer", "points lost (95 %)", "McNemar p", "weights"}};
    Set set = Set::Reference;
    for (const AblationRow &row : ablation.rows) {
        if (row.set != set)
            rows.push_back({std::string("**") + titleOf(row.set) + "**", "", "", "", "", ""});
        set = row.set;
        rows.push_back({nameOf(row), fixed(row.kl, 4), formatPercent(row.agreement),
                        fixed(row.drop.points, 2) + " (" + range(row.drop.low, row.drop.high, 2) + ")",
                        fixed(row.drop.mcnemarP, 3), formatBytes(row.weightsBytes)});
    }
    std::string text = lastOf(ablation.model) + ", " + upper(toString(ablation.format)) + ", " +
                       formatPercent(ablation.mlpKeep, 0) +
                       " of the MLP channels kept: " + counted(ablation.images, "image") + " of " +
                       lastOf(ablation.dataset) + ", on which FP32 (" + formatBytes(ablation.baselineWeightsBytes) +
                       ") gets " + formatPercent(ablation.baselineTop1.rate) + " right; calibrated on " +
                       counted(ablation.calibrationImages, "image") + ", widths chosen on " +
                       std::to_string(ablation.searchImages) + ".\n\n";
    std::array<std::size_t, 6> widths{};
    for (const Cells &row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    for (std::size_t r = 0; r < rows.size(); ++r) {
        text += "|";
        for (std::size_t i = 0; i < widths.size(); ++i)
            text += " " + rows[r][i] + std::string(widths[i] - rows[r][i].size(), ' ') + " |";
        text += "\n";
        if (r == 0) {
            text += "|";
            for (const std::size_t width : widths)
                text += std::string(width + 2, '-') + "|";
            text += "\n";
        }
    }
    return text;
}

} // namespace edgeflex
