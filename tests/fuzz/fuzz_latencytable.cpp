#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/latencytable.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>

using namespace edgeflex;

// A latency table's JSON: what is accepted has times in order and says the same when it is written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    try {
        const auto table = parseJson({reinterpret_cast<const char *>(data), size}, "input").get<LatencyTable>();
        for (const auto &[shape, time] : table.products) {
            if (shape.rows < 1 || !(time.low >= 0 && time.low <= time.median && time.median <= time.high))
                std::abort();
        }
        if (parseJson(jsonText(table), "again").get<LatencyTable>().products != table.products)
            std::abort();
    } catch (const Error &) {
    }
    return 0;
}
