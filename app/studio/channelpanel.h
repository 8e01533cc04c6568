#pragma once

#include <QStringList>
#include <QWidget>

class QComboBox;

namespace edgeflex {

class ChannelMap;
class Document;
class ViewState;

// How large every channel's inputs are, layers by channels, by their numbers or in order of size.
class ChannelPanel : public QWidget
{
    Q_OBJECT

public:
    ChannelPanel(Document *document, ViewState *view, QWidget *parent = nullptr);

    void showProfile();
    void showPlan();
    void highlightLayers(const QStringList &layers);
    ChannelMap *map() const { return m_map; }

private:
    Document *m_document;
    ChannelMap *m_map;
    QComboBox *m_suffix;
    QComboBox *m_figure;
};

} // namespace edgeflex
