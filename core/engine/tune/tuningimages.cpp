#include "engine/tune/tuningimages.h"

#include "plan/error.h"
#include "plan/schedule.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace edgeflex {

namespace {

constexpr int streamBatch = 8;

std::vector<std::int64_t> spreadOver(const std::vector<std::int64_t> &from, std::int64_t limit)
{
    std::vector<std::int64_t> chosen;
    for (const std::int64_t i : spreadIndices(static_cast<std::int64_t>(from.size()), limit))
        chosen.push_back(from[static_cast<std::size_t>(i)]);
    return chosen;
}

} // namespace

TuningImages chooseTuningImages(const std::string &calibration, const std::string &search, std::int64_t images,
                                std::int64_t searchImages, bool flips, Progress &progress)
{
    TuningImages chosen;
    chosen.calibrationSet = openDataset(calibration);
    chosen.calibration.dataset = chosen.search.dataset = chosen.calibrationSet.get();
    chosen.calibration.batch = chosen.search.batch = streamBatch;
    chosen.calibration.flips = flips;
    Split split;
    if (search.empty()) {
        split = splitByName(*chosen.calibrationSet);
    } else {
        chosen.searchSet = openDataset(search);
        chosen.search.dataset = chosen.searchSet.get();
        split.calibration = spreadIndices(chosen.calibrationSet->size(), 0);
        split.search = spreadIndices(chosen.searchSet->size(), 0);
    }
    chosen.calibration.indices = spreadOver(split.calibration, images);
    chosen.search.indices = spreadOver(split.search, searchImages);
    if (chosen.calibration.indices.empty() || chosen.search.indices.empty())
        throw Error(calibration + " holds too few images to calibrate and to search on; give more, or separate search "
                                  "images with --search");
    const std::string calibrating = "calibrating on " + std::to_string(chosen.calibration.indices.size()) +
                                    " images of " + calibration + (flips ? " and their mirror images" : "");
    const std::string searching = ", searching on " + std::to_string(chosen.search.indices.size());
    progress.note(search.empty()
                      ? calibrating + searching + " others: one in five, by a hash of its name, is kept for searching"
                      : calibrating + searching + " of " + search);
    return chosen;
}

std::int64_t affordableImages(const ModelSpec &spec, double macs, std::int64_t least, std::int64_t most)
{
    std::int64_t each = 1;
    for (const Operation &operation : makeSchedule(spec, ScheduleKind::Tight, 1, {}).operations)
        each += operation.macs;
    return std::clamp(static_cast<std::int64_t>(macs / static_cast<double>(each)), least, most);
}

CalibrationImages someOf(const CalibrationImages &images, std::int64_t few)
{
    CalibrationImages some = images;
    some.indices = spreadOver(images.indices, few);
    return some;
}

} // namespace edgeflex
