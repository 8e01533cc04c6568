#include "engine/evaluate/judge.h"

#include "plan/measurement.h"

#include <chrono>

namespace edgeflex {

namespace {

// Tells of the accuracy so far, not too often.
class AccuracyStream
{
public:
    AccuracyStream(const AccuracyCounter &counter, bool againstBaseline, std::int64_t images, Progress &progress)
        : m_counter(counter), m_againstBaseline(againstBaseline), m_images(images), m_progress(progress)
    {
    }

    void update()
    {
        const auto now = std::chrono::steady_clock::now();
        if (now < m_next && m_counter.images() < m_images)
            return;
        m_next = now + std::chrono::milliseconds(200);
        AccuracySoFar soFar;
        soFar.top1 = m_counter.top1();
        if (m_againstBaseline) {
            soFar.baselineTop1 = m_counter.baselineTop1();
            soFar.drop = m_counter.drop();
        }
        soFar.imagesInAll = m_images;
        m_progress.accuracy(soFar);
    }

private:
    const AccuracyCounter &m_counter;
    bool m_againstBaseline;
    std::int64_t m_images;
    Progress &m_progress;
    std::chrono::steady_clock::time_point m_next;
};

} // namespace

Answers::Answers(const Transformer &model, const BatchReader &reader, std::int64_t maxBytes)
    : m_model(model),
      m_reader(reader),
      m_keeping(reader.images() * model.spec().classes() * static_cast<std::int64_t>(sizeof(float)) <= maxBytes),
      m_known(static_cast<std::size_t>(reader.batches()))
{
    const std::int64_t images = m_keeping ? reader.images() : reader.count(0);
    m_logits.resize(static_cast<std::size_t>(images * model.spec().classes()));
}

const float *Answers::logits(std::int64_t batch, const std::vector<float> &pixels, const Progress &progress)
{
    const std::int64_t first = m_keeping ? m_reader.first(batch) : 0;
    float *place = m_logits.data() + first * m_model.spec().classes();
    if (!known(batch)) {
        const auto images = static_cast<int>(m_reader.count(batch));
        m_model.run(m_model.schedule(ScheduleKind::Tight, images), pixels.data(), place, progress);
        m_known[static_cast<std::size_t>(batch)] = m_keeping;
    }
    return place;
}

AccuracyCounter judge(const Transformer *variant, Answers &reference, const BatchReader &reader, std::int64_t classes,
                      Progress &progress)
{
    AccuracyCounter counter(classes);
    AccuracyStream stream(counter, variant != nullptr, reader.images(), progress);
    std::vector<float> pixels;
    std::vector<int> labels;
    std::vector<float> ours(static_cast<std::size_t>(variant ? judgingBatch * classes : 0));
    progress.stage("accuracy", reader.images());
    for (std::int64_t batch = 0; batch < reader.batches(); ++batch) {
        if (variant || !reference.known(batch))
            reader.read(batch, pixels, labels);
        const auto images = static_cast<int>(reader.count(batch));
        const float *theirs = reference.logits(batch, pixels, progress);
        if (variant)
            variant->run(variant->schedule(ScheduleKind::Tight, images), pixels.data(), ours.data(), progress);
        for (int i = 0; i < images; ++i) {
            const int label = reader.label(reader.first(batch) + i);
            if (variant)
                counter.add(ours.data() + i * classes, theirs + i * classes, label);
            else
                counter.add(theirs + i * classes, label);
        }
        stream.update();
        progress.step(counter.images());
    }
    return counter;
}

} // namespace edgeflex
