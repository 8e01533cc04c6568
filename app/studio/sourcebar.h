#pragma once

#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;
class QPushButton;

namespace edgeflex {

class Document;
class Workflow;

// What the figures rest on: the model, the images, and how the model is run.
class SourceBar : public QWidget
{
    Q_OBJECT

public:
    SourceBar(Document *document, Workflow *workflow, QWidget *parent = nullptr);

    // What lies at a point of the bar, for what is dropped there.
    enum class Place { None, Model, Calibration, Data };
    Place placeAt(const QPoint &position) const;

Q_SIGNALS:
    void modelWanted();
    void calibrationWanted();
    void dataWanted();

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QPushButton *addSource(const QString &caption, const QString &name);
    void showSources();
    void setSource(QPushButton *button, const QString &text, bool missing, const QString &tip);

    Document *m_document;
    Workflow *m_workflow;
    QPushButton *m_model;
    QPushButton *m_calibration;
    QPushButton *m_data;
    QComboBox *m_schedule;
    QSpinBox *m_batch;
    int m_nameWidth = 0; // pixels
};

} // namespace edgeflex
