#include "engine/tensor/hostallocator.h"

#include "plan/error.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>

#include <sys/mman.h>

namespace edgeflex::hostallocator {

namespace {

constexpr std::size_t headerBytes = 64; // keeps blocks aligned and holds their size
constexpr std::size_t hugePageBytes = std::size_t{2} << 20;

// Weights are read from end to end in every pass: in pages of 4 KiB, finding them would take longer than some
// products. Only whole huge pages within the block are asked for, so that it takes no more memory.
void preferHugePages([[maybe_unused]] void *base, [[maybe_unused]] std::size_t bytes)
{
#ifdef MADV_HUGEPAGE
    if (const std::size_t whole = bytes / hugePageBytes * hugePageBytes; whole > 0)
        madvise(base, whole, MADV_HUGEPAGE); // a hint: without it all is slower, not wrong
#endif
}

std::atomic<std::int64_t> live{0};
std::atomic<std::int64_t> peak{0};
std::atomic<std::int64_t> count{0};

void addLive(std::int64_t bytes) noexcept
{
    const std::int64_t now = live.fetch_add(bytes) + bytes;
    std::int64_t seen = peak.load();
    while (now > seen && !peak.compare_exchange_weak(seen, now)) {
    }
}

} // namespace

void *allocate(std::size_t bytes)
{
    const auto rounded = static_cast<std::size_t>(roundedBytes(static_cast<std::int64_t>(bytes)));
    const std::size_t total = rounded + headerBytes;
    void *base = rounded < bytes ? nullptr : std::aligned_alloc(total < hugePageBytes ? 64 : hugePageBytes, total);
    if (!base)
        throw Error("out of memory: " + std::to_string(bytes) +
                    " bytes more were needed; close other programs or use a smaller batch");
    preferHugePages(base, total);
    std::memcpy(base, &rounded, sizeof rounded);
    addLive(static_cast<std::int64_t>(rounded));
    count.fetch_add(1);
    return static_cast<std::byte *>(base) + headerBytes;
}

void deallocate(void *block) noexcept
{
    if (!block)
        return;
    void *base = static_cast<std::byte *>(block) - headerBytes;
    std::size_t rounded = 0;
    std::memcpy(&rounded, base, sizeof rounded);
    live.fetch_sub(static_cast<std::int64_t>(rounded));
    std::free(base);
}

void countMapped(std::int64_t bytes) noexcept
{
    addLive(bytes);
}

std::int64_t liveBytes() noexcept
{
    return live.load();
}

std::int64_t peakBytes() noexcept
{
    return peak.load();
}

void resetPeak() noexcept
{
    peak.store(live.load());
}

std::int64_t allocationCount() noexcept
{
    return count.load();
}

} // namespace edgeflex::hostallocator
