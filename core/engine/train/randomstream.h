#pragma once

#include <cstdint>
#include <initializer_list>

namespace edgeflex {

// Seeded random numbers, the same on every platform: SplitMix64 (Steele, Lea and Flood 2014). A stream is named by a
// few numbers, such as seed, epoch and image, so that whoever needs one starts it afresh: no state to save, and no
// dependence on the order in which threads ask.
class RandomStream
{
public:
    RandomStream(std::initializer_list<std::uint64_t> name)
    {
        for (const std::uint64_t part : name) {
            m_state ^= part;
            m_state = next();
        }
    }

    std::uint64_t next()
    {
        std::uint64_t value = m_state += 0x9e3779b97f4a7c15U;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
        return value ^ (value >> 31);
    }
    // In [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }
    // In [0, limit); limit > 0.
    int below(int limit) { return static_cast<int>(uniform() * limit); }
    bool chance(double probability) { return uniform() < probability; }
    // About 0 with standard deviation 1: the sum of twelve uniform numbers, hence never beyond 6.
    double bell()
    {
        double sum = -6;
        for (int i = 0; i < 12; ++i)
            sum += uniform();
        return sum;
    }

private:
    std::uint64_t m_state = 0;
};

} // namespace edgeflex
