#include "app/studio/textlines.h"

#include "report/reporttext.h"

#include <QPainter>
#include <QTextLayout>

namespace edgeflex {

TextLines::TextLines(const QString &text, const QFont &font, double width, const ReportTheme &theme,
                     Qt::Alignment alignment)
    : m_layout(std::make_shared<QTextLayout>(text, font, &theme.device()))
{
    QTextOption option(alignment);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    option.setUseDesignMetrics(true);
    m_layout->setTextOption(option);
    m_lineHeight = theme.px(font.pointSizeF() * ReportTheme::leading);
    m_layout->beginLayout();
    for (QTextLine line = m_layout->createLine(); line.isValid(); line = m_layout->createLine()) {
        line.setLineWidth(width);
        m_rise = (m_lineHeight - line.height()) / 2;
    }
    m_layout->endLayout();
}

bool TextLines::isEmpty() const
{
    return m_layout->text().isEmpty();
}

int TextLines::count() const
{
    return m_layout->lineCount();
}

void TextLines::paintLine(QPainter &painter, int index, QPointF at) const
{
    m_layout->lineAt(index).draw(&painter, at + QPointF(0, m_rise));
}

void TextLines::paint(QPainter &painter, QPointF at) const
{
    for (int i = 0; i < count(); ++i)
        paintLine(painter, i, at + QPointF(0, i * m_lineHeight));
}

QString printed(const std::string &text)
{
    return QString::fromStdString(typographic(text));
}

} // namespace edgeflex
