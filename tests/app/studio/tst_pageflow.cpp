#include "app/studio/pageflow.h"

#include <QTest>

using namespace edgeflex;

namespace {

FlowItem item(double height, double spaceBefore = 0, bool keepWithNext = false, int header = -1)
{
    FlowItem result;
    result.height = height;
    result.spaceBefore = spaceBefore;
    result.keepWithNext = keepWithNext;
    result.header = header;
    return result;
}

// Items of each page, by index.
QList<QList<int>> indices(const std::vector<Page> &pages)
{
    QList<QList<int>> result;
    for (const Page &page : pages) {
        result.append(QList<int>());
        for (const PlacedItem &placed : page)
            result.last().append(placed.item);
    }
    return result;
}

using Pages = QList<QList<int>>;

} // namespace

class TestPageFlow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fillsPages()
    {
        const std::vector<Page> pages = paginate({item(40), item(40, 10), item(40, 10), item(20, 5)}, 100, 100);
        QCOMPARE(indices(pages), (Pages{{0, 1}, {2, 3}}));
        QCOMPARE(pages[0][1].y, 50.0);
        QCOMPARE(pages[1][0].y, 0.0); // no space at the top of a page
        QCOMPARE(pages[1][1].y, 45.0);
    }

    void firstPageMayBeShorter()
    {
        QCOMPARE(indices(paginate({item(40), item(40), item(40)}, 50, 100)), (Pages{{0}, {1, 2}}));
    }

    void headingsGoWithWhatFollows()
    {
        // The heading would fit, but not with what it heads.
        QCOMPARE(indices(paginate({item(60), item(20, 0, true), item(30)}, 100, 100)), (Pages{{0}, {1, 2}}));
        QCOMPARE(indices(paginate({item(60), item(10, 0, true), item(10, 0, true), item(30)}, 100, 100)),
                 (Pages{{0}, {1, 2, 3}}));
    }

    void tableHeadersAreRepeated()
    {
        const std::vector<FlowItem> items{item(10, 0, true), item(30, 0, false, 0), item(30, 0, false, 0),
                                          item(30, 0, false, 0), item(30, 0, false, 0)};
        const std::vector<Page> pages = paginate(items, 80, 80);
        QCOMPARE(indices(pages), (Pages{{0, 1, 2}, {0, 3, 4}}));
        QCOMPARE(pages[1][1].y, 10.0);
    }

    void whatIsHigherThanAPageIsBrokenAllTheSame()
    {
        QCOMPARE(indices(paginate({item(10), item(300), item(10)}, 100, 100)), (Pages{{0}, {1}, {2}}));
        QCOMPARE(indices(paginate({item(60, 0, true), item(60, 0, true), item(60)}, 100, 100)), (Pages{{0}, {1}, {2}}));
        QCOMPARE(indices(paginate({}, 100, 100)), (Pages{{}}));
    }

    void noPageIsEmpty_data()
    {
        QTest::addColumn<double>("height");
        for (double height = 20; height < 200; height += 13)
            QTest::addRow("%g", height) << height;
    }
    void noPageIsEmpty()
    {
        QFETCH(double, height);
        std::vector<FlowItem> items;
        for (int i = 0; i < 60; ++i)
            items.push_back(item(5 + (i * 7) % 31, i % 4, i % 3 == 0, i > 10 && i < 40 ? 10 : -1));
        const std::vector<Page> pages = paginate(items, height, height);
        int expected = 0;
        for (const Page &page : pages) {
            QVERIFY(!page.empty());
            QVERIFY(page.size() > 1 || page.front().item == expected);
            for (const PlacedItem &placed : page) {
                if (placed.item == expected)
                    ++expected;
                else
                    QCOMPARE(placed.item, 10); // the header again
            }
        }
        QCOMPARE(expected, 60);
    }
};

QTEST_APPLESS_MAIN(TestPageFlow)
#include "tst_pageflow.moc"
