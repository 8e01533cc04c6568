#include "cli/command.h"

#include "cli/studioprocess.h"
#include "engine/io/atomicfile.h"
#include "plan/session.h"
#include "report/csvwriter.h"
#include "report/htmlwriter.h"
#include "report/jsonwriter.h"
#include "report/markdownwriter.h"
#include "report/reportbuilder.h"

#include <iostream>
#include <memory>

namespace edgeflex::cli {

namespace {

struct ReportOptions
{
    std::string session;
    std::string to = "pdf";
    std::string out;
};

std::string reportText(const Report &report, const std::string &format)
{
    if (format == "html")
        return htmlReport(report);
    if (format == "md")
        return markdownReport(report);
    if (format == "csv")
        return csvReport(report);
    return jsonReport(report);
}

} // namespace

void addReport(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("report", "Write what a session found as a document");
    auto options = std::make_shared<ReportOptions>();
    verb->add_option("SESSION", options->session, "Folder of the session, or its session.json")->required();
    verb->add_option("--to", options->to, "pdf, html, md, csv (the tables) or json")
        ->check(CLI::IsMember({"pdf", "html", "md", "csv", "json"}))
        ->capture_default_str();
    verb->add_option("--out", options->out, "File to write")->required();
    verb->callback([=, &action] {
        action = [=] {
            // Read here in any case: what is wrong with a session is said the same whatever is to be written.
            const Report document = makeReport(openSession(options->session));
            if (options->to == "pdf")
                runStudio({"--report", options->session, "--out", options->out});
            else
                writeTextFile(options->out, reportText(document, options->to));
            std::cout << options->out << std::endl;
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
