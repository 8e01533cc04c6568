#pragma once

#include <QList>
#include <QObject>

class QAction;
class QMenu;

namespace edgeflex {

class Document;
class ViewState;

// What can be done to the halves of the selected blocks: how many heads stay, and a linear layer in the place of
// attention or MLP, which is taken back the same way. Each says what it changes and takes where that is known.
class BlockActions : public QObject
{
    Q_OBJECT

public:
    // Adds them to `menu`, whose child it is.
    BlockActions(Document *document, ViewState *view, QMenu *menu);

    QList<QAction *> actions() const;
    void update();

private:
    void fillHeads();
    QList<int> attentionBlocks() const; // selected, and with attention in the model as it is
    QList<int> mlpBlocks() const;

    Document *m_document;
    ViewState *m_view;
    QMenu *m_heads;
    QAction *m_linearAttention;
    QAction *m_linearMlp;
};

} // namespace edgeflex
