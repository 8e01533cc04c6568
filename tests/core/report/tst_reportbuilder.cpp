#include "reference/syntheticsession.h"
#include "report/markdownwriter.h"
#include "report/reportbuilder.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

const ReportSection *section(const Report &report, const std::string &title)
{
    const auto found = std::find_if(report.sections.begin(), report.sections.end(),
                                    [&](const ReportSection &each) { return each.title == title; });
    return found == report.sections.end() ? nullptr : &*found;
}

template<class T>
std::vector<const T *> all(const Report &report)
{
    std::vector<const T *> blocks;
    for (const ReportSection &each : report.sections) {
        for (const ReportBlock &block : each.blocks) {
            if (const T *found = std::get_if<T>(&block))
                blocks.push_back(found);
        }
    }
    return blocks;
}

const Table *table(const Report &report, const std::string &caption)
{
    for (const Table *each : all<Table>(report)) {
        if (each->caption.find(caption) != std::string::npos)
            return each;
    }
    return nullptr;
}

std::vector<std::string> row(const Table &table, const std::string &first)
{
    for (const TableRow &each : table.rows) {
        if (each.cells.front() == first)
            return each.cells;
    }
    return {};
}

using Cells = std::vector<std::string>;

QString verdict(const Session &session)
{
    return QString::fromStdString(verdictOf(ReportSubject(session)).text);
}

Tone toneOf(const Session &session)
{
    return verdictOf(ReportSubject(session)).tone;
}

// A session of one variant with a plain measurement that tests change.
Session oneVariant()
{
    Session session = baselineOnlySession(SyntheticModel::VitTiny);
    Variant variant;
    variant.id = 1;
    variant.name = "plan 1";
    variant.plan = uniformPlan(session.summary.spec, 1, NumberFormat::Int8);
    variant.quality = Quality::Final;
    variant.measurement = session.variants.front().measurement;
    variant.measurement.weightsBytes = 6'000'000;
    variant.measurement.againstBaseline.emplace();
    variant.measurement.againstBaseline->latencyRatio = {0.5, 0.4, 0.6};
    variant.measurement.againstBaseline->weightsRatio = 0.25;
    variant.measurement.againstBaseline->drop = pairedDrop(8, 4, 900);
    session.variants.push_back(variant);
    return session;
}

} // namespace

class TestReportBuilder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void richSession_data()
    {
        QTest::addColumn<int>("model");
        QTest::newRow("ViT-Tiny") << static_cast<int>(SyntheticModel::VitTiny);
        QTest::newRow("ViT-Huge") << static_cast<int>(SyntheticModel::VitHuge);
    }
    void richSession()
    {
        QFETCH(int, model);
        const Session session = syntheticSession(static_cast<SyntheticModel>(model));
        const Report report = makeReport(session);
        QVERIFY(makeReport(session) == report);
        QCOMPARE(report.model, session.summary.spec.name);
        QCOMPARE(report.date, session.variants.back().measurement.conditions.dateUtc);
        for (const char *title : {"Summary", "Trade-offs", "The EdgeFlex recipe", "Memory", "Layers", "Method",
                                  "Conditions", "How to measure this again"})
            QVERIFY2(section(report, title), title);

        // Every variant is in the table and, but for those of the recipe, once in every plot.
        const auto figures = all<Figure>(report);
        QCOMPARE(figures.size(), std::size_t(6));
        for (const std::size_t figure : {0, 1}) {
            for (const Chart &chart : figures[figure]->panels) {
                std::size_t points = 0;
                for (const ChartSeries &series : chart.series)
                    points += series.points.size();
                QCOMPARE(points, session.variants.size() + 1); // the baseline is the recipe's first step too
            }
        }
        QCOMPARE(table(report, "Every measured variant")->rows.size(), session.variants.size());
        QCOMPARE(table(report, "recipe")->rows.size(), session.recipe.size());
        QCOMPARE(table(report, "Conditions")->rows.size(), session.variants.size());
        QCOMPARE(table(report, "Every linear layer")->rows.size(), 4 * session.summary.spec.blocks.size() + 2 + 1);

        // Rows fit their tables, lines fit the page.
        for (const Table *each : all<Table>(report)) {
            for (const TableRow &cells : each->rows)
                QCOMPARE(cells.cells.size(), each->columns.size());
        }
        for (const Code *code : all<Code>(report)) {
            for (const QString &line : QString::fromStdString(code->text).split('\n'))
                QVERIFY2(line.size() <= 100, qPrintable(line));
        }
    }

    void beforeAndAfter()
    {
        const Report report = makeReport(syntheticSession());
        const Table *comparison = table(report, "Before and after");
        QVERIFY(comparison);
        QCOMPARE(comparison->caption, "Table 1: Before and after: batch 1, tight schedule, 4 threads");
        QCOMPARE(row(*comparison, "Weights in memory"),
                 (Cells{"Weights in memory", "22.87 MB", "5.68 MB", "4.02x smaller"}));
        QCOMPARE(row(*comparison, "Top-1 accuracy"),
                 (Cells{"Top-1 accuracy", "75.67 %", "74.67 %", "1.00 points lost"}));
        QCOMPARE(row(*comparison, "95 % interval"),
                 (Cells{"95 % interval", "72.76 to 78.36 %", "71.72 to 77.40 %", "-0.23 to 2.32 lost"}));
        QCOMPARE(row(*comparison, "Latency of a batch, median")[3], "2.89x faster");
        QCOMPARE(row(*comparison, "Peak memory, process above idle").size(), std::size_t(4));
        QCOMPARE(row(*comparison, "Mean KL divergence")[1], "");
    }

    void layersBeforeAndAfter()
    {
        const Table *layers = nullptr;
        const Report report = makeReport(syntheticSession());
        layers = table(report, "Every linear layer");
        QCOMPARE(layers->columns.size(), std::size_t(9));
        QCOMPARE(row(*layers, "patch_embed")[1], "FP16");
        const Cells middle = row(*layers, "blocks.5.mlp.fc1");
        QCOMPARE(middle[1], "INT8");
        QCOMPARE(middle[2], "560 x 192");
        QCOMPARE(middle[5], "605.2"); // kB: 197 tokens of 768 floats
        QCOMPARE(middle[6], "441.3");
        QCOMPARE(row(*layers, "head")[5], "4.0"); // one row an image
    }

    void verdicts()
    {
        Session session = oneVariant();
        QCOMPARE(verdict(session),
                 "4.00x smaller than the original (6.00 MB of weights); 2.00x faster here; loses 0.44 points "
                 "of accuracy (95 %: -0.36 to 1.35 lost; at most 1.18 lost, one-sided 95 %).");
        QCOMPARE(toneOf(session), Tone::Neutral);

        session.budgets.maxWeightsBytes = 6'500'000;
        session.budgets.maxDropPoints = 1.5;
        QVERIFY(verdict(session).startsWith(
            "Fits 6.50 MB of weights: yes (6.00 MB); 2.00x faster here; loses 0.44 points"));
        QVERIFY(verdict(session).endsWith(", within the 1.50 allowed with 95 % confidence."));
        QCOMPARE(toneOf(session), Tone::Good);

        session.budgets.maxDropPoints = 1; // the estimate is within, its bound is not
        QVERIFY(verdict(session).endsWith(
            ", within the 1.00 allowed by its estimate, which 900 images do not prove: the bound "
            "is not below the budget."));
        QCOMPARE(toneOf(session), Tone::Caution);

        session.budgets.maxDropPoints = 0.4;
        QVERIFY(verdict(session).endsWith(", more than the 0.40 allowed."));
        QCOMPARE(toneOf(session), Tone::Bad);

        session.budgets.maxDropPoints = std::nullopt;
        session.budgets.maxWeightsBytes = 5'700'000;
        session.budgets.maxPeakBytes = 1'000'000'000;
        session.budgets.maxLatencyRatio = 0.4;
        QVERIFY(
            verdict(session).startsWith("Fits 5.70 MB of weights: no (6.00 MB); fits 1.00 GB of peak memory: yes ("));
        QVERIFY(verdict(session).contains(
            "2.00x faster here, not within the latency asked for (40 % of the original's; it takes 50 %)"));
        QCOMPARE(toneOf(session), Tone::Bad);

        session.variants[1].measurement.againstBaseline->latencyRatio.median = 1.25;
        session.variants[1].measurement.againstBaseline->drop = pairedDrop(2, 8, 900);
        QVERIFY(verdict(session).contains("1.25x slower here"));
        QVERIFY(verdict(session).contains("gains 0.67 points of accuracy"));
    }

    void whatIsNotMeasuredIsSaid()
    {
        Session session = oneVariant();
        session.budgets.maxLatencyRatio = 0.5;
        session.budgets.maxDropPoints = 1;
        session.variants[1].measurement.latency = std::nullopt;
        session.variants[1].measurement.images = 0;
        session.variants[1].measurement.peakMemory.processBytes = -1;
        QVERIFY(verdict(session).endsWith("; latency not measured; accuracy not measured."));
        QCOMPARE(toneOf(session), Tone::Caution);
        const Report report = makeReport(session);
        const Table &comparison = *table(report, "Before and after");
        for (const char *name : {"Latency of a batch, median", "Peak memory, process above idle", "Top-1 accuracy"}) {
            QCOMPARE(row(comparison, name)[2], notMeasured);
            QCOMPARE(row(comparison, name)[3], "");
        }
        // Only what has an accuracy is plotted.
        for (const Figure *figure : all<Figure>(report)) {
            for (const Chart &chart : figure->panels) {
                for (const ChartSeries &series : chart.series)
                    QVERIFY(series.role != ChartRole::Chosen);
            }
        }
        const std::string text = markdownReport(report);
        for (const char *words : {"Accuracy against latency: not measured.", "The peak while profiling: not measured.",
                                  "Times: not measured.", "**Profile**: not measured", "**Sensitivity**: not measured"})
            QVERIFY2(text.find(words) != std::string::npos, words);
    }

    // What was measured under other conditions is not subtracted.
    void otherConditionsAreSaid()
    {
        Session session = oneVariant();
        const auto top5 = [&] {
            return row(*table(makeReport(session), "Before and after"), "Top-5 accuracy")[3];
        };
        QCOMPARE(top5(), "0.00 points lost");
        QVERIFY(markdownReport(makeReport(session)).find("under other conditions") == std::string::npos);
        session.variants[0].measurement.conditions.batch = 8;
        QCOMPARE(top5(), "");
        QVERIFY(markdownReport(makeReport(session)).find("under other conditions") != std::string::npos);
    }

    void baselineOnly()
    {
        const Report report = makeReport(baselineOnlySession(SyntheticModel::VitTiny));
        QCOMPARE(verdict(baselineOnlySession(SyntheticModel::VitTiny)),
                 "Only the original model was measured; what a smaller one saves and costs is not measured.");
        QVERIFY(!section(report, "The EdgeFlex recipe"));
        QCOMPARE(table(report, "The original model")->columns.size(), std::size_t(2));
        QCOMPARE(all<Figure>(report).size(), std::size_t(4)); // memory, of one model
        for (const Figure *figure : all<Figure>(report))
            QCOMPARE(figure->panels.size(), std::size_t(1));
        QVERIFY(markdownReport(report).find("latency: not measured, because there is no variant") != std::string::npos);
    }

    void nothingMeasured()
    {
        Session session = emptySyntheticSession(SyntheticModel::VitTiny);
        QVERIFY(verdict(session).startsWith("Nothing was measured yet;"));
        Report report = makeReport(session);
        QVERIFY(report.date.empty());
        QVERIFY(!table(report, "Before and after"));
        // A plan that is only edited is shown as one: its memory is known, the rest is not.
        session.plan = uniformPlan(session.summary.spec, 0.75, NumberFormat::Int8);
        report = makeReport(session);
        QVERIFY(markdownReport(report).find("the plan as edited last, not measured") != std::string::npos);
        QCOMPARE(all<Figure>(report).front()->panels.size(), std::size_t(2));
    }

    // The last final variant, else the last with the session's plan, else the last.
    void choosesTheVariant()
    {
        Session session = syntheticSession();
        QCOMPARE(ReportSubject(session).chosen->id, 12);
        session.variants[4].quality = Quality::Final;
        QCOMPARE(ReportSubject(session).chosen->id, 12);
        session.variants.back().quality = Quality::Draft;
        QCOMPARE(ReportSubject(session).chosen->id, 4);
        session.variants[4].quality = Quality::Draft;
        session.plan = session.variants[7].plan;
        QCOMPARE(ReportSubject(session).chosen->id, 7);
        session.plan = identityPlan(session.summary.spec);
        QCOMPARE(ReportSubject(session).chosen->id, 12);
        QVERIFY(markdownReport(makeReport(session)).find("These figures are of draft quality") != std::string::npos);
    }

    void methodSaysWhatComputes()
    {
        Session session = syntheticSession();
        const Table *formats = nullptr;
        Report report = makeReport(session);
        formats = table(report, "Number formats");
        QCOMPARE(row(*formats, "FP16")[2], "FP32: the format only stores");
        QCOMPARE(row(*formats, "INT8")[2], "INT8");
        QCOMPARE(row(*formats, "INT8")[3], "49");
        session.variants.back().plan = uniformPlan(session.summary.spec, 1, NumberFormat::Bf16);
        report = makeReport(session);
        QCOMPARE(row(*table(report, "Number formats"), "BF16")[2], "FP32: the format only stores");
        session.variants.back().measurement.conditions.target.bf16Compute = true;
        report = makeReport(session);
        QCOMPARE(row(*table(report, "Number formats"), "BF16")[2], "BF16");
    }

    void methodSaysWhatHeadsKeep()
    {
        Session session = oneVariant();
        QVERIFY(markdownReport(makeReport(session)).find("dimensions of heads stay") == std::string::npos);
        session.variants.back().plan.blocks[2].voKeep = 0.75; // 16 of 64 go, in each of three heads
        const std::string text = markdownReport(makeReport(session));
        QVERIFY(text.find("4,560 of 4,608 dimensions of heads stay") != std::string::npos);
        QVERIFY(text.find("The projection is then refitted") != std::string::npos);
    }

    void saysWhatBecameOfHalves()
    {
        Session session = oneVariant();
        CompressionPlan &plan = session.variants.back().plan;
        plan.blocks[2].headKeep = 2.0 / 3;
        plan.blocks[3].headKeep = 0;
        plan.blocks[5].mlpKeep = 0;
        const Report report = makeReport(session);
        const std::string text = markdownReport(report);
        QVERIFY(text.find("32 of 33 heads stay") != std::string::npos);
        QVERIFY(text.find("the attention of block 3 and of the MLP of block 5") != std::string::npos);
        QVERIFY(text.find("ridge least squares in closed form") != std::string::npos);
        const Cells gone = row(*table(report, "Every linear layer"), "blocks.5.mlp.fc1");
        QCOMPARE(gone[1], "removed");
        QCOMPARE(gone[2], "-");
        QCOMPARE(row(*table(report, "Every linear layer"), "blocks.5.mlp.fc2")[2], "192 x 192");
    }

    void methodWarnsWhereImagesAreShared()
    {
        Session session = syntheticSession();
        QVERIFY(markdownReport(makeReport(session)).find("Three disjoint sets of images") != std::string::npos);
        session.data = session.calibration;
        QVERIFY(markdownReport(makeReport(session)).find("also served for calibration") != std::string::npos);
    }

    void commands()
    {
        Session session = syntheticSession();
        session.model.path = "/models/it's a model";
        session.model.heads = 3;
        session.model.mean = std::vector<double>{0.5, 0.25, 0.1};
        const Report report = makeReport(session);
        const auto codes = all<Code>(report);
        QCOMPARE(codes.size(), std::size_t(6));
        const auto flat = [](const Code *code) {
            return QString::fromStdString(code->text).replace(" \\\n    ", " ");
        };
        QCOMPARE(flat(codes[0]),
                 "edgeflex profile '/models/it'\\''s a model' --heads 3 --mean 0.5,0.25,0.1 --calibration "
                 "/data/imagenet-train-1000 --images 64 --batch 1 --schedule tight --threads 4");
        QCOMPARE(flat(codes[3]),
                 "edgeflex measure /data/out/vit_tiny_patch16_224-12 --heads 3 --mean 0.5,0.25,0.1 --data "
                 "/data/imagenet-val --images 900 --batch 1 --repeats 20 --schedule tight --threads 4 "
                 "--baseline '/models/it'\\''s a model'");
        QCOMPARE(flat(codes[4]), "edgeflex tune '/models/it'\\''s a model' --heads 3 --mean 0.5,0.25,0.1 --calibration "
                                 "/data/imagenet-train-1000 --batch 1 --max-weights 5700000 --max-drop 1.5 --out tuned "
                                 "--threads 4");
        // The plan that is printed is the one that was carried out.
        CompressionPlan plan;
        from_json(nlohmann::json::parse(codes[5]->text), plan);
        QVERIFY(plan == session.variants.back().plan);
        QCOMPARE(shellQuoted(""), "''");
        QCOMPARE(shellQuoted("$HOME"), "'$HOME'");
    }
};

QTEST_APPLESS_MAIN(TestReportBuilder)
#include "tst_reportbuilder.moc"
