#pragma once

#include <QUndoCommand>

#include <functional>
#include <utility>

namespace edgeflex {

// One edit of a value of the document. Edits of the same gesture, such as the steps of one drag, become one.
template<class Value>
class EditCommand : public QUndoCommand
{
public:
    using Apply = std::function<void(const Value &)>;

    // `gesture` 0: an edit of its own.
    EditCommand(const QString &text, Value before, Value after, int gesture, Apply apply)
        : QUndoCommand(text),
          m_before(std::move(before)),
          m_after(std::move(after)),
          m_gesture(gesture),
          m_apply(std::move(apply))
    {
    }

    const Value &before() const { return m_before; }
    const Value &after() const { return m_after; }

    void undo() override { m_apply(m_before); }
    void redo() override { m_apply(m_after); }
    int id() const override { return m_gesture == 0 ? -1 : 1; }
    bool mergeWith(const QUndoCommand *other) override
    {
        const auto *later = dynamic_cast<const EditCommand *>(other);
        if (!later || later->m_gesture != m_gesture)
            return false;
        m_after = later->m_after;
        setObsolete(m_after == m_before); // dragged back to where it was
        return true;
    }

private:
    Value m_before;
    Value m_after;
    int m_gesture;
    Apply m_apply;
};

} // namespace edgeflex
