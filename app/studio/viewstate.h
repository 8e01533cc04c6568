#pragma once

#include <QObject>
#include <QStringList>

namespace edgeflex {

// What is selected, the same on every page: what is marked in one view is marked in all. Not part of the document.
class ViewState : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    // Canonical names.
    const QStringList &layers() const { return m_layers; }
    void setLayers(const QStringList &layers)
    {
        if (m_layers == layers)
            return;
        m_layers = layers;
        Q_EMIT layersChanged(layers);
    }
    int variant() const { return m_variant; } // -1: none
    void setVariant(int id)
    {
        if (m_variant == id)
            return;
        m_variant = id;
        Q_EMIT variantChanged(id);
    }

Q_SIGNALS:
    void layersChanged(const QStringList &layers);
    void variantChanged(int id);

private:
    QStringList m_layers;
    int m_variant = -1;
};

} // namespace edgeflex
