#include "engine/server/server.h"

#include "plan/jsonfields.h"
#include "plan/layertimes.h"
#include "plan/preprocessinglint.h"
#include "plan/results.h"
#include "plan/verboptions.h"
#include "protocol/frame.h"
#include "protocol/message.h"
#include "protocol/protocol.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

#include <array>
#include <chrono>
#include <map>
#include <thread>
#include <vector>

using namespace edgeflex;

namespace {

// An engine at the other end of two pipes.
class Engine
{
public:
    Engine()
    {
        if (pipe(m_toEngine.data()) != 0 || pipe(m_fromEngine.data()) != 0)
            qFatal("no pipes");
        m_thread = std::thread([this] {
            serve(m_toEngine[0], m_fromEngine[1]);
            close(m_fromEngine[1]);
        });
    }
    ~Engine()
    {
        close(m_toEngine[1]);
        m_thread.join();
        close(m_toEngine[0]);
        close(m_fromEngine[0]);
    }

    void send(const Message &message)
    {
        const std::string bytes = encodeMessage(message);
        QCOMPARE(write(m_toEngine[1], bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    }
    std::int64_t ask(std::string_view method, const nlohmann::json &params)
    {
        send(Request{++m_id, std::string(method), params});
        return m_id;
    }
    void cancel(std::int64_t id) { send(Notification{std::string(method::cancel), CancelParams{id}}); }

    std::optional<Message> receive()
    {
        std::array<char, 65536> buffer{};
        for (;;) {
            if (const std::optional<Frame> frame = m_reader.next()) {
                if (!frame->binary())
                    return messageFromJson(frame->body);
                m_bulk[*frame->contentId] = frame->body;
                continue;
            }
            const ssize_t count = read(m_fromEngine[0], buffer.data(), buffer.size());
            if (count <= 0)
                return std::nullopt;
            m_reader.append({buffer.data(), static_cast<std::size_t>(count)});
        }
    }
    // The answer to a request; what was notified before it goes into notifications().
    Response answer(std::int64_t id)
    {
        m_notifications.clear();
        while (const std::optional<Message> message = receive()) {
            if (const auto *notification = std::get_if<Notification>(&*message))
                m_notifications.push_back(*notification);
            else if (const auto *response = std::get_if<Response>(&*message); response && response->id == id)
                return *response;
        }
        return {};
    }
    Response call(std::string_view method, const nlohmann::json &params) { return answer(ask(method, params)); }
    const std::vector<Notification> &notifications() const { return m_notifications; }
    std::string bulk(std::uint64_t id) { return m_bulk[id]; }

private:
    std::array<int, 2> m_toEngine{};
    std::array<int, 2> m_fromEngine{};
    std::thread m_thread;
    FrameReader m_reader;
    std::int64_t m_id = 0;
    std::vector<Notification> m_notifications;
    std::map<std::uint64_t, std::string> m_bulk;
};

} // namespace

class TestServer : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    DraftOptions m_draft;

    std::string root(const char *name) { return m_folder.path().toStdString() + "/" + name; }

private Q_SLOTS:
    void initTestCase()
    {
        const VitModel model = test::writeSmallModel(root("model"));
        m_draft.model.path = root("model");
        m_draft.calibration = test::writeSmallImages(root("calibration"), 60, 3);
        m_draft.data = test::writeSmallImages(root("data"), 93);
        m_draft.plan = identityPlan(model.spec);
        for (auto &[layer, format] : m_draft.plan.formats)
            format = NumberFormat::Int8;
        m_draft.repeats = 2;
        m_draft.cacheFolder = root("cache");
        m_draft.job.threads = 1;
    }

    void initializes()
    {
        Engine engine;
        const Response response = engine.call(method::initialize, InitializeParams{protocolVersion, "test"});
        QVERIFY(!response.error);
        QCOMPARE(response.result.get<InitializeResult>().protocolVersion, protocolVersion);
        QVERIFY(engine.call(method::initialize, InitializeParams{1, "test"}).error.has_value());
    }

    void data()
    {
        Engine engine;
        const auto summary = engine.call(method::data, DataOptions{m_draft.data}).result.get<DataSummary>();
        QCOMPARE(summary.images, std::int64_t(93));
        QCOMPARE(summary.classes, std::int64_t(10));
        QVERIFY(summary.searchImages > 0);
        const Response missing = engine.call(method::data, DataOptions{"/no/such/data"});
        QCOMPARE(missing.error->code, ErrorCode::RequestFailed);
        QVERIFY(QString::fromStdString(missing.error->message).contains("/no/such/data"));
        QCOMPARE(engine.call(method::data, {{"path", 7}}).error->code, ErrorCode::InvalidParams);
    }

    void identity()
    {
        Engine engine;
        InspectOptions options;
        options.model = m_draft.model;
        QCOMPARE(engine.call(method::inspect, options).result.get<ModelSummary>().identity.size(), std::size_t(32));
    }

    void lint()
    {
        Engine engine;
        PreprocessingLintOptions options;
        options.model = m_draft.model;
        options.calibration = m_draft.calibration;
        options.threads = 1;
        const Response response = engine.call(method::lint, options);
        QVERIFY2(!response.error, response.error ? response.error->message.c_str() : "");
        const auto result = response.result.get<PreprocessingLintResult>();
        QVERIFY(result.trials.size() > 5);
    }

    // Pictures come in frames of their own before the answer that names them; and what a draft says of one of them.
    void answersAndPictures()
    {
        Engine engine;
        const auto measured = engine.call(method::draft, m_draft).result.get<Measurement>();
        QVERIFY(measured.answers.has_value());
        const PicturesOptions options{
            m_draft.model, m_draft.data, measured.answers->images(), measured.answers->judged(), {0, 92}};
        const Response response = engine.call(method::pictures, options);
        QVERIFY2(!response.error, response.error ? response.error->message.c_str() : "");
        const auto result = response.result.get<PicturesResult>();
        QCOMPARE(result.pictures.size(), std::size_t(2));
        for (const PreparedPicture &picture : result.pictures)
            QCOMPARE(engine.bulk(picture.content).size(), std::size_t(144));
        QVERIFY(result.pictures[0].content != result.pictures[1].content);
        const auto answer = engine.call(method::answer, AnswerOptions{m_draft, 92}).result.get<ImageAnswer>();
        QCOMPARE(answer.label, result.pictures[1].label);
        QCOMPARE(answer.answer, measured.answers->wrongAnswer(92).value_or(answer.label));
    }

    void sensitivity()
    {
        Engine engine;
        SensitivityOptions options;
        options.model = m_draft.model;
        options.calibration = m_draft.calibration;
        options.searchImages = 8;
        options.job.threads = 1;
        const Response response = engine.call(method::sensitivity, options);
        QVERIFY2(!response.error, response.error ? response.error->message.c_str() : "");
        const auto result = response.result.get<SensitivityResult>();
        QCOMPARE(result.sensitivity.images, std::int64_t(8));
        QVERIFY(!engine.notifications().empty());
    }

    void times()
    {
        Engine engine;
        TimesOptions options;
        options.model = m_draft.model;
        options.cacheFolder = m_folder.path().toStdString() + "/latency";
        options.job.threads = 1;
        const Response response = engine.call(method::times, options);
        QVERIFY2(!response.error, response.error ? response.error->message.c_str() : "");
        const auto result = response.result.get<LayerTimes>();
        QCOMPARE(result.mlps.size(), std::size_t(2));
        // Asked again, the table answers.
        QVERIFY(engine.call(method::times, options).result.get<LayerTimes>() == result);
    }

    void draft()
    {
        Engine engine;
        const std::int64_t id = engine.ask(method::draft, m_draft);
        const Response response = engine.answer(id);
        QVERIFY2(!response.error, response.error ? response.error->message.c_str() : "");
        const auto result = response.result.get<Measurement>();
        QVERIFY(result.againstBaseline.has_value());
        std::int64_t seen = 0;
        std::vector<AccuracyParams> heard;
        for (const Notification &notification : engine.notifications()) {
            if (notification.method != method::accuracy)
                continue;
            heard.push_back(notification.params.get<AccuracyParams>());
            QCOMPARE(heard.back().id, id);
            QVERIFY(heard.back().accuracy.top1.total > seen);
            seen = heard.back().accuracy.top1.total;
        }
        QVERIFY(heard.size() >= 2);
        QCOMPARE(heard.back().accuracy.top1, result.top1);
        QCOMPARE(heard.back().accuracy.drop, result.againstBaseline->drop);
    }

    // A draft that a newer plan has overtaken; the engine goes on with the next.
    void cancelledDrafts()
    {
        Engine engine;
        DraftOptions longer = m_draft;
        longer.repeats = 1'000'000;
        const std::int64_t running = engine.ask(method::draft, longer);
        const std::int64_t waiting = engine.ask(method::draft, longer);
        // Until it runs.
        for (;;) {
            const std::optional<Message> message = engine.receive();
            QVERIFY(message.has_value());
            const auto *notification = std::get_if<Notification>(&*message);
            if (notification && notification->method == method::accuracy)
                break;
        }
        engine.cancel(waiting);
        engine.cancel(running);
        const auto start = std::chrono::steady_clock::now();
        QCOMPARE(engine.answer(running).error->code, ErrorCode::RequestCancelled);
        const auto took = std::chrono::steady_clock::now() - start;
        QVERIFY(took < std::chrono::seconds(2)); // not a timing test: this machine may be busy
        QCOMPARE(engine.answer(waiting).error->code, ErrorCode::RequestCancelled);
        QVERIFY(!engine.call(method::draft, m_draft).error);
    }

    void shutsDown()
    {
        Engine engine;
        QVERIFY(!engine.call(method::shutdown, nlohmann::json::object()).error);
        QVERIFY(!engine.receive());
    }
};

QTEST_APPLESS_MAIN(TestServer)
#include "tst_server.moc"
