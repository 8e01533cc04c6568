#pragma once

#include <QElapsedTimer>
#include <QObject>

namespace edgeflex {

// Notices when the user does something: what is timed meanwhile is not timed on an idle machine.
class InputWatch : public QObject
{
    Q_OBJECT

public:
    explicit InputWatch(QObject *parent = nullptr);

    // Milliseconds since the last key, click or movement of the pointer.
    qint64 idleMs() const;

Q_SIGNALS:
    void input();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QElapsedTimer m_since;
};

} // namespace edgeflex
