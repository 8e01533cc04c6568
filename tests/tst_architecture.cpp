#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QHash>
#include <QMap>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include <optional>

// The house rules, checked by reading every #include and every library's link line:
//   1. Nothing in core includes Qt. Only core/engine includes torch, ATen, c10 or dnnl; its kernels and io
//      include no torch, and dnnl is included in kernels/gemm.cpp only.
//   2. widgets and app/studio see plan, protocol and report of core only. widgets never includes app; the
//      command line includes neither Qt nor the window.
//   3. Inside the engine each folder includes itself and lower ones only, and none includes train. No cycles
//      between folders or CMake targets.
namespace {

// From low to high; folders of one rank do not include each other.
const QList<QStringList> engineLayers{{"tensor"},   {"io", "kernels"}, {"model"}, {"data"},   {"profile", "train"},
                                      {"compress"}, {"evaluate"},      {"tune"},  {"export"}, {"bench", "server"}};

int engineRank(const QString &folder)
{
    for (int rank = 0; rank < engineLayers.size(); ++rank) {
        if (engineLayers[rank].contains(folder))
            return rank;
    }
    return -1;
}

bool isQt(const QString &include, bool quoted)
{
    static const QRegularExpression classes("^(Q[A-Z]|Qt|qcustomplot)");
    static const QRegularExpression headers("^q[a-z0-9_]+\\.h$"); // our own quantity.h is quoted
    return classes.match(include).hasMatch() || (!quoted && headers.match(include).hasMatch());
}

bool isTorch(const QString &include)
{
    static const QRegularExpression pattern("^(torch|ATen|c10|caffe2)/");
    return pattern.match(include).hasMatch();
}

bool isDnnl(const QString &include)
{
    static const QRegularExpression pattern("^(oneapi/dnnl/)?dnnl");
    return pattern.match(include).hasMatch();
}

QString folderOf(const QString &path)
{
    return path.section('/', 0, -2);
}

// The file of the project that `include` names in `file`, as a path from the root; empty for others.
QString projectPath(const QString &file, const QString &include, bool quoted)
{
    const QString first = include.section('/', 0, 0);
    if (QStringList{"plan", "protocol", "report", "engine"}.contains(first))
        return "core/" + include;
    if (QStringList{"widgets", "app", "core"}.contains(first))
        return include;
    return quoted ? QDir::cleanPath(folderOf(file) + '/' + include) : QString();
}

// What is wrong with `file` (a path from the root) including `include`, or nothing.
std::optional<QString> violation(const QString &file, const QString &include, bool quoted)
{
    const QString target = projectPath(file, include, quoted);
    const bool inCore = file.startsWith("core/");
    const bool inEngine = file.startsWith("core/engine/");
    const bool inCli = file.startsWith("app/cli/");

    if (isQt(include, quoted)) {
        if (inCore)
            return "nothing in core includes Qt";
        if (inCli)
            return "the command line does not include Qt";
        return std::nullopt;
    }
    if ((isTorch(include) || isDnnl(include)) && !inEngine)
        return "only core/engine includes LibTorch or oneDNN";
    if (isTorch(include) && (file.startsWith("core/engine/kernels/") || file.startsWith("core/engine/io/")))
        return "kernels and io do without LibTorch";
    if (isDnnl(include) && file != "core/engine/kernels/gemm.cpp")
        return "oneDNN stays behind kernels/gemm.cpp";
    if (target.isEmpty())
        return std::nullopt;

    if (inCore && !target.startsWith("core/"))
        return "core includes neither widgets nor app";
    if (file.startsWith("core/plan/") && !target.startsWith("core/plan/"))
        return "plan is the lowest folder";
    for (const QString middle : {"core/protocol/", "core/report/"}) {
        if (file.startsWith(middle) && !target.startsWith("core/plan/") && !target.startsWith(middle))
            return "protocol and report include plan only";
    }
    if (file.startsWith("widgets/") && target.startsWith("app/"))
        return "widgets never includes app";
    if ((file.startsWith("widgets/") || file.startsWith("app/studio/")) && target.startsWith("core/engine/"))
        return "the window sees plan, protocol and report of core only";
    if (inCli && (target.startsWith("widgets/") || target.startsWith("app/studio/")))
        return "the command line does not include the window";
    if (file.startsWith("app/studio/") && target.startsWith("app/cli/"))
        return "the window does not include the command line";

    if (inEngine && target.startsWith("core/engine/")) {
        const QString from = file.section('/', 2, 2);
        const QString to = target.section('/', 2, 2);
        if (engineRank(from) < 0)
            return "the engine has no layer '" + from + "'";
        if (engineRank(to) < 0)
            return "the engine has no layer '" + to + "'";
        if (from != to && to == "train")
            return "nothing in the engine depends on the demo's training";
        if (from != to && engineRank(to) >= engineRank(from))
            return from + " may include lower layers of the engine only, not " + to;
    }
    if (inEngine && !file.startsWith("core/engine/server/") && target.startsWith("core/protocol/"))
        return "only the engine's server knows the protocol";
    return std::nullopt;
}

struct Include
{
    QString file;
    int line = 0;
    QString path;
    bool quoted = false;
};

QList<Include> includesOf(const QString &file, const QString &text)
{
    static const QRegularExpression pattern(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
    QList<Include> includes;
    int number = 0;
    for (const QString &line : text.split('\n')) {
        ++number;
        const QRegularExpressionMatch match = pattern.match(line);
        if (match.hasMatch())
            includes.append({file, number, match.captured(2), match.captured(1) == "\""});
    }
    return includes;
}

QString textOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QList<Include> includesOfProject()
{
    QList<Include> includes;
    const QDir root(EDGEFLEX_SOURCE_DIR);
    for (const QString folder : {"core", "widgets", "app"}) {
        QDirIterator files(root.filePath(folder), {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            includes += includesOf(root.relativeFilePath(path), textOf(path));
        }
    }
    return includes;
}

using Graph = QMap<QString, QSet<QString>>;

// The nodes of one cycle, in order, or an empty list. A node on itself is none.
QStringList cycleOf(const Graph &graph)
{
    QSet<QString> done;
    QStringList path;
    const auto visit = [&](const auto &self, const QString &node) -> QStringList {
        if (const qsizetype at = path.indexOf(node); at >= 0)
            return path.mid(at) + QStringList{node};
        if (done.contains(node))
            return {};
        path.append(node);
        for (const QString &next : graph.value(node)) {
            if (next == node)
                continue;
            if (const QStringList cycle = self(self, next); !cycle.isEmpty())
                return cycle;
        }
        path.removeLast();
        done.insert(node);
        return {};
    };
    for (const QString &node : graph.keys()) {
        if (const QStringList cycle = visit(visit, node); !cycle.isEmpty())
            return cycle;
    }
    return {};
}

// What is one library: a layer of the engine, a folder of core or of app, or widgets, with its subfolders.
QString unitOf(const QString &path)
{
    const int depth = path.startsWith("core/engine/") ? 3 : path.startsWith("widgets/") ? 1 : 2;
    return path.section('/', 0, depth - 1);
}

Graph unitGraph(const QList<Include> &includes)
{
    Graph graph;
    for (const Include &include : includes) {
        const QString target = projectPath(include.file, include.path, include.quoted);
        if (!target.isEmpty())
            graph[unitOf(include.file)].insert(unitOf(target));
    }
    return graph;
}

// Which of our targets each target in a CMakeLists.txt is linked to.
Graph targetGraph(const QString &cmake)
{
    static const QRegularExpression call(R"((edgeflex_library|target_link_libraries)\s*\(([^)]*)\))");
    static const QRegularExpression space(R"(\s+)");
    Graph graph;
    for (auto matches = call.globalMatch(cmake); matches.hasNext();) {
        const QStringList words = matches.next().captured(2).split(space, Qt::SkipEmptyParts);
        for (const QString &word : words.mid(1)) {
            if (word.startsWith("edgeflex_"))
                graph[words[0]].insert(word);
        }
    }
    return graph;
}

} // namespace

class tst_Architecture : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void includesKeepTheRules()
    {
        const QList<Include> includes = includesOfProject();
        QVERIFY2(includes.size() > 100, "the sources were not found");
        QStringList violations;
        for (const Include &include : includes) {
            if (const auto wrong = violation(include.file, include.path, include.quoted))
                violations.append(
                    QString("%1:%2: %3: %4").arg(include.file).arg(include.line).arg(include.path, *wrong));
        }
        QVERIFY2(violations.isEmpty(), qPrintable('\n' + violations.join('\n')));
    }

    void foldersHaveNoCycles()
    {
        const QStringList cycle = cycleOf(unitGraph(includesOfProject()));
        QVERIFY2(cycle.isEmpty(), qPrintable(cycle.join(" -> ")));
    }

    void targetsHaveNoCycles()
    {
        Graph graph;
        for (const QString folder : {"core", "widgets", "app"}) {
            QDirIterator files(QDir(EDGEFLEX_SOURCE_DIR).filePath(folder), {"CMakeLists.txt"}, QDir::Files,
                               QDirIterator::Subdirectories);
            while (files.hasNext())
                graph.insert(targetGraph(textOf(files.next())));
        }
        QVERIFY2(graph.contains("edgeflex_protocol"), "the targets were not found");
        const QStringList cycle = cycleOf(graph);
        QVERIFY2(cycle.isEmpty(), qPrintable(cycle.join(" -> ")));
    }

    // The checker itself: what it must find, and what it must let pass.
    void findsViolations_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char *file, const char *line, bool allowed) {
            QTest::addRow("%s: %s", file, line) << file << line << allowed;
        };
        row("core/plan/schedule.cpp", "#include <QString>", false);
        row("core/plan/schedule.cpp", "#include <QtCore/qglobal.h>", false);
        row("core/engine/server/server.cpp", "#include <QProcess>", false);
        row("core/engine/model/vit.cpp", "#include <qstring.h>", false);
        row("core/plan/schedule.cpp", "#include <queue>", true);
        row("core/plan/schedule.cpp", "#include \"plan/quantity.h\"", true);
        row("core/plan/schedule.cpp", "#include \"quantity.h\"", true);
        row("core/plan/schedule.cpp", "  #  include <ATen/core/Tensor.h>", false);
        row("core/protocol/frame.cpp", "#include <c10/util/Half.h>", false);
        row("core/engine/model/vit.cpp", "#include <ATen/core/Tensor.h>", true);
        row("core/engine/kernels/linear.cpp", "#include <torch/torch.h>", false);
        row("core/engine/io/safetensors.cpp", "#include <ATen/core/Tensor.h>", false);
        row("core/engine/kernels/gemm.cpp", "#include <dnnl.hpp>", true);
        row("core/engine/kernels/gemm.cpp", "#include <oneapi/dnnl/dnnl.hpp>", true);
        row("core/engine/kernels/linear.cpp", "#include <oneapi/dnnl/dnnl.hpp>", false);
        row("core/engine/kernels/gemm.h", "#include \"dnnl.hpp\"", false);
        row("core/engine/kernels/gemm.h", "#include <dnnl.h>", false);
        row("app/cli/main.cpp", "#include <torch/version.h>", false);
        row("widgets/chart.cpp", "#include <dnnl.hpp>", false);

        row("widgets/layertable.cpp", "#include \"plan/modelspec.h\"", true);
        row("widgets/layertable.cpp", "#include \"engine/model/vitmodel.h\"", false);
        row("widgets/layertable.cpp", "#include \"../core/engine/model/vitmodel.h\"", false);
        row("widgets/layertable.cpp", "#include \"app/studio/mainwindow.h\"", false);
        row("widgets/layertable.cpp", "#include \"../app/studio/mainwindow.h\"", false);
        row("widgets/layertable.cpp", "#include \"layertable.h\"", true);
        row("widgets/layertable.cpp", "#include <QTableView>", true);
        row("app/studio/mainwindow.cpp", "#include \"widgets/layertable.h\"", true);
        row("app/studio/mainwindow.cpp", "#include \"protocol/frame.h\"", true);
        row("app/studio/mainwindow.cpp", "#include \"engine/tune/search.h\"", false);
        row("app/studio/mainwindow.cpp", "#include \"app/cli/console.h\"", false);
        row("app/cli/main.cpp", "#include \"engine/tune/search.h\"", true);
        row("app/cli/main.cpp", "#include <QString>", false);
        row("app/cli/main.cpp", "#include \"app/studio/mainwindow.h\"", false);

        row("core/plan/pareto.cpp", "#include \"plan/variant.h\"", true);
        row("core/plan/pareto.cpp", "#include \"protocol/frame.h\"", false);
        row("core/plan/pareto.cpp", "#include \"engine/io/weightfile.h\"", false);
        row("core/plan/pareto.cpp", "#include \"widgets/chart.h\"", false);
        row("core/report/html.cpp", "#include \"plan/variant.h\"", true);
        row("core/report/html.cpp", "#include \"protocol/frame.h\"", false);
        row("core/engine/model/vit.cpp", "#include \"plan/modelspec.h\"", true);
        row("core/engine/model/vit.cpp", "#include \"protocol/frame.h\"", false);
        row("core/engine/server/server.cpp", "#include \"protocol/frame.h\"", true);
        row("core/engine/server/server.cpp", "#include \"engine/tune/search.h\"", true);
        row("core/engine/tune/search.cpp", "#include \"engine/compress/awq.h\"", true);
        row("core/engine/compress/awq.cpp", "#include \"engine/tune/search.h\"", false);
        row("core/engine/compress/awq.cpp", "#include \"../tune/search.h\"", false);
        row("core/engine/train/optimizer.cpp", "#include \"engine/data/dataset.h\"", true);
        row("core/engine/train/optimizer.cpp", "#include \"engine/profile/profiler.h\"", false);
        row("core/engine/server/server.cpp", "#include \"engine/train/demotrainer.h\"", false);
        row("app/cli/traindemo.cpp", "#include \"engine/train/demotrainer.h\"", true);
        row("core/engine/io/safetensors.cpp", "#include \"engine/kernels/gemm.h\"", false);
        row("core/engine/io/safetensors.cpp", "#include \"engine/tensor/tensor.h\"", true);
        row("core/engine/tensor/tensor.cpp", "#include \"engine/io/weightfile.h\"", false);
        row("core/engine/model/vit.cpp", "#include \"engine/misc/helpers.h\"", false);
        row("core/engine/misc/helpers.cpp", "#include \"engine/io/weightfile.h\"", false);
    }
    void findsViolations()
    {
        QFETCH(QString, file);
        QFETCH(QString, line);
        QFETCH(bool, allowed);
        const QList<Include> includes = includesOf(file, "// first\n" + line + "\n");
        QCOMPARE(includes.size(), 1);
        QCOMPARE(includes[0].line, 2);
        const auto wrong = violation(includes[0].file, includes[0].path, includes[0].quoted);
        QVERIFY2(!wrong.has_value() == allowed, wrong ? qPrintable(*wrong) : "not found");
    }

    void findsCycles()
    {
        QVERIFY(cycleOf({{"a", {"b", "a"}}, {"b", {"c"}}, {"d", {"b"}}}).isEmpty());
        QCOMPARE(cycleOf({{"a", {"b"}}, {"b", {"c"}}, {"c", {"b"}}}), (QStringList{"b", "c", "b"}));
        const Graph folders = unitGraph({{"core/engine/io/a.cpp", 1, "engine/kernels/b.h", true},
                                         {"core/engine/kernels/b.cpp", 1, "../io/a.h", true}});
        QCOMPARE(cycleOf(folders).size(), 3);
        QVERIFY(cycleOf(unitGraph({{"core/engine/kernels/a.cpp", 1, "engine/kernels/x86/b.h", true},
                                   {"core/engine/kernels/x86/b.cpp", 1, "engine/kernels/a.h", true}}))
                    .isEmpty());
        const Graph targets = targetGraph("edgeflex_library(edgeflex_a SOURCES a.cpp\n LIBS edgeflex_b Qt6::Core)\n"
                                          "target_link_libraries(edgeflex_b PRIVATE edgeflex_a)\n");
        QCOMPARE(targets.value("edgeflex_a"), QSet<QString>{"edgeflex_b"});
        QCOMPARE(cycleOf(targets).size(), 3);
    }
};

QTEST_APPLESS_MAIN(tst_Architecture)
#include "tst_architecture.moc"
