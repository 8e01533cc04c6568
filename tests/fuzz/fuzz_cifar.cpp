#include "engine/data/cifar.h"
#include "plan/error.h"

#include <cstdlib>

using namespace edgeflex;

// A CIFAR-10 batch: every record of what is accepted has a label and an image.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::span<const std::uint8_t> bytes(data, size);
    try {
        const std::int64_t records = countCifarRecords(bytes, "input");
        for (std::size_t i = 0; i < static_cast<std::size_t>(records); ++i) {
            const auto record = bytes.subspan(i * cifarRecordBytes).first<cifarRecordBytes>();
            if (record[0] > 9 || cifarImage(record).pixels.size() != 32 * 32 * 3)
                std::abort();
        }
    } catch (const Error &) {
    }
    return 0;
}
