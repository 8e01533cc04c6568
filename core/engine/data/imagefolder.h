#pragma once

#include "engine/data/dataset.h"

#include <memory>
#include <string>

namespace edgeflex {

// A folder with labels.csv (see parseLabelsCsv). Every listed file must exist.
std::unique_ptr<Dataset> openLabelledFolder(const std::string &folder);

// A folder whose subfolders are classes, each holding JPEG or PNG files (by their extension, any case). Hidden files
// and deeper folders are not read. A class's index is its place among the sorted folder names, empty ones
// included, or what class_index.json, {"folder": index}, says. Images are ordered by folder, then by file name.
std::unique_ptr<Dataset> openClassFolders(const std::string &folder);

} // namespace edgeflex
