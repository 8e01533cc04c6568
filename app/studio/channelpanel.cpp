#include "app/studio/channelpanel.h"

#include "app/studio/document.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "widgets/channelmap.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>

namespace edgeflex {

ChannelPanel::ChannelPanel(Document *document, ViewState *view, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_map(new ChannelMap(this)),
      m_suffix(new QComboBox(this)),
      m_figure(new QComboBox(this))
{
    connect(m_map, &ChannelMap::layersClicked, view, &ViewState::setLayers);
    m_suffix->addItem(tr("MLP channels (inputs of fc2)"), "mlp.fc2");
    m_suffix->addItem(tr("Inputs of fc1"), "mlp.fc1");
    m_suffix->addItem(tr("Inputs of qkv"), "attn.qkv");
    m_suffix->addItem(tr("Inputs of proj"), "attn.proj");
    m_suffix->setAccessibleName(tr("Channels that are shown"));
    m_figure->addItem(tr("Mean"), static_cast<int>(ChannelMap::Figure::Mean));
    m_figure->addItem(tr("Largest"), static_cast<int>(ChannelMap::Figure::Largest));
    m_figure->setAccessibleName(tr("Figure that is shown of every channel"));
    for (QComboBox *box : {m_suffix, m_figure}) {
        box->setToolTip(tr("Seen over the calibration images; what is faint hardly matters, what glows is an outlier"));
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            showProfile();
            showPlan();
        });
    }
    auto *ordered = new QCheckBox(tr("In order"), this);
    ordered->setToolTip(
        tr("Every block's channels from the largest to the smallest, instead of by their numbers; a line "
           "marks how many MLP channels the plan keeps. Which ones it keeps, the chosen score says."));
    connect(ordered, &QCheckBox::toggled, m_map, &ChannelMap::setOrdered);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(
        section(this, {heading(tr("How large every channel's inputs are"), nullptr, this), ordered, m_suffix, m_figure},
                m_map));
}

void ChannelPanel::showProfile()
{
    const ActivationProfile *profile = m_document->session().profile ? &*m_document->session().profile : nullptr;
    m_map->setProfile(profile, m_suffix->currentData().toString(),
                      static_cast<ChannelMap::Figure>(m_figure->currentData().toInt()));
}

void ChannelPanel::showPlan()
{
    std::vector<std::int64_t> kept;
    if (m_document->hasModel() && m_suffix->currentData().toString() == "mlp.fc2") {
        for (const BlockSpec &block : m_document->figures().planned.blocks)
            kept.push_back(block.mlpWidth());
    }
    m_map->setKept(kept);
}

void ChannelPanel::highlightLayers(const QStringList &layers)
{
    m_map->highlightLayers(layers);
}

} // namespace edgeflex
