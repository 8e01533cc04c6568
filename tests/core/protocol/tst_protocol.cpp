#include "protocol/protocol.h"

#include <nlohmann/json.hpp>

#include <QTest>

using namespace edgeflex;
using nlohmann::json;

namespace {

template<typename T>
void verifyRoundTrip(const T &value, std::size_t fields)
{
    const json written = value;
    QCOMPARE(written.size(), fields);
    QVERIFY(written.get<T>() == value);
    for (const auto &[key, unused] : written.items()) {
        json incomplete = written;
        incomplete.erase(key);
        QVERIFY_EXCEPTION_THROWN(incomplete.get<T>(), json::exception);
    }
}

} // namespace

class tst_Protocol : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrips()
    {
        verifyRoundTrip(InitializeParams{3, "studio"}, 2);
        ExecutionTarget target;
        target.threads = 4;
        target.instructionSet = "AVX2";
        verifyRoundTrip(InitializeResult{1, "edgeflex 0.1.0", target}, 3);
        verifyRoundTrip(CancelParams{42}, 1);
        verifyRoundTrip(ProgressParams{42, "calibrating", 3, 256}, 4);
        verifyRoundTrip(AccuracyParams{42, {wilson(70, 90), wilson(75, 90), pairedDrop(7, 2, 90), 900}}, 2);
        verifyRoundTrip(NoteParams{42, "200 images were kept for searching."}, 2);
    }

    // Both sides refuse each other where this differs.
    void version()
    {
        QCOMPARE(protocolVersion, 6);
        QCOMPARE(InitializeParams().protocolVersion, protocolVersion);
        QCOMPARE(InitializeResult().protocolVersion, protocolVersion);
    }
};

QTEST_APPLESS_MAIN(tst_Protocol)
#include "tst_protocol.moc"
