#include "app/studio/inputwatch.h"

#include <QCoreApplication>
#include <QEvent>

#include <limits>

namespace edgeflex {

InputWatch::InputWatch(QObject *parent) : QObject(parent)
{
    QCoreApplication::instance()->installEventFilter(this);
}

qint64 InputWatch::idleMs() const
{
    return m_since.isValid() ? m_since.elapsed() : std::numeric_limits<qint64>::max();
}

bool InputWatch::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchUpdate:
        m_since.start();
        Q_EMIT input();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

} // namespace edgeflex
