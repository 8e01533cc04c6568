#pragma once

#include "app/studio/jobqueue.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace edgeflex {

// The engine's jobs by name, one of a name at a time: asking again gives up the one before, whose end says nothing any
// more. What was stopped or failed is remembered for as long as the sources it rested on are the same.
class NamedJobs : public QObject
{
    Q_OBJECT

public:
    using Name = std::string;

    // `sources` says what answers rest on, as text.
    NamedJobs(EngineClient *engine, std::function<std::string()> sources, QObject *parent = nullptr);

    // `failed` gets an empty sentence when the job was cancelled; without it, that is announced. `more` may complete
    // the job before it is queued.
    template<class Result, class Options>
    void ask(const Name &name, const QString &title, std::string_view method, const Options &options,
             std::function<void(const Result &)> done, std::function<void(const QString &)> failed = {},
             std::function<void(Job &)> more = {})
    {
        Job job;
        job.method = method;
        job.params = options;
        auto number = std::make_shared<int>(0);
        job.done = [this, name, number, done](const nlohmann::json &json) {
            const Result result = json.get<Result>();
            if (ended(name, *number))
                done(result);
            Q_EMIT jobEnded();
        };
        add(name, title, std::move(job), number, std::move(failed), more);
    }
    bool isAsked(const Name &name) const { return m_asked.contains(name); }
    bool isEmpty() const { return m_asked.empty(); }
    void forget(const Name &name); // cancels it
    void cancel(const Name &name); // and its end is announced
    // It gives way where it runs, and goes on once it is resumed.
    void hold(const Name &name);
    void resume(const Name &name);
    bool isHeld(const Name &name) const;
    bool isRunning(const Name &name) const;

    // It was stopped or failed with the sources as they are now.
    bool hasGivenUp(const Name &name) const;
    void forgive(const Name &name) { m_gaveUp.erase(name); }
    void forgiveAll() { m_gaveUp.clear(); }

    JobQueue *queue() { return &m_queue; }
    const JobQueue *queue() const { return &m_queue; }

Q_SIGNALS:
    void asked(const std::string &name); // before it is queued
    void jobEnded();
    void failed(const QString &sentence);
    void stopped(const QString &title);

private:
    std::optional<int> numberOf(const Name &name) const;
    bool ended(const Name &name, int number); // whether it was still wanted
    void add(const Name &name, const QString &title, Job job, const std::shared_ptr<int> &number,
             std::function<void(const QString &)> failed, const std::function<void(Job &)> &more);

    JobQueue m_queue;
    std::function<std::string()> m_sources;
    std::map<Name, int> m_asked;
    std::map<Name, std::string> m_gaveUp; // for which sources
};

} // namespace edgeflex
