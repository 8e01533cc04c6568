#pragma once

#include <stdexcept>
#include <string>

namespace edgeflex {

// A failure the user can act on. what() is one sentence that names the file, the layer or the field,
// what is wrong with it and what to do.
class Error : public std::runtime_error
{
public:
    explicit Error(const std::string &sentence) : std::runtime_error(sentence) {}
};

// The user asked the job to stop. Not a failure: nothing is reported but the fact.
class Cancelled : public std::exception
{
public:
    const char *what() const noexcept override { return "cancelled"; }
};

} // namespace edgeflex
