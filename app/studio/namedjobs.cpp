#include "app/studio/namedjobs.h"

namespace edgeflex {

NamedJobs::NamedJobs(EngineClient *engine, std::function<std::string()> sources, QObject *parent)
    : QObject(parent), m_queue(engine), m_sources(std::move(sources))
{
}

bool NamedJobs::ended(const Name &name, int number)
{
    const auto found = m_asked.find(name);
    if (found == m_asked.end() || found->second != number)
        return false;
    m_asked.erase(found);
    return true;
}

void NamedJobs::add(const Name &name, const QString &title, Job job, const std::shared_ptr<int> &number,
                    std::function<void(const QString &)> failed, const std::function<void(Job &)> &more)
{
    forget(name);
    Q_EMIT asked(name);
    job.title = title;
    job.failed = [this, name, title, number, failed = std::move(failed)](const QString &sentence) {
        if (!ended(name, *number))
            return; // given up for another
        m_gaveUp[name] = m_sources();
        if (failed)
            failed(sentence);
        else if (!sentence.isEmpty())
            Q_EMIT this->failed(sentence);
        else
            Q_EMIT stopped(title);
        Q_EMIT jobEnded();
    };
    if (more)
        more(job);
    *number = m_queue.add(std::move(job));
    m_asked[name] = *number;
}

void NamedJobs::forget(const Name &name)
{
    const auto found = m_asked.find(name);
    if (found == m_asked.end())
        return;
    const int number = found->second;
    m_asked.erase(found); // its end says nothing any more
    m_queue.cancel(number);
}

std::optional<int> NamedJobs::numberOf(const Name &name) const
{
    const auto found = m_asked.find(name);
    return found == m_asked.end() ? std::nullopt : std::optional(found->second);
}

void NamedJobs::cancel(const Name &name)
{
    if (const auto number = numberOf(name))
        m_queue.cancel(*number);
}

void NamedJobs::hold(const Name &name)
{
    if (const auto number = numberOf(name))
        m_queue.hold(*number);
}

void NamedJobs::resume(const Name &name)
{
    if (const auto number = numberOf(name))
        m_queue.resume(*number);
}

bool NamedJobs::isHeld(const Name &name) const
{
    const auto number = numberOf(name);
    return number && m_queue.isHeld(*number);
}

bool NamedJobs::isRunning(const Name &name) const
{
    const auto number = numberOf(name);
    return number && m_queue.state() && m_queue.state()->number == *number;
}

bool NamedJobs::hasGivenUp(const Name &name) const
{
    const auto found = m_gaveUp.find(name);
    return found != m_gaveUp.end() && found->second == m_sources();
}

} // namespace edgeflex
