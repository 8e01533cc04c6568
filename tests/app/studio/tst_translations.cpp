#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>
#include <QTranslator>
#include <QXmlStreamReader>

namespace {

struct Entry
{
    QString context;
    QString source;
    QStringList translations; // one, or one a plural form
    bool unfinished = false;
};

QList<Entry> entriesOf(const QString &path)
{
    QFile file(path);
    QList<Entry> entries;
    if (!file.open(QIODevice::ReadOnly))
        return entries;
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        if (xml.name() == QLatin1String("name")) {
            context = xml.readElementText();
        } else if (xml.name() == QLatin1String("message")) {
            entries.append(Entry());
            entries.last().context = context;
        } else if (xml.name() == QLatin1String("translation")) {
            entries.last().unfinished = !xml.attributes().value("type").isEmpty();
            if (!entries.last().source.isEmpty()) {
                const QString text = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
                entries.last().translations = text.split('\n', Qt::SkipEmptyParts);
            }
        } else if (xml.name() == QLatin1String("source")) {
            entries.last().source = xml.readElementText();
        }
    }
    return entries;
}

QStringList placesOf(const QString &text)
{
    static const QRegularExpression place("%[0-9n]");
    QStringList places;
    for (auto matches = place.globalMatch(text); matches.hasNext();)
        places += matches.next().captured();
    places.sort();
    return places;
}

// Texts given to tr() and translate() in the sources, adjacent literals joined.
QSet<QString> textsOfSources()
{
    static const QRegularExpression call(
        R"re((?:\btr\(|QCoreApplication::translate\("\w+",)\s*((?:"(?:[^"\\]|\\.)*"\s*)+))re");
    static const QRegularExpression literal(R"re("((?:[^"\\]|\\.)*)")re");
    QSet<QString> texts;
    for (const QString folder : {"widgets", "app/studio"}) {
        QDirIterator files(QDir(EDGEFLEX_SOURCE_DIR).filePath(folder), {"*.cpp", "*.h"}, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                continue;
            const QString source = QString::fromUtf8(file.readAll());
            for (auto calls = call.globalMatch(source); calls.hasNext();) {
                const QString literals = calls.next().captured(1);
                QString text;
                for (auto parts = literal.globalMatch(literals); parts.hasNext();)
                    text += parts.next().captured(1);
                texts += text.replace("\\n", "\n").replace("\\\"", "\"").replace("\\u00a0", QChar(QChar::Nbsp));
            }
        }
    }
    return texts;
}

} // namespace

class tst_Translations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The compiled file finds texts under the names that the classes have at run time.
    void germanWindow()
    {
        QTranslator translator;
        QVERIFY(translator.load(QString(EDGEFLEX_BINARY_DIR) + "/app/studio/edgeflex_de.qm"));
        QCOMPARE(translator.translate("edgeflex::WindowMenus", "&File"), QString("&Datei"));
        QCOMPARE(translator.translate("edgeflex::LayerTreeModel", "Layer"), QString("Schicht"));
        QCOMPARE(translator.translate("ModelFacts", "Classes"), QString("Klassen"));
        QCOMPARE(translator.translate("QPlatformTheme", "Close"), QString("Schließen"));
    }

    void complete_data()
    {
        QTest::addColumn<QString>("path");
        const QDir folder(QString(EDGEFLEX_SOURCE_DIR) + "/translations");
        const QStringList files = folder.entryList({"*.ts"}, QDir::Files);
        QVERIFY(files.contains("edgeflex_de.ts"));
        for (const QString &file : files)
            QTest::newRow(qPrintable(file)) << folder.filePath(file);
    }
    void complete()
    {
        QFETCH(QString, path);
        const QList<Entry> entries = entriesOf(path);
        QSet<QString> translated;
        QSet<QString> ofQt; // on standard buttons, whose German not every system has
        for (const Entry &entry : entries) {
            QVERIFY2(!entry.unfinished && !entry.translations.isEmpty(), qPrintable(entry.source));
            if (entry.translations.size() == 1) // plural forms may leave their number out
                QCOMPARE(placesOf(entry.translations.first()), placesOf(entry.source));
            (entry.context == "QPlatformTheme" ? ofQt : translated) += entry.source;
        }
        for (const char *button : {"Save", "Discard", "Cancel", "Open", "Close", "OK", "&Yes", "&No"})
            QVERIFY2(ofQt.contains(button), button);
        const QSet<QString> texts = textsOfSources();
        QVERIFY(texts.size() > 40);
        for (const QString &text : texts)
            QVERIFY2(translated.contains(text), qPrintable("without a translation: " + text));
        for (const QString &text : translated)
            QVERIFY2(texts.contains(text), qPrintable("not in the sources any more: " + text));
    }
};

QTEST_APPLESS_MAIN(tst_Translations)
#include "tst_translations.moc"
