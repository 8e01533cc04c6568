#include "engine/data/labelscsv.h"

#include "engine/io/printable.h"
#include "plan/error.h"

#include <charconv>
#include <filesystem>
#include <set>

namespace edgeflex {

namespace {

constexpr int largestLabel = 999'999;

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view()
                                           : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The fields of one line, quotes removed. Throws Error, with `where` in front, when a quote is left open or
// text follows a closing quote.
std::vector<std::string> fields(std::string_view line, const std::string &where)
{
    std::vector<std::string> result;
    while (true) {
        line = line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
        std::string field;
        if (line.starts_with('"')) {
            std::size_t at = 1;
            while (at < line.size() && (line[at] != '"' || line.substr(at).starts_with("\"\""))) {
                field += line[at];
                at += line[at] == '"' ? 2 : 1;
            }
            if (at >= line.size())
                throw Error(where + " has a quote that is not closed: add the missing \"");
            line = line.substr(at + 1);
            const std::size_t comma = std::min(line.find(','), line.size());
            if (!trimmed(line.substr(0, comma)).empty())
                throw Error(where + " has text behind a closing quote: write a quote within a field twice");
            line = line.substr(comma);
        } else {
            const std::size_t comma = std::min(line.find(','), line.size());
            field = trimmed(line.substr(0, comma));
            line = line.substr(comma);
        }
        result.push_back(std::move(field));
        if (line.empty())
            return result;
        line = line.substr(1);
    }
}

void checkPath(const std::string &file, const std::string &where)
{
    if (file.empty())
        throw Error(where + " names no file: write file,label");
    if (file.find('\0') != std::string::npos)
        throw Error(where + " has a zero byte in its file name: write the table as plain text");
    const std::filesystem::path path(file);
    bool leaves = path.is_absolute();
    for (const auto &part : path)
        leaves = leaves || part == "..";
    if (leaves)
        throw Error(where + " names " + printable(file) +
                    ", which is not inside the table's folder: use relative paths without \"..\"");
}

int labelOf(const std::string &text, const std::string &where)
{
    int label = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), label);
    if (error != std::errc() || end != text.data() + text.size() || label < 0 || label > largestLabel)
        throw Error(where + " has the label \"" + printable(text) + "\": write a class index, 0 or more");
    return label;
}

} // namespace

std::vector<LabelledFile> parseLabelsCsv(std::string_view text, const std::string &name)
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    std::vector<LabelledFile> result;
    std::set<std::string> seen;
    bool header = false;
    for (int number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty())
            continue;
        const std::string where = name + " line " + std::to_string(number);
        const std::vector<std::string> row = fields(line, where);
        if (!header) {
            if (row != std::vector<std::string>{"file", "label"})
                throw Error(where + " is not the header \"file,label\": add it as the first line");
            header = true;
            continue;
        }
        if (row.size() != 2)
            throw Error(where + " has " + std::to_string(row.size()) + " fields where file,label were expected");
        checkPath(row[0], where);
        if (!seen.insert(std::filesystem::path(row[0]).lexically_normal().string()).second)
            throw Error(where + " names " + printable(row[0]) + " a second time: list every image once");
        result.push_back({row[0], labelOf(row[1], where)});
    }
    if (!header)
        throw Error(name + " is empty: write the header \"file,label\" and one image a line");
    if (result.empty())
        throw Error(name + " lists no images: add lines of file,label");
    return result;
}

} // namespace edgeflex
