#pragma once

#include "plan/progress.h"

#include <string>

namespace edgeflex::test {

// Keeps what a job notes, a line each.
class Notes : public NoProgress
{
public:
    void note(std::string_view sentence) override { text += std::string(sentence) + "\n"; }
    std::string text;
};

} // namespace edgeflex::test
