#pragma once

#include <cstdint>

namespace edgeflex {

// The heart of Muon (Jordan and others 2024): the matrix [rows, columns] of a step with all its singular values made
// about 1, so that a step goes equally far in every direction, however rarely the gradient points there. Five rounds
// of Newton and Schulz's iteration; singular values end between about 0.7 and 1.2. `out` must not be `matrix`.
// Several threads may call at once; inside a parallel region each uses one thread.
void orthogonalize(const float *matrix, std::int64_t rows, std::int64_t columns, float *out);

} // namespace edgeflex
