#pragma once

#include "plan/verboptions.h"

#include <QDialog>

namespace edgeflex {

class SourceForm;

// Asks what a model's files do not say about themselves.
class SourceDialog : public QDialog
{
    Q_OBJECT

public:
    explicit SourceDialog(const ModelSource &source, QWidget *parent = nullptr);

    ModelSource source() const;

private:
    SourceForm *m_form;
};

} // namespace edgeflex
