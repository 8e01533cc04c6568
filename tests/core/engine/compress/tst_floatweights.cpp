#include "engine/compress/floatweights.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <cstring>
#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

class TestFloatWeights : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void copiesUnalignedViews()
    {
        const std::vector<float> values{1, -2, 3, 4};
        const auto bytes = std::make_shared<std::vector<std::byte>>(values.size() * sizeof(float) + 1);
        std::memcpy(bytes->data() + 1, values.data(), values.size() * sizeof(float));
        LinearWeights linear = linearOf(2, 2, {0, 0, 0, 0});
        linear.values = Tensor::view(DType::F32, {2, 2}, bytes->data() + 1, bytes);
        const Tensor copy = floatWeights(linear);
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(copy.floats()[i], values[i]);
    }

    void refusesWhatIsNotFp32OrNotOfItsShape()
    {
        LinearWeights other = linearOf(2, 2, {1, 2, 3, 4});
        other.spec.format = NumberFormat::Bf16;
        QVERIFY_EXCEPTION_THROWN(floatWeights(other), Error);
        LinearWeights wrongShape = linearOf(2, 2, {1, 2, 3, 4});
        wrongShape.spec.inFeatures = 3;
        QVERIFY_EXCEPTION_THROWN(floatWeights(wrongShape), Error);
    }

    void refusesWhatIsNotFinite()
    {
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            const LinearWeights linear = linearOf(2, 2, {1, 2, bad, 4});
            try {
                floatWeights(linear);
                QFAIL("accepted");
            } catch (const Error &error) {
                QVERIFY(std::string(error.what()).find("blocks.0.mlp.fc2") != std::string::npos);
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestFloatWeights)
#include "tst_floatweights.moc"
