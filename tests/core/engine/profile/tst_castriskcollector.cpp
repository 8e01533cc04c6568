#include "engine/profile/castriskcollector.h"

#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <random>

using namespace edgeflex;

class TestCastRiskCollector : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;

    std::vector<float> inputs(std::int64_t rows, float deviation) const
    {
        std::mt19937 random(3);
        std::normal_distribution<float> normal(0, deviation);
        std::vector<float> values(static_cast<std::size_t>(rows * m_model.spec.linears()[1]->inFeatures));
        for (float &value : values)
            value = normal(random);
        return values;
    }

private Q_SLOTS:
    void initTestCase() { m_model = test::writeSmallModel(m_folder.path().toStdString() + "/model"); }

    void ordinaryInputs()
    {
        CastRiskCollector collector(m_model);
        std::vector<float> x = inputs(20, 1);
        x[5] = -655.04F;
        collector.linearInput(1, x.data(), 20);
        const CastRisk risk = collector.risk(1);
        QVERIFY(std::fabs(risk.overflow - 0.01) < 1e-9);
        QVERIFY(risk.accumulation > 0 && risk.accumulation < 1);
        QVERIFY(risk.underflow < 1e-3);
        // Rounding to 11 and to 8 bits.
        QVERIFY(risk.fp16Error > 1e-9 && risk.fp16Error < 1e-6);
        QVERIFY(risk.bf16Error > 20 * risk.fp16Error && risk.bf16Error < 1e-4);
        QVERIFY(safeHalf(risk) == NumberFormat::Fp16);
    }

    void sumsAreBounded()
    {
        CastRiskCollector collector(m_model);
        const std::vector<float> x = inputs(6, 100);
        collector.linearInput(1, x.data(), 6);
        const LinearSpec &spec = *std::as_const(m_model.spec).linears()[1];
        const Tensor w = m_model.linear(spec.name).dequantized();
        double greatest = 0;
        for (std::int64_t row = 0; row < 6; ++row)
            for (std::int64_t n = 0; n < spec.outFeatures; ++n) {
                double sum = 0;
                for (std::int64_t k = 0; k < spec.inFeatures; ++k) {
                    sum += static_cast<double>(x[static_cast<std::size_t>(row * spec.inFeatures + k)]) *
                           w.floats()[n * spec.inFeatures + k];
                    greatest = std::max(greatest, std::fabs(sum));
                }
            }
        QVERIFY(collector.risk(1).accumulation * 65504 >= greatest);
    }

    void overflowAndUnderflow()
    {
        CastRiskCollector large(m_model);
        const std::vector<float> loud = inputs(6, 1e6F);
        large.linearInput(1, loud.data(), 6);
        QVERIFY(overflowLevel(large.risk(1)) == RiskLevel::Red);
        QCOMPARE(large.risk(1).fp16Error, 1.0);
        QVERIFY(safeHalf(large.risk(1)) == NumberFormat::Bf16);

        CastRiskCollector small(m_model);
        const std::vector<float> quiet = inputs(6, 1e-8F);
        small.linearInput(1, quiet.data(), 6);
        QVERIFY(small.risk(1).underflow > 0.99);
        QVERIFY(small.risk(1).fp16Error > 0.01);
        QVERIFY(safeHalf(small.risk(1)) == NumberFormat::Bf16);
    }

    void nothingSeen() { QVERIFY(CastRiskCollector(m_model).risk(0).fp16Error == 0); }
};

QTEST_APPLESS_MAIN(TestCastRiskCollector)
#include "tst_castriskcollector.moc"
