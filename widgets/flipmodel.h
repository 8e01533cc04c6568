#pragma once

#include "plan/judgedanswers.h"

#include <QAbstractListModel>
#include <QCache>
#include <QImage>
#include <QStringList>

#include <cstdint>
#include <vector>

namespace edgeflex {

// The images that two states answer differently, each with both answers, what is right, and its picture once that is
// fetched. Read-only; GUI thread.
class FlipModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Kind { Lost, Won, Wrong }; // only A is right; only B is right; neither is, in different ways
    enum class Show { All, Lost, Won, Wrong };
    enum Role {
        ImageRole = Qt::UserRole, // its place in the data set
        KindRole,                 // int
        AnswerARole,              // "A: shirt"
        AnswerBRole,
        TruthRole // "is a coat"
    };

    // Pictures that are kept; of more, those that were not looked at for longest go.
    static constexpr int picturesAtMost = 400;

    explicit FlipModel(QObject *parent = nullptr);

    // `classNames` may be empty: classes go by their numbers.
    void setChanges(std::vector<AnswerChange> changes, const QStringList &classNames);
    void setShow(Show show);
    // Forgets the pictures: the images are others.
    void clearPictures();
    void setPicture(qint64 image, const QImage &picture, int label, const QString &name);
    bool hasPicture(const QModelIndex &index) const;
    int count(Kind kind) const;
    const AnswerChange &change(const QModelIndex &index) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;

private:
    struct Picture
    {
        QImage image;
        int label = 0;
        QString name;
    };

    void choose(); // what is shown
    QString className(int number) const;
    QString answerText(const std::optional<int> &answer, const Picture *picture) const;

    std::vector<AnswerChange> m_changes;
    std::vector<std::size_t> m_shown; // places in m_changes
    Show m_show = Show::All;
    QStringList m_classNames;
    QCache<qint64, Picture> m_pictures;
};

} // namespace edgeflex
