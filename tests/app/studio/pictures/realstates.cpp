#include "picturestudio.h"

#include "app/studio/effectpanel.h"
#include "app/studio/flippanel.h"
#include "app/studio/profilepage.h"
#include "app/studio/tradeoffpage.h"
#include "app/studio/tunepage.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "handson/world.h"
#include "widgets/flipgallery.h"

#include <QPushButton>
#include <QTabWidget>
#include <QTemporaryDir>

namespace edgeflex::test {
namespace {

constexpr int pictureImages = 3000; // of the demo: judged in a moment, and intervals that can be told apart

QStringList allLayers(const ModelSpec &spec)
{
    QStringList layers;
    for (const LinearSpec *linear : spec.linears())
        layers += QString::fromStdString(linear->name);
    return layers;
}

// Many plans, so that the plots have something to show.
void makeVariants(PictureStudio &studio)
{
    Document *document = studio.window.document();
    const auto blocks = static_cast<int>(document->spec().blocks.size());
    const auto measure = [&] {
        studio.window.workflow()->measurePlan(); // however long it takes
        studio.settle();
    };
    const QStringList layers = allLayers(document->spec());
    for (const NumberFormat format : {NumberFormat::Fp32, NumberFormat::Int8, NumberFormat::Int4}) {
        document->setFormat(layers, format);
        measure();
        for (const double keep : {0.85, 0.7, 0.5}) {
            document->setAverageKeep(keep);
            measure();
        }
        document->setAverageKeep(1);
    }
    document->setFormat(layers, NumberFormat::Int8);
    document->setMlpKeep({blocks / 2, blocks / 2 + 1}, 0.5);
    measure();
}

void solve(PictureStudio &studio)
{
    Document *document = studio.window.document();
    Budgets budgets;
    budgets.maxWeightsBytes = document->baseline()->measurement.weightsBytes / 3;
    budgets.maxLatencyRatio = 0.7;
    budgets.maxDropPoints = 2;
    document->setBudgets(budgets);
    studio.window.workflow()->solve();
    studio.settle();
}

} // namespace

bool takeRealStates(const PictureLook &look, const QString &name)
{
    QTemporaryDir scratch;
    World world;
    if (const QString why = makeWorld(name, scratch.path(), world, pictureImages); !why.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(why));
        return false;
    }
    PictureLook named = look;
    named.suffix.prepend('-' + name);
    PictureStudio studio(REAL_ENGINE, named);
    studio.window.openModel(world.broken);
    studio.settle();
    studio.take("real-broken");

    studio.open(world.model, world.calibration, world.data);
    studio.window.showWork(true);
    (void)QTest::qWaitFor(
        [&] {
            const auto &state = studio.window.workflow()->queue()->state();
            return state && state->total > 0 && state->done > state->total / 3;
        },
        PictureStudio::patience);
    studio.take("real-busy");
    studio.settle();
    studio.window.showWork(false);
    studio.page(WorkPage::Setup);
    studio.settle();
    studio.take("real-setup");

    studio.page(WorkPage::Tune);
    makeVariants(studio);
    solve(studio);
    studio.take("real-tune");
    const int half = static_cast<int>(studio.window.document()->spec().blocks.size()) / 2;
    studio.layers()->setCurrentIndex(studio.block(half));
    TunePage *tune = studio.window.page()->tune();
    tune->showGrid(true);
    tune->findChild<QTabWidget *>()->setCurrentWidget(tune->effects());
    (void)QTest::qWaitFor([&] { return tune->effects()->isComplete(); }, PictureStudio::patience);
    studio.take("real-grid");
    tune->showGrid(false);

    ProfilePage *profile = studio.window.page()->profile();
    studio.page(WorkPage::Profile);
    studio.take("real-memory");
    profile->showFigure(ProfilePage::Figure::Time);
    profile->showTab(1);
    studio.take("real-channels");
    profile->showTab(2);
    studio.window.page()->view()->setLayers({QString("blocks.%1.mlp.fc2").arg(half)});
    studio.take("real-ranges");

    studio.page(WorkPage::Tradeoff);
    studio.take("real-tradeoff");

    studio.page(WorkPage::Variants);
    VariantsPage *variants = studio.window.page()->variants();
    const std::vector<Variant> &states = studio.window.document()->variants();
    const auto worst =
        std::ranges::min_element(states, {}, [](const Variant &variant) { return variant.measurement.top1.correct; });
    studio.window.page()->view()->setVariant(worst->id);
    variants->compare(studio.window.document()->baseline()->id, worst->id);
    studio.take("real-variants");
    variants->details()->setCurrentIndex(1);
    studio.take("real-weights");
    variants->details()->setCurrentIndex(2);
    studio.settle();
    auto *gallery = variants->findChild<FlipGallery *>();
    gallery->setCurrentIndex(gallery->model()->index(0, 0));
    QTest::keyClick(gallery, Qt::Key_Return);
    studio.settle();
    studio.take("real-answers");
    return true;
}

} // namespace edgeflex::test
