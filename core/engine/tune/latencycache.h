#pragma once

#include "plan/latencytable.h"
#include "plan/progress.h"

#include <optional>
#include <set>
#include <string>

namespace edgeflex {

// The latency table of this machine, kept in the user's cache: one file for each machine, set of features, number of
// threads and version of the kernels, <folder>/<hash of these>.json. Any number of processes may use it at once; what
// the others have added is kept. A file that is damaged, or of other conditions, is as good as none. Not thread-safe.
class LatencyCache
{
public:
    static std::string userFolder();

    // `folder` empty: userFolder(). Never throws for a folder that cannot be used: nothing is known then, and what is
    // added is not kept.
    LatencyCache(const std::string &folder, const std::string &machine, const std::string &threadWaits,
                 const ExecutionTarget &target);

    // Nothing where it was not measured.
    std::optional<TimeSpread> product(const ProductShape &shape) const;
    std::optional<TimeSpread> pass(const std::string &key) const;
    // Written at once: whoever is stopped has lost only what it was measuring.
    void addProduct(const ProductShape &shape, const TimeSpread &time);
    void addPass(const std::string &key, const TimeSpread &time);
    // From here on only what is added is known; the file keeps the rest until that is measured anew, too.
    void forget();

    const LatencyTable &table() const { return m_table; }
    const std::string &path() const { return m_path; }

private:
    std::optional<LatencyTable> readFile() const;
    void write();

    std::string m_path;
    LatencyTable m_table;
    // What was added since all was forgotten; nothing: it was not.
    struct Added
    {
        std::set<ProductShape> products;
        std::set<std::string> passes;
    };
    std::optional<Added> m_added;
};

} // namespace edgeflex
