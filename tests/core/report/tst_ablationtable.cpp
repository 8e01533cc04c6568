#include "report/ablationtable.h"

#include <QTest>

using namespace edgeflex;

class TestAblationTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void markdown()
    {
        using Set = AblationRow::Set;
        const Ablation ablation{"models/vit/",
                                0.75,
                                NumberFormat::Int4,
                                "data/images",
                                900,
                                256,
                                64,
                                wilson(720, 900),
                                4'000'000,
                                {{Set::Reference, "none", 1.5, 0.5, pairedDrop(300, 10, 900), 700'000},
                                 {Set::Alone, "refit", 0.25, 0.75, pairedDrop(30, 12, 900), 700'000},
                                 {Set::Cumulative, "refit", 0.25, 0.75, pairedDrop(30, 12, 900), 700'000},
                                 {Set::LeftOut, "refit", 1.25, 0.5, pairedDrop(200, 12, 900), 700'000}}};
        const QStringList lines = QString::fromStdString(ablationTable(ablation)).split('\n');
        QVERIFY(lines[0].startsWith("vit, INT4, 75 % of the MLP channels kept: 900 images of images"));
        QVERIFY(lines[0].contains("80.00 %"));
        QVERIFY(lines[2].startsWith("| stages"));
        QVERIFY(lines[3].startsWith("|--"));
        QVERIFY(lines[4].startsWith("| none "));
        QVERIFY(lines[5].startsWith("| **one alone**"));
        QVERIFY(lines[6].startsWith("| refit ") && lines[6].contains("2.00 ("));
        QVERIFY(lines[8].startsWith("| + refit "));
        QVERIFY(lines[10].startsWith("| without refit "));
        for (int i = 3; i <= 10; ++i) // the columns line up
            QCOMPARE(lines[i].size(), lines[2].size());
        QCOMPARE(lines.size(), 12);
    }
};

QTEST_APPLESS_MAIN(TestAblationTable)
#include "tst_ablationtable.moc"
