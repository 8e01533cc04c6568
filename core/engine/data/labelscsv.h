#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

struct LabelledFile
{
    std::string file; // relative to the folder of the table
    int label = 0;    // class index

    bool operator==(const LabelledFile &) const = default;
};

// A table of images: the header "file,label", then one image a line. RFC 4180 quotes, CRLF, a byte-order mark, blank
// lines and spaces around fields are accepted. Throws Error naming `name` and the line when a label is not an integer
// from 0 to 999,999, when a path is absolute, leaves the folder or appears twice, or when there are no images.
std::vector<LabelledFile> parseLabelsCsv(std::string_view text, const std::string &name);

} // namespace edgeflex
