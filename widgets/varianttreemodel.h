#pragma once

#include "plan/variant.h"

#include <QAbstractItemModel>

#include <vector>

namespace edgeflex {

// The history of what was measured as a tree: under each state those that were made from it by edits. Names and stars
// can be edited; an edit is announced, not done. GUI thread.
class VariantTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Name, Star, Weights, Peak, Speed, Lost, ColumnCount };
    enum Role {
        VariantRole = Qt::UserRole // id
    };

    explicit VariantTreeModel(QObject *parent = nullptr);

    void setVariants(const std::vector<Variant> &variants);
    QModelIndex indexOf(int variant) const; // invalid where there is none

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void nameEdited(int variant, const QString &name);
    void starEdited(int variant, bool starred);

private:
    struct Node
    {
        Variant variant;
        int parent = -1; // place in m_nodes; -1: at the top
        int row = 0;     // among its parent's children
        std::vector<int> children;
    };

    void append(const Variant &variant);
    const std::vector<int> &childrenOf(const QModelIndex &parent) const;
    QString text(const Variant &variant, int column) const;

    std::vector<Node> m_nodes;
    std::vector<int> m_top;
};

} // namespace edgeflex
