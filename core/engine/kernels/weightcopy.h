#pragma once

#include "engine/tensor/hostallocator.h"
#include "engine/tensor/tensor.h"
#include "plan/modelspec.h"

#include <string_view>

namespace edgeflex {

// A copy of the array's bytes in one block of the host allocator. Throws Error naming the layer when a
// floating-point value is NaN or infinite; `what` names the values, e.g. "scales".
HostBuffer copyFinite(const Tensor &array, const LinearSpec &layer, std::string_view what);

// The same for an array [N, K] in panels of outputs with `groupInputs` values of each output together (see
// panelOutputs); a group takes 2 or 4 bytes.
HostBuffer packFinite(const Tensor &array, const LinearSpec &layer, std::int64_t groupInputs, std::string_view what);

// 4-bit values [N, ceil(inputs / 2)], low nibble first, in panels [inputs, ceil(width / 2)] whose low nibbles are the
// first outputs and whose high nibbles are the others.
HostBuffer packNibbles(const Tensor &array, std::int64_t inputs);

} // namespace edgeflex
