#include "report/reportjson.h"

#include "plan/jsonfields.h"
#include "report/jsonwords.h"

#include <nlohmann/json.hpp>

#include <array>

namespace edgeflex {

namespace {

constexpr int formatVersion = 1;

constexpr Words<Tone, 4> tones{
    {{Tone::Neutral, "neutral"}, {Tone::Good, "good"}, {Tone::Caution, "caution"}, {Tone::Bad, "bad"}}};
constexpr Words<Paragraph::Role, 3> paragraphRoles{
    {{Paragraph::Role::Body, "body"}, {Paragraph::Role::Verdict, "verdict"}, {Paragraph::Role::Note, "note"}}};
constexpr Words<Alignment, 2> alignments{{{Alignment::Left, "left"}, {Alignment::Right, "right"}}};
constexpr Words<TableRow::Style, 4> rowStyles{{{TableRow::Style::Normal, "normal"},
                                               {TableRow::Style::Detail, "detail"},
                                               {TableRow::Style::Emphasis, "emphasis"},
                                               {TableRow::Style::Total, "total"}}};

Tone toneFromString(std::string_view word)
{
    return tones.value(word);
}
Paragraph::Role paragraphRoleFromString(std::string_view word)
{
    return paragraphRoles.value(word);
}
Alignment alignmentFromString(std::string_view word)
{
    return alignments.value(word);
}
TableRow::Style rowStyleFromString(std::string_view word)
{
    return rowStyles.value(word);
}

} // namespace

static void to_json(nlohmann::json &json, const Paragraph &value)
{
    json = {{"text", value.text}, {"role", paragraphRoles.word(value.role)}, {"tone", tones.word(value.tone)}};
}

static void from_json(const nlohmann::json &json, Paragraph &value)
{
    const JsonFields fields(json, "paragraph");
    fields.read("text", value.text);
    fields.readWord("role", value.role, paragraphRoleFromString);
    fields.readWord("tone", value.tone, toneFromString);
}

static void to_json(nlohmann::json &json, const KeyFigure &value)
{
    json = {{"label", value.label}, {"value", value.value}, {"detail", value.detail}};
}

static void from_json(const nlohmann::json &json, KeyFigure &value)
{
    const JsonFields fields(json, "key figure");
    fields.read("label", value.label);
    fields.read("value", value.value);
    fields.read("detail", value.detail);
}

static void to_json(nlohmann::json &json, const KeyFigures &value)
{
    json = {{"figures", value.figures}};
}

static void from_json(const nlohmann::json &json, KeyFigures &value)
{
    JsonFields(json, "key figures").readObjects("figures", value.figures);
}

static void to_json(nlohmann::json &json, const TableColumn &value)
{
    json = {{"title", value.title}, {"unit", value.unit}, {"alignment", alignments.word(value.alignment)}};
}

static void from_json(const nlohmann::json &json, TableColumn &value)
{
    const JsonFields fields(json, "column");
    fields.read("title", value.title);
    fields.read("unit", value.unit);
    fields.readWord("alignment", value.alignment, alignmentFromString);
}

static void to_json(nlohmann::json &json, const TableRow &value)
{
    json = {{"cells", value.cells}, {"style", rowStyles.word(value.style)}, {"ruleAbove", value.ruleAbove}};
}

static void from_json(const nlohmann::json &json, TableRow &value)
{
    const JsonFields fields(json, "row");
    fields.read("cells", value.cells);
    fields.readWord("style", value.style, rowStyleFromString);
    fields.read("ruleAbove", value.ruleAbove);
}

static void to_json(nlohmann::json &json, const Table &value)
{
    json = {{"caption", value.caption},
            {"columns", value.columns},
            {"rows", value.rows},
            {"repeatHeader", value.repeatHeader}};
}

static void from_json(const nlohmann::json &json, Table &value)
{
    const JsonFields fields(json, "table");
    fields.read("caption", value.caption);
    fields.readObjects("columns", value.columns);
    fields.readObjects("rows", value.rows);
    fields.read("repeatHeader", value.repeatHeader);
}

static void to_json(nlohmann::json &json, const Figure &value)
{
    json = {{"caption", value.caption},
            {"description", value.description},
            {"panels", value.panels},
            {"aspect", value.aspect}};
}

static void from_json(const nlohmann::json &json, Figure &value)
{
    const JsonFields fields(json, "figure");
    fields.read("caption", value.caption);
    fields.read("description", value.description);
    fields.readObjects("panels", value.panels);
    fields.read("aspect", value.aspect, aboveZero);
}

static void to_json(nlohmann::json &json, const KeyValues &value)
{
    nlohmann::json entries = nlohmann::json::array(); // an object would sort them
    for (const auto &[key, text] : value.entries)
        entries.push_back({{"key", key}, {"value", text}});
    json = {{"entries", std::move(entries)}};
}

namespace {

struct KeyValue
{
    std::string key;
    std::string value;
};

void from_json(const nlohmann::json &json, KeyValue &value)
{
    const JsonFields fields(json, "entry");
    fields.read("key", value.key);
    fields.read("value", value.value);
}

} // namespace

static void from_json(const nlohmann::json &json, KeyValues &value)
{
    std::vector<KeyValue> entries;
    JsonFields(json, "facts").readObjects("entries", entries);
    value.entries.clear();
    for (KeyValue &entry : entries)
        value.entries.emplace_back(std::move(entry.key), std::move(entry.value));
}

static void to_json(nlohmann::json &json, const Code &value)
{
    json = {{"caption", value.caption}, {"text", value.text}};
}

static void from_json(const nlohmann::json &json, Code &value)
{
    const JsonFields fields(json, "code");
    fields.read("caption", value.caption);
    fields.read("text", value.text);
}

namespace {

// The kind of a block is the name of its only field.
template<std::size_t index = 0>
void writeBlock(nlohmann::json &json, const ReportBlock &block)
{
    static constexpr std::array<const char *, 6> names{"paragraph", "keyFigures", "table",
                                                       "figure",    "keyValues",  "code"};
    static_assert(names.size() == std::variant_size_v<ReportBlock>);
    if (block.index() == index)
        json[names[index]] = std::get<index>(block);
    else if constexpr (index + 1 < names.size())
        writeBlock<index + 1>(json, block);
}

template<class T>
bool readBlock(const JsonFields &fields, const char *name, ReportBlock &block)
{
    if (!fields.has(name))
        return false;
    fields.readObject(name, block.emplace<T>());
    return true;
}

struct AnyBlock
{
    ReportBlock block;
};

void from_json(const nlohmann::json &json, AnyBlock &value)
{
    const JsonFields fields(json, "block", JsonFields::Missing::KeepsDefault);
    const bool known =
        readBlock<Paragraph>(fields, "paragraph", value.block) ||
        readBlock<KeyFigures>(fields, "keyFigures", value.block) || readBlock<Table>(fields, "table", value.block) ||
        readBlock<Figure>(fields, "figure", value.block) || readBlock<KeyValues>(fields, "keyValues", value.block) ||
        readBlock<Code>(fields, "code", value.block);
    if (!known)
        fields.fail("", "is none of the kinds of a block");
}

} // namespace

static void to_json(nlohmann::json &json, const ReportSection &value)
{
    nlohmann::json blocks = nlohmann::json::array();
    for (const ReportBlock &block : value.blocks) {
        nlohmann::json each = nlohmann::json::object();
        writeBlock(each, block);
        blocks.push_back(std::move(each));
    }
    json = {{"title", value.title}, {"blocks", std::move(blocks)}};
}

static void from_json(const nlohmann::json &json, ReportSection &value)
{
    const JsonFields fields(json, "section");
    fields.read("title", value.title);
    std::vector<AnyBlock> blocks;
    fields.readObjects("blocks", blocks);
    value.blocks.clear();
    for (AnyBlock &each : blocks)
        value.blocks.push_back(std::move(each.block));
}

void to_json(nlohmann::json &json, const Report &value)
{
    json = {{"formatVersion", formatVersion}, {"title", value.title}, {"subtitle", value.subtitle},
            {"model", value.model},           {"date", value.date},   {"sections", value.sections}};
}

void from_json(const nlohmann::json &json, Report &value)
{
    const JsonFields fields(json, "report");
    int version = 0;
    fields.read("formatVersion", version, {1, formatVersion});
    fields.read("title", value.title);
    fields.read("subtitle", value.subtitle);
    fields.read("model", value.model);
    fields.read("date", value.date);
    fields.readObjects("sections", value.sections);
}

} // namespace edgeflex
