#include "app/studio/jobqueue.h"

#include "app/studio/stagetext.h"

#include <algorithm>
#include <utility>

namespace edgeflex {
namespace {

constexpr double leastSecondsToJudge = 0.7; // before a rate says anything

} // namespace

QString JobQueue::State::text() const
{
    const QString word = stageText(stage);
    return word.isEmpty() || title.compare(word, Qt::CaseInsensitive) == 0 ? title
                                                                           : JobQueue::tr("%1: %2").arg(title, word);
}

JobQueue::JobQueue(EngineClient *engine, QObject *parent) : QObject(parent), m_engine(engine)
{
    connect(engine, &EngineClient::progress, this, &JobQueue::showProgress);
    connect(engine, &EngineClient::accuracy, this, [this](qint64 id, const AccuracySoFar &accuracy) {
        if (m_running && m_running->request == id && m_running->job.accuracy)
            m_running->job.accuracy(accuracy);
    });
    connect(engine, &EngineClient::crashed, this, [this] { m_engineEnded = true; });
}

int JobQueue::add(Job job)
{
    Entry entry;
    entry.number = ++m_numbers;
    entry.job = std::move(job);
    const int number = entry.number;
    wait(std::move(entry));
    return number;
}

void JobQueue::wait(Entry entry)
{
    const auto isLater = [rank = entry.job.rank](const Entry &waiting) {
        return waiting.job.rank > rank;
    };
    m_waiting.insert(std::ranges::find_if(m_waiting, isLater), std::move(entry));
    showWaiting();
    next();
}

bool JobQueue::holds(int job) const
{
    return (m_running && m_running->number == job && !m_running->cancelled) ||
           std::ranges::find(m_waiting, job, &Entry::number) != m_waiting.end() || isHeld(job);
}

void JobQueue::cancel(int job)
{
    if (m_running && m_running->number == job) {
        m_running->cancelled = true;
        m_engine->cancel(m_running->request);
        return;
    }
    std::deque<Entry> &list = isHeld(job) ? m_held : m_waiting;
    const auto found = std::ranges::find(list, job, &Entry::number);
    if (found == list.end())
        return;
    ended(*found, Item::State::Cancelled, {});
    const auto failed = std::move(found->job.failed);
    list.erase(found);
    showWaiting();
    if (failed)
        QMetaObject::invokeMethod(
            this, [failed] { failed({}); }, Qt::QueuedConnection);
}

void JobQueue::hold(int job)
{
    if (!m_running || m_running->number != job || m_running->held)
        return;
    m_running->held = true;
    m_sinceHeld.start();
    m_engine->cancel(m_running->request);
}

void JobQueue::resume(int job)
{
    const auto found = std::ranges::find(m_held, job, &Entry::number);
    if (found == m_held.end())
        return;
    Entry entry = std::move(*found);
    m_held.erase(found);
    wait(std::move(entry));
}

bool JobQueue::isHeld(int job) const
{
    return std::ranges::find(m_held, job, &Entry::number) != m_held.end();
}

std::optional<int> JobQueue::meant() const
{
    if (!m_held.empty() && m_sinceHeld.elapsed() < reachMs)
        return m_held.back().number;
    return m_running ? std::optional(m_running->number) : std::nullopt;
}

void JobQueue::cancelRunning()
{
    if (m_running)
        cancel(m_running->number);
}

void JobQueue::cancelAll()
{
    while (!m_waiting.empty())
        cancel(m_waiting.back().number);
    while (!m_held.empty())
        cancel(m_held.back().number);
    cancelRunning();
}

// Never from within a call of a job's function: these add jobs.
void JobQueue::next()
{
    if (m_nextPosted)
        return;
    m_nextPosted = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_nextPosted = false;
            if (m_running || m_waiting.empty())
                return;
            m_running = std::move(m_waiting.front());
            m_waiting.pop_front();
            ++m_running->attempt;
            m_running->ran.start();
            m_state = State{m_running->number, m_running->job.title, {}, 0, 0, {}, {}};
            const int number = m_running->number;
            m_engineEnded = false;
            if (m_engine->state() == EngineClient::State::Failed || m_engine->state() == EngineClient::State::Stopped)
                m_engine->start();
            m_running->request =
                m_engine->request(m_running->job.method, m_running->job.params,
                                  [this, number](const Response &response) { answered(number, response); });
            showWaiting();
        },
        Qt::QueuedConnection);
}

void JobQueue::answered(int number, const Response &response)
{
    if (!m_running || m_running->number != number)
        return;
    Entry entry = std::move(*m_running);
    m_running.reset();
    m_state.reset();
    const bool stopped =
        response.error && (response.error->code == ErrorCode::RequestCancelled || entry.cancelled || entry.held);
    if (stopped && entry.held && !entry.cancelled) {
        entry.held = false;
        entry.attempt = 0;
        m_held.push_back(std::move(entry));
        next();
        showWaiting();
        return;
    }
    const bool again = response.error && !stopped && m_engineEnded && entry.attempt < attempts &&
                       m_engine->state() != EngineClient::State::Failed;
    if (again) {
        const QString title = entry.job.title;
        m_waiting.push_front(std::move(entry));
        next();
        showWaiting();
        Q_EMIT interrupted(title);
        return;
    }
    next();
    QString sentence;
    if (!response.error) {
        try {
            if (entry.job.done)
                entry.job.done(response.result);
            ended(entry, Item::State::Done, {});
            Q_EMIT changed();
            return;
        } catch (const std::exception &) {
            sentence = tr("%1: the engine's answer lacks fields; install the same version of both programs.")
                           .arg(entry.job.title);
        }
    } else if (!stopped) {
        sentence = QString::fromStdString(response.error->message);
    }
    ended(entry, sentence.isEmpty() ? Item::State::Cancelled : Item::State::Failed, sentence);
    if (entry.job.failed)
        entry.job.failed(sentence);
    Q_EMIT changed();
}

void JobQueue::ended(const Entry &entry, Item::State state, const QString &error)
{
    Item item;
    item.number = entry.number;
    item.title = entry.job.title;
    item.state = state;
    item.seconds = entry.ran.isValid() ? static_cast<double>(entry.ran.elapsed()) / 1000 : 0;
    item.share = state == Item::State::Done ? 1 : 0;
    item.error = error;
    m_ended.push_back(item);
    if (m_ended.size() > endedAtMost)
        m_ended.pop_front();
    Q_EMIT jobEnded(item);
}

std::vector<JobQueue::Item> JobQueue::items() const
{
    std::vector<Item> items(m_ended.begin(), m_ended.end());
    if (m_running) {
        Item item;
        item.number = m_running->number;
        item.title = m_running->job.title;
        item.state = Item::State::Running;
        item.share = -1;
        item.seconds = static_cast<double>(m_running->ran.elapsed()) / 1000;
        if (m_state) {
            item.stage = m_state->stage;
            item.secondsLeft = m_state->secondsLeft;
            if (m_state->total > 0)
                item.share = static_cast<double>(m_state->done) / static_cast<double>(m_state->total);
        }
        items.push_back(std::move(item));
    }
    for (const auto &[list, state] :
         {std::pair(&m_waiting, Item::State::Waiting), std::pair(&m_held, Item::State::Held)}) {
        for (const Entry &entry : *list) {
            Item item;
            item.number = entry.number;
            item.title = entry.job.title;
            item.state = state;
            items.push_back(std::move(item));
        }
    }
    return items;
}

void JobQueue::showProgress(qint64 id, const QString &stage, qint64 done, qint64 total)
{
    if (!m_running || m_running->request != id || !m_state)
        return;
    if (m_state->stage != stage || done < m_state->done) {
        m_sinceStage.start();
        m_state->stage = stage;
        if (m_running->job.stage)
            m_running->job.stage(stage);
    }
    m_state->done = done;
    m_state->total = total;
    const double seconds = static_cast<double>(m_sinceStage.elapsed()) / 1000;
    m_state->secondsLeft.reset();
    if (done > 0 && total >= done && seconds > leastSecondsToJudge)
        m_state->secondsLeft = seconds / static_cast<double>(done) * static_cast<double>(total - done);
    Q_EMIT changed();
}

void JobQueue::showWaiting()
{
    if (m_state) {
        m_state->waiting.clear();
        for (const Entry &entry : m_waiting)
            m_state->waiting += entry.job.title;
    }
    Q_EMIT changed();
}

} // namespace edgeflex
