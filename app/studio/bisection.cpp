#include "app/studio/bisection.h"

#include "app/studio/document.h"
#include "app/studio/plandifference.h"
#include "app/studio/workflow.h"
#include "plan/planedits.h"

#include <bit>

namespace edgeflex {
namespace {

const std::string bisectJob = "bisect";

} // namespace

Bisection::Bisection(Document *document, Workflow *workflow, QObject *parent)
    : QObject(parent), m_document(document), m_workflow(workflow)
{
    connect(document, &Document::modelChanged, this, &Bisection::stop);
}

void Bisection::start(int a, int b, std::int64_t image)
{
    stop();
    m_running = true;
    m_image = image;
    m_steps = editPath(*m_document, a, b);
    m_known.clear();
    m_given.clear();
    m_edit.clear();
    m_single = false;
    m_asked = 0;
    m_low = 0;
    m_high = static_cast<int>(m_steps.size()) - 1;
    if (m_high < 1) {
        fail(tr("Both states have the same plan: no edit lies between them."));
        return;
    }
    // What a draft answered is what the engine would say again; a final model is another one.
    for (int i = 0; i <= m_high; ++i) {
        const Variant *state = m_document->variant(m_steps[static_cast<std::size_t>(i)].variant);
        if (state && state->measurement.answers && (state->quality == Quality::Draft || state->isBaseline()))
            m_known[i] = state->measurement.answers->wrongAnswer(image);
    }
    next();
}

void Bisection::stop()
{
    if (!m_running)
        return;
    m_workflow->jobs()->forget(bisectJob);
    fail({});
}

void Bisection::fail(const QString &sentence)
{
    m_running = false;
    Q_EMIT failed(sentence);
}

void Bisection::next()
{
    for (const int end : {m_low, m_high}) {
        if (!m_known.contains(end)) {
            ask(end);
            return;
        }
    }
    if (m_known[m_low] == m_known[m_high]) {
        fail(tr("Carried out as drafts, both states answer the same: no edit alone changed the answer, but how "
                "exactly the plan was carried out."));
        return;
    }
    while (m_high - m_low > 1) {
        const int middle = (m_low + m_high) / 2;
        if (!m_known.contains(middle)) {
            ask(middle);
            return;
        }
        (m_known[middle] == m_known[m_low] ? m_low : m_high) = middle;
    }
    if (!m_single)
        narrowDown();
    else
        finish();
}

void Bisection::ask(int step)
{
    const auto distance = static_cast<unsigned>(std::max(1, m_high - m_low));
    const auto layers = m_single ? 0U : static_cast<unsigned>(m_document->spec().linears().size());
    Q_EMIT progressed(m_asked, m_asked + static_cast<int>(std::bit_width(distance) + std::bit_width(layers)));
    AnswerOptions options;
    options.draft = m_workflow->draftOptions(m_steps[static_cast<std::size_t>(step)].plan);
    options.image = m_image;
    m_workflow->jobs()->ask<ImageAnswer>(
        bisectJob, tr("Looking for the edit that changed an answer"), method::answer, options,
        [this, step](const ImageAnswer &answer) {
            ++m_asked;
            m_given[step] = answer;
            m_known[step] = answer.answer == answer.label ? Answer() : Answer(answer.answer);
            next();
        },
        [this](const QString &sentence) {
            m_workflow->jobs()->forgive(bisectJob);
            fail(sentence);
        });
}

// From the edit to the choices it is made of.
void Bisection::narrowDown()
{
    const auto place = [this](int step) {
        return m_steps[static_cast<std::size_t>(step)];
    };
    const QString edit = place(m_high).edit;
    std::vector<EditStep> choices;
    for (CompressionPlan &plan : planEdits(m_document->spec(), place(m_low).plan, place(m_high).plan))
        choices.push_back({std::move(plan), {}, -1});
    const auto last = static_cast<int>(choices.size()) - 1;
    std::map<int, Answer> known{{0, m_known[m_low]}, {last, m_known[m_high]}};
    std::map<int, ImageAnswer> given;
    if (m_given.contains(m_low))
        given[0] = m_given[m_low];
    if (m_given.contains(m_high))
        given[last] = m_given[m_high];
    m_edit = last > 1 ? edit : QString();
    m_steps = std::move(choices);
    m_known = std::move(known);
    m_given = std::move(given);
    m_low = 0;
    m_high = last;
    m_single = true;
    next();
}

void Bisection::finish()
{
    for (const int end : {m_low, m_high}) { // with the confidences, which measurements do not keep
        if (!m_given.contains(end)) {
            ask(end);
            return;
        }
    }
    Result result;
    result.edit = m_edit;
    QStringList texts;
    for (const PlanDifference &each : planDifferences(m_document->spec(), m_steps[static_cast<std::size_t>(m_low)].plan,
                                                      m_steps[static_cast<std::size_t>(m_high)].plan)) {
        texts += tr("%1: %2 → %3").arg(each.where, each.a, each.b);
        result.layers += each.layers;
    }
    result.difference = texts.join("; ");
    result.before = m_given[m_low];
    result.after = m_given[m_high];
    result.asked = m_asked;
    m_running = false;
    Q_EMIT found(result);
}

} // namespace edgeflex
