#pragma once

#include "plan/error.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace edgeflex {

// The words that the values of an enumeration are written as.
template<class T, std::size_t count>
struct Words
{
    struct Entry
    {
        T value;
        std::string_view word;
    };
    Entry entries[count];

    std::string_view word(T value) const
    {
        for (const Entry &entry : entries) {
            if (entry.value == value)
                return entry.word;
        }
        return {};
    }
    // Throws Error when it is none of them.
    T value(std::string_view word) const
    {
        for (const Entry &entry : entries) {
            if (entry.word == word)
                return entry.value;
        }
        throw Error("\"" + std::string(word) + "\" is none of the words known here");
    }
};

} // namespace edgeflex
