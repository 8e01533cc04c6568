#pragma once

#include "plan/verboptions.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QSpinBox;

namespace edgeflex {

// What a model's files may not say about themselves: its heads, and how its images are prepared. An empty field leaves
// it to the files.
class SourceForm : public QWidget
{
    Q_OBJECT

public:
    explicit SourceForm(QWidget *parent = nullptr);

    void setSource(const ModelSource &source);
    // What the files say, shown where a field is empty.
    void setStated(const Preprocessing &preprocessing, int heads);
    ModelSource source() const;
    // One sentence on the first field that cannot be read; empty: all can.
    QString error() const;

Q_SIGNALS:
    void edited();

private:
    ModelSource m_source; // its path
    QSpinBox *m_heads;
    QLineEdit *m_mean;
    QLineEdit *m_std;
    QSpinBox *m_resize;
    QSpinBox *m_crop;
    QComboBox *m_interpolation;
};

} // namespace edgeflex
