#pragma once

#include "plan/measurement.h"
#include "plan/progress.h"
#include "plan/results.h"
#include "plan/verboptions.h"

#include <memory>

namespace edgeflex {

// Drafts of one model after another plan, and what makes the next one quick: the opened model, the uncompressed model
// packed and its answers on the images that judge (up to 256 MB), those images decoded and cropped (up to 512 MB), the
// calibration (see Calibration) and every block as last compressed. All of it is for one model, one set of calibration
// images and one that judges; whatever of these changes, files on the disk included, is thrown away and made anew. Not
// thread-safe.
class DraftStore
{
public:
    DraftStore();
    ~DraftStore();
    DraftStore(const DraftStore &) = delete;
    DraftStore &operator=(const DraftStore &) = delete;

    // Compresses after options.plan and measures against the uncompressed model. A plan that changes nothing is the
    // baseline's own measurement, without againstBaseline. Process memory is not measured: the draft is in this process
    // only. A cancelled draft leaves all that was finished for the next one.
    Measurement draft(const DraftOptions &options, Progress &progress);
    // What the same draft answers on one image of options.draft.data. Throws Error where there is no such image.
    ImageAnswer answer(const AnswerOptions &options, Progress &progress);

private:
    struct Opened;
    struct Calibrated;
    struct Judged;
    Opened &opened(const DraftOptions &options, Progress &progress);
    Calibrated &calibrated(const DraftOptions &options);
    Judged &judged(const DraftOptions &options);

    std::unique_ptr<Opened> m_opened;
    std::unique_ptr<Calibrated> m_calibrated; // of m_opened
    std::unique_ptr<Judged> m_judged;         // by m_opened
};

// Drafts with a store that this process keeps. One at a time; others wait.
Measurement draftModel(const DraftOptions &options, Progress &progress);
ImageAnswer draftAnswer(const AnswerOptions &options, Progress &progress);

} // namespace edgeflex
