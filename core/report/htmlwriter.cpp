#include "report/htmlwriter.h"

#include "report/reporttext.h"
#include "report/svgchart.h"

namespace edgeflex {

namespace {

constexpr char styles[] = R"css(
:root{--accent:var(--variant);--good:#137a43;--caution:#d49200;--bad:#b42318;--panel:#f6f6f8;color-scheme:light dark}
@media screen and (prefers-color-scheme:dark){:root{--good:#5fd08b;--caution:#e6b34a;--bad:#ff7b72;--panel:#26262b}}
*{box-sizing:border-box}
body{margin:0 auto;padding:3rem 1.5rem 4rem;max-width:56rem;background:var(--paper);color:var(--text);
font:15px/1.55 "Noto Sans","Open Sans","Liberation Sans","Helvetica Neue",Arial,sans-serif}
h1{font-size:1.9rem;line-height:1.2;margin:0}
h2{font-size:1.25rem;margin:3rem 0 1rem;padding-bottom:.3rem;border-bottom:1px solid var(--grid);break-after:avoid}
p{margin:.8rem 0;max-width:46rem}
header p{color:var(--muted);margin:.35rem 0}
.verdict{font-size:1.1rem;padding:.9rem 1.1rem;border-left:4px solid var(--muted);background:var(--panel);max-width:none}
.verdict.good{border-color:var(--good)}.verdict.caution{border-color:var(--caution)}.verdict.bad{border-color:var(--bad)}
.note,figcaption small{color:var(--muted);font-size:.85rem}
.key{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:1rem;margin:1.6rem 0}
.key div{border-top:2px solid var(--accent);padding-top:.5rem}
.key span{display:block;color:var(--muted);font-size:.85rem}
.key b{display:block;font-size:1.5rem;font-weight:600;line-height:1.3}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.5rem;margin:1rem 0}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:1.6rem 0}
table{border-collapse:collapse;width:100%;font-size:.87rem;font-variant-numeric:tabular-nums}
caption,figcaption,.code{font-weight:600;text-align:left;padding:0 0 .5rem;break-after:avoid}
th{font-weight:600;vertical-align:bottom;border-bottom:1.5px solid var(--text)}
th i{font-style:normal;font-weight:400;color:var(--muted)}
th,td{padding:.28rem .6rem;text-align:left}
th:first-child,td:first-child{padding-left:0}
td{border-bottom:1px solid var(--grid)}
.r{text-align:right;white-space:nowrap}
tr.rule td{border-top:1px solid var(--weights)}
tr.detail td{color:var(--muted);font-size:.93em}tr.detail td:first-child{padding-left:1.2rem}
tr.emphasis td{font-weight:600;background:var(--panel)}
tr.total td{font-weight:600;border-top:1.5px solid var(--text)}
tr{break-inside:avoid}thead{display:table-header-group}
figure{margin:1.8rem 0;break-inside:avoid}
svg{display:block;width:100%;height:auto;font-family:inherit}
pre{background:var(--panel);padding:.8rem 1rem;overflow-x:auto;font:12.5px/1.5 "DejaVu Sans Mono","Liberation Mono",monospace;
margin:.2rem 0 1.2rem;white-space:pre-wrap;overflow-wrap:anywhere}
.code{font-size:.9rem;padding:0}
@page{size:A4;margin:18mm 17mm}
@media print{body{max-width:none;padding:0;font-size:9.5pt}h1{font-size:20pt}.scroll{overflow:visible}}
)css";

std::string shown(const std::string &text)
{
    return escapeXml(typographic(text));
}

std::string word(Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        break;
    case Tone::Good:
        return " good";
    case Tone::Caution:
        return " caution";
    case Tone::Bad:
        return " bad";
    }
    return {};
}

std::string html(const Paragraph &paragraph)
{
    switch (paragraph.role) {
    case Paragraph::Role::Body:
        break;
    case Paragraph::Role::Verdict:
        return "<p class=\"verdict" + word(paragraph.tone) + "\">" + shown(paragraph.text) + "</p>\n";
    case Paragraph::Role::Note:
        return "<p class=\"note\">" + shown(paragraph.text) + "</p>\n";
    }
    return "<p>" + shown(paragraph.text) + "</p>\n";
}

std::string html(const KeyFigures &key)
{
    std::string result = "<div class=\"key\">\n";
    for (const KeyFigure &figure : key.figures)
        result += "<div><span>" + shown(figure.label) + "</span><b>" + shown(figure.value) + "</b><span>" +
                  shown(figure.detail) + "</span></div>\n";
    return result + "</div>\n";
}

std::string rowClass(const TableRow &row)
{
    std::string classes = row.ruleAbove ? " rule" : "";
    switch (row.style) {
    case TableRow::Style::Normal:
        break;
    case TableRow::Style::Detail:
        classes += " detail";
        break;
    case TableRow::Style::Emphasis:
        classes += " emphasis";
        break;
    case TableRow::Style::Total:
        classes += " total";
        break;
    }
    return classes.empty() ? classes : " class=\"" + classes.substr(1) + "\"";
}

std::string html(const Table &table)
{
    const auto alignment = [](const TableColumn &column) {
        return std::string(column.alignment == Alignment::Right ? " class=\"r\"" : "");
    };
    std::string result = "<div class=\"scroll\"><table>\n<caption>" + shown(table.caption) + "</caption>\n<thead><tr>";
    for (const TableColumn &column : table.columns)
        result += "<th scope=\"col\"" + alignment(column) + ">" + shown(column.title) +
                  (column.unit.empty() ? "" : " <i>" + shown(column.unit) + "</i>") + "</th>";
    result += "</tr></thead>\n<tbody>\n";
    for (const TableRow &row : table.rows) {
        result += "<tr" + rowClass(row) + ">";
        for (std::size_t i = 0; i < table.columns.size(); ++i)
            result +=
                "<td" + alignment(table.columns[i]) + ">" + (i < row.cells.size() ? shown(row.cells[i]) : "") + "</td>";
        result += "</tr>\n";
    }
    return result + "</tbody>\n</table></div>\n";
}

std::string html(const Figure &figure)
{
    return "<figure>\n<figcaption>" + shown(figure.caption) + "</figcaption>\n" + svgFigure(figure) + "</figure>\n";
}

std::string html(const KeyValues &facts)
{
    std::string result = "<dl>\n";
    for (const auto &[key, value] : facts.entries)
        result += "<dt>" + shown(key) + "</dt><dd>" + shown(value) + "</dd>\n";
    return result + "</dl>\n";
}

std::string html(const Code &code)
{
    return (code.caption.empty() ? "" : "<p class=\"code\">" + shown(code.caption) + "</p>\n") + "<pre>" +
           escapeXml(code.text) + "</pre>\n";
}

} // namespace

std::string htmlReport(const Report &report)
{
    std::string result =
        "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta "
        "charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
        "<title>" +
        shown(report.title) + "</title>\n<style>\n" + svgStyles() + styles + "</style>\n</head>\n<body>\n";
    result += "<header>\n<h1>" + shown(report.title) + "</h1>\n";
    if (!report.subtitle.empty())
        result += "<p>" + shown(report.subtitle) + "</p>\n";
    if (!report.date.empty())
        result += "<p>Measured until " + shown(report.date) + "</p>\n";
    result += "</header>\n<main>\n";
    for (const ReportSection &section : report.sections) {
        result += "<section>\n<h2>" + shown(section.title) + "</h2>\n";
        for (const ReportBlock &block : section.blocks)
            result += std::visit([](const auto &each) { return html(each); }, block);
        result += "</section>\n";
    }
    return result + "</main>\n</body>\n</html>\n";
}

} // namespace edgeflex
