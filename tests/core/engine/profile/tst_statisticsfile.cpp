#include "engine/profile/statisticsfile.h"

#include <QTest>

#include <cmath>
#include <random>

using namespace edgeflex;

namespace {

using Depth = StatisticsCollector::Depth;

LinearStatistics statistics(std::int64_t features, bool gram, bool validation = true, bool classTokens = false)
{
    std::mt19937 random(static_cast<std::uint32_t>(features));
    std::normal_distribution<double> normal;
    const auto count = static_cast<std::size_t>(features);
    LinearStatistics value;
    value.features = features;
    value.fit.tokens = 100;
    value.validation.tokens = validation ? 25 : 0;
    value.tokens = value.fit.tokens + value.validation.tokens;
    value.classTokens.tokens = classTokens ? 5 : 0;
    for (std::size_t k = 0; k < count; ++k) {
        value.meanAbs.push_back(static_cast<float>(std::abs(normal(random))));
        value.maxAbs.push_back(value.meanAbs.back() * 3);
        value.meanSquare.push_back(std::abs(normal(random)));
    }
    for (Moments *moments : {&value.fit, &value.validation, &value.classTokens}) {
        if (moments->tokens == 0)
            continue;
        for (std::size_t k = 0; k < count; ++k)
            moments->mean.push_back(normal(random));
        if (!gram)
            continue;
        moments->gram.resize(count * count);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t j = 0; j <= i; ++j)
                moments->gram[i * count + j] = moments->gram[j * count + i] = normal(random);
    }
    return value;
}

std::vector<std::int64_t> featuresOf(const std::vector<LinearStatistics> &layers)
{
    std::vector<std::int64_t> features;
    for (const LinearStatistics &layer : layers)
        features.push_back(layer.features);
    return features;
}

// All but the Gram matrices, which are rounded.
void verifyChannels(const LinearStatistics &read, const LinearStatistics &written)
{
    QCOMPARE(read.features, written.features);
    QCOMPARE(read.tokens, written.tokens);
    QCOMPARE(read.meanAbs, written.meanAbs);
    QCOMPARE(read.maxAbs, written.maxAbs);
    QCOMPARE(read.meanSquare, written.meanSquare);
    QCOMPARE(read.fit.tokens, written.fit.tokens);
    QCOMPARE(read.fit.mean, written.fit.mean);
    QCOMPARE(read.validation.tokens, written.validation.tokens);
    QCOMPARE(read.validation.mean, written.validation.mean);
    QCOMPARE(read.classTokens.tokens, written.classTokens.tokens);
    QCOMPARE(read.classTokens.mean, written.classTokens.mean);
}

} // namespace

class TestStatisticsFile : public QObject
{
    Q_OBJECT

    std::vector<LinearStatistics> m_layers{statistics(5, true), statistics(70, true, true, true),
                                           statistics(33, true, false), statistics(7, false)};

private Q_SLOTS:
    void roundTrips()
    {
        const auto bytes = encodeStatistics(m_layers);
        const auto read = decodeStatistics(
            bytes, featuresOf(m_layers), {{0, Depth::Gram}, {1, Depth::Gram}, {2, Depth::Gram}, {3, Depth::Channels}});
        QVERIFY(read.has_value());
        QCOMPARE(read->size(), std::size_t(4));
        for (int i = 0; i < 4; ++i) {
            const LinearStatistics &written = m_layers[static_cast<std::size_t>(i)];
            verifyChannels(read->at(i), written);
            for (const auto part :
                 {&LinearStatistics::fit, &LinearStatistics::validation, &LinearStatistics::classTokens}) {
                const std::vector<double> &gram = (read->at(i).*part).gram;
                const std::vector<double> &before = (written.*part).gram;
                QCOMPARE(gram.size(), before.size());
                for (std::size_t k = 0; k < gram.size(); ++k)
                    QCOMPARE(gram[k], static_cast<double>(static_cast<float>(before[k])));
            }
        }
        // Rounded once: again changes nothing.
        std::vector<LinearStatistics> again;
        for (const auto &[layer, its] : *read)
            again.push_back(its);
        QVERIFY(encodeStatistics(again) == bytes);
    }

    void onlyWhatIsWanted()
    {
        const auto bytes = encodeStatistics(m_layers);
        const auto read = decodeStatistics(bytes, featuresOf(m_layers), {{1, Depth::Channels}});
        QVERIFY(read && read->size() == 1);
        verifyChannels(read->at(1), m_layers[1]);
        QVERIFY(read->at(1).fit.gram.empty());
        QVERIFY(decodeStatistics(bytes, featuresOf(m_layers), {})->empty());
        // A Gram matrix that was never taken.
        QVERIFY(!decodeStatistics(bytes, featuresOf(m_layers), {{3, Depth::Gram}}));
    }

    void otherShapesAreRefused()
    {
        const auto bytes = encodeStatistics(m_layers);
        QVERIFY(!decodeStatistics(bytes, {5, 70, 33}, {}));
        QVERIFY(!decodeStatistics(bytes, {5, 70, 33, 8}, {}));
        QVERIFY(!decodeStatistics(bytes, {}, {}));
        QVERIFY(!decodeStatistics({}, featuresOf(m_layers), {}));
    }

    // Whichever byte is changed, and wherever the file ends: nothing is read.
    void damageIsSeen()
    {
        const std::vector<LinearStatistics> layers{statistics(5, true), statistics(6, true, true, true)};
        const WantedLayers all{{0, Depth::Gram}, {1, Depth::Gram}};
        auto bytes = encodeStatistics(layers);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            bytes[at] ^= std::byte{0x10};
            QVERIFY2(!decodeStatistics(bytes, featuresOf(layers), all), QByteArray::number(qulonglong(at)).constData());
            bytes[at] ^= std::byte{0x10};
            QVERIFY(!decodeStatistics(std::span(bytes).first(at), featuresOf(layers), all));
        }
        bytes.push_back(std::byte{0});
        QVERIFY(!decodeStatistics(bytes, featuresOf(layers), all));
    }
};

QTEST_APPLESS_MAIN(TestStatisticsFile)
#include "tst_statisticsfile.moc"
