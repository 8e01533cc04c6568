#pragma once

#include "plan/statistics.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

struct WrongAnswer
{
    std::int64_t image = 0; // its place in the data set
    int answer = 0;         // the class that the model gave it

    bool operator==(const WrongAnswer &) const = default;
};

// What a model answered on each image that it was judged on: the wrong answers; every other one is the image's label.
// That is enough for a paired test of any two models on the same images. Copies share what they hold; thread-safe as a
// value is.
class JudgedAnswers
{
public:
    JudgedAnswers() = default;
    // `images` says which images, with which labels, were judged; the same text: the same images. `wrong` in rising
    // order of images, each once. Throws Error where that is not so or there are more than `judged`.
    JudgedAnswers(std::string images, std::int64_t judged, std::vector<WrongAnswer> wrong);

    const std::string &images() const { return m_images; }
    std::int64_t judged() const { return m_judged; }
    std::span<const WrongAnswer> wrong() const;
    std::optional<int> wrongAnswer(std::int64_t image) const; // nothing: the answer was right
    bool sameImages(const JudgedAnswers &other) const;

    bool operator==(const JudgedAnswers &other) const;

private:
    std::string m_images;
    std::int64_t m_judged = 0;
    std::shared_ptr<const std::vector<WrongAnswer>> m_wrong; // null: none
};

// An image that two models answer differently; an absent answer is the right one.
struct AnswerChange
{
    std::int64_t image = 0;
    std::optional<int> a;
    std::optional<int> b;

    bool operator==(const AnswerChange &) const = default;
};

// In rising order of images. Throws Error unless both were judged on the same images.
std::vector<AnswerChange> answerChanges(const JudgedAnswers &a, const JudgedAnswers &b);
// What `b` loses against `a`. Throws Error as above.
PairedDrop pairedDrop(const JudgedAnswers &a, const JudgedAnswers &b);

// {images, judged, wrong}: `wrong` is base64 of two numbers a wrong answer, each in LEB128: how many images lie between
// it and the one before, and the answer.
void to_json(nlohmann::json &json, const JudgedAnswers &value);
void from_json(const nlohmann::json &json, JudgedAnswers &value);

} // namespace edgeflex
