#include "app/studio/pdfreport.h"

#include "app/studio/reportflow.h"
#include "app/studio/reporttheme.h"
#include "app/studio/textlines.h"
#include "plan/error.h"
#include "plan/session.h"
#include "report/reportbuilder.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPdfWriter>
#include <QSaveFile>

#include <cstdio>

namespace edgeflex {

namespace {

constexpr double marginMm = 18;    // left and right
constexpr double marginTopMm = 24; // the page's header is within
constexpr double marginBottomMm = 20;
constexpr int resolution = 1200; // dots an inch: rounding is not to be seen

// The document is in one language, English, and so is what the pages add to it.
class PageFrame
{
public:
    PageFrame(const Report &report, const ReportTheme &theme, QRectF area)
        : m_theme(theme),
          m_area(area),
          m_model(printed(report.model)),
          m_date(QString::fromStdString(report.date.substr(0, 10)))
    {
    }

    void paint(QPainter &painter, int page, int pages) const
    {
        const QFont font = m_theme.font(7.5);
        painter.setFont(font);
        const auto right = [&](const QString &text, double y) {
            painter.drawText(QPointF(m_area.right() - m_theme.width(text, font), y), text);
        };
        const double top = m_area.top() - m_theme.px(20);
        painter.setPen(m_theme.color(Ink::Muted));
        painter.drawText(QPointF(m_area.left(), top), m_model);
        right(m_date, top);
        const double bottom = m_area.bottom() + m_theme.px(24);
        painter.drawText(QPointF(m_area.left(), bottom), QStringLiteral("EdgeFlex Studio " EDGEFLEX_VERSION));
        right(QStringLiteral("%1 of %2").arg(page).arg(pages), bottom);
        painter.setPen(QPen(m_theme.color(Ink::Grid), m_theme.px(0.6)));
        const double line = top + m_theme.px(5);
        painter.drawLine(QPointF(m_area.left(), line), QPointF(m_area.right(), line));
    }

private:
    const ReportTheme &m_theme;
    QRectF m_area;
    QString m_model;
    QString m_date;
};

void paintPages(const Report &report, QPdfWriter &writer, QPainter &painter)
{
    const ReportTheme theme(writer);
    const double mm = resolution / 25.4;
    const QSizeF page = QPageSize(QPageSize::A4).size(QPageSize::Millimeter) * mm;
    const QRectF area(marginMm * mm, marginTopMm * mm, page.width() - 2 * marginMm * mm,
                      page.height() - (marginTopMm + marginBottomMm) * mm);
    const PageFrame frame(report, theme, area);
    const std::vector<FlowItem> items = flowOf(report, area.width(), theme);
    const std::vector<Page> pages = paginate(items, area.height(), area.height());
    for (std::size_t i = 0; i < pages.size(); ++i) {
        if (i > 0)
            writer.newPage();
        frame.paint(painter, static_cast<int>(i) + 1, static_cast<int>(pages.size()));
        for (const PlacedItem &placed : pages[i])
            items[static_cast<std::size_t>(placed.item)].paint(painter, area.topLeft() + QPointF(0, placed.y));
    }
}

} // namespace

void writePdf(const Report &report, const QString &path)
{
    const auto fail = [&](const QString &why) {
        throw Error(QCoreApplication::translate("PdfReport", "%1 cannot be written: %2").arg(path, why).toStdString());
    };
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        fail(file.errorString());
    {
        QPdfWriter writer(&file);
        writer.setResolution(resolution);
        writer.setPageSize(QPageSize(QPageSize::A4));
        writer.setPageMargins(QMarginsF());
        writer.setTitle(printed(report.title));
        writer.setCreator(QStringLiteral("EdgeFlex Studio " EDGEFLEX_VERSION));
        QPainter painter;
        if (!painter.begin(&writer))
            fail(file.errorString());
        paintPages(report, writer, painter);
        painter.end();
    }
    if (!file.commit())
        fail(file.errorString());
}

int writePdfOfSession(const QString &session, const QString &path)
{
    try {
        writePdf(makeReport(openSession(session.toStdString())), path);
        return 0;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "edgeflex-studio: %s\n", error.what());
        return 1;
    }
}

} // namespace edgeflex
