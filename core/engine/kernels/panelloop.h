#pragma once

#include "engine/kernels/simdkernels.h"

#include <omp.h>

#include <algorithm>
#include <cstdint>

namespace edgeflex {

// Products of fewer multiply-accumulates than this are done before other threads have woken.
inline constexpr std::int64_t parallelMacs = 1 << 18;

// Calls work(first output, width, first row, rows, thread) once for every panel of outputs and part of the rows, over
// up to `threads` OpenMP threads. Rows are split where there are too many for a core's cache. Split::Rows: among the
// threads too, as loops over rows are, where each gets enough of them: what a thread wrote then lies in its own cache
// when it is read. Split::Panels, where taking up a panel costs more than reading it: each thread gets neighbouring
// panels, and parts of the rows only where panels alone would leave threads idle.
enum class Split { Rows, Panels };

template<typename Work>
void forEachPanel(std::int64_t outputs, std::int64_t inputs, std::int64_t rows, int threads, Split split, Work work)
{
    constexpr std::int64_t mostRows = 256;
    constexpr std::int64_t fewestRows = 12;       // one tile of the widest kernel
    constexpr std::int64_t fewestThreadRows = 48; // that many products are worth reading the weights for
    const std::int64_t panels = (outputs + panelOutputs - 1) / panelOutputs;
    std::int64_t parts = (rows + mostRows - 1) / mostRows;
    const int workers = outputs * inputs * rows < parallelMacs ? 1 : threads;
    if (split == Split::Rows && rows >= fewestThreadRows * workers)
        parts = (parts + workers - 1) / workers * workers;
    else if (panels * parts % workers != 0 && panels * parts < 8 * workers)
        parts = std::max(parts, std::min<std::int64_t>(workers, rows / fewestRows));
    const std::int64_t partRows = (rows + parts - 1) / parts;
    const std::int64_t tasks = panels * parts;
#pragma omp parallel for num_threads(workers) schedule(static) if (workers > 1)
    for (std::int64_t task = 0; task < tasks; ++task) {
        const std::int64_t output = task % panels * panelOutputs;
        const std::int64_t row = task / panels * partRows;
        if (row < rows)
            work(output, std::min(panelOutputs, outputs - output), row, std::min(partRows, rows - row),
                 omp_get_thread_num());
    }
}

} // namespace edgeflex
