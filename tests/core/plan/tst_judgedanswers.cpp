#include "jsonchecks.h"

#include "plan/judgedanswers.h"

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

const JudgedAnswers a("set", 10, {{1, 7}, {4, 2}, {8, 300}, {9, 0}});
const JudgedAnswers b("set", 10, {{0, 3}, {4, 5}, {9, 0}});

} // namespace

class TestJudgedAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changes()
    {
        const std::vector<AnswerChange> expected{
            {0, std::nullopt, 3}, {1, 7, std::nullopt}, {4, 2, 5}, {8, 300, std::nullopt}};
        QVERIFY(answerChanges(a, b) == expected);
        QVERIFY(answerChanges(a, a).empty());
        // The other way round every change is the other way round.
        const std::vector<AnswerChange> back = answerChanges(b, a);
        QCOMPARE(back.size(), expected.size());
        for (std::size_t i = 0; i < back.size(); ++i)
            QVERIFY((back[i] == AnswerChange{expected[i].image, expected[i].b, expected[i].a}));
    }

    void paired()
    {
        QVERIFY(pairedDrop(a, b) == pairedDrop(1, 2, 10));
        QVERIFY(pairedDrop(b, a) == pairedDrop(2, 1, 10));
        QVERIFY(pairedDrop(a, a) == pairedDrop(0, 0, 10));
    }

    void lookUp()
    {
        QCOMPARE(a.wrongAnswer(8), std::optional(300));
        QVERIFY(!a.wrongAnswer(0) && !a.wrongAnswer(7) && !a.wrongAnswer(100));
        QVERIFY(a.sameImages(b) && !(a == b));
        QVERIFY(a == JudgedAnswers("set", 10, {{1, 7}, {4, 2}, {8, 300}, {9, 0}})); // whoever holds them
    }

    void refusesOtherImages()
    {
        for (const JudgedAnswers &other : {JudgedAnswers("another", 10, {}), JudgedAnswers("set", 9, {})}) {
            QVERIFY(!failure([&] { answerChanges(a, other); }).empty());
            QVERIFY(!failure([&] { pairedDrop(a, other); }).empty());
        }
    }

    void refusesDisorder()
    {
        QVERIFY(!failure([] { JudgedAnswers("set", 10, {{4, 1}, {4, 2}}); }).empty());
        QVERIFY(!failure([] { JudgedAnswers("set", 10, {{4, 1}, {3, 2}}); }).empty());
        QVERIFY(!failure([] { JudgedAnswers("set", 10, {{-1, 1}}); }).empty());
        QVERIFY(!failure([] { JudgedAnswers("set", 1, {{0, 1}, {1, 1}}); }).empty());
    }

    void roundTrips()
    {
        verifyRoundTrip(JudgedAnswers());
        verifyRoundTrip(a);
        verifyRoundTrip(JudgedAnswers("far", 3, {{0, 0}, {127, 128}, {1'000'000'000'000, 2'147'483'647}}));
    }

    // A file of 200 variants stays small: a wrong answer takes two or three bytes.
    void compact()
    {
        std::vector<WrongAnswer> wrong;
        for (int i = 0; i < 10'000; i += 12)
            wrong.push_back({i, i % 10});
        const JudgedAnswers value("demo", 10'000, wrong);
        QVERIFY(jsonText(nlohmann::json(value)).size() < 3 * wrong.size() + 100);
    }

    void badFields()
    {
        const nlohmann::json json = a;
        for (const char *key : {"images", "judged", "wrong"})
            verifyBadField<JudgedAnswers>(json, pointerTo(key), "remove", key);
        verifyBadField<JudgedAnswers>(json, "/judged", "3", "wrong"); // fewer than there are wrong ones
        verifyBadField<JudgedAnswers>(json, "/judged", "-1", "judged");
        verifyBadField<JudgedAnswers>(json, "/wrong", "\"*\"", "wrong");
        verifyBadField<JudgedAnswers>(json, "/wrong", "\"AA==\"", "wrong");     // an image without an answer
        verifyBadField<JudgedAnswers>(json, "/wrong", "\"gIA=\"", "wrong");     // breaks off in a number
        verifyBadField<JudgedAnswers>(json, "/wrong", "\"AP////8P\"", "wrong"); // no class has that number
        verifyBadField<JudgedAnswers>(json, "/wrong", "\"//////////////////8BAA==\"", "wrong"); // nor an image
    }
};

QTEST_APPLESS_MAIN(TestJudgedAnswers)
#include "tst_judgedanswers.moc"
