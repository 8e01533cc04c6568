#include "checkpointbytes.h"

#include "engine/io/pickle.h"

using namespace edgeflex;
using namespace edgeflex::test;
using namespace std::string_literals;
namespace pk = edgeflex::test::pickle;

class TestPickle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsPlainValues();
    void readsProtocol4();
    void sharesMemorizedValues();
    void survivesSelfReferenceAndDepth();
    void readsTensors();
    void refusesBadPickles_data();
    void refusesBadPickles();
};

void TestPickle::readsPlainValues()
{
    // [None, True, -5, 70000, 2**40, -2**40, 1.5, "é", (1, 2), {}] by CPython's pickle, protocol 2, without memo.
    const std::string bytes = "\x80\x02](N\x88J\xfb\xff\xff\xffJ\x70\x11\x01\x00\x8a\x06\x00\x00\x00\x00\x00\x01"
                              "\x8a\x06\x00\x00\x00\x00\x00\xff"
                              "G\x3f\xf8\x00\x00\x00\x00\x00\x00X\x02\x00\x00\x00\xc3\xa9K\x01K\x02\x86}e."s;
    const Pickle pickle(asBytes(bytes), "x");
    const auto &items = pickle.root().items;
    QCOMPARE(items.size(), std::size_t{10});
    QVERIFY(items[0]->kind == PickleValue::Kind::None);
    QVERIFY(items[1]->kind == PickleValue::Kind::Boolean && items[1]->integer == 1);
    QCOMPARE(items[2]->integer, -5);
    QCOMPARE(items[3]->integer, 70000);
    QCOMPARE(items[4]->integer, std::int64_t{1} << 40);
    QCOMPARE(items[5]->integer, -(std::int64_t{1} << 40));
    QCOMPARE(items[6]->real, 1.5);
    QCOMPARE(items[7]->text, std::string("\xc3\xa9"));
    QCOMPARE(items[8]->items.size(), std::size_t{2});
    QVERIFY(items[9]->kind == PickleValue::Kind::Dictionary);
}

void TestPickle::readsProtocol4()
{
    // {"size": torch.Size((3,))} as protocol 4 writes it.
    const std::string bytes = "\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x04size\x94\x8c\x05torch\x94"
                              "\x8c\x04Size\x94\x93\x94K\x03\x85\x94\x85\x94R\x94s."s;
    const Pickle pickle(asBytes(bytes), "x");
    QCOMPARE(pickle.root().items[0]->text, std::string("size"));
    QCOMPARE(pickle.root().items[1]->items[0]->integer, 3);
}

void TestPickle::sharesMemorizedValues()
{
    const std::string bytes = pk::whole("]("s + pk::text("a") + "q\x05h\x05r\x40\x42\x0f\x00j\x40\x42\x0f\x00"s + "e");
    const Pickle pickle(asBytes(bytes), "x");
    QCOMPARE(pickle.root().items.size(), std::size_t{3});
    QCOMPARE(pickle.root().items[0], pickle.root().items[2]);
}

void TestPickle::survivesSelfReferenceAndDepth()
{
    const std::string self = pk::whole("]q"s + '\0' + "h" + '\0' + "a");
    const Pickle loop(asBytes(self), "x");
    QCOMPARE(loop.root().items[0], &loop.root());

    std::string deep;
    for (int i = 0; i < 300'000; ++i)
        deep += ']';
    for (int i = 1; i < 300'000; ++i)
        deep += 'a';
    const std::string bytes = pk::whole(deep);
    QCOMPARE(Pickle(asBytes(bytes), "x").root().items.size(), std::size_t{1});
}

void TestPickle::readsTensors()
{
    const std::string bytes =
        pk::whole(pk::global("torch._utils", "_rebuild_parameter") + "(" + pk::tensor({{2, 3}, {3, 1}}) + "\x88" +
                  pk::global("collections", "OrderedDict") + ")RtR");
    const Pickle pickle(asBytes(bytes), "x");
    const PickleValue &tensor = pickle.root();
    QVERIFY(tensor.kind == PickleValue::Kind::Tensor);
    QCOMPARE(tensor.items[0]->items[0]->text, std::string("torch.FloatStorage"));
    QCOMPARE(tensor.items[1]->items[1]->integer, 3);
}

void TestPickle::refusesBadPickles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *name, const std::string &bytes, const char *says) {
        QTest::newRow(name) << QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())) << QString(says);
    };
    row("empty", "", "protocol");
    row("protocol 0", "(lp0\n.", "protocol");
    row("protocol 9", "\x80\x09N.", "protocol 9");
    row("no end", "\x80\x02N", "ends within");
    row("nothing left", "\x80\x02.", "empty stack");
    row("calls os.system", pk::whole(pk::global("posix", "system") + pk::text("true") + "\x85R"), "posix.system");
    row("calls builtins.eval", pk::whole(pk::global("builtins", "eval") + pk::text("1") + "\x85R"), "builtins.eval");
    row("stack global", pk::whole(pk::text("os") + pk::text("system") + "\x93"), "os.system");
    row("dotted storage", pk::whole(pk::global("torch", "os.system.Storage")), "torch.os.system.Storage");
    row("INST", "\x80\x02(ios\nsystem\n.", "opcode 105");
    row("NEWOBJ", "\x80\x02)\x81.", "opcode 129");
    row("extension", "\x80\x02\x82\x01.", "opcode 130");
    row("calls a type", pk::whole(pk::global("torch", "FloatStorage") + ")R"), "not a function");
    row("calls a number", pk::whole("K\x01)R"), "not a function");
    row("memo out of range", "\x80\x02h\x07.", "value 7");
    row("memo of nothing", "\x80\x02q\x07.", "empty stack");
    row("pop beyond a mark", pk::whole("N(0"), "empty stack");
    row("mark missing", pk::whole("Nt"), "mark");
    row("append to text", pk::whole(pk::text("a") + "Na"), "not a list");
    row("odd dict", pk::whole("}(Nu"), "without a value");
    row("text longer than the file",
        pk::whole("X\xff\xff\xff\xff"
                  "abc"),
        "ends within");
    row("text of 2^64 bytes",
        "\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xff"
        "abc.",
        "ends within");
    row("name without end",
        "\x80\x02"
        "ctorch",
        "ends within a name");
    row("number of 2000 bits", pk::whole("\x8a\xfa"s + std::string(250, '\1')), "64 bits");
    row("storage of nothing", pk::whole("NQ"), "storage");
    row("negative storage",
        pk::whole("("s + pk::text("storage") + pk::global("torch", "FloatStorage") + pk::text("0") + pk::text("cpu") +
                  pk::integer(-1) + "tQ"),
        "storage");
    row("tensor of nothing", pk::whole(pk::global("torch._utils", "_rebuild_tensor_v2") + ")R"), "tensor");
    row("parameter of nothing", pk::whole(pk::global("torch._utils", "_rebuild_parameter") + ")R"), "parameter");
    row("size of text", pk::whole(pk::global("torch", "Size") + pk::text("a") + "\x85R"), "torch.Size");
    row("attributes of text", pk::whole(pk::text("a") + "}b"), "not a list or dict");
    row("ordered dict with arguments", pk::whole(pk::global("collections", "OrderedDict") + "]\x85R"), "arguments");
}

void TestPickle::refusesBadPickles()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, says);
    const std::string copy = bytes.toStdString();
    QVERIFY(isSentence(failureOf([&] { Pickle(asBytes(copy), "bad.pth"); }), "bad.pth", says.toStdString()));
}

QTEST_APPLESS_MAIN(TestPickle)
#include "tst_pickle.moc"
