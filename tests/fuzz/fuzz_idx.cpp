#include "engine/data/idx.h"
#include "plan/error.h"

#include <cstdlib>

using namespace edgeflex;

// An IDX file of images or labels, plain or gzipped: whatever is accepted has the elements its header declares.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    for (const int dimensions : {1, 3}) {
        try {
            const IdxFile file = IdxFile::parse({data, size}, dimensions, "input");
            const IdxLayout &layout = file.layout;
            if (file.elements.size() != static_cast<std::size_t>(layout.count) *
                                            static_cast<std::size_t>(layout.height) *
                                            static_cast<std::size_t>(layout.width))
                std::abort();
        } catch (const Error &) {
        }
    }
    return 0;
}
