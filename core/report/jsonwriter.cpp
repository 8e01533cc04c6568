#include "report/jsonwriter.h"

#include "plan/jsonfields.h"
#include "report/reportjson.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

std::string jsonReport(const Report &report)
{
    return jsonText(report, 1) + "\n";
}

Report reportFromJson(const std::string &text, const std::string &what)
{
    Report report;
    try {
        from_json(parseJson(text, what), report);
    } catch (const FieldError &error) {
        throw Error(what + ": " + error.what());
    }
    return report;
}

} // namespace edgeflex
