#pragma once

#include "app/studio/engineclient.h"

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

#include <deque>
#include <functional>
#include <optional>

namespace edgeflex {

// What the engine is asked to do, one after the other. A job whose engine ended is asked again of the next engine.
struct Job
{
    QString title; // for people: "Profiling"
    std::string_view method;
    nlohmann::json params;
    std::function<void(const nlohmann::json &result)> done; // may throw what reading the result throws
    std::function<void(const QString &sentence)> failed;    // empty sentence: it was cancelled
    std::function<void(const AccuracySoFar &)> accuracy;
    std::function<void(const QString &stage)> stage;
    // Short and waited for, or long and waited for by nobody.
    enum class Rank { First, Usual, Last };
    Rank rank = Rank::Usual; // those of one rank in the order they came
};

// For NamedJobs::ask().
inline void comesFirst(Job &job)
{
    job.rank = Job::Rank::First;
}
inline void comesLast(Job &job)
{
    job.rank = Job::Rank::Last;
}

class JobQueue : public QObject
{
    Q_OBJECT

public:
    struct State // of the job that runs
    {
        int number = 0;
        QString title;
        QString stage;
        qint64 done = 0;
        qint64 total = 0;                  // 0: not known
        std::optional<double> secondsLeft; // of the stage
        QStringList waiting;               // titles of what comes after it

        // "Measuring the plan: accuracy".
        QString text() const;
    };

    struct Item // of the list of all jobs
    {
        enum class State { Waiting, Running, Held, Done, Failed, Cancelled };

        int number = 0;
        QString title;
        State state = State::Waiting;
        QString stage;                     // while it runs, as the engine calls it
        double share = 0;                  // of the stage that is done, 0 to 1; below 0: not known
        std::optional<double> secondsLeft; // of the stage
        double seconds = 0;                // that it ran
        QString error;                     // one sentence, where it failed
        bool operator==(const Item &) const = default;
    };

    // Jobs that have ended and are still listed.
    static constexpr std::size_t endedAtMost = 100;
    // What gave way to the pointer no longer ago than this, the pointer may have been on its way to stop.
    static constexpr int reachMs = 2000;
    // Times that a job may take its engine with it before it is given up.
    static constexpr int attempts = 2;

    explicit JobQueue(EngineClient *engine, QObject *parent = nullptr);

    // Returns its number.
    int add(Job job);
    // Its `failed` is called with an empty sentence, later.
    void cancel(int job);
    void cancelRunning();
    void cancelAll();
    // The job that runs gives way: it is kept, and asked again once it is resumed.
    void hold(int job);
    void resume(int job);
    bool isHeld(int job) const;
    // What a press of a button that stops is for: the job that runs, or the one that it took the place of just now.
    std::optional<int> meant() const;
    bool holds(int job) const;
    bool isIdle() const { return !m_running && m_waiting.empty(); }
    const std::optional<State> &state() const { return m_state; }
    // Ended, running, waiting, held, in this order.
    std::vector<Item> items() const;

Q_SIGNALS:
    void changed(); // the state, or what waits
    void jobEnded(const edgeflex::JobQueue::Item &item);
    void interrupted(const QString &title); // its engine ended; it is asked again

private:
    struct Entry
    {
        int number = 0;
        Job job;
        int attempt = 0;
        std::int64_t request = 0;
        bool cancelled = false;
        bool held = false;
        QElapsedTimer ran;
    };

    void wait(Entry entry);
    void next();
    void answered(int number, const Response &response);
    void showProgress(qint64 id, const QString &stage, qint64 done, qint64 total);
    void showWaiting();
    void ended(const Entry &entry, Item::State state, const QString &error);

    EngineClient *m_engine;
    std::deque<Entry> m_waiting;
    std::deque<Entry> m_held;
    std::optional<Entry> m_running;
    std::optional<State> m_state;
    std::deque<Item> m_ended;
    QElapsedTimer m_sinceStage;
    QElapsedTimer m_sinceHeld;
    int m_numbers = 0;
    bool m_engineEnded = false;
    bool m_nextPosted = false;
};

} // namespace edgeflex
