#include "jsonchecks.h"

#include "plan/jsonfields.h"

#include <QFile>
#include <QTemporaryDir>

using namespace edgeflex;
using namespace edgeflex::test;

class TestJsonFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parses() { QCOMPARE(parseJson("{\"a\": [1, {\"b\": \"[[\\\"{\"}]}", "text").at("a").size(), std::size_t(2)); }

    void badText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("empty") << QByteArray() << QByteArray("line 1, column 1");
        QTest::newRow("cut") << QByteArray("{\"a\":\n [1, 2") << QByteArray("line 2");
        QTest::newRow("comma") << QByteArray("[1,]") << QByteArray("line 1, column 4");
        QTest::newRow("comment") << QByteArray("// x\n1") << QByteArray("line 1");
        QTest::newRow("twice") << QByteArray("{} {}") << QByteArray("line 1");
        QTest::newRow("NaN") << QByteArray("[NaN]") << QByteArray("line 1");
        QTest::newRow("huge number") << QByteArray("[1e999]") << QByteArray("no double");
        QTest::newRow("not UTF-8") << QByteArray("\"\xff\"") << QByteArray("line 1");
        QTest::newRow("open string") << QByteArray("\"abc\\") << QByteArray("line 1");
        QTest::newRow("zero byte") << QByteArray("[1\0]", 4) << QByteArray("line 1");
        QTest::newRow("deep") << QByteArray(65, '[') + QByteArray(65, ']') << QByteArray("deeper than 64");
        QTest::newRow("very deep") << QByteArray(5'000'000, '[') << QByteArray("deeper than 64");
        QTest::newRow("deep objects") << QByteArray("{\"a\":").repeated(100'000) << QByteArray("deeper than 64");
    }

    void badText()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, says);
        const std::string sentence =
            failure([&] { parseJson(std::string_view(text.constData(), std::size_t(text.size())), "plan.json"); });
        QVERIFY2(sentence.starts_with("plan.json "), sentence.c_str());
        QVERIFY2(sentence.find(says.toStdString()) != std::string::npos, sentence.c_str());
    }

    void nestsAsDeepAsAllowed()
    {
        const QByteArray text = QByteArray(64, '[') + QByteArray(64, ']');
        QVERIFY(parseJson(text.toStdString(), "text").is_array());
    }

    void files()
    {
        const QTemporaryDir folder;
        const std::string path = folder.filePath("a.json").toStdString();
        QVERIFY(failure([&] { readJsonFile(path); }).find(path) != std::string::npos);
        QVERIFY(failure([&] { readJsonFile(folder.path().toStdString()); }).find("is a folder") != std::string::npos);
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"a\": 1}");
        file.close();
        QCOMPARE(readJsonFile(path, 8).at("a").get<int>(), 1);
        QVERIFY(failure([&] { readJsonFile(path, 7); }).find("larger than the 7 bytes") != std::string::npos);
    }

    void textOfBytesThatAreNotUtf8()
    {
        const nlohmann::json json{{"path", "caf\xe9"}};
        QCOMPARE(jsonText(json), std::string("{\"path\":\"caf\xEF\xBF\xBD\"}"));
    }

    void numbers()
    {
        const nlohmann::json json = nlohmann::json::parse(
            R"({"big": 9223372036854775808, "most": 9223372036854775807, "least": -9223372036854775808,
                "seed": 18446744073709551615, "float": 3.0, "wide": 4294967296, "one": 1e39})");
        const JsonFields fields(json, "numbers");
        std::int64_t value = 0;
        fields.read("most", value, anyInteger);
        QCOMPARE(value, std::numeric_limits<std::int64_t>::max());
        fields.read("least", value, anyInteger);
        QCOMPARE(value, std::numeric_limits<std::int64_t>::min());
        std::uint64_t seed = 0;
        fields.read("seed", seed);
        QCOMPARE(seed, std::numeric_limits<std::uint64_t>::max());
        int narrow = 7;
        QVERIFY(!failure([&] { fields.read("big", value, anyInteger); }).empty());
        QVERIFY(!failure([&] { fields.read("float", value, anyInteger); }).empty());
        QVERIFY(!failure([&] { fields.read("wide", narrow, anyInteger); }).empty());
        QVERIFY(!failure([&] { fields.read("least", seed); }).empty());
        QCOMPARE(narrow, 7);
        double real = 0;
        fields.read("one", real);
        QCOMPARE(real, 1e39);
    }

    void floatsBeyondTheirRange()
    {
        const nlohmann::json json{{"values", {1.0, 1e39}}};
        std::vector<float> values;
        QVERIFY(failure([&] { JsonFields(json, "floats").read("values", values); }).find("\"values[1]\"") !=
                std::string::npos);
    }

    void sentences()
    {
        const nlohmann::json json{{"keep", 2}};
        double keep = 0.5;
        QCOMPARE(failure([&] {
                     JsonFields(json, "plan").read("keep", keep, {0, 1, true});
                 }),
                 std::string("plan: field \"keep\" must be a number in (0, 1]"));
        QCOMPARE(failure([&] { JsonFields(json, "plan").read("kept", keep); }),
                 std::string("plan: field \"kept\" is missing"));
        QCOMPARE(failure([&] { JsonFields(nlohmann::json::array(), "plan"); }),
                 std::string("plan must be a JSON object"));
    }

    void unknownFields()
    {
        const nlohmann::json json{{"images", 4}, {"imags", 5}};
        const JsonFields fields(json, "options", JsonFields::Missing::KeepsDefault);
        std::int64_t images = 0;
        std::string out = "kept";
        fields.read("images", images);
        fields.read("out", out);
        QCOMPARE(images, std::int64_t(4));
        QCOMPARE(out, std::string("kept"));
        QCOMPARE(failure([&] { fields.refuseUnknown(); }),
                 std::string("options: field \"imags\" is not known; the fields are images, out"));
    }
};

QTEST_APPLESS_MAIN(TestJsonFields)
#include "tst_jsonfields.moc"
