#include "app/studio/blockactions.h"

#include "app/studio/document.h"
#include "app/studio/planchanges.h"
#include "app/studio/viewstate.h"
#include "widgets/halffigures.h"

#include <QAction>
#include <QKeySequence>
#include <QMenu>

#include <algorithm>
#include <vector>

namespace edgeflex {
namespace {

// A selection may still be of the model before.
template<typename Has>
QList<int> blocksThat(const Document &document, QList<int> blocks, const Has &has)
{
    const std::vector<BlockSpec> &known = document.spec().blocks;
    blocks.removeIf([&](int block) {
        const auto at = static_cast<std::size_t>(block);
        return at >= known.size() || !has(known[at]);
    });
    return blocks;
}

template<typename Is>
bool allPlanned(Document &document, const QList<int> &blocks, const Is &is)
{
    return !blocks.isEmpty() && std::ranges::all_of(blocks, [&](int block) {
        return is(document.figures().planned.blocks[static_cast<std::size_t>(block)]);
    });
}

} // namespace

BlockActions::BlockActions(Document *document, ViewState *view, QMenu *menu)
    : QObject(menu),
      m_document(document),
      m_view(view),
      m_heads(menu->addMenu(tr("Hea&ds of the Selected Blocks"))),
      m_linearAttention(menu->addAction(tr("Replace &Attention by a Linear Layer"))),
      m_linearMlp(menu->addAction(tr("Replace M&LP by a Linear Layer")))
{
    m_heads->setToolTipsVisible(true);
    m_heads->menuAction()->setToolTip(tr("How many heads of the selected blocks stay"));
    connect(m_heads, &QMenu::aboutToShow, this, &BlockActions::fillHeads);
    m_linearAttention->setCheckable(true);
    m_linearAttention->setShortcut(QKeySequence("Ctrl+Shift+A"));
    connect(m_linearAttention, &QAction::triggered, this,
            [this](bool linear) { m_document->setHeads(attentionBlocks(), linear ? 0 : m_document->spec().heads); });
    m_linearMlp->setCheckable(true);
    m_linearMlp->setShortcut(QKeySequence("Ctrl+Shift+M"));
    connect(m_linearMlp, &QAction::triggered, this,
            [this](bool linear) { m_document->setMlpKeep(mlpBlocks(), linear ? 0 : 1); });
    connect(document, &Document::knowledgeChanged, this, &BlockActions::update);
}

QList<QAction *> BlockActions::actions() const
{
    return {m_heads->menuAction(), m_linearAttention, m_linearMlp};
}

QList<int> BlockActions::attentionBlocks() const
{
    return blocksThat(*m_document, blocksOfAttention(m_view->layers()),
                      [](const BlockSpec &block) { return !block.attentionIsLinear(); });
}

QList<int> BlockActions::mlpBlocks() const
{
    return blocksThat(*m_document, blocksOfMlp(m_view->layers()),
                      [](const BlockSpec &block) { return !block.mlpIsLinear(); });
}

void BlockActions::update()
{
    const bool model = m_document->hasModel();
    const QList<int> attention = model ? attentionBlocks() : QList<int>();
    const QList<int> mlps = model ? mlpBlocks() : QList<int>();
    m_heads->menuAction()->setEnabled(!attention.isEmpty());
    m_linearAttention->setEnabled(!attention.isEmpty());
    m_linearMlp->setEnabled(!mlps.isEmpty());
    m_linearAttention->setChecked(
        allPlanned(*m_document, attention, [](const BlockSpec &block) { return block.attentionIsLinear(); }));
    m_linearMlp->setChecked(allPlanned(*m_document, mlps, [](const BlockSpec &block) { return block.mlpIsLinear(); }));

    const auto tip = [&](QAction *action, const QString &what, const QList<int> &blocks, const auto &figuresOf,
                         const CompressionPlan &linear) {
        QString text = what;
        if (!blocks.isEmpty()) {
            const Session &session = m_document->session();
            const HalfFigures figures = figuresOf(m_document->spec(), plannedSpec(m_document->spec(), linear), blocks,
                                                  session.sensitivity, session.times);
            if (const QString known = choiceFigures(figures.nats, figures.milliseconds); !known.isEmpty())
                text += '\n' + tr("Changes the answers by, and takes: %1").arg(known);
        }
        action->setToolTip(text);
        action->setStatusTip(what);
    };
    tip(m_linearAttention,
        tr("One linear layer, fitted to what the selected blocks' attention did, takes its place; choose it again to "
           "take that back"),
        attention, attentionFigures, planWithHeads(m_document->spec(), m_document->plan(), attention, 0));
    tip(m_linearMlp,
        tr("One linear layer, fitted to what the selected blocks' MLP did, takes its place; choose it again to take "
           "that back"),
        mlps, mlpFigures, planWithMlpKeep(m_document->plan(), mlps, 0));
}

void BlockActions::fillHeads()
{
    m_heads->clear();
    const QList<int> blocks = attentionBlocks();
    const ModelSpec &spec = m_document->spec();
    const ModelSpec &planned = m_document->figures().planned;
    const Session &session = m_document->session();
    int most = 0;
    for (const int block : blocks)
        most = std::max(most, spec.headCount(spec.blocks[static_cast<std::size_t>(block)]));
    for (const int heads : offeredHeads(most)) {
        const CompressionPlan plan = planWithHeads(spec, m_document->plan(), blocks, heads);
        const HalfFigures figures =
            attentionFigures(spec, plannedSpec(spec, plan), blocks, session.sensitivity, session.times);
        const QString known = choiceFigures(figures.nats, figures.milliseconds);
        QAction *action = m_heads->addAction(headsText(heads, most) + (known.isEmpty() ? QString() : '\t' + known),
                                             this, [this, blocks, heads] { m_document->setHeads(blocks, heads); });
        action->setToolTip(tr("Keep the heads that the answers need most, and refit what follows them"));
        action->setCheckable(true);
        action->setChecked(std::ranges::all_of(blocks, [&](int block) {
            const auto at = static_cast<std::size_t>(block);
            return planned.headCount(planned.blocks[at]) == std::min(heads, spec.headCount(spec.blocks[at]));
        }));
    }
}

} // namespace edgeflex
