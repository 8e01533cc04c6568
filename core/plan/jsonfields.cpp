#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <exception>
#include <filesystem>
#include <fstream>

namespace edgeflex {

namespace {

// Values are copied, compared and written recursively, so nesting is bounded before anything is built.
constexpr int maxDepth = 64;

bool nestsTooDeep(std::string_view text)
{
    int depth = 0;
    bool inString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        if (inString) {
            if (letter == '\\')
                ++i;
            else if (letter == '"')
                inString = false;
        } else if (letter == '"') {
            inString = true;
        } else if (letter == '[' || letter == '{') {
            if (++depth > maxDepth)
                return true;
        } else if (letter == ']' || letter == '}') {
            --depth;
        }
    }
    return false;
}

std::string place(std::string_view text, std::size_t byte)
{
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
    return "line " + std::to_string(line) + ", column " +
           std::to_string(std::max<std::size_t>(before.size() - lineStart, 1));
}

std::string sentence(const std::string &what, const std::string &path, const std::string &problem)
{
    if (path.empty())
        return what + " " + problem;
    return what + ": field \"" + path + "\" " + problem;
}

std::string shortNumber(double value)
{
    std::array<char, 32> buffer;
    const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return std::string(buffer.data(), result.ptr);
}

std::string wanted(NumberRange range)
{
    const bool low = range.low != anyNumber.low;
    const bool high = range.high != anyNumber.high;
    if (low && high)
        return "must be a number in " + std::string(range.lowExcluded ? "(" : "[") + shortNumber(range.low) + ", " +
               shortNumber(range.high) + "]";
    if (low)
        return "must be a number " + std::string(range.lowExcluded ? "above " : "not below ") + shortNumber(range.low);
    if (high)
        return "must be a number not above " + shortNumber(range.high);
    return "must be a number";
}

std::string wanted(IntegerRange range)
{
    const bool low = range.low != anyInteger.low;
    const bool high = range.high != anyInteger.high;
    if (low && high)
        return "must be a whole number from " + std::to_string(range.low) + " to " + std::to_string(range.high);
    if (low)
        return "must be a whole number not below " + std::to_string(range.low);
    if (high)
        return "must be a whole number not above " + std::to_string(range.high);
    return "must be a whole number";
}

bool contains(NumberRange range, double value)
{
    return std::isfinite(value) && value <= range.high && (range.lowExcluded ? value > range.low : value >= range.low);
}

} // namespace

nlohmann::json parseJson(std::string_view text, const std::string &what)
{
    if (nestsTooDeep(text))
        throw Error(what + " nests JSON deeper than " + std::to_string(maxDepth) + " levels; it is not a file of ours");
    try {
        return nlohmann::json::parse(text.begin(), text.end());
    } catch (const nlohmann::json::parse_error &error) {
        throw Error(what + " is not valid JSON at " + place(text, error.byte) + "; correct it or make it anew");
    } catch (const nlohmann::json::exception &) {
        throw Error(what + " has a number in its JSON that no double can hold; correct it");
    }
}

nlohmann::json readJsonFile(const std::string &path, std::int64_t maxBytes)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        throw Error(path + " is a folder; name a JSON file");
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw Error(path + " cannot be opened; check that it exists and can be read");
    std::string text;
    std::array<char, 65536> buffer;
    while (file) {
        file.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        text.append(buffer.data(), static_cast<std::size_t>(file.gcount()));
        if (static_cast<std::int64_t>(text.size()) > maxBytes)
            throw Error(path + " is larger than the " + std::to_string(maxBytes) + " bytes a JSON file may have here");
    }
    if (file.bad())
        throw Error(path + " cannot be read to its end; check the disk");
    return parseJson(text, path);
}

std::string jsonText(const nlohmann::json &json, int indent)
{
    return json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

FieldError::FieldError(std::string what, std::string path, std::string problem)
    : Error(sentence(what, path, problem)), m_path(std::move(path)), m_problem(std::move(problem))
{
}

JsonFields::JsonFields(const nlohmann::json &json, std::string what, Missing missing)
    : m_json(json), m_what(std::move(what)), m_missing(missing)
{
    if (!json.is_object())
        fail("", "must be a JSON object");
}

bool JsonFields::has(std::string_view key) const
{
    m_known.emplace(key);
    const auto found = m_json.find(key);
    return found != m_json.end() && !found->is_null();
}

void JsonFields::refuseUnknown() const
{
    for (const auto &[key, value] : m_json.items()) {
        if (m_known.contains(key))
            continue;
        std::string known;
        for (const std::string &name : m_known)
            known += (known.empty() ? "" : ", ") + name;
        fail(key, "is not known; the fields are " + known);
    }
}

void JsonFields::fail(const std::string &path, const std::string &problem) const
{
    throw FieldError(m_what, path, problem);
}

const nlohmann::json *JsonFields::find(std::string_view key) const
{
    m_known.emplace(key);
    const auto found = m_json.find(key);
    if (found != m_json.end())
        return &*found;
    if (m_missing == Missing::IsError)
        fail(std::string(key), "is missing");
    return nullptr;
}

std::size_t JsonFields::arraySize(std::string_view key, const nlohmann::json &json) const
{
    if (!json.is_array())
        fail(std::string(key), "must be a list");
    return json.size();
}

const nlohmann::json &JsonFields::element(const nlohmann::json &json, std::size_t index)
{
    return json[index];
}

std::vector<std::string> JsonFields::objectKeys(std::string_view key) const
{
    std::vector<std::string> keys;
    if (const nlohmann::json *json = find(key)) {
        if (!json->is_object())
            fail(std::string(key), "must be a JSON object");
        for (const auto &[name, entry] : json->items())
            keys.push_back(name);
    }
    return keys;
}

const nlohmann::json &JsonFields::member(std::string_view key, const std::string &name) const
{
    return m_json.at(std::string(key)).at(name);
}

double JsonFields::number(const std::string &path, const nlohmann::json &json, NumberRange range) const
{
    if (!json.is_number() || !contains(range, json.get<double>()))
        fail(path, wanted(range));
    return json.get<double>();
}

std::string JsonFields::text(const std::string &path, const nlohmann::json &json) const
{
    if (!json.is_string())
        fail(path, "must be a text");
    return json.get<std::string>();
}

std::int64_t JsonFields::integer(const std::string &path, const nlohmann::json &json, IntegerRange range) const
{
    const bool fits = json.is_number_integer() &&
                      (!json.is_number_unsigned() ||
                       json.get<std::uint64_t>() <= std::uint64_t(std::numeric_limits<std::int64_t>::max()));
    if (!fits || json.get<std::int64_t>() < range.low || json.get<std::int64_t>() > range.high)
        fail(path, wanted(range));
    return json.get<std::int64_t>();
}

void JsonFields::read(std::string_view key, bool &value) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    if (!json->is_boolean())
        fail(std::string(key), "must be true or false");
    value = json->get<bool>();
}

void JsonFields::read(std::string_view key, std::string &value) const
{
    if (const nlohmann::json *json = find(key))
        value = text(std::string(key), *json);
}

void JsonFields::read(std::string_view key, double &value, NumberRange range) const
{
    if (const nlohmann::json *json = find(key))
        value = number(std::string(key), *json, range);
}

void JsonFields::read(std::string_view key, std::int64_t &value, IntegerRange range) const
{
    if (const nlohmann::json *json = find(key))
        value = integer(std::string(key), *json, range);
}

void JsonFields::read(std::string_view key, int &value, IntegerRange range) const
{
    std::int64_t wide = value;
    range.low = std::max<std::int64_t>(range.low, std::numeric_limits<int>::min());
    range.high = std::min<std::int64_t>(range.high, std::numeric_limits<int>::max());
    if (!find(key))
        return;
    read(key, wide, range);
    value = static_cast<int>(wide);
}

void JsonFields::read(std::string_view key, std::uint64_t &value) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    if (!json->is_number_unsigned() && !(json->is_number_integer() && json->get<std::int64_t>() >= 0))
        fail(std::string(key), "must be a whole number from 0 to 18446744073709551615");
    value = json->get<std::uint64_t>();
}

void JsonFields::read(std::string_view key, std::array<double, 3> &value, NumberRange range) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    if (!json->is_array() || json->size() != value.size())
        fail(std::string(key), "must be a list of three numbers");
    for (std::size_t i = 0; i < value.size(); ++i)
        value[i] = number(std::string(key) + "[" + std::to_string(i) + "]", (*json)[i], range);
}

template<class T>
void JsonFields::readNumbers(std::string_view key, T &value, NumberRange range) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    value.assign(arraySize(key, *json), {});
    for (std::size_t i = 0; i < value.size(); ++i)
        value[i] = static_cast<typename T::value_type>(
            number(std::string(key) + "[" + std::to_string(i) + "]", (*json)[i], range));
}

void JsonFields::read(std::string_view key, std::vector<double> &value, NumberRange range) const
{
    readNumbers(key, value, range);
}

void JsonFields::read(std::string_view key, std::vector<float> &value, NumberRange range) const
{
    constexpr double most = std::numeric_limits<float>::max();
    range.low = std::max(range.low, -most);
    range.high = std::min(range.high, most);
    readNumbers(key, value, range);
}

void JsonFields::read(std::string_view key, std::vector<std::int64_t> &value, IntegerRange range) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    value.assign(arraySize(key, *json), 0);
    for (std::size_t i = 0; i < value.size(); ++i)
        value[i] = integer(std::string(key) + "[" + std::to_string(i) + "]", (*json)[i], range);
}

void JsonFields::read(std::string_view key, std::vector<std::string> &value) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    value.assign(arraySize(key, *json), {});
    for (std::size_t i = 0; i < value.size(); ++i)
        value[i] = text(std::string(key) + "[" + std::to_string(i) + "]", (*json)[i]);
}

void JsonFields::read(std::string_view key, std::map<std::string, std::string> &value) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    if (!json->is_object())
        fail(std::string(key), "must be a JSON object");
    value.clear();
    for (const auto &[name, entry] : json->items())
        value[name] = text(std::string(key) + "[\"" + name + "\"]", entry);
}

void JsonFields::read(std::string_view key, std::map<std::string, double> &value, NumberRange range) const
{
    const nlohmann::json *json = find(key);
    if (!json)
        return;
    if (!json->is_object())
        fail(std::string(key), "must be a JSON object");
    value.clear();
    for (const auto &[name, entry] : json->items())
        value[name] = number(std::string(key) + "[\"" + name + "\"]", entry, range);
}

void JsonFields::rethrow(const std::string &path) const
{
    try {
        throw;
    } catch (const FieldError &error) {
        const bool nested = !error.path().empty();
        const bool indexed = nested && error.path().front() == '[';
        throw FieldError(m_what, path + (nested && !indexed ? "." : "") + error.path(), error.problem());
    } catch (const Error &error) {
        throw FieldError(m_what, path, std::string("is wrong: ") + error.what());
    } catch (const nlohmann::json::exception &) {
        throw FieldError(m_what, path, "lacks a field or has one of the wrong type");
    }
}

} // namespace edgeflex
