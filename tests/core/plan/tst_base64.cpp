#include "jsonchecks.h"

#include "plan/base64.h"

#include <cstddef>
#include <string_view>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::vector<std::byte> bytesOf(std::string_view text)
{
    std::vector<std::byte> bytes;
    for (const char c : text)
        bytes.push_back(static_cast<std::byte>(c));
    return bytes;
}

} // namespace

class TestBase64 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // RFC 4648, section 10.
    void knownTexts()
    {
        const std::pair<const char *, const char *> texts[] = {{"", ""},
                                                               {"f", "Zg=="},
                                                               {"fo", "Zm8="},
                                                               {"foo", "Zm9v"},
                                                               {"foob", "Zm9vYg=="},
                                                               {"fooba", "Zm9vYmE="},
                                                               {"foobar", "Zm9vYmFy"}};
        for (const auto &[plain, encoded] : texts) {
            QCOMPARE(toBase64(bytesOf(plain)), std::string(encoded));
            QVERIFY(fromBase64(encoded) == bytesOf(plain));
        }
    }

    void everyByte()
    {
        std::vector<std::byte> bytes;
        for (int i = 0; i < 256 * 3 + 1; ++i)
            bytes.push_back(static_cast<std::byte>(i * 7));
        QVERIFY(fromBase64(toBase64(bytes)) == bytes);
        QVERIFY(toBase64(bytes).find('+') != std::string::npos && toBase64(bytes).find('/') != std::string::npos);
    }

    void refusals()
    {
        for (const char *text : {"Zg=", "Zg", "Z===", "====", "Z!==", "Zg==Zg==", "Zm9v\n"})
            QVERIFY2(!failure([&] { fromBase64(text); }).empty(), text);
    }
};

QTEST_APPLESS_MAIN(TestBase64)
#include "tst_base64.moc"
