#include "plan/predictor.h"

#include "plan/randomplans.h"
#include "plan/statistics.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <utility>
#include <vector>

using namespace edgeflex;

namespace {

constexpr int images = 500;
constexpr int repeats = 200;

LogitShift randomShift(std::mt19937 &engine)
{
    std::vector<float> values(static_cast<std::size_t>(images) * LogitShifts::slots);
    for (float &value : values)
        value = static_cast<float>(engine() % 1000) / 5000.0F - 0.1F;
    return packShift(values);
}

// A ViT-Huge of which everything was measured that predictions come of.
Sensitivity everything(const ModelSpec &spec)
{
    std::mt19937 engine(1);
    std::vector<float> logits(static_cast<std::size_t>(images) * 1000);
    for (float &logit : logits)
        logit = static_cast<float>(engine() % 10000) / 1000.0F;
    std::vector<int> labels;
    for (int i = 0; i < images; ++i)
        labels.push_back(static_cast<int>(engine() % 1000));
    Sensitivity value;
    value.images = images;
    value.shifts = LogitTracker(logits, labels, 1000).unchanged();
    for (const LinearSpec *linear : spec.linears()) {
        for (const NumberFormat format : allNumberFormats()) {
            if (format == NumberFormat::Fp32)
                continue;
            value.formats[linear->name][format] = 0.001;
            value.shifts.formats[linear->name][format] = randomShift(engine);
        }
    }
    for (const BlockSpec &block : spec.blocks) {
        const std::int64_t whole = block.mlpWidth();
        value.mlpWidths.push_back({{whole, 0}, {whole / 2, 0.01}, {whole / 4, 0.05}});
        value.shifts.mlpWidths.push_back({{whole / 2, randomShift(engine)}, {whole / 4, randomShift(engine)}});
        for (const auto &[losses, shifts] :
             {std::pair{&value.qkDims, &value.shifts.qkDims}, std::pair{&value.voDims, &value.shifts.voDims}}) {
            losses->push_back({{80, 0}, {48, 0.01}, {32, 0.05}});
            shifts->push_back({{48, randomShift(engine)}, {32, randomShift(engine)}});
        }
        value.headCounts.push_back({{16, 0}, {12, 0.01}, {4, 0.05}});
        value.shifts.headCounts.push_back({{12, randomShift(engine)}, {4, randomShift(engine)}});
        value.linearAttentions.push_back(0.1);
        value.shifts.linearAttentions.push_back(randomShift(engine));
        value.linearMlps.push_back(0.1);
        value.shifts.linearMlps.push_back(randomShift(engine));
    }
    const auto blocks = static_cast<int>(spec.blocks.size());
    for (int first = 0; first < blocks; ++first) {
        for (int second = first + 1; second < std::min(first + 4, blocks); ++second) {
            value.linearAttentionPairs.push_back({first, second, 0.01, randomShift(engine)});
            value.linearMlpPairs.push_back({first, second, 0.01, randomShift(engine)});
        }
    }
    return value;
}

} // namespace

// How long predictions of plans for 32 blocks of 8 parts take: four layers, an MLP's width, heads and their dimensions;
// a tenth of the halves are linear. Every second plan has nothing but linear halves, of which pairs are most.
int main()
{
    VitShape shape;
    shape.patchSize = 14;
    shape.width = 1280;
    shape.depth = 32;
    shape.heads = 16;
    shape.mlpWidth = 5120;
    const ModelSpec spec = makeVitSpec(shape);
    Predictor predictor(spec, {2, true, false, "AVX2"}, ScheduleKind::Tight, 1);
    predictor.setSensitivity(everything(spec));
    RandomPlans random(spec, 1, true);
    std::vector<double> times;
    double points = 0;
    for (int i = 0; i < repeats; ++i) {
        CompressionPlan plan = random.next(1);
        for (BlockPlan &block : plan.blocks) {
            if (i % 2 == 1)
                block.mlpKeep = block.headKeep = 0;
        }
        const auto start = std::chrono::steady_clock::now();
        const Prediction prediction = predictor.predict(plan);
        times.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        if (prediction.level != Prediction::Level::Superposed)
            return 1;
        points += *prediction.dropPoints;
    }
    std::printf("prediction from logit shifts, ViT-Huge, %d images: median %.2f ms, 95 %% within %.2f ms (of %d, "
                "mean %.1f points)\n",
                images, median(times), quantile(times, 0.95), repeats, points / repeats);
    return 0;
}
