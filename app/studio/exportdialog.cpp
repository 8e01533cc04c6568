#include "app/studio/exportdialog.h"

#include "app/studio/loadsnippet.h"
#include "widgets/quantitytext.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFontDatabase>
#include <QFormLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include <array>

namespace edgeflex {
namespace {

constexpr int dialogWidth = 720; // pixels
constexpr int snippetLines = 8;

} // namespace

ExportDialog::ExportDialog(Document *document, Workflow *workflow, QWidget *parent)
    : QDialog(parent),
      m_document(document),
      m_workflow(workflow),
      m_onnx(new QRadioButton(tr("&ONNX file"), this)),
      m_safetensors(new QRadioButton(tr("&safetensors folder"), this)),
      m_path(new QLineEdit(this)),
      m_verify(new QCheckBox(tr("&Load it again and compare its answers"), this)),
      m_snippet(new QPlainTextEdit(this)),
      m_copy(new QPushButton(tr("Cop&y"), this)),
      m_progress(new QProgressBar(this)),
      m_state(new QLabel(this))
{
    setWindowTitle(tr("Export the plan"));
    resize(dialogWidth, sizeHint().height());
    m_onnx->setToolTip(tr("Runs in ONNX Runtime and whatever else reads ONNX"));
    m_safetensors->setToolTip(tr("Smallest; runs in EdgeFlex"));
    m_verify->setToolTip(tr("Some images are answered by what was written, and the answers compared with the plan's"));
    m_copy->setToolTip(tr("Copy the lines to the clipboard"));
    m_path->setToolTip(tr("The file or folder that is written"));
    m_onnx->setChecked(true);
    m_verify->setChecked(true);
    m_path->setAccessibleName(tr("Write to"));
    m_snippet->setReadOnly(true);
    m_snippet->setAccessibleName(tr("How to load it"));
    m_snippet->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_snippet->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_snippet->setTabChangesFocus(true);
    m_snippet->setFixedHeight(snippetLines * m_snippet->fontMetrics().lineSpacing() + 18);
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::PlainText);
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_progress->setTextVisible(false);
    m_progress->setMaximumHeight(10);
    m_progress->setAccessibleName(tr("Progress of the export"));

    auto *formats = new QHBoxLayout;
    formats->addWidget(m_onnx);
    formats->addWidget(m_safetensors);
    formats->addStretch(1);
    auto *browseButton = new QPushButton(tr("&Browse…"), this);
    browseButton->setToolTip(tr("Choose where to write"));
    auto *place = new QHBoxLayout;
    place->addWidget(m_path, 1);
    place->addWidget(browseButton);
    auto *snippetHead = new QHBoxLayout;
    auto *snippetLabel = new QLabel(tr("How to load it:"), this);
    snippetHead->addWidget(snippetLabel);
    snippetHead->addStretch(1);
    snippetHead->addWidget(m_copy);
    auto *form = new QFormLayout;
    form->addRow(tr("Format:"), formats);
    auto *placeLabel = new QLabel(tr("&Write to:"), this);
    placeLabel->setBuddy(m_path);
    form->addRow(placeLabel, place);
    form->addRow(QString(), m_verify);
    auto *box = new QDialogButtonBox(this);
    m_export = box->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
    m_close = box->addButton(QDialogButtonBox::Close);
    m_export->setDefault(true);

    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addLayout(snippetHead);
    layout->addWidget(m_snippet);
    layout->addWidget(m_state);
    layout->addWidget(m_progress);
    layout->addWidget(box);

    // As the dialog is read.
    const std::array<QWidget *, 7> order{m_onnx, m_safetensors, m_path, browseButton, m_verify, m_copy, m_snippet};
    for (std::size_t i = 1; i < order.size(); ++i)
        setTabOrder(order[i - 1], order[i]);

    connect(box, &QDialogButtonBox::accepted, this, &ExportDialog::accept);
    connect(box, &QDialogButtonBox::rejected, this, &ExportDialog::reject);
    connect(browseButton, &QPushButton::clicked, this, &ExportDialog::browse);
    connect(m_onnx, &QRadioButton::toggled, this, &ExportDialog::showChoice);
    connect(m_path, &QLineEdit::textChanged, this, &ExportDialog::showChoice);
    connect(m_copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_snippet->toPlainText()); });
    connect(workflow, &Workflow::changed, this, &ExportDialog::showState);
    connect(workflow, &Workflow::exported, this, &ExportDialog::showResult);
    connect(workflow, &Workflow::exportFailed, this, [this](const QString &sentence) {
        m_mine = false;
        m_state->setText(sentence.isEmpty() ? tr("The export was stopped.") : sentence);
        showState();
    });
    const QString name = QString::fromStdString(document->spec().name);
    m_path->setText(QDir::home().filePath(name + "-edgeflex.onnx"));
    showChoice();
    showState();
}

void ExportDialog::setPath(const QString &path)
{
    m_path->setText(path);
}

QString ExportDialog::snippet() const
{
    return m_snippet->toPlainText();
}

ExportFormat ExportDialog::format() const
{
    return m_onnx->isChecked() ? ExportFormat::Onnx : ExportFormat::Safetensors;
}

void ExportDialog::browse()
{
    const QString path =
        format() == ExportFormat::Onnx
            ? QFileDialog::getSaveFileName(this, tr("Export ONNX"), m_path->text(), tr("ONNX (*.onnx)"))
            : QFileDialog::getSaveFileName(this, tr("Export a safetensors folder"), m_path->text(), QString(), nullptr,
                                           QFileDialog::DontConfirmOverwrite);
    if (!path.isEmpty())
        m_path->setText(path);
}

void ExportDialog::showChoice()
{
    // The ending follows the format.
    QString path = m_path->text();
    if (format() == ExportFormat::Safetensors && path.endsWith(".onnx"))
        path.chop(5);
    else if (format() == ExportFormat::Onnx && sender() == m_onnx && !path.isEmpty() && !path.endsWith(".onnx"))
        path += ".onnx";
    if (path != m_path->text()) {
        m_path->setText(path); // comes back here
        return;
    }
    m_snippet->setPlainText(loadSnippet(format(), path, m_document->spec()));
    showState();
}

void ExportDialog::accept()
{
    if (m_workflow->isExporting() || m_path->text().isEmpty())
        return;
    m_mine = true;
    m_state->clear();
    m_workflow->exportPlan({format(), m_path->text(), m_verify->isChecked()});
    showState();
}

void ExportDialog::reject()
{
    if (m_mine && m_workflow->isExporting())
        m_workflow->cancelExport();
    else
        QDialog::reject();
}

void ExportDialog::showResult(const ExportResult &result)
{
    if (!m_mine)
        return;
    m_mine = false;
    QString text = tr("Written: %1, %2.").arg(QString::fromStdString(result.out), bytesText(result.bytes));
    switch (result.verification) {
    case ExportResult::Verification::Verified:
        text += ' ' + tr("Loaded again, its answers are the same on %1 of %L2 images.")
                          .arg(shareText(result.top1Agreement))
                          .arg(static_cast<qlonglong>(result.verifiedImages));
        break;
    case ExportResult::Verification::Differs:
        text += ' ' + tr("Loaded again, its answers differ: %1").arg(QString::fromStdString(result.verificationNote));
        break;
    case ExportResult::Verification::NotVerified:
        text += ' ' + tr("It could not be checked: %1").arg(QString::fromStdString(result.verificationNote));
        break;
    default:
        break;
    }
    m_state->setText(text);
    showState();
}

void ExportDialog::showState()
{
    const bool running = m_workflow->isExporting();
    m_export->setEnabled(!running && !m_path->text().isEmpty());
    m_close->setText(running ? tr("Stop") : tr("Close"));
    m_progress->setVisible(running);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_onnx, m_safetensors, m_path, m_verify})
        widget->setEnabled(!running);
    if (!running)
        return;
    const auto &state = m_workflow->queue()->state();
    if (!state)
        return;
    if (m_workflow->isExportWaiting()) {
        m_progress->setRange(0, 1); // empty, not busy
        m_progress->setValue(0);
        m_state->setText(tr("Waits for: %1").arg(state->title));
        return;
    }
    m_progress->setRange(0, state->total > 0 ? static_cast<int>(state->total) : 0);
    m_progress->setValue(static_cast<int>(state->done));
    m_state->setText(state->text());
}

} // namespace edgeflex
