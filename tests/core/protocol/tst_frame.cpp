#include "protocol/frame.h"

#include "plan/error.h"

#include <QTest>

using namespace edgeflex;

namespace {

// Everything that a reader makes of a stream that arrives in pieces of `step` bytes.
std::vector<Frame> framesOf(const std::string &stream, std::size_t step)
{
    FrameReader reader;
    std::vector<Frame> frames;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        reader.append(std::string_view(stream).substr(at, step));
        while (std::optional<Frame> frame = reader.next())
            frames.push_back(std::move(*frame));
    }
    return frames;
}

} // namespace

class tst_Frame : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void wireForm()
    {
        QCOMPARE(encodeFrame("{}"), std::string("Content-Length: 2\r\n\r\n{}"));
        QCOMPARE(
            encodeBinaryFrame(17, "abc"),
            std::string("Content-Length: 3\r\nContent-Type: application/octet-stream\r\nContent-Id: 17\r\n\r\nabc"));
    }

    void roundTripInPieces_data()
    {
        QTest::addColumn<int>("step");
        for (const int step : {1, 2, 3, 7, 64, 1000, 100000})
            QTest::addRow("%d", step) << step;
    }
    void roundTripInPieces()
    {
        QFETCH(int, step);
        std::string bulk;
        for (int i = 0; i < 3000; ++i)
            bulk += static_cast<char>(i * 7); // every byte value, header ends among them
        bulk += "\r\n\r\nContent-Length: 5\r\n\r\n";
        const std::vector<Frame> expected{{"{\"a\":1}", {}}, {"", {}}, {bulk, 18446744073709551615ULL}, {"[2]", {}}};
        const std::string stream = encodeFrame(expected[0].body) + encodeFrame("") +
                                   encodeBinaryFrame(*expected[2].contentId, bulk) + encodeFrame("[2]");
        const std::vector<Frame> frames = framesOf(stream, static_cast<std::size_t>(step));
        QCOMPARE(frames.size(), expected.size());
        for (std::size_t i = 0; i < frames.size(); ++i)
            QVERIFY(frames[i] == expected[i]);
    }

    void toleratesOtherWritersHeaders()
    {
        const std::vector<Frame> frames = framesOf("content-LENGTH:2\r\nX-Unknown: yes\r\n"
                                                   "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n{}",
                                                   5);
        QCOMPARE(frames.size(), std::size_t{1});
        QVERIFY(frames[0] == (Frame{"{}", {}}));
    }

    void brokenStreams_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QString>("word");
        QTest::newRow("printed line") << QByteArray("Loading weights\n") << "not a frame header";
        QTest::newRow("binary garbage") << QByteArray("\x7f"
                                                      "ELF\x02")
                                        << "not a frame header";
        QTest::newRow("no field name") << QByteArray("hello world\r\n\r\n") << "without a field name";
        QTest::newRow("empty name") << QByteArray(": 5\r\n\r\n") << "without a field name";
        QTest::newRow("empty header") << QByteArray("\r\n\r\n{}") << "without a field name";
        QTest::newRow("no length") << QByteArray("Content-Type: application/json\r\n\r\n") << "no Content-Length";
        QTest::newRow("length twice") << QByteArray("Content-Length: 1\r\nContent-Length: 2\r\n\r\n") << "twice";
        QTest::newRow("negative") << QByteArray("Content-Length: -1\r\n\r\n") << "'-1'";
        QTest::newRow("plus sign") << QByteArray("Content-Length: +1\r\n\r\n") << "'+1'";
        QTest::newRow("hexadecimal") << QByteArray("Content-Length: 0x10\r\n\r\n") << "'0x10'";
        QTest::newRow("empty length") << QByteArray("Content-Length:\r\n\r\n") << "not a number";
        QTest::newRow("one over the limit") << QByteArray("Content-Length: 1073741825\r\n\r\n") << "1073741825";
        QTest::newRow("over 64 bits") << QByteArray("Content-Length: 18446744073709551617\r\n\r\n") << "not a number";
        QTest::newRow("endless header") << QByteArray("X: ") + QByteArray(5000, 'a') << "longer than 4096";
        QTest::newRow("binary without id")
            << QByteArray("Content-Length: 1\r\nContent-Type: application/octet-stream\r\n\r\n") << "no Content-Id";
        QTest::newRow("id without binary")
            << QByteArray("Content-Length: 1\r\nContent-Id: 3\r\n\r\n") << "application/octet-stream";
        QTest::newRow("bad id") << QByteArray("Content-Length: 1\r\nContent-Id: x\r\n\r\n") << "Content-Id 'x'";
    }
    void brokenStreams()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QString, word);
        FrameReader reader;
        reader.append(stream.toStdString());
        for (int attempt = 0; attempt < 2; ++attempt) { // the second time without new bytes
            try {
                reader.next();
                QFAIL("a broken stream was accepted");
            } catch (const Error &error) {
                QVERIFY2(QString::fromStdString(error.what()).contains(word), error.what());
            }
            reader.append(encodeFrame("{}")); // what follows is not trusted
        }
    }

    void waitsForTheRest()
    {
        FrameReader reader;
        const std::string bytes = encodeFrame("{\"id\":1}");
        reader.append(std::string_view(bytes).substr(0, bytes.size() - 1));
        QVERIFY(!reader.next());
        QVERIFY(reader.pendingBytes() > 0);
        reader.append("}");
        QVERIFY(reader.next().has_value());
        QCOMPARE(reader.pendingBytes(), std::size_t{0});
        QVERIFY(!reader.next());
    }

    void announcedSizeTakesNoMemory()
    {
        FrameReader reader;
        reader.append("Content-Length: 1073741824\r\n\r\nabc");
        QVERIFY(!reader.next());
        QCOMPARE(reader.pendingBytes(), std::size_t{3});
    }
};

QTEST_APPLESS_MAIN(tst_Frame)
#include "tst_frame.moc"
