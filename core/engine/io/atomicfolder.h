#pragma once

#include <functional>
#include <string>

namespace edgeflex {

// Makes a folder of files in a temporary sibling, which takes the folder's place only in commit(): the
// old folder is there in full until then. Files of the old folder that the new one does not have are
// kept. Not thread-safe.
class AtomicFolder
{
public:
    // Creates missing parent folders. `path` may be missing, empty, or a folder of which `ours` says that
    // it may be replaced. Throws Error when it is anything else, or not writable.
    AtomicFolder(const std::string &path, const std::function<bool(const std::string &)> &ours);
    // Removes the temporary folder.
    ~AtomicFolder();
    AtomicFolder(const AtomicFolder &) = delete;
    AtomicFolder &operator=(const AtomicFolder &) = delete;

    // Where to write: file names below this folder.
    const std::string &temporary() const { return m_temporary; }
    void commit();

private:
    std::string m_path;
    std::string m_temporary;
};

} // namespace edgeflex
