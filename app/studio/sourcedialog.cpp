#include "app/studio/sourcedialog.h"

#include "app/studio/sourceform.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

namespace edgeflex {

SourceDialog::SourceDialog(const ModelSource &source, QWidget *parent) : QDialog(parent), m_form(new SourceForm(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("What the Files Do Not Say"));
    m_form->setSource(source);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, this);
    connect(m_form, &SourceForm::edited, this, [this, open = buttons->button(QDialogButtonBox::Open)] {
        open->setEnabled(m_form->error().isEmpty());
        open->setToolTip(m_form->error());
    });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_form);
    layout->addWidget(buttons);
}

ModelSource SourceDialog::source() const
{
    return m_form->source();
}

} // namespace edgeflex
