#include "widgets/verdictline.h"

#include "widgets/chartcolors.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

namespace edgeflex {
namespace {

constexpr double largeText = 1.25; // of the window's font
constexpr double leastText = 0.85;

} // namespace

VerdictLine::VerdictLine(QWidget *parent) : QFrame(parent), m_clauses(new QLabel(this)), m_source(new QLabel(this))
{
    m_clauses->setTextFormat(Qt::RichText); // of our own words and numbers only
    m_clauses->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_source->setTextFormat(Qt::PlainText);
    // The line never makes the window wider: its letters give way.
    m_clauses->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    layout->addWidget(m_clauses, 1);
    layout->addWidget(m_source);
    write();
}

void VerdictLine::setVerdict(const Verdict &verdict)
{
    if (m_verdict == verdict)
        return;
    m_verdict = verdict;
    write();
}

void VerdictLine::write()
{
    const ChartColors colors = chartColors(palette());
    QStringList parts;
    for (const VerdictClause &clause : verdictClauses(m_verdict)) {
        QString part = clause.text.toHtmlEscaped();
        part.replace(QChar::Nbsp, "&nbsp;");
        const auto mark = [&](const QColor &color, QChar sign) { // told apart by a sign, not by colour alone
            part = QString("<span style='color:%1'>%2&nbsp;%3</span>").arg(color.name(), QString(sign), part);
        };
        switch (clause.budget) {
        case VerdictClause::Budget::None:
            break;
        case VerdictClause::Budget::Kept:
            mark(colors.good, QChar(0x2713));
            break;
        case VerdictClause::Budget::Unproven:
            mark(colors.plan, '?');
            break;
        case VerdictClause::Budget::Missed:
            mark(colors.bad, QChar(0x2717));
            break;
        }
        parts += part;
    }
    m_clauses->setText(
        parts.join(QString("&nbsp;&nbsp;<span style='color:%1'>&middot;</span>&nbsp; ").arg(colors.faded.name())));
    m_source->setText(verdictSource(m_verdict));
    QPalette faded = m_source->palette();
    faded.setColor(QPalette::WindowText, m_verdict.source == Verdict::Source::Measured ? colors.faded : colors.plan);
    m_source->setPalette(faded);
    m_clauses->setToolTip(verdictText(m_verdict));
    setAccessibleName(tr("Verdict: %1").arg(verdictText(m_verdict)));
    fit();
}

void VerdictLine::fit()
{
    const int room = width() - m_source->sizeHint().width() - layout()->spacing();
    for (const double scale : {largeText, 1.1, 1.0, leastText}) {
        QFont letters = font();
        letters.setPointSizeF(letters.pointSizeF() * scale);
        letters.setBold(m_verdict.source == Verdict::Source::Measured);
        m_clauses->setFont(letters);
        if (m_clauses->sizeHint().width() <= room)
            return;
    }
}

void VerdictLine::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    fit();
}

void VerdictLine::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ApplicationFontChange)
        write();
}

} // namespace edgeflex
