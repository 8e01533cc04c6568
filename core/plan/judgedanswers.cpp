#include "plan/judgedanswers.h"

#include "plan/base64.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace edgeflex {

namespace {

constexpr std::int64_t mostImages = std::int64_t(1) << 40;

void putNumber(std::vector<std::byte> &bytes, std::uint64_t number)
{
    for (; number >= 128; number >>= 7)
        bytes.push_back(static_cast<std::byte>((number & 127) | 128));
    bytes.push_back(static_cast<std::byte>(number));
}

class NumberReader
{
public:
    explicit NumberReader(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    bool atEnd() const { return m_place == m_bytes.size(); }
    std::int64_t next(std::int64_t most)
    {
        std::uint64_t number = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            if (atEnd())
                throw Error("the wrong answers broke off");
            const auto byte = std::to_integer<std::uint64_t>(m_bytes[m_place++]);
            number |= (byte & 127) << shift;
            if (byte < 128) {
                if (number > static_cast<std::uint64_t>(most))
                    break;
                return static_cast<std::int64_t>(number);
            }
        }
        throw Error("the wrong answers have a number above " + std::to_string(most));
    }

private:
    std::span<const std::byte> m_bytes;
    std::size_t m_place = 0;
};

void requireSameImages(const JudgedAnswers &a, const JudgedAnswers &b)
{
    if (!a.sameImages(b))
        throw Error("the two were not judged on the same images; measure both again");
}

} // namespace

JudgedAnswers::JudgedAnswers(std::string images, std::int64_t judged, std::vector<WrongAnswer> wrong)
    : m_images(std::move(images)), m_judged(judged)
{
    if (static_cast<std::int64_t>(wrong.size()) > judged)
        throw Error(std::to_string(wrong.size()) + " wrong answers do not fit " + std::to_string(judged) + " images");
    const auto outOfOrder = [](const WrongAnswer &left, const WrongAnswer &right) {
        return left.image >= right.image;
    };
    if (std::ranges::adjacent_find(wrong, outOfOrder) != wrong.end() || (!wrong.empty() && wrong.front().image < 0))
        throw Error("wrong answers must be in rising order of their images");
    if (!wrong.empty())
        m_wrong = std::make_shared<const std::vector<WrongAnswer>>(std::move(wrong));
}

std::span<const WrongAnswer> JudgedAnswers::wrong() const
{
    return m_wrong ? std::span<const WrongAnswer>(*m_wrong) : std::span<const WrongAnswer>();
}

std::optional<int> JudgedAnswers::wrongAnswer(std::int64_t image) const
{
    const auto all = wrong();
    const auto found = std::ranges::lower_bound(all, image, {}, &WrongAnswer::image);
    return found != all.end() && found->image == image ? std::optional(found->answer) : std::nullopt;
}

bool JudgedAnswers::sameImages(const JudgedAnswers &other) const
{
    return m_images == other.m_images && m_judged == other.m_judged;
}

bool JudgedAnswers::operator==(const JudgedAnswers &other) const
{
    return sameImages(other) && (m_wrong == other.m_wrong || std::ranges::equal(wrong(), other.wrong()));
}

std::vector<AnswerChange> answerChanges(const JudgedAnswers &a, const JudgedAnswers &b)
{
    requireSameImages(a, b);
    std::vector<AnswerChange> changes;
    auto left = a.wrong();
    auto right = b.wrong();
    while (!left.empty() || !right.empty()) {
        if (right.empty() || (!left.empty() && left.front().image < right.front().image)) {
            changes.push_back({left.front().image, left.front().answer, std::nullopt});
            left = left.subspan(1);
        } else if (left.empty() || right.front().image < left.front().image) {
            changes.push_back({right.front().image, std::nullopt, right.front().answer});
            right = right.subspan(1);
        } else {
            if (left.front().answer != right.front().answer)
                changes.push_back({left.front().image, left.front().answer, right.front().answer});
            left = left.subspan(1);
            right = right.subspan(1);
        }
    }
    return changes;
}

PairedDrop pairedDrop(const JudgedAnswers &a, const JudgedAnswers &b)
{
    std::int64_t lost = 0;
    std::int64_t won = 0;
    for (const AnswerChange &change : answerChanges(a, b)) {
        lost += !change.a;
        won += !change.b;
    }
    return pairedDrop(lost, won, a.judged());
}

void to_json(nlohmann::json &json, const JudgedAnswers &value)
{
    std::vector<std::byte> bytes;
    std::int64_t next = 0;
    for (const WrongAnswer &each : value.wrong()) {
        putNumber(bytes, static_cast<std::uint64_t>(each.image - next));
        putNumber(bytes, static_cast<std::uint64_t>(each.answer));
        next = each.image + 1;
    }
    json = {{"images", value.images()}, {"judged", value.judged()}, {"wrong", toBase64(bytes)}};
}

void from_json(const nlohmann::json &json, JudgedAnswers &value)
{
    const JsonFields fields(json, "answers");
    std::string images;
    std::int64_t judged = 0;
    std::string text;
    fields.read("images", images);
    fields.read("judged", judged, {0, mostImages});
    fields.read("wrong", text);
    try {
        const std::vector<std::byte> bytes = fromBase64(text);
        NumberReader reader(bytes);
        std::vector<WrongAnswer> wrong;
        std::int64_t next = 0;
        while (!reader.atEnd()) {
            if (next >= mostImages)
                throw Error("the wrong answers are of more than " + std::to_string(mostImages) + " images");
            const std::int64_t image = next + reader.next(mostImages - 1 - next);
            const std::int64_t answer = reader.next(std::numeric_limits<int>::max());
            wrong.push_back({image, static_cast<int>(answer)});
            next = image + 1;
        }
        value = JudgedAnswers(images, judged, std::move(wrong));
    } catch (const FieldError &) {
        throw;
    } catch (const Error &error) {
        fields.fail("wrong", std::string("cannot be read: ") + error.what());
    }
}

} // namespace edgeflex
