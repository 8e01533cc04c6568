#pragma once

#include <QWidget>

class QPushButton;
class QStackedWidget;
class QTabBar;

namespace edgeflex {

class Document;
class LayerTreeView;
class ProfilePage;
class SetupPage;
class SourceBar;
class TradeoffPage;
class TunePage;
class VariantsPage;
class VerdictLine;
class ViewState;
class Workflow;

// An open model: what its figures rest on, the verdict on the plan, and the pages that look at it.
class WorkPage : public QWidget
{
    Q_OBJECT

public:
    enum Page { Setup, Tune, Tradeoff, Profile, Variants, PageCount };

    WorkPage(Document *document, Workflow *workflow, QWidget *parent = nullptr);

    SourceBar *sources() const { return m_sources; }
    LayerTreeView *layers() const;
    SetupPage *setup() const { return m_setup; }
    TunePage *tune() const { return m_tune; }
    TradeoffPage *tradeoff() const { return m_tradeoff; }
    ProfilePage *profile() const { return m_profile; }
    VariantsPage *variants() const { return m_variants; }
    ViewState *view() const { return m_view; }
    Page page() const;
    void showPage(Page page);
    static QString pageName(Page page); // with its mnemonic
    static QString pageTip(Page page);
    void loadSelectedVariant();
    bool hasSelectedVariant() const;

Q_SIGNALS:
    void selectionChanged();
    void pageShown(edgeflex::WorkPage::Page page);

private:
    QWidget *makeVerdict();
    void showModel();
    void showVerdict();
    void showWork();

    Document *m_document;
    Workflow *m_workflow;
    ViewState *m_view;
    SourceBar *m_sources;
    QTabBar *m_tabs;
    QStackedWidget *m_pages;
    SetupPage *m_setup;
    TunePage *m_tune;
    TradeoffPage *m_tradeoff;
    ProfilePage *m_profile;
    VariantsPage *m_variants;
    VerdictLine *m_verdict = nullptr;
    QPushButton *m_measure = nullptr;
};

} // namespace edgeflex
