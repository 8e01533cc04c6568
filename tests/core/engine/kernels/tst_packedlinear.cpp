#include "kerneltesting.h"

#include "engine/kernels/linear.h"
#include "engine/kernels/packedlinear.h"
#include "engine/tensor/hostallocator.h"
#include "plan/linearlayout.h"

#include <QTest>

#include <limits>
#include <memory>
#include <vector>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// The same array as if it lay in a file.
WeightArray mapped(const WeightArray &array)
{
    if (array.bytes() == 0)
        return {};
    const auto bytes =
        std::make_shared<std::vector<std::byte>>(array.as<std::byte>(), array.as<std::byte>() + array.bytes());
    return WeightArray(Tensor::view(DType::U8, {static_cast<std::int64_t>(bytes->size())}, bytes->data(), bytes));
}

PackedLinear mapped(const PackedLinear &packed)
{
    PackedLinear result;
    result.spec = packed.spec;
    result.values = mapped(packed.values);
    result.scales = mapped(packed.scales);
    result.offsets = mapped(packed.offsets);
    result.bias = mapped(packed.bias);
    result.inputScale = mapped(packed.inputScale);
    return result;
}

} // namespace

class TestPackedLinear : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesWhatTheLayoutSays_data()
    {
        QTest::addColumn<int>("format");
        for (const NumberFormat format : allNumberFormats())
            QTest::newRow(std::string(toString(format)).c_str()) << static_cast<int>(format);
    }
    void takesWhatTheLayoutSays()
    {
        QFETCH(const int, format);
        Random random(7);
        for (const auto &[outputs, inputs] : {std::pair{1, 1}, {33, 65}, {64, 7}, {35, 130}}) {
            LinearSpec spec = layerSpec(static_cast<NumberFormat>(format), outputs, inputs, outputs != 64);
            spec.inputScale = inputs == 65;
            const LinearWeights weights = randomWeights(spec, random);
            const std::int64_t before = hostallocator::liveBytes();
            const PackedLinear packed = packLinear(weights);
            QCOMPARE(hostallocator::liveBytes() - before, weightBytes(spec));
            const LinearArrayBytes bytes = arrayBytes(spec);
            QCOMPARE(static_cast<std::int64_t>(packed.values.bytes()), bytes.values);
            QCOMPARE(static_cast<std::int64_t>(packed.scales.bytes()), bytes.scales);
            QCOMPARE(static_cast<std::int64_t>(packed.offsets.bytes()), bytes.offsets);
            QCOMPARE(static_cast<std::int64_t>(packed.bias.bytes()), bytes.bias);
            QCOMPARE(static_cast<std::int64_t>(packed.inputScale.bytes()), bytes.inputScale);
            // Arrays that lie elsewhere count alike, and give the same products.
            const std::int64_t beside = hostallocator::liveBytes();
            const auto inPlace = makeLinear(mapped(packed), plainTarget(1));
            QCOMPARE(hostallocator::liveBytes() - beside, weightBytes(spec));
            std::vector<float> x(static_cast<std::size_t>(3 * inputs));
            for (std::size_t i = 0; i < x.size(); ++i)
                x[i] = static_cast<float>(i % 13) - 6;
            std::vector<float> y(static_cast<std::size_t>(3 * outputs));
            std::vector<float> expected = y;
            inPlace->forward(x.data(), 3, y.data());
            makeLinear(weights, plainTarget(1))->forward(x.data(), 3, expected.data());
            QVERIFY(y == expected);
        }
    }

    void movedArraysAreCountedOnce()
    {
        Random random(8);
        const std::int64_t before = hostallocator::liveBytes();
        {
            const PackedLinear packed = packLinear(randomWeights(layerSpec(NumberFormat::Int8, 33, 65), random));
            WeightArray first = mapped(packed.values);
            const std::int64_t held = hostallocator::liveBytes();
            WeightArray second = std::move(first);
            QCOMPARE(hostallocator::liveBytes(), held);
            first = std::move(second);
            QCOMPARE(hostallocator::liveBytes(), held);
            QVERIFY(first.as<std::byte>() && !second.as<std::byte>());
            first = WeightArray();
            QVERIFY(hostallocator::liveBytes() < held);
        }
        QCOMPARE(hostallocator::liveBytes(), before);
    }

    void refusesWhatIsNotFinite()
    {
        Random random(9);
        LinearWeights weights = randomWeights(layerSpec(NumberFormat::Int8, 33, 65), random);
        weights.scales.floats()[32] = std::numeric_limits<float>::infinity();
        QVERIFY(errorOf([&] { packLinear(weights); }).find("scales") != std::string::npos);
        weights = randomWeights(layerSpec(NumberFormat::Fp32, 33, 65), random);
        weights.values.floats()[33 * 65 - 1] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY(errorOf([&] { packLinear(weights); }).find("weights") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestPackedLinear)
#include "tst_packedlinear.moc"
