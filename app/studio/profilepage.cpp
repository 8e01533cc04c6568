#include "app/studio/profilepage.h"

#include "app/studio/channelpanel.h"
#include "app/studio/document.h"
#include "app/studio/memorypanel.h"
#include "app/studio/rangepanel.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "plan/linearlayout.h"
#include "widgets/layerchart.h"
#include "widgets/quantitytext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <cmath>

namespace edgeflex {
namespace {

constexpr double megabyte = 1e6;
constexpr double million = 1e6;
constexpr int bytesPerFloat = 4;

// Rows of its input that a layer sees of an image.
std::int64_t rowsOf(const ModelSpec &spec, const LinearSpec &linear)
{
    if (linear.name == spec.patchEmbed.name)
        return spec.patches();
    return linear.name.starts_with("blocks.") ? spec.tokens() : 1;
}

} // namespace

ProfilePage::ProfilePage(Document *document, ViewState *view, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_view(view),
      m_memory(new MemoryPanel(document, view, this)),
      m_channels(new ChannelPanel(document, view, this)),
      m_ranges(new RangePanel(document, view, this))
{
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_memory, tr("Memory while one batch runs"));
    m_tabs->addTab(m_channels, tr("Channels"));
    m_tabs->addTab(m_ranges, tr("Ranges and 16-bit formats"));
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap);
    splitter->addWidget(makeLayers());
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 5);
    splitter->setSizes({260, 360});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);

    const auto stale = [this] {
        m_stale = true;
        refresh();
    };
    for (const auto signal : {&Document::modelChanged, &Document::sourcesChanged, &Document::knowledgeChanged,
                              &Document::predictionChanged})
        connect(document, signal, this, stale);
    for (const auto signal : {&Document::modelChanged, &Document::knowledgeChanged})
        connect(document, signal, this, [this] {
            m_profileStale = true;
            refresh();
        });
    connect(view, &ViewState::layersChanged, this, &ProfilePage::selectLayers);
}

QWidget *ProfilePage::makeLayers()
{
    m_chart = new LayerChart(this);
    connect(m_chart, &LayerChart::layersClicked, m_view, &ViewState::setLayers);
    m_figure = new QComboBox(this);
    m_figure->addItem(tr("Weights"), static_cast<int>(Figure::Weights));
    m_figure->addItem(tr("Output"), static_cast<int>(Figure::Activations));
    m_figure->addItem(tr("Time"), static_cast<int>(Figure::Time));
    m_figure->addItem(tr("MACs"), static_cast<int>(Figure::Macs));
    m_figure->setAccessibleName(tr("Figure that is shown of every layer"));
    m_figure->setToolTip(tr("Bytes of the weights, bytes that a layer writes for one batch, milliseconds for one batch "
                            "with each layer alone, or multiply-accumulates"));
    connect(m_figure, &QComboBox::currentIndexChanged, this, &ProfilePage::showLayers);
    auto *sorted = new QCheckBox(tr("Largest first"), this);
    sorted->setToolTip(tr("Sort the layers by the figure instead of by their order"));
    connect(sorted, &QCheckBox::toggled, m_chart, &LayerChart::setSorted);
    m_summary = new QLabel(this);
    m_summary->setEnabled(false);
    m_summary->setToolTip(tr("The wheel zooms, a drag moves, a double click shows all layers"));
    return section(this, {heading(tr("Every layer"), nullptr, this), m_summary, sorted, m_figure}, m_chart);
}

void ProfilePage::showFigure(Figure figure)
{
    m_figure->setCurrentIndex(m_figure->findData(static_cast<int>(figure)));
}

void ProfilePage::showTab(int tab)
{
    m_tabs->setCurrentIndex(tab);
}

void ProfilePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    selectLayers(m_view->layers());
}

void ProfilePage::refresh()
{
    if (!isVisible())
        return;
    if (m_stale) {
        m_stale = false;
        m_memory->showPlan();
        m_channels->showPlan();
        showLayers();
    }
    if (m_profileStale) {
        m_profileStale = false;
        m_channels->showProfile();
        m_ranges->showProfile();
        selectLayers(m_view->layers());
    }
}

void ProfilePage::showLayers()
{
    if (!m_document->hasModel()) {
        m_chart->setBars({}, {});
        return;
    }
    const auto figure = static_cast<Figure>(m_figure->currentData().toInt());
    const Session &session = m_document->session();
    const ModelSpec &spec = m_document->spec();
    const ModelSpec &planned = m_document->figures().planned;
    const auto valueOf = [&](const ModelSpec &model, const LinearSpec &linear) -> double {
        const std::int64_t rows = session.batch * rowsOf(spec, linear);
        switch (figure) {
        case Figure::Weights:
            return static_cast<double>(weightBytes(linear));
        case Figure::Activations:
            return static_cast<double>(rows * linear.outFeatures * bytesPerFloat);
        case Figure::Macs:
            return static_cast<double>(macs(linear, rows));
        default:
            break;
        }
        try {
            return session.times ? session.times->milliseconds(model, linear) : 0;
        } catch (const std::out_of_range &) { // not measured in this format
            return 0;
        }
    };
    const auto words = [&](double value) {
        switch (figure) {
        case Figure::Macs:
            return countText(std::llround(value));
        case Figure::Time:
            return millisecondsText(value);
        default:
            return bytesText(std::llround(value));
        }
    };
    const double unit = figure == Figure::Time ? 1 : figure == Figure::Macs ? million : megabyte;
    std::vector<LayerChart::Bar> bars;
    const auto linears = std::as_const(spec).linears();
    const auto plannedLinears = std::as_const(planned).linears();
    for (std::size_t i = 0; i < linears.size(); ++i) {
        const double before = valueOf(spec, *linears[i]);
        const double now = valueOf(planned, *plannedLinears[i]);
        bars.push_back({QString::fromStdString(linears[i]->name), before / unit, now / unit,
                        before == now ? words(now) : tr("%1 now, %2 before").arg(words(now), words(before))});
    }
    m_chart->setBars(std::move(bars), figure == Figure::Time   ? tr("Time, ms")
                                      : figure == Figure::Macs ? tr("MACs, millions")
                                                               : tr("%1, MB").arg(m_figure->currentText()));
    m_summary->setText(figure == Figure::Time && !session.times
                           ? tr("Choose calibration images: then the layers are timed.")
                           : m_chart->summary());
}

void ProfilePage::selectLayers(const QStringList &layers)
{
    if (!isVisible())
        return;
    m_chart->highlightLayers(layers);
    m_memory->highlightLayers(layers);
    m_channels->highlightLayers(layers);
    m_ranges->highlightLayers(layers);
}

} // namespace edgeflex
