#include "app/studio/plancommands.h"

namespace edgeflex {

PlanCommand::PlanCommand(const QString &text, CompressionPlan before, CompressionPlan after, int gesture, Apply apply)
    : QUndoCommand(text),
      m_before(std::move(before)),
      m_after(std::move(after)),
      m_gesture(gesture),
      m_apply(std::move(apply))
{
}

bool PlanCommand::mergeWith(const QUndoCommand *other)
{
    const auto *later = dynamic_cast<const PlanCommand *>(other);
    if (!later || later->m_gesture != m_gesture)
        return false;
    m_after = later->m_after;
    setObsolete(m_after == m_before); // dragged back to where it was
    return true;
}

} // namespace edgeflex
