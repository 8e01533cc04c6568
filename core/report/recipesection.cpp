#include "plan/quantity.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

namespace edgeflex {

ReportSection recipeSection(const ReportSubject &subject)
{
    ReportSection section{"The EdgeFlex recipe", {}};
    if (subject.session.recipe.empty())
        return section;
    section.blocks.emplace_back(Paragraph{
        "The fixed pipeline of EdgeFlex-Transformer (arXiv 2512.19741), one step on top of the other, as a reference "
        "for the plan above.",
        Paragraph::Role::Body, Tone::Neutral});
    Table table;
    table.caption = "The recipe, step by step";
    table.columns = {{"Step", "", Alignment::Left},
                     {"Weights", "", Alignment::Right},
                     {"Peak", "", Alignment::Right},
                     {"Latency ratio", "", Alignment::Right},
                     {"Top-1", "%", Alignment::Right},
                     {"Lost", "points", Alignment::Right},
                     {"95 % interval", "points", Alignment::Right}};
    for (const int id : subject.session.recipe) {
        const Variant *variant = subject.session.variant(id);
        if (!variant)
            continue;
        const Measurement &m = variant->measurement;
        const auto &against = m.againstBaseline;
        const bool judged = m.images > 0;
        TableRow row;
        row.cells = {variant->name,
                     formatBytes(m.weightsBytes),
                     formatBytes(m.peakMemory.allocatorBytes),
                     !against     ? std::string("1")
                     : !m.latency ? std::string(notMeasured)
                                  : fixed(against->latencyRatio.median, 3),
                     judged ? fixed(100 * m.top1.rate, 2) : std::string(notMeasured),
                     judged && against ? fixed(against->drop.points, 2) : std::string(),
                     judged && against ? range(against->drop.low, against->drop.high, 2) : std::string()};
        table.rows.push_back(std::move(row));
    }
    section.blocks.emplace_back(std::move(table));
    return section;
}

} // namespace edgeflex
