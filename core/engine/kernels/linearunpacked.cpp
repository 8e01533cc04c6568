#include "engine/kernels/linearunpacked.h"

#include "engine/kernels/gemm.h"
#include "engine/kernels/simdkernels.h"
#include "engine/kernels/threadscope.h"
#include "plan/linearlayout.h"

#include <algorithm>

namespace edgeflex {

void LinearUnpacked::forward(const float *x, std::int64_t rows, float *y) const
{
    if (rows == 0)
        return;
    const ThreadScope scope(threads());
    const std::int64_t k = inFeatures();
    const std::int64_t panelRows = std::min(unpackPanelRows, outFeatures());
    HostBuffer scratch(static_cast<std::size_t>(panelRows * k) * sizeof(float));
    auto *panel = scratch.as<float>();
    startWithBias(y, rows);
    for (std::int64_t first = 0; first < outFeatures(); first += panelRows) {
        const std::int64_t count = std::min(panelRows, outFeatures() - first);
#pragma omp parallel for
        for (std::int64_t n = 0; n < count; ++n) {
            float *row = panel + n * k;
            unpackRow(first + n, row);
            if (const float *scale = inputScale())
                for (std::int64_t i = 0; i < k; ++i)
                    row[i] *= scale[i];
        }
        gemm(false, true, rows, count, k, 1, x, k, panel, k, accumulation(), y + first, outFeatures());
    }
}

std::string LinearUnpacked::unpackedImplementation(const std::string &format)
{
    return format + " stored and unpacked with " + simdKernels().name + ", FP32 oneDNN " + gemmSupport().instructionSet;
}

} // namespace edgeflex
