#include "plan/timespread.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

TimeSpread operator+(const TimeSpread &a, const TimeSpread &b)
{
    TimeSpread sum = a.median + b.median;
    sum.low = a.low + b.low;
    sum.high = a.high + b.high;
    return sum;
}

TimeSpread operator*(double factor, const TimeSpread &time)
{
    TimeSpread product = factor * time.median;
    product.low = factor * time.low;
    product.high = factor * time.high;
    return product;
}

void to_json(nlohmann::json &json, const TimeSpread &value)
{
    if (value.hasSpread())
        json = {{"median", value.median}, {"low", value.low}, {"high", value.high}};
    else
        json = value.median;
}

void from_json(const nlohmann::json &json, TimeSpread &value)
{
    if (json.is_number()) {
        value = json.get<double>();
        if (!(value.median >= 0))
            throw FieldError("milliseconds", "", "must be 0 or more");
        return;
    }
    const JsonFields fields(json, "milliseconds");
    fields.read("median", value.median, zeroOrMore);
    fields.read("low", value.low, {0, value.median});
    fields.read("high", value.high, {value.median});
    fields.refuseUnknown();
}

} // namespace edgeflex
