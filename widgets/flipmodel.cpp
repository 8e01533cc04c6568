#include "widgets/flipmodel.h"

#include <algorithm>

namespace edgeflex {
namespace {

FlipModel::Kind kindOf(const AnswerChange &change)
{
    return !change.a ? FlipModel::Kind::Lost : !change.b ? FlipModel::Kind::Won : FlipModel::Kind::Wrong;
}

bool isShown(FlipModel::Show show, FlipModel::Kind kind)
{
    switch (show) {
    case FlipModel::Show::Lost:
        return kind == FlipModel::Kind::Lost;
    case FlipModel::Show::Won:
        return kind == FlipModel::Kind::Won;
    case FlipModel::Show::Wrong:
        return kind == FlipModel::Kind::Wrong;
    default:
        return true;
    }
}

} // namespace

FlipModel::FlipModel(QObject *parent) : QAbstractListModel(parent), m_pictures(picturesAtMost) {}

void FlipModel::setChanges(std::vector<AnswerChange> changes, const QStringList &classNames)
{
    if (m_changes == changes && m_classNames == classNames)
        return;
    beginResetModel();
    m_changes = std::move(changes);
    m_classNames = classNames;
    choose();
    endResetModel();
}

void FlipModel::setShow(Show show)
{
    if (m_show == show)
        return;
    beginResetModel();
    m_show = show;
    choose();
    endResetModel();
}

void FlipModel::choose()
{
    m_shown.clear();
    for (std::size_t i = 0; i < m_changes.size(); ++i) {
        if (isShown(m_show, kindOf(m_changes[i])))
            m_shown.push_back(i);
    }
}

void FlipModel::clearPictures()
{
    m_pictures.clear();
    if (!m_shown.empty())
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

void FlipModel::setPicture(qint64 image, const QImage &picture, int label, const QString &name)
{
    m_pictures.insert(image, new Picture{picture, label, name});
    const auto found = std::ranges::find(
        m_shown, image, [this](std::size_t place) { return static_cast<qint64>(m_changes[place].image); });
    if (found == m_shown.end())
        return;
    const QModelIndex changed = index(static_cast<int>(found - m_shown.begin()));
    Q_EMIT dataChanged(changed, changed);
}

bool FlipModel::hasPicture(const QModelIndex &index) const
{
    return m_pictures.contains(change(index).image);
}

int FlipModel::count(Kind kind) const
{
    return static_cast<int>(
        std::ranges::count_if(m_changes, [kind](const AnswerChange &change) { return kindOf(change) == kind; }));
}

const AnswerChange &FlipModel::change(const QModelIndex &index) const
{
    return m_changes[m_shown[static_cast<std::size_t>(index.row())]];
}

int FlipModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

QString FlipModel::className(int number) const
{
    return number >= 0 && number < m_classNames.size() ? m_classNames[number] : tr("class %1").arg(number);
}

// A right answer is the label, which comes with the picture.
QString FlipModel::answerText(const std::optional<int> &answer, const Picture *picture) const
{
    return answer ? className(*answer) : picture ? className(picture->label) : tr("the right class");
}

QVariant FlipModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const AnswerChange &each = change(index);
    const Picture *picture = m_pictures.object(each.image);
    const QString a = answerText(each.a, picture);
    const QString b = answerText(each.b, picture);
    const auto judged = [](const std::optional<int> &answer, const QString &text) {
        return answer ? tr("%1 (wrong)").arg(text) : tr("%1 (right)").arg(text);
    };
    const QString name = picture ? picture->name : tr("image %1").arg(each.image);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole: {
        const QString answers = tr("A says %1, B says %2").arg(judged(each.a, a), judged(each.b, b));
        return picture ? tr("%1 is %2: %3").arg(name, className(picture->label), answers)
                       : tr("%1: %2").arg(name, answers);
    }
    case Qt::DecorationRole:
        return picture && !picture->image.isNull() ? QVariant(picture->image) : QVariant();
    case ImageRole:
        return static_cast<qint64>(each.image);
    case KindRole:
        return static_cast<int>(kindOf(each));
    case AnswerARole:
        return tr("A: %1").arg(a);
    case AnswerBRole:
        return tr("B: %1").arg(b);
    case TruthRole:
        return picture ? tr("is %1").arg(className(picture->label)) : QString();
    default:
        return {};
    }
}

} // namespace edgeflex
