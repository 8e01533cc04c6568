#include "protocol/message.h"

#include "protocol/frame.h"

#include <QTest>

#include <limits>

using namespace edgeflex;

class tst_Message : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip()
    {
        const std::vector<Message> messages{
            Request{1, "inspect", {{"model", {{"path", "vit_tiny"}}}}},
            Request{std::numeric_limits<std::int64_t>::min(), "shutdown"},
            Notification{"$/cancel", {{"id", 1}}},
            Response{1, {{"parameters", 5717416}}, {}},
            Response{2, nullptr, {}},
            Response{3, {}, ResponseError{ErrorCode::RequestCancelled, "The user stopped the job."}},
            Response{{}, {}, ResponseError{ErrorCode::ParseError, "A message of 3 bytes is not JSON."}},
        };
        for (const Message &message : messages)
            QVERIFY2(messageFromJson(toJson(message)) == message, toJson(message).c_str());
    }

    void wireForm()
    {
        const nlohmann::json json = nlohmann::json::parse(toJson(Request{7, "plan", {{"mlpKeep", 0.7}}}));
        const nlohmann::json expected{
            {"jsonrpc", "2.0"}, {"id", 7}, {"method", "plan"}, {"params", {{"mlpKeep", 0.7}}}};
        QVERIFY(json == expected);

        FrameReader reader;
        reader.append(encodeMessage(Notification{"$/note"}));
        QVERIFY(messageFromJson(reader.next()->body) == Message(Notification{"$/note"}));
    }

    void acceptsMissingParameters()
    {
        QVERIFY(messageFromJson(R"({"jsonrpc":"2.0","id":1,"method":"shutdown"})") == Message(Request{1, "shutdown"}));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("code");
        QTest::addColumn<bool>("id5"); // the answer can name request 5
        const int parse = static_cast<int>(ErrorCode::ParseError);
        const int invalid = static_cast<int>(ErrorCode::InvalidRequest);
        QTest::newRow("empty") << QByteArray("") << parse << false;
        QTest::newRow("broken off") << QByteArray(R"({"jsonrpc":"2.0")") << parse << false;
        QTest::newRow("two values") << QByteArray("{} {}") << parse << false;
        QTest::newRow("not UTF-8") << QByteArray("{\"a\":\"\xff\"}") << parse << false;
        QTest::newRow("too deep") << QByteArray(100000, '[') << parse << false;
        QTest::newRow("batch") << QByteArray("[]") << invalid << false;
        QTest::newRow("number") << QByteArray("5") << invalid << false;
        QTest::newRow("no version") << QByteArray(R"({"id":5,"method":"plan"})") << invalid << true;
        QTest::newRow("version 1") << QByteArray(R"({"jsonrpc":"1.0","id":5,"method":"plan"})") << invalid << true;
        QTest::newRow("no method") << QByteArray(R"({"jsonrpc":"2.0","id":5})") << invalid << true;
        QTest::newRow("method is a number") << QByteArray(R"({"jsonrpc":"2.0","id":5,"method":1})") << invalid << true;
        QTest::newRow("positional parameters")
            << QByteArray(R"({"jsonrpc":"2.0","id":5,"method":"plan","params":[1]})") << invalid << true;
        QTest::newRow("text id") << QByteArray(R"({"jsonrpc":"2.0","id":"5","method":"plan"})") << invalid << false;
        QTest::newRow("null id") << QByteArray(R"({"jsonrpc":"2.0","id":null,"method":"plan"})") << invalid << false;
        QTest::newRow("fractional id") << QByteArray(R"({"jsonrpc":"2.0","id":5.5,"method":"p"})") << invalid << false;
        QTest::newRow("id over 63 bits") << QByteArray(R"({"jsonrpc":"2.0","id":9223372036854775808,"method":"p"})")
                                         << invalid << false;
        QTest::newRow("result and error")
            << QByteArray(R"({"jsonrpc":"2.0","id":5,"result":1,"error":{"code":1,"message":"x"}})") << invalid << true;
        QTest::newRow("result without id") << QByteArray(R"({"jsonrpc":"2.0","result":1})") << invalid << false;
        QTest::newRow("error without code")
            << QByteArray(R"({"jsonrpc":"2.0","id":5,"error":{"message":"x"}})") << invalid << true;
        QTest::newRow("error code over 32 bits")
            << QByteArray(R"({"jsonrpc":"2.0","id":5,"error":{"code":4294967296,"message":"x"}})") << invalid << true;
        QTest::newRow("error is text") << QByteArray(R"({"jsonrpc":"2.0","id":5,"error":"x"})") << invalid << true;
    }
    void refusals()
    {
        QFETCH(QByteArray, body);
        QFETCH(int, code);
        QFETCH(bool, id5);
        try {
            messageFromJson(body.toStdString());
            QFAIL("accepted");
        } catch (const MessageError &error) {
            QCOMPARE(static_cast<int>(error.code()), code);
            QCOMPARE(error.id().has_value(), id5);
            QVERIFY(!id5 || *error.id() == 5);
            QVERIFY(QByteArray(error.what()).endsWith('.'));
        }
    }

    void depthLimitIsExact()
    {
        const auto nested = [](int depth) { // the message itself is the first level
            return R"({"jsonrpc":"2.0","method":"p","params":)" +
                   std::string(static_cast<std::size_t>(depth) - 2, '[') +
                   std::string(static_cast<std::size_t>(depth) - 2, ']') + "}";
        };
        // Deep enough to reach the check of the parameters' type ...
        try {
            messageFromJson(nested(maxMessageDepth));
            QFAIL("accepted");
        } catch (const MessageError &error) {
            QCOMPARE(error.code(), ErrorCode::InvalidRequest);
        }
        // ... and too deep to reach it.
        try {
            messageFromJson(nested(maxMessageDepth + 3));
            QFAIL("accepted");
        } catch (const MessageError &error) {
            QCOMPARE(error.code(), ErrorCode::ParseError);
        }
    }

    void writesAnyString()
    {
        const Message message = Response{1, {}, ResponseError{ErrorCode::RequestFailed, "no file '\xff\xfe.pth'."}};
        const Message read = messageFromJson(toJson(message));
        QCOMPARE(std::get<Response>(read).error->message, std::string("no file '\xef\xbf\xbd\xef\xbf\xbd.pth'."));

        const Message infinite = Response{1, std::numeric_limits<double>::infinity(), {}};
        QVERIFY(std::get<Response>(messageFromJson(toJson(infinite))).result.is_null());
    }
};

QTEST_APPLESS_MAIN(tst_Message)
#include "tst_message.moc"
