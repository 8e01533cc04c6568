#include "engine/io/pickle.h"

#include "engine/io/printable.h"
#include "plan/error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <string_view>
#include <unordered_map>

namespace edgeflex {

namespace {

using Kind = PickleValue::Kind;

// A state dict takes some 30 values a tensor; this leaves room for optimizer states beside it.
constexpr std::size_t maximumValues = 4'000'000;
constexpr std::size_t maximumBytes = std::size_t{256} << 20;

constexpr std::size_t maximumSizes = 64; // of a torch.Size; it is copied, so a long one could be multiplied

constexpr std::string_view orderedDict = "collections.OrderedDict";
constexpr std::string_view rebuildTensor = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view rebuildParameter = "torch._utils._rebuild_parameter";
constexpr std::string_view torchSize = "torch.Size";

constexpr std::array dtypeNames{"torch.float64",       "torch.float32",    "torch.float16",   "torch.bfloat16",
                                "torch.int64",         "torch.int32",      "torch.int16",     "torch.int8",
                                "torch.uint8",         "torch.bool",       "torch.complex64", "torch.complex128",
                                "torch.float8_e4m3fn", "torch.float8_e5m2"};

bool isStorageType(std::string_view global)
{
    constexpr std::string_view prefix = "torch.";
    constexpr std::string_view suffix = "Storage";
    if (!global.starts_with(prefix) || !global.ends_with(suffix) || global.size() <= prefix.size() + suffix.size())
        return false;
    const std::string_view word = global.substr(prefix.size());
    return std::all_of(word.begin(), word.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    });
}

bool isAllowedGlobal(std::string_view global)
{
    return global == orderedDict || global == rebuildTensor || global == rebuildParameter || global == torchSize ||
           isStorageType(global) || std::find(dtypeNames.begin(), dtypeNames.end(), global) != dtypeNames.end();
}

} // namespace

// The stack machine that a pickle is a program for.
class PickleMachine
{
public:
    PickleMachine(Pickle &pickle, std::span<const std::byte> bytes, const std::string &name)
        : m_pickle(pickle), m_bytes(bytes), m_name(name)
    {
    }

    void run();

private:
    [[noreturn]] void damaged(const std::string &what) const
    {
        throw Error(m_name + " holds a damaged pickle: " + what);
    }

    std::string_view take(std::uint64_t count)
    {
        if (count > m_bytes.size() - m_at)
            damaged("it ends within a value");
        const std::string_view taken(reinterpret_cast<const char *>(m_bytes.data()) + m_at, count);
        m_at += static_cast<std::size_t>(count);
        return taken;
    }

    template<typename T>
    T number()
    {
        T value;
        std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
        return value;
    }

    std::string_view line()
    {
        const std::string_view rest(reinterpret_cast<const char *>(m_bytes.data()) + m_at, m_bytes.size() - m_at);
        const std::size_t end = rest.find('\n');
        if (end == std::string_view::npos)
            damaged("it ends within a name");
        m_at += end + 1;
        return rest.substr(0, end);
    }

    PickleValue *make(Kind kind)
    {
        if (m_pickle.m_values.size() >= maximumValues)
            throw Error(m_name + " holds more than " + std::to_string(maximumValues) +
                        " values: save only the weights with torch.save(model.state_dict(), \"weights.pth\")");
        PickleValue &value = m_pickle.m_values.emplace_back();
        value.kind = kind;
        return &value;
    }

    void push(PickleValue *value) { m_stack.push_back(value); }
    void pushInteger(std::int64_t integer)
    {
        PickleValue *value = make(Kind::Integer);
        value->integer = integer;
        push(value);
    }
    void pushBoolean(bool boolean)
    {
        PickleValue *value = make(Kind::Boolean);
        value->integer = boolean;
        push(value);
    }
    void pushText(Kind kind, std::string_view text)
    {
        PickleValue *value = make(kind);
        value->text = text;
        push(value);
    }

    // Values above the last mark belong to whoever set the mark.
    PickleValue *pop()
    {
        if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()))
            damaged("it takes a value from an empty stack");
        PickleValue *value = m_stack.back();
        m_stack.pop_back();
        return value;
    }
    PickleValue *top(Kind kind)
    {
        if (m_stack.size() <= (m_marks.empty() ? 0 : m_marks.back()) || m_stack.back()->kind != kind)
            damaged("it adds to something that is not a list or dict");
        return m_stack.back();
    }
    std::vector<const PickleValue *> popToMark()
    {
        if (m_marks.empty())
            damaged("it looks for a mark that was not set");
        const auto from = m_stack.begin() + static_cast<std::ptrdiff_t>(m_marks.back());
        std::vector<const PickleValue *> items(from, m_stack.end());
        m_stack.erase(from, m_stack.end());
        m_marks.pop_back();
        return items;
    }
    void pushTuple(std::size_t size)
    {
        PickleValue *tuple = make(Kind::Tuple);
        tuple->items.resize(size);
        for (std::size_t i = size; i-- > 0;)
            tuple->items[i] = pop();
        push(tuple);
    }

    void pushGlobal(std::string_view module, std::string_view word);
    void reduce();
    void rebuild(const PickleValue &arguments);
    void pushStorage();
    void build();
    void remember(std::uint64_t index)
    {
        if (m_stack.empty())
            damaged("it remembers a value from an empty stack");
        m_memo[index] = m_stack.back();
    }
    void recall(std::uint64_t index)
    {
        const auto found = m_memo.find(index);
        if (found == m_memo.end())
            damaged("it recalls value " + std::to_string(index) + ", which was not remembered");
        push(found->second);
    }
    std::int64_t longInteger(std::size_t bytes);
    bool step(); // false at the end

    Pickle &m_pickle;
    std::span<const std::byte> m_bytes;
    const std::string &m_name;
    std::size_t m_at = 0;
    std::vector<PickleValue *> m_stack;
    std::vector<std::size_t> m_marks; // stack sizes
    std::unordered_map<std::uint64_t, PickleValue *> m_memo;
};

void PickleMachine::pushGlobal(std::string_view module, std::string_view word)
{
    const std::string global = std::string(module) + "." + std::string(word);
    if (!isAllowedGlobal(global))
        throw Error(m_name + " needs the Python object " + printable(global) +
                    ", which is refused because only tensors are read: save only the weights with "
                    "torch.save(model.state_dict(), \"weights.pth\")");
    pushText(Kind::Global, global);
}

void PickleMachine::rebuild(const PickleValue &arguments)
{
    const auto &items = arguments.items;
    const bool wellFormed = items.size() >= 4 && items[0]->kind == Kind::Storage && items[1]->kind == Kind::Integer &&
                            items[2]->kind == Kind::Tuple && items[3]->kind == Kind::Tuple;
    if (!wellFormed)
        damaged("a tensor is not made of a storage, an offset, a shape and strides");
    PickleValue *tensor = make(Kind::Tensor);
    tensor->items = {items[0], items[2], items[3]};
    tensor->integer = items[1]->integer;
    push(tensor);
}

void PickleMachine::reduce()
{
    PickleValue *arguments = pop();
    const PickleValue *callable = pop();
    if (callable->kind != Kind::Global || arguments->kind != Kind::Tuple)
        damaged("it calls something that is not a function");
    if (callable->text == orderedDict) {
        if (!arguments->items.empty())
            damaged("an OrderedDict is made with arguments");
        push(make(Kind::Dictionary));
    } else if (callable->text == rebuildTensor) {
        rebuild(*arguments);
    } else if (callable->text == rebuildParameter) {
        if (arguments->items.empty() || arguments->items[0]->kind != Kind::Tensor)
            damaged("a parameter is not made of a tensor");
        PickleValue *tensor = make(Kind::Tensor);
        *tensor = *arguments->items[0];
        push(tensor);
    } else if (callable->text == torchSize) {
        if (arguments->items.size() != 1 || arguments->items[0]->kind != Kind::Tuple ||
            arguments->items[0]->items.size() > maximumSizes)
            damaged("a torch.Size is not made of a tuple");
        PickleValue *tuple = make(Kind::Tuple);
        tuple->items = arguments->items[0]->items;
        push(tuple);
    } else {
        damaged("it calls " + printable(callable->text) + ", which is not a function");
    }
}

// A persistent id: ("storage", type, key, device, elements).
void PickleMachine::pushStorage()
{
    const PickleValue *id = pop();
    const bool wellFormed = id->kind == Kind::Tuple && id->items.size() == 5 && id->items[0]->kind == Kind::Text &&
                            id->items[0]->text == "storage" && id->items[1]->kind == Kind::Global &&
                            isStorageType(id->items[1]->text) && id->items[2]->kind == Kind::Text &&
                            id->items[4]->kind == Kind::Integer && id->items[4]->integer >= 0;
    if (!wellFormed)
        damaged("a storage is not made of a type, a key and a size");
    PickleValue *storage = make(Kind::Storage);
    storage->text = id->items[2]->text;
    storage->integer = id->items[4]->integer;
    storage->items = {id->items[1]};
    push(storage);
}

// State dicts carry a _metadata attribute, which the tensors do not need.
void PickleMachine::build()
{
    pop();
    (void)top(Kind::Dictionary);
}

std::int64_t PickleMachine::longInteger(std::size_t bytes)
{
    if (bytes > 8)
        damaged("a number has more than 64 bits");
    const std::string_view text = take(bytes);
    if (text.empty())
        return 0;
    std::uint64_t value = (static_cast<unsigned char>(text.back()) & 0x80) ? ~std::uint64_t{0} : 0;
    std::memcpy(&value, text.data(), text.size());
    return static_cast<std::int64_t>(value);
}

bool PickleMachine::step()
{
    const auto opcode = number<std::uint8_t>();
    switch (opcode) {
    case 0x80: { // PROTO
        const auto protocol = number<std::uint8_t>();
        if (protocol < 2 || protocol > 5)
            damaged("it is of protocol " + std::to_string(protocol));
        return true;
    }
    case 0x95: // FRAME
        (void)number<std::uint64_t>();
        return true;
    case '.': // STOP
        return false;
    case 'N': // NONE
        push(make(Kind::None));
        return true;
    case 0x88: // NEWTRUE
        pushBoolean(true);
        return true;
    case 0x89: // NEWFALSE
        pushBoolean(false);
        return true;
    case 'J': // BININT
        pushInteger(number<std::int32_t>());
        return true;
    case 'K': // BININT1
        pushInteger(number<std::uint8_t>());
        return true;
    case 'M': // BININT2
        pushInteger(number<std::uint16_t>());
        return true;
    case 0x8a: // LONG1
        pushInteger(longInteger(number<std::uint8_t>()));
        return true;
    case 'G': { // BINFLOAT, big endian
        std::uint64_t bits = 0;
        for (const char c : take(8))
            bits = bits << 8 | static_cast<unsigned char>(c);
        PickleValue *value = make(Kind::Real);
        value->real = std::bit_cast<double>(bits);
        push(value);
        return true;
    }
    case 'X': // BINUNICODE
        pushText(Kind::Text, take(number<std::uint32_t>()));
        return true;
    case 0x8c: // SHORT_BINUNICODE
        pushText(Kind::Text, take(number<std::uint8_t>()));
        return true;
    case 0x8d: // BINUNICODE8
        pushText(Kind::Text, take(number<std::uint64_t>()));
        return true;
    case 'B': // BINBYTES
        pushText(Kind::Bytes, take(number<std::uint32_t>()));
        return true;
    case 'C': // SHORT_BINBYTES
        pushText(Kind::Bytes, take(number<std::uint8_t>()));
        return true;
    case 'c': { // GLOBAL
        const std::string_view module = line();
        pushGlobal(module, line());
        return true;
    }
    case 0x93: { // STACK_GLOBAL
        const PickleValue *word = pop();
        const PickleValue *module = pop();
        if (word->kind != Kind::Text || module->kind != Kind::Text)
            damaged("an object has no name");
        pushGlobal(module->text, word->text);
        return true;
    }
    case ')': // EMPTY_TUPLE
        push(make(Kind::Tuple));
        return true;
    case 0x85: // TUPLE1
    case 0x86: // TUPLE2
    case 0x87: // TUPLE3
        pushTuple(opcode - 0x84U);
        return true;
    case 't': { // TUPLE
        auto items = popToMark();
        PickleValue *tuple = make(Kind::Tuple);
        tuple->items = std::move(items);
        push(tuple);
        return true;
    }
    case ']': // EMPTY_LIST
        push(make(Kind::List));
        return true;
    case '}': // EMPTY_DICT
        push(make(Kind::Dictionary));
        return true;
    case 'a': { // APPEND
        const PickleValue *item = pop();
        top(Kind::List)->items.push_back(item);
        return true;
    }
    case 'e': { // APPENDS
        const auto items = popToMark();
        auto &list = top(Kind::List)->items;
        list.insert(list.end(), items.begin(), items.end());
        return true;
    }
    case 's': { // SETITEM
        const PickleValue *value = pop();
        const PickleValue *key = pop();
        auto &items = top(Kind::Dictionary)->items;
        items.push_back(key);
        items.push_back(value);
        return true;
    }
    case 'u': { // SETITEMS
        const auto added = popToMark();
        if (added.size() % 2 != 0)
            damaged("a dict has a key without a value");
        auto &items = top(Kind::Dictionary)->items;
        items.insert(items.end(), added.begin(), added.end());
        return true;
    }
    case '(': // MARK
        m_marks.push_back(m_stack.size());
        return true;
    case '0': // POP
        pop();
        return true;
    case '1': // POP_MARK
        (void)popToMark();
        return true;
    case 'q': // BINPUT
        remember(number<std::uint8_t>());
        return true;
    case 'r': // LONG_BINPUT
        remember(number<std::uint32_t>());
        return true;
    case 0x94: // MEMOIZE
        remember(m_memo.size());
        return true;
    case 'h': // BINGET
        recall(number<std::uint8_t>());
        return true;
    case 'j': // LONG_BINGET
        recall(number<std::uint32_t>());
        return true;
    case 'Q': // BINPERSID
        pushStorage();
        return true;
    case 'R': // REDUCE
        reduce();
        return true;
    case 'b': // BUILD
        build();
        return true;
    default:
        throw Error(m_name + " uses the pickle opcode " + std::to_string(opcode) +
                    ", which state dicts never have, and is refused: save only the weights with "
                    "torch.save(model.state_dict(), \"weights.pth\")");
    }
}

void PickleMachine::run()
{
    if (m_bytes.size() > maximumBytes)
        throw Error(m_name + " holds a pickle of " + std::to_string(m_bytes.size()) +
                    " bytes, which is more than a state dict takes");
    if (m_bytes.empty() || m_bytes[0] != std::byte{0x80})
        damaged("it is not of protocol 2 to 5");
    while (step()) {
    }
    m_marks.clear();
    m_pickle.m_root = pop();
}

Pickle::Pickle(std::span<const std::byte> bytes, const std::string &name)
{
    PickleMachine(*this, bytes, name).run();
}

} // namespace edgeflex
