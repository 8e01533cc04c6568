#include "engine/tune/sensitivity.h"

#include "engine/compress/linearhalf.h"
#include "engine/evaluate/accuracy.h"
#include "engine/kernels/linear.h"
#include "plan/shiftsum.h"
#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

namespace {

// How far the stage that was entered last came.
class LastStep : public NoProgress
{
public:
    void stage(std::string_view stage, std::int64_t steps) override
    {
        name = stage;
        total = steps;
        done = 0;
    }
    void step(std::int64_t steps) override { done = steps; }

    std::string name;
    std::int64_t total = 0;
    std::int64_t done = 0;
};

} // namespace

class TestMeasureSensitivity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seesEveryLayerAndOrdersChoices()
    {
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        const VitModel model = test::writeSmallModel(root + "/model");
        const auto dataset = openDataset(test::writeSmallImages(root + "/images", 60));
        const Split split = splitByName(*dataset);
        NoProgress progress;
        const std::vector<NumberFormat> formats{NumberFormat::Fp32, NumberFormat::Fp16, NumberFormat::Int8,
                                                NumberFormat::Int4};
        const Sensitivity result =
            measureSensitivity(model, identityPlan(model.spec), formats, {dataset.get(), split.calibration, 8},
                               {dataset.get(), split.search, 8}, detectTarget(2), progress);
        QCOMPARE(result.images, static_cast<std::int64_t>(split.search.size()));
        double int8 = 0;
        double int4 = 0;
        for (const LinearSpec *linear : model.spec.linears()) {
            for (const NumberFormat format : formats)
                QVERIFY(result.measured(linear->name, format));
            QVERIFY(!result.measured(linear->name, NumberFormat::Bf16));
            QCOMPARE(result.formatLoss(linear->name, NumberFormat::Fp32), 0.0);
            int8 += result.formatLoss(linear->name, NumberFormat::Int8);
            int4 += result.formatLoss(linear->name, NumberFormat::Int4);
            QVERIFY(result.formatLoss(linear->name, NumberFormat::Fp16) <
                    result.formatLoss(linear->name, NumberFormat::Int4));
        }
        QVERIFY(int8 > 0 && int8 < int4);
        QCOMPARE(result.mlpWidths.size(), std::size_t(2));
        for (int block = 0; block < 2; ++block) {
            QCOMPARE(result.widthLoss(block, 64), 0.0);
            QVERIFY(result.widthLoss(block, 32) > result.widthLoss(block, 48));
            // A width that was not measured lies between its neighbours.
            QVERIFY(result.widthLoss(block, 40) <= result.widthLoss(block, 32));
            QVERIFY(result.widthLoss(block, 40) >= result.widthLoss(block, 48));
            for (const auto *dims : {&result.qkDims, &result.voDims}) {
                QCOMPARE(dims->size(), std::size_t(2));
                const auto &losses = (*dims)[static_cast<std::size_t>(block)];
                QCOMPARE(losses.size(), std::size_t(2)); // heads of 16 dimensions, cut in steps of 8
                QCOMPARE(losses.at(16), 0.0);
                QVERIFY(losses.at(8) > 0);
            }
            QCOMPARE(result.headLoss(block, 2), 0.0);
            QVERIFY(result.headLoss(block, 1) > 0);
            QVERIFY(result.linearAttentions.at(static_cast<std::size_t>(block)) > 0);
            QVERIFY(result.linearMlps.at(static_cast<std::size_t>(block)) > 0);
        }
        QCOMPARE(result.shifts.headCounts.size(), std::size_t(2));
        QCOMPARE(result.shifts.linearAttentions.size(), std::size_t(2));
        QCOMPARE(result.shifts.linearMlps.size(), std::size_t(2));
        // Each was tried alone: the model came back whole.
        SensitivityScope formatsOnly;
        formatsOnly.attention = formatsOnly.mlp = false;
        const Sensitivity again =
            measureSensitivity(model, identityPlan(model.spec), formats, {dataset.get(), split.calibration, 8},
                               {dataset.get(), split.search, 8}, detectTarget(2), progress, formatsOnly);
        for (const auto &[layer, losses] : again.formats) {
            for (const auto &[format, loss] : losses)
                QVERIFY(std::abs(loss - result.formatLoss(layer, format)) <= 1e-6 + 1e-3 * loss);
        }
    }

    // Against both halves exchanged by hand.
    void pairsAreMeasuredTogether()
    {
        constexpr int blocks = 5;
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        const VitModel model = test::writeSmallModel(root + "/model", 5, blocks);
        const auto dataset = openDataset(test::writeSmallImages(root + "/images", 40));
        const Split split = splitByName(*dataset);
        const CalibrationImages calibration{dataset.get(), split.calibration, 8};
        const CalibrationImages searched{dataset.get(), split.search, 8};
        LastStep progress;
        SensitivityScope scope;
        scope.pairs = true;
        const Sensitivity result = measureSensitivity(model, identityPlan(model.spec), {NumberFormat::Fp32},
                                                      calibration, searched, detectTarget(1), progress, scope);
        QCOMPARE(progress.name, std::string("sensitivity"));
        QCOMPARE(progress.done, progress.total);

        Transformer transformer(model, detectTarget(1), progress);
        TokenStream search(searched, model.spec);
        search.embed(transformer, nullptr, progress);
        const std::vector<float> reference = search.logitsFrom(transformer, 0, progress);
        for (const BlockPart half : {BlockPart::Attention, BlockPart::Mlp}) {
            const bool attention = half == BlockPart::Attention;
            const auto &pairs = attention ? result.linearAttentionPairs : result.linearMlpPairs;
            const auto &alone = attention ? result.linearAttentions : result.linearMlps;
            const auto &shifts = attention ? result.shifts.linearAttentions : result.shifts.linearMlps;
            std::vector<LinearWeights> layers;
            TokenStream stream(calibration, model.spec);
            stream.embed(transformer, nullptr, progress);
            for (int block = 0; block < blocks; ++block) {
                layers.push_back(fitLinearHalf(transformer, block, half, stream, true, progress).layer);
                stream.advance(transformer, block, progress);
            }
            std::vector<std::pair<int, int>> tried;
            for (const LinearPair &pair : pairs) {
                tried.emplace_back(pair.first, pair.second);
                Transformer both(model, detectTarget(1), progress);
                for (const int block : {pair.first, pair.second}) {
                    const int first = 1 + 4 * block + (attention ? 0 : 2);
                    both.exchange(first, nullptr);
                    both.exchange(first + 1, makeLinear(layers[static_cast<std::size_t>(block)], both.target()));
                    if (attention)
                        both.setHeads(block, 0);
                }
                const double kl =
                    meanKlDivergence(reference, search.logitsFrom(both, 0, progress), model.spec.classes());
                const auto first = static_cast<std::size_t>(pair.first);
                const auto second = static_cast<std::size_t>(pair.second);
                QVERIFY(kl > 0);
                QVERIFY(std::abs(alone[first] + alone[second] + pair.kl - kl) < 1e-3 * kl);
                // And so do the shifts say, of which the model's few classes leave little out.
                ShiftSum sum(result.shifts);
                for (const LogitShift *shift : {&shifts[first], &shifts[second], &pair.shift})
                    sum.add(*shift, 1);
                QVERIFY(std::abs(sum.kl() - kl) < 0.01 * kl);
            }
            QCOMPARE(tried, (std::vector<std::pair<int, int>>{
                                {0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {1, 4}, {2, 3}, {2, 4}, {3, 4}}));
        }
        QVERIFY(result.isComplete());
        const Sensitivity without = measureSensitivity(model, identityPlan(model.spec), {NumberFormat::Fp32},
                                                       calibration, searched, detectTarget(1), progress);
        QVERIFY(without.linearMlpPairs.empty() && !without.isComplete());
        QCOMPARE(progress.done, progress.total);
    }

    void onlyWhatIsAskedFor()
    {
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        const VitModel model = test::writeSmallModel(root + "/model");
        const auto dataset = openDataset(test::writeSmallImages(root + "/images", 40));
        const Split split = splitByName(*dataset);
        NoProgress progress;
        const auto measured = [&](const SensitivityScope &scope) {
            return measureSensitivity(model, identityPlan(model.spec), {NumberFormat::Fp32},
                                      {dataset.get(), split.calibration, 8}, {dataset.get(), split.search, 8},
                                      detectTarget(1), progress, scope);
        };
        const Sensitivity all = measured({});
        SensitivityScope only;
        only.attention = false;
        const Sensitivity mlp = measured(only);
        QVERIFY(mlp.qkDims.empty() && mlp.voDims.empty());
        QCOMPARE(mlp.mlpWidths, all.mlpWidths);
        only.attention = true;
        only.mlp = false;
        const Sensitivity attention = measured(only);
        QVERIFY(attention.mlpWidths.empty());
        QCOMPARE(attention.qkDims, all.qkDims);
        QCOMPARE(attention.voDims, all.voDims);
    }

    void removalCanBeLeftOut()
    {
        QTemporaryDir folder;
        const std::string root = folder.path().toStdString();
        const VitModel model = test::writeSmallModel(root + "/model");
        const auto dataset = openDataset(test::writeSmallImages(root + "/images", 40));
        const Split split = splitByName(*dataset);
        SensitivityScope scope;
        scope.removal = false;
        NoProgress progress;
        const Sensitivity result = measureSensitivity(
            model, identityPlan(model.spec), {NumberFormat::Fp32}, {dataset.get(), split.calibration, 8},
            {dataset.get(), split.search, 8}, detectTarget(1), progress, scope);
        QVERIFY(!result.qkDims.empty() && !result.mlpWidths.empty());
        QVERIFY(result.headCounts.empty() && result.linearAttentions.empty() && result.linearMlps.empty());
    }

    void dims()
    {
        QCOMPARE(sensitivityHeadCounts(12), (std::vector<int>{9, 6, 3}));
        QCOMPARE(sensitivityHeadCounts(3), (std::vector<int>{2, 1}));
        QVERIFY(sensitivityHeadCounts(1).empty());
        QCOMPARE(sensitivityDims(64, 64), (std::vector<std::int64_t>{48, 32, 16}));
        QCOMPARE(sensitivityDims(80, 80), (std::vector<std::int64_t>{48, 32, 16}));
        QCOMPARE(sensitivityDims(16, 16), (std::vector<std::int64_t>{8}));
        QVERIFY(sensitivityDims(8, 8).empty());
    }
};

QTEST_APPLESS_MAIN(TestMeasureSensitivity)
#include "tst_measuresensitivity.moc"
