#pragma once

#include "engine/tensor/hostallocator.h"
#include "engine/tensor/tensor.h"
#include "plan/modelspec.h"

#include <string_view>

namespace edgeflex {

// A copy of the array's bytes in one block of the host allocator. Throws Error naming the layer when a
// floating-point value is NaN or infinite; `what` names the values, e.g. "scales".
HostBuffer copyFinite(const Tensor &array, const LinearSpec &layer, std::string_view what);

} // namespace edgeflex
