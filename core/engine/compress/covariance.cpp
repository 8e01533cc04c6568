#include "engine/compress/covariance.h"

#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace edgeflex {

Covariance::Covariance(std::vector<const Moments *> parts, std::int64_t features, bool centred) : m_features(features)
{
    double tokens = 0;
    for (const Moments *part : parts)
        tokens += static_cast<double>(part->tokens);
    for (const Moments *part : parts)
        if (part->tokens > 0)
            m_parts.push_back({part, static_cast<double>(part->tokens) / tokens});
    m_mean.assign(static_cast<std::size_t>(features), 0.0);
    if (!centred)
        return;
    for (const auto &[part, share] : m_parts)
        for (std::size_t k = 0; k < m_mean.size(); ++k)
            m_mean[k] += share * part->mean[k];
}

Covariance::Matrix Covariance::mean(const Indices &channels) const
{
    Matrix result;
    result.reserve(channels.size());
    for (const std::int64_t channel : channels)
        result.push_back(m_mean[static_cast<std::size_t>(channel)]);
    return result;
}

Covariance::Matrix Covariance::block(const Indices &rows, const Indices &columns) const
{
    Matrix result(rows.size() * columns.size());
    const auto count = static_cast<std::int64_t>(rows.size());
#pragma omp parallel for schedule(static) if (result.size() > 65536)
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t row = rows[static_cast<std::size_t>(i)];
        double *target = result.data() + static_cast<std::size_t>(i) * columns.size();
        const double mean = m_mean[static_cast<std::size_t>(row)];
        for (std::size_t j = 0; j < columns.size(); ++j)
            target[j] = -mean * m_mean[static_cast<std::size_t>(columns[j])];
        for (const auto &[part, share] : m_parts) {
            const double *source = part->gram.data() + row * m_features;
            for (std::size_t j = 0; j < columns.size(); ++j)
                target[j] += share * source[columns[j]];
        }
    }
    return result;
}

std::vector<double> transposedColumns(const Tensor &weights, const std::vector<std::int64_t> &channels)
{
    const std::int64_t outputs = weights.dim(0);
    const std::int64_t inputs = weights.dim(1);
    std::vector<double> result(channels.size() * static_cast<std::size_t>(outputs));
    const auto count = static_cast<std::int64_t>(channels.size());
#pragma omp parallel for schedule(static) if (result.size() > 65536)
    for (std::int64_t i = 0; i < count; ++i)
        for (std::int64_t d = 0; d < outputs; ++d)
            result[static_cast<std::size_t>(i * outputs + d)] =
                weights.floats()[d * inputs + channels[static_cast<std::size_t>(i)]];
    return result;
}

void requireGram(const LinearStatistics &statistics, const LinearSpec &spec)
{
    const auto features = static_cast<std::size_t>(spec.inFeatures);
    for (const Moments *part : {&statistics.fit, &statistics.validation}) {
        if (part->tokens <= 0)
            continue;
        if (part->mean.size() != features || part->gram.size() != features * features)
            throw Error("Layer " + spec.name + " has " + std::to_string(features) +
                        " inputs but its calibration statistics hold a Gram matrix of " +
                        std::to_string(part->gram.size()) + " values: calibrate this model with Gram matrices.");
        const auto finite = [](double value) {
            return std::isfinite(value);
        };
        if (!std::all_of(part->mean.begin(), part->mean.end(), finite) ||
            !std::all_of(part->gram.begin(), part->gram.end(), finite))
            throw Error("Layer " + spec.name +
                        " has a NaN or infinite value in its calibration statistics: check the checkpoint and the "
                        "calibration images.");
    }
    if (statistics.features != spec.inFeatures || statistics.fit.tokens <= 0)
        throw Error("Layer " + spec.name + " has no calibration statistics to refit it on: calibrate on this model.");
}

} // namespace edgeflex
