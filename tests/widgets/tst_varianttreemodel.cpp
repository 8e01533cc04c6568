#include "widgets/varianttreemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;

class tst_VariantTreeModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isATree()
    {
        VariantTreeModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setVariants(variants());
        QCOMPARE(model.rowCount(), 2); // the original, and one whose parent is not here
        const QModelIndex original = model.index(0, 0);
        QCOMPARE(model.rowCount(original), 2);
        const QModelIndex second = model.indexOf(3);
        QCOMPARE(second.parent(), model.indexOf(1));
        QCOMPARE(second.data().toString(), QString("plan 3"));
        QCOMPARE(model.indexOf(99), QModelIndex());

        // A new figure keeps the rows.
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        std::vector<Variant> changed = variants();
        changed[1].name = "mine";
        changed[1].starred = true;
        model.setVariants(changed);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(model.indexOf(1).data().toString(), QString("mine"));
        QCOMPARE(model.indexOf(1).siblingAtColumn(VariantTreeModel::Star).data().toString(), QString(QChar(0x2605)));
        changed.pop_back();
        model.setVariants(changed);
        QCOMPARE(reset.size(), 1);
    }

    // What was measured last comes under what it was made from; what is folded or edited stays as it is.
    void growsWithoutAReset()
    {
        VariantTreeModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<Variant> list = variants();
        const Variant last = list.back();
        list.pop_back();
        model.setVariants(list);
        const QPersistentModelIndex first(model.indexOf(1));
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        list[1].starred = true;
        list.push_back(last); // at the top: its parent is not here
        Variant child;
        child.id = 9;
        child.parent = 3;
        list.push_back(child);
        model.setVariants(list);
        QCOMPARE(reset.size(), 0);
        QCOMPARE(first.data(VariantTreeModel::VariantRole).toInt(), 1);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.indexOf(9).parent(), model.indexOf(3));
        // Nothing is said of the name, which may be being edited.
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().column(), static_cast<int>(VariantTreeModel::Star));
    }

    void announcesEdits()
    {
        VariantTreeModel model;
        model.setVariants(variants());
        QSignalSpy names(&model, &VariantTreeModel::nameEdited);
        QSignalSpy stars(&model, &VariantTreeModel::starEdited);
        QVERIFY(model.setData(model.indexOf(1), " better "));
        QCOMPARE(names[0], (QVariantList{1, "better"}));
        QVERIFY(!model.setData(model.indexOf(1), "  "));
        QVERIFY(model.setData(model.indexOf(2).siblingAtColumn(VariantTreeModel::Star), true));
        QCOMPARE(stars[0], (QVariantList{2, true}));
        QCOMPARE(model.indexOf(1).data().toString(), QString("plan 1")); // not done by itself
    }

private:
    static std::vector<Variant> variants()
    {
        std::vector<Variant> list(5);
        const int parents[] = {-1, 0, 0, 1, 77};
        for (int i = 0; i < 5; ++i) {
            Variant &variant = list[static_cast<std::size_t>(i)];
            variant.id = i;
            variant.parent = parents[i];
            variant.name = i == 0 ? "original" : "plan " + std::to_string(i);
            if (i > 0)
                variant.measurement.againstBaseline.emplace();
        }
        return list;
    }
};

QTEST_MAIN(tst_VariantTreeModel)
#include "tst_varianttreemodel.moc"
