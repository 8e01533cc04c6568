#include "engine/profile/tokenstream.h"

#include "reference/smallworld.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace edgeflex;

namespace {

// The images of another set, turned around.
class Mirrored : public Dataset
{
public:
    explicit Mirrored(const Dataset &of) : m_of(of) {}
    std::int64_t size() const override { return m_of.size(); }
    Image image(std::int64_t index) const override
    {
        Image image = m_of.image(index);
        const std::ptrdiff_t row = std::ptrdiff_t(image.width) * image.channels;
        for (auto at = image.pixels.begin(); at != image.pixels.end(); at += row)
            std::reverse(at, at + row); // grey: pixels are bytes
        return image;
    }
    int label(std::int64_t index) const override { return m_of.label(index); }
    std::string name(std::int64_t index) const override { return m_of.name(index); }
    std::string path() const override { return m_of.path(); }
    std::string file(std::int64_t index) const override { return m_of.file(index); }

private:
    const Dataset &m_of;
};

} // namespace

class TestTokenStream : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    VitModel m_model;
    std::unique_ptr<Dataset> m_dataset;

private Q_SLOTS:
    void initTestCase()
    {
        const std::string root = m_folder.path().toStdString();
        m_model = test::writeSmallModel(root + "/model");
        m_dataset = openDataset(test::writeSmallImages(root + "/images", 43));
    }

    void mirrorImagesFollowTheirBatch()
    {
        NoProgress progress;
        const Transformer transformer(m_model, detectTarget(1), progress);
        const std::vector<std::int64_t> indices = spreadIndices(43, 0);
        const Mirrored mirrored(*m_dataset);
        TokenStream plain({m_dataset.get(), indices, 8}, m_model.spec);
        TokenStream turned({&mirrored, indices, 8}, m_model.spec);
        TokenStream both({m_dataset.get(), indices, 8, true}, m_model.spec);
        QCOMPARE(both.images(), std::int64_t(86));
        QCOMPARE(both.batches(), std::int64_t(12));
        for (TokenStream *stream : {&plain, &turned, &both}) {
            stream->embed(transformer, nullptr, progress);
            stream->advance(transformer, 0, progress);
        }
        const auto logits = both.logitsFrom(transformer, 1, progress);
        const auto one = plain.logitsFrom(transformer, 1, progress);
        const auto other = turned.logitsFrom(transformer, 1, progress);
        QVERIFY(one != other);
        for (std::size_t image = 0; image < 43; ++image) {
            const std::size_t batch = image / 8;
            const std::size_t at = batch * 16 + image % 8;
            const std::size_t behind = batch == 5 ? 3 : 8; // the last batch is not full
            for (std::size_t c = 0; c < 10; ++c) {
                QCOMPARE(logits[at * 10 + c], one[image * 10 + c]);
                QCOMPARE(logits[(at + behind) * 10 + c], other[image * 10 + c]);
            }
            QCOMPARE(both.labels()[at], plain.labels()[image]);
            QCOMPARE(both.labels()[at + behind], plain.labels()[image]);
        }
    }

    // An image and its mirror image never stand on different sides of the fit.
    void mirrorImagesValidateWithTheirImages()
    {
        NoProgress progress;
        const Transformer transformer(m_model, detectTarget(1), progress);
        TokenStream both({m_dataset.get(), spreadIndices(43, 0), 8, true}, m_model.spec);
        StatisticsCollector collector(m_model.spec, {{0, StatisticsCollector::Depth::Channels}});
        both.embed(transformer, &collector, progress);
        const LinearStatistics statistics = collector.statistics(0);
        QCOMPARE(statistics.validation.tokens, std::int64_t(2 * 8 * 9)); // batch 4 of 0..5, nine patches an image
        QCOMPARE(statistics.fit.tokens, std::int64_t(2 * 35 * 9));
    }

    void colourDecidesWhereNobodyElseDid()
    {
        ModelSpec spec = m_model.spec;
        QVERIFY(!withFlips({}, spec));
        QVERIFY(withFlips(true, spec));
        spec.channels = 3;
        QVERIFY(withFlips({}, spec));
        QVERIFY(!withFlips(false, spec));
    }
};

QTEST_APPLESS_MAIN(TestTokenStream)
#include "tst_tokenstream.moc"
