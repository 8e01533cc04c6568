#include "plan/keepallocation.h"

#include "plan/error.h"
#include "plan/widthallocation.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace edgeflex {

namespace {

// `apply` puts one share into a plan.
template<typename Apply>
void allocate(const Predictor &predictor, const std::vector<std::map<std::int64_t, double>> &losses, double keep,
              const char *what, CompressionPlan &plan, const Progress &progress, const Apply &apply)
{
    const auto put = [&](CompressionPlan &to, const std::vector<std::int64_t> &widths) {
        for (std::size_t i = 0; i < widths.size(); ++i)
            apply(to, i, static_cast<double>(widths[i]) / static_cast<double>(losses[i].rbegin()->first));
    };
    const std::vector<std::int64_t> widths = allocateWidths(losses, keep);
    if (widths.empty())
        throw Error(std::string("no block was measured with so few ") + what + " that " + std::to_string(keep) +
                    " of them stay on average; keep more, or the same share in each with --uniform");
    CompressionPlan tried = plan;
    for (auto &[layer, format] : tried.formats) // what pruning alone costs: formats need not have been measured
        format = NumberFormat::Fp32;
    const auto expected = [&](const std::vector<std::int64_t> &each) {
        throwIfCancelled(progress);
        put(tried, each);
        return predictor.predict(tried).kl.value();
    };
    put(plan, exchangeWidths(losses, widths, keep, expected));
}

} // namespace

void allocateMlpKeeps(const Predictor &predictor, const Sensitivity &sensitivity, double keep, CompressionPlan &plan,
                      const Progress &progress)
{
    allocate(predictor, sensitivity.mlpWidths, keep, "channels", plan, progress,
             [](CompressionPlan &to, std::size_t i, double share) { to.blocks[i].mlpKeep = share; });
}

void allocateAttentionKeeps(const Predictor &predictor, const Sensitivity &sensitivity, double keep,
                            CompressionPlan &plan, const Progress &progress)
{
    auto losses = sensitivity.qkDims; // of all blocks, then of their values
    losses.insert(losses.end(), sensitivity.voDims.begin(), sensitivity.voDims.end());
    const std::size_t blocks = plan.blocks.size();
    allocate(predictor, losses, keep, "dimensions of heads", plan, progress,
             [blocks](CompressionPlan &to, std::size_t i, double share) {
                 (i < blocks ? to.blocks[i].qkKeep : to.blocks[i - blocks].voKeep) = share;
             });
}

} // namespace edgeflex
