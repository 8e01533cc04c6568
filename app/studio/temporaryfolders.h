#pragma once

#include <QString>
#include <QTemporaryDir>

namespace edgeflex {

// Places for what is needed while the window is open; gone with it.
class TemporaryFolders
{
public:
    // One that was never given before; it is not made.
    QString next(const QString &name) { return m_root.filePath(QString("%1-%2").arg(name).arg(++m_count)); }

private:
    QTemporaryDir m_root;
    int m_count = 0;
};

} // namespace edgeflex
