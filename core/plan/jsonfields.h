#pragma once

#include "plan/error.h"

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

// Parses `text`, which comes from `what` (a file name or "message", for the sentence). Throws Error when it
// is not JSON or nests deeper than 64 levels. Reentrant.
nlohmann::json parseJson(std::string_view text, const std::string &what);
// Reads and parses a file of at most `maxBytes`. Throws Error naming the file.
nlohmann::json readJsonFile(const std::string &path, std::int64_t maxBytes = std::int64_t(64) << 20);
// `json` as text; bytes that are not UTF-8 (in paths, say) become U+FFFD instead of failing. indent -1: one line.
std::string jsonText(const nlohmann::json &json, int indent = -1);

// A field of a JSON object that is missing, of the wrong type or out of range. An object that contains
// the offending one puts its own path in front, so that the sentence names the field from the top.
class FieldError : public Error
{
public:
    FieldError(std::string what, std::string path, std::string problem);

    const std::string &path() const { return m_path; }       // e.g. "blocks[3].mlpKeep"; empty: the object itself
    const std::string &problem() const { return m_problem; } // e.g. "must be a number in (0, 1]"

private:
    std::string m_path;
    std::string m_problem;
};

// The numbers a field may have.
struct NumberRange
{
    double low = std::numeric_limits<double>::lowest();
    double high = std::numeric_limits<double>::max();
    bool lowExcluded = false;
};
inline constexpr NumberRange anyNumber{};
inline constexpr NumberRange zeroOrMore{0};
inline constexpr NumberRange aboveZero{0, std::numeric_limits<double>::max(), true};
inline constexpr NumberRange zeroToOne{0, 1};

struct IntegerRange
{
    std::int64_t low = std::numeric_limits<std::int64_t>::min();
    std::int64_t high = std::numeric_limits<std::int64_t>::max();
};
inline constexpr IntegerRange anyInteger{};
inline constexpr IntegerRange countRange{0, std::numeric_limits<std::int64_t>::max()};

// Reads the fields of one JSON object into a struct. Every failure is a FieldError; nothing of nlohmann's
// escapes. The JSON must outlive the reader.
class JsonFields
{
public:
    enum class Missing {
        IsError,
        KeepsDefault // the struct's own value stays
    };

    // `what` is said before the colon, e.g. "plan". Throws when `json` is not an object.
    JsonFields(const nlohmann::json &json, std::string what, Missing missing = Missing::IsError);

    // True when there is such a field and it is not null.
    bool has(std::string_view key) const;
    // Throws when the object has a field that nobody asked for. Call it last.
    void refuseUnknown() const;
    [[noreturn]] void fail(const std::string &path, const std::string &problem) const;

    void read(std::string_view key, bool &value) const;
    void read(std::string_view key, std::string &value) const;
    void read(std::string_view key, double &value, NumberRange range = anyNumber) const;
    void read(std::string_view key, std::int64_t &value, IntegerRange range = countRange) const;
    void read(std::string_view key, int &value, IntegerRange range) const;
    void read(std::string_view key, std::uint64_t &value) const;
    void read(std::string_view key, std::array<double, 3> &value, NumberRange range = anyNumber) const;
    void read(std::string_view key, std::vector<double> &value, NumberRange range = anyNumber) const;
    void read(std::string_view key, std::vector<float> &value, NumberRange range = anyNumber) const;
    void read(std::string_view key, std::vector<std::int64_t> &value, IntegerRange range = countRange) const;
    void read(std::string_view key, std::vector<std::string> &value) const;
    void read(std::string_view key, std::map<std::string, std::string> &value) const;
    void read(std::string_view key, std::map<std::string, double> &value, NumberRange range = anyNumber) const;

    // A word that `fromString` turns into a value, throwing Error on others.
    template<class T>
    void readWord(std::string_view key, T &value, T (*fromString)(std::string_view)) const
    {
        std::string word;
        if (!find(key))
            return;
        read(key, word);
        convert(std::string(key), [&] { value = fromString(word); });
    }

    template<class T>
    void readWords(std::string_view key, std::map<std::string, T> &value, T (*fromString)(std::string_view)) const
    {
        std::map<std::string, std::string> words;
        if (!find(key))
            return;
        read(key, words);
        value.clear();
        for (const auto &entry : words)
            convert(std::string(key) + "[\"" + entry.first + "\"]",
                    [&] { value[entry.first] = fromString(entry.second); });
    }

    // A struct with a from_json of its own.
    template<class T>
    void readObject(std::string_view key, T &value) const
    {
        if (const nlohmann::json *json = find(key))
            convert(std::string(key), [&] { from_json(*json, value); });
    }

    template<class T>
    void readObjects(std::string_view key, std::vector<T> &value) const
    {
        const nlohmann::json *json = find(key);
        if (!json)
            return;
        const std::size_t count = arraySize(key, *json);
        value.assign(count, T());
        for (std::size_t i = 0; i < count; ++i)
            convert(std::string(key) + "[" + std::to_string(i) + "]", [&] { from_json(element(*json, i), value[i]); });
    }

    // A JSON object of structs by name.
    template<class T>
    void readObjectMap(std::string_view key, std::map<std::string, T> &value) const
    {
        value.clear();
        for (const std::string &name : objectKeys(key))
            convert(std::string(key) + "[\"" + name + "\"]", [&] { from_json(member(key, name), value[name]); });
    }

private:
    // The field, or nullptr when it is missing and may be.
    const nlohmann::json *find(std::string_view key) const;
    std::size_t arraySize(std::string_view key, const nlohmann::json &json) const;
    std::vector<std::string> objectKeys(std::string_view key) const; // empty where the field is missing and may be
    const nlohmann::json &member(std::string_view key, const std::string &name) const;
    static const nlohmann::json &element(const nlohmann::json &json, std::size_t index);
    double number(const std::string &path, const nlohmann::json &json, NumberRange range) const;
    std::int64_t integer(const std::string &path, const nlohmann::json &json, IntegerRange range) const;
    std::string text(const std::string &path, const nlohmann::json &json) const;
    template<class T>
    void readNumbers(std::string_view key, T &value, NumberRange range) const;

    // Runs a conversion and says of its failure where it happened.
    template<class Conversion>
    void convert(const std::string &path, Conversion conversion) const
    {
        try {
            conversion();
        } catch (...) {
            rethrow(path);
        }
    }
    [[noreturn]] void rethrow(const std::string &path) const; // call within a handler

    const nlohmann::json &m_json;
    std::string m_what;
    Missing m_missing;
    mutable std::set<std::string, std::less<>> m_known;
};

} // namespace edgeflex
