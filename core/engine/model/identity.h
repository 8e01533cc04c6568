#pragma once

#include "engine/model/vitmodel.h"

#include <cstdint>
#include <string>

namespace edgeflex {

// Models of up to so many bytes of tensors are hashed as a whole.
inline constexpr std::int64_t wholeIdentityBytes = std::int64_t(512) << 20;

// A hash (see ContentHash) of a model's tensors: for each its role, type, shape and bytes, 32 hexadecimal digits. The
// same weights have the same identity, whatever file they came from and whatever the layers were called there; what is
// not a tensor (heads, preprocessing, class names) does not count.
// Above wholeIdentityBytes, tensors of more than 1 MiB count with the first 4 KiB of every MiB only, so that a cold
// file of some gigabytes is identified within a second or two: training or converting changes practically every weight
// and is seen, a change of a few chosen weights may not be.
std::string modelIdentity(const VitModel &model, std::int64_t wholeBytes = wholeIdentityBytes);

} // namespace edgeflex
