#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/session.h"

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

void write(const std::string &folder, const std::map<std::string, std::string> &files)
{
    std::filesystem::create_directories(folder);
    for (const auto &[name, text] : files)
        std::ofstream(folder + "/" + name, std::ios::binary) << text;
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string fresh()
    {
        static int count = 0;
        return m_folder.path().toStdString() + "/" + std::to_string(count++);
    }

private Q_SLOTS:
    void variants()
    {
        verifyRoundTrip(sampleVariant(3));
        verifyRoundTrip(sampleBaseline());
        verifyRoundTrip(Variant());
        Variant starred = sampleVariant(5);
        starred.parent = 3;
        starred.starred = true;
        verifyRoundTrip(starred);
        QVERIFY(sampleBaseline().isBaseline());
        QVERIFY(!sampleVariant(3).isBaseline());
        for (const Quality quality : {Quality::Draft, Quality::Final})
            QVERIFY(qualityFromString(toString(quality)) == quality);
        QVERIFY(!failure([] { qualityFromString("good"); }).empty());
        const nlohmann::json json = sampleVariant(3);
        for (const char *key : {"id", "name", "plan", "quality", "folder", "measurement"})
            verifyBadField<Variant>(json, pointerTo(key), "remove", key);
        verifyBadField<Variant>(json, "/id", "-1", "id");
        verifyBadField<Variant>(json, "/id", "4294967296", "id");
        verifyBadField<Variant>(json, "/quality", "\"best\"", "quality");
        verifyBadField<Variant>(json, "/plan/blocks/0/mlpKeep", "2", "plan.blocks[0].mlpKeep");
        verifyBadField<Variant>(json, "/measurement/againstBaseline/mcnemarP", "2",
                                "measurement.againstBaseline.mcnemarP");
    }

    void lookUp()
    {
        const Session session = sampleSession();
        QCOMPARE(session.variant(4), &session.variants[2]);
        QCOMPARE(session.variant(2), nullptr);
        QCOMPARE(session.baseline(), &session.variants[0]);
        QCOMPARE(session.nextVariantId(), 5);
        QCOMPARE(Session().nextVariantId(), 0);
        QCOMPARE(Session().baseline(), nullptr);
    }

    void folderRoundTrips()
    {
        const Session session = sampleSession();
        const auto files = sessionFiles(session);
        QCOMPARE(files.size(), std::size_t(5));
        const std::string folder = fresh();
        write(folder, files);
        QVERIFY(openSession(folder) == session);
        QVERIFY(openSession(folder + "/session.json") == session);
        QVERIFY(sessionFiles(openSession(folder)) == files);
    }

    void littleIsASessionToo()
    {
        Session session;
        session.model.path = "models/sample";
        session.summary.spec = sampleSpec();
        session.plan = identityPlan(sampleSpec());
        const auto files = sessionFiles(session);
        QCOMPARE(files.size(), std::size_t(1));
        const std::string folder = fresh();
        write(folder, files);
        QVERIFY(openSession(folder) == session);
    }

    void pathsThatAreNotUtf8DoNotSpoilIt()
    {
        Session session = sampleSession();
        session.data = "bilder-\xff";
        const std::string folder = fresh();
        write(folder, sessionFiles(session));
        QVERIFY(openSession(folder).data != session.data);
        QVERIFY(openSession(folder).variants == session.variants);
    }

    void noSession()
    {
        const std::string folder = fresh();
        std::filesystem::create_directories(folder);
        for (const std::string &path : {folder, folder + "/nothing", folder + "/nothing/session.json"})
            QVERIFY(failure([&] { openSession(path); }).starts_with(path + " is not a session"));
    }

    // A table of what can have happened to the files: each is refused, and the sentence names file and field.
    void damaged_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("pointer"); // empty: the whole text is replaced
        QTest::addColumn<QString>("value");   // "remove": the field
        QTest::addColumn<QString>("said");
        const auto row = [](const char *file, const char *pointer, const char *value, const char *said) {
            QTest::addRow("%s %s %s", file, pointer, value) << file << pointer << value << said;
        };
        row("session.json", "", "", "not valid JSON");
        row("session.json", "", "[]", "must be a JSON object");
        row("session.json", "", "{\"formatVersion\": 1", "not valid JSON");
        row("session.json", "/formatVersion", "2", "\"formatVersion\" is 2");
        row("session.json", "/formatVersion", "\"1\"", "\"formatVersion\"");
        row("session.json", "/model", "remove", "\"model\"");
        row("session.json", "/summary/spec/blocks/1/fc1", "remove", "\"summary.spec.blocks[1].fc1\"");
        row("session.json", "/summary/spec/width", "7", "");
        row("session.json", "/batch", "0", "\"batch\"");
        row("session.json", "/schedule", "\"lazy\"", "\"schedule\"");
        row("session.json", "/budgets/maxLatencyRatio", "0", "\"budgets.maxLatencyRatio\"");
        row("session.json", "/plan/blocks", "[]", "it has 0 blocks, but the model has 2");
        row("session.json", "/plan/formats/tail", "\"int8\"", "\"tail\"");
        row("session.json", "/pla", "{}", "\"pla\" is not known");
        row("profile.json", "/layers/0/format", "\"fp8\"", "\"layers[0].format\"");
        row("profile.json", "", "null", "must be a JSON object");
        row("sensitivity.json", "/mlpWidths/1/widths/0/kl", "\"x\"", "\"mlpWidths[1].widths[0].kl\"");
        row("sensitivity.json", "/mlpWidths/1", "remove", "1 blocks, but the session's model has 2");
        row("sensitivity.json", "/voDims/1", "remove", "1 blocks, but the session's model has 2");
        row("times.json", "/attentions/1", "remove", "1 blocks, but the session's model has 2");
        row("times.json", "/mlps/0/widths/0/fc1", "remove", "\"mlps[0].widths[0].fc1\"");
        row("times.json", "/mlps/0", "remove", "1 blocks, but the session's model has 2");
        row("variants.json", "/variants/1/measurement/top1/rate", "remove", "\"variants[1].measurement.top1.rate\"");
        row("variants.json", "/variants/1/id", "0", "two variants have the id 0");
        row("variants.json", "/variants/1/plan/blocks/0", "remove", "it has 1 blocks, but the model has 2");
        row("variants.json", "/recipe/0", "9", "the recipe names variant 9");
        row("variants.json", "/recipe/0", "0.5", "\"recipe\"");
        row("variants.json", "/recipe", "remove", "\"recipe\"");
        row("variants.json", "/variants", "{}", "\"variants\"");
    }
    void damaged()
    {
        QFETCH(QString, file);
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, said);
        auto files = sessionFiles(sampleSession());
        std::string &text = files.at(file.toStdString());
        if (pointer.isEmpty()) {
            text = value.toStdString();
        } else {
            nlohmann::json json = nlohmann::json::parse(text);
            const nlohmann::json::json_pointer place(pointer.toStdString());
            nlohmann::json &parent = json.at(place.parent_pointer());
            if (value != "remove")
                json[place] = nlohmann::json::parse(value.toStdString());
            else if (parent.is_array())
                parent.erase(static_cast<std::size_t>(std::stoi(place.back())));
            else
                parent.erase(place.back());
            text = json.dump();
        }
        const std::string folder = fresh();
        write(folder, files);
        const QString sentence = QString::fromStdString(failure([&] { openSession(folder); }));
        const QString path = QString::fromStdString(folder) + "/" + file;
        QVERIFY2(sentence.contains(path) && sentence.contains(said), qPrintable(sentence));
    }
};

QTEST_APPLESS_MAIN(TestSession)
#include "tst_session.moc"
