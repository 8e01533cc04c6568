#pragma once

#include "plan/error.h"
#include "plan/jsonfields.h"

#include <QTest>

#include <nlohmann/json.hpp>

#include <string>

namespace edgeflex::test {

// The sentence that `action` fails with; empty when it does not fail. Other exceptions than Error pass.
template<class Action>
std::string failure(Action action)
{
    try {
        action();
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

template<class Value>
void verifyRoundTrip(const Value &value)
{
    const nlohmann::json json = value;
    const Value read = parseJson(jsonText(json), "round trip").get<Value>();
    QVERIFY(read == value);
    QCOMPARE(jsonText(nlohmann::json(read)), jsonText(json));
}

// The JSON pointer to a field of the top object.
inline std::string pointerTo(const std::string &key)
{
    return std::string("/").append(key);
}

// Replaces the value at `pointer` (RFC 6901) by `bad`, or removes it when `bad` is "remove", and verifies
// that reading fails with a sentence that has `field` in quotes.
template<class Value>
void verifyBadField(nlohmann::json json, const std::string &pointer, const std::string &bad, const std::string &field)
{
    const nlohmann::json::json_pointer place(pointer);
    if (bad == "remove")
        json.at(place.parent_pointer()).erase(place.back());
    else
        json[place] = nlohmann::json::parse(bad);
    const std::string sentence = failure([&] { json.get<Value>(); });
    QVERIFY2(sentence.find("field \"" + field + "\" ") != std::string::npos,
             ("expected field " + field + ", said: " + sentence).c_str());
}

} // namespace edgeflex::test
