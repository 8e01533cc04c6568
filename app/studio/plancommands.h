#pragma once

#include "plan/compressionplan.h"

#include <QUndoCommand>

#include <functional>

namespace edgeflex {

// One edit of the plan. Edits of the same gesture, such as the steps of one drag, become one.
class PlanCommand : public QUndoCommand
{
public:
    using Apply = std::function<void(const CompressionPlan &)>;

    // `gesture` 0: an edit of its own.
    PlanCommand(const QString &text, CompressionPlan before, CompressionPlan after, int gesture, Apply apply);

    void undo() override { m_apply(m_before); }
    void redo() override { m_apply(m_after); }
    int id() const override { return m_gesture == 0 ? -1 : 1; }
    bool mergeWith(const QUndoCommand *other) override;

private:
    CompressionPlan m_before;
    CompressionPlan m_after;
    int m_gesture;
    Apply m_apply;
};

} // namespace edgeflex
