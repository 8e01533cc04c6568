#include "app/studio/editpath.h"

#include "app/studio/document.h"
#include "app/studio/editcommand.h"

#include <QCoreApplication>

#include <algorithm>
#include <cstdlib>

namespace edgeflex {
namespace {

struct PathWords
{
    Q_DECLARE_TR_FUNCTIONS(EditPath)
public:
    static QString undone(const QString &edit) { return tr("%1, undone").arg(edit); }
    static QString between(const Variant &before, const Variant &after)
    {
        return tr("from “%1” to “%2”").arg(QString::fromStdString(before.name), QString::fromStdString(after.name));
    }
};

// The state, what it was made from, and so on.
std::vector<const Variant *> ancestry(const Document &document, int id)
{
    std::vector<const Variant *> line;
    for (const Variant *state = document.variant(id); state && std::ranges::find(line, state) == line.end();
         state = document.variant(state->parent))
        line.push_back(state);
    return line;
}

// Up from `a` to what both were made from, and down to `b`.
std::vector<const Variant *> statesBetween(const Document &document, int a, int b)
{
    std::vector<const Variant *> up = ancestry(document, a);
    std::vector<const Variant *> down = ancestry(document, b);
    if (up.empty() || down.empty())
        return {};
    const Variant *from = up.front();
    const Variant *to = down.front();
    const auto common = std::ranges::find_first_of(up, down);
    if (common == up.end())
        return {from, to};
    const auto place = std::ranges::find(down, *common);
    std::vector<const Variant *> states(up.begin(), common);
    std::reverse_copy(down.begin(), place + 1, std::back_inserter(states));
    return states;
}

// The plans of the undo stack, oldest first, each with the edit that made it.
std::vector<EditStep> editsOnStack(QUndoStack &stack)
{
    std::vector<EditStep> steps;
    for (int i = 0; i < stack.count(); ++i) {
        const auto *edit = dynamic_cast<const EditCommand<CompressionPlan> *>(stack.command(i));
        if (!edit)
            continue;
        if (steps.empty())
            steps.push_back({edit->before(), {}, -1});
        steps.push_back({edit->after(), edit->text(), -1});
    }
    return steps;
}

} // namespace

std::vector<EditStep> editPath(Document &document, int a, int b)
{
    const ModelSpec &spec = document.spec();
    const std::vector<EditStep> stack = editsOnStack(*document.undoStack());
    const auto count = static_cast<int>(stack.size());
    std::vector<EditStep> path;
    const Variant *before = nullptr;
    for (const Variant *state : statesBetween(document, a, b)) {
        const auto add = [&](const CompressionPlan &plan, const QString &edit) {
            if (path.empty() || !sameWork(spec, path.back().plan, plan))
                path.push_back({plan, edit, -1});
        };
        if (before) {
            // The shortest way on the stack, forwards or back.
            std::optional<std::pair<int, int>> way;
            for (int i = 0; i < count; ++i) {
                if (!sameWork(spec, stack[static_cast<std::size_t>(i)].plan, before->plan))
                    continue;
                for (int j = 0; j < count; ++j) {
                    if (sameWork(spec, stack[static_cast<std::size_t>(j)].plan, state->plan) &&
                        (!way || std::abs(j - i) < std::abs(way->second - way->first)))
                        way = {i, j};
                }
            }
            if (way) {
                for (int i = way->first; i < way->second; ++i)
                    add(stack[static_cast<std::size_t>(i) + 1].plan, stack[static_cast<std::size_t>(i) + 1].edit);
                for (int i = way->first; i > way->second; --i)
                    add(stack[static_cast<std::size_t>(i) - 1].plan,
                        PathWords::undone(stack[static_cast<std::size_t>(i)].edit));
            }
            add(state->plan, PathWords::between(*before, *state));
        } else {
            add(state->plan, {});
        }
        path.back().variant = state->id;
        before = state;
    }
    return path;
}

} // namespace edgeflex
